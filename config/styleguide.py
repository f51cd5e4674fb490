"""Every component in every state, on one page of the demo: what pages are built from, and what axe looks at."""

from types import SimpleNamespace

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

PLACES = [
    SimpleNamespace(label=_("Plans"), url_name="styleguide"),
    SimpleNamespace(label=_("Students"), url_name="health_live"),
    SimpleNamespace(label=_("Workshops"), url_name="health_ready"),
]


class Sample:
    """Somebody signed in."""

    pk, initials, is_authenticated, search_key = "styleguide", "AM", True, True

    def __str__(self) -> str:
        return "A. Moreno"


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label=_("Title"), help_text=_("A few words the team would say."))
    meeting = forms.ChoiceField(label=_("Kind of meeting"), choices=[("", "…"), ("team", _("Grade-level team"))])
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    agreed = forms.BooleanField(label=_("Everyone in the team may edit"), required=False)
    area = forms.ChoiceField(
        label=_("Area"),
        widget=forms.RadioSelect,
        required=False,
        choices=[("organization", _("Organization")), ("climate", _("Climate"))],
    )


@require_GET
@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    context = {
        "user": Sample(),
        "navigation": PLACES,
        "form": SampleForm(initial={"title": "Known by name in ninth grade", "agreed": True, "area": "climate"}),
        "wrong": SampleForm({"title": ""}, auto_id="wrong_%s"),
        "page": Paginator(range(60), 20).page(2),
    }
    return render(request, "config/styleguide.html", context)
