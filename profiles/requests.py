from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .models import Person


class PersonRequest(HttpRequest):
    """A request of somebody signed in, as every view has it unless it says `login_not_required`."""

    user: Person
    htmx: HtmxDetails
