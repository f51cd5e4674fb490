"""The demo's door: everybody in the story, with one button each. Only the demo's settings lead here."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from .. import demo
from ..models import Person


@login_not_required
@require_GET
def demo_people(request: HttpRequest) -> HttpResponse:
    people = [
        {"character": one, "role": demo.Role(one.role).label, "place": demo.SCHOOLS.get(one.school, demo.DISTRICT)}
        for one in demo.PEOPLE.values()
    ]
    return render(request, "profiles/demo_people.html", {"people": people})


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in demo.PEOPLE:
        raise Http404
    try:
        person = demo.person(slug)
    except Person.DoesNotExist as missing:
        raise Http404 from missing
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")
