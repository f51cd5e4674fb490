"""How people without an account get into a room and stay in it: the code, the cookie, and what guessing costs.

The browser carries a cookie (a random token, kept as a hash) that says which participant it is; it is the only thing
that lets it in again. A code is tried through `look_up`, which counts wrong ones per browser and for the whole site.
"""

from __future__ import annotations

import re
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

from . import phrase
from .models import Attempts, Participant, Workshop
from .models.workshops import CODE_LENGTH, CODE_LETTERS

COOKIE, VISIT_COOKIE = "trellis-room", "trellis-visit"
COOKIE_LIVES_S = 36 * 60 * 60
WRONG_A_BROWSER, WRONG_ON_THE_SITE, MINUTE_S = 20, 200, 60
FIRST_TRIES_AN_ADDRESS = 150
"""While the whole site is being guessed at, an address may still try this many times a minute from browsers that have
not been wrong yet: a room of sixty gets in (a look and a press each), a guesser gains no more than this."""
JOINS_AN_ADDRESS, JOINS_S = 300, 600


class WaitError(Exception):
    """Too many wrong codes, or too many people at once behind one address: wait a little."""


# The code


def clean_code(typed: str) -> str:
    """The code as it is kept: capitals, without blanks and hyphens. Anything else that is no code is answered ""."""
    code = re.sub(r"[\s\-–—.]+", "", typed).upper()
    return code if len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS) else ""


def look_up(request: HttpRequest, typed: str) -> Workshop | None:
    """The workshop of this code, none if there is none. Raises `WaitError` without having looked."""
    browser, address = f"browser:{_visit(request)}", f"address:{_address(request)}"
    mistakes = Attempts.so_far(browser, MINUTE_S)
    if mistakes >= WRONG_A_BROWSER:
        raise WaitError
    if Attempts.so_far("site", MINUTE_S) >= WRONG_ON_THE_SITE and (
        mistakes or Attempts.add(address, MINUTE_S) > FIRST_TRIES_AN_ADDRESS
    ):
        raise WaitError
    code = clean_code(typed)
    workshop = Workshop.objects.open().filter(join_code=code).first() if code else None
    if workshop is None:
        Attempts.add("site", MINUTE_S)
        Attempts.add(browser, MINUTE_S)
    return workshop


def recognize(request: HttpRequest, workshop: Workshop, typed: str) -> Participant | None:
    """Whose four words these are; wrong ones count as a wrong code does. Look the code up first: that is where it ends
    for who was wrong too often."""
    numbers = phrase.read(typed)
    for participant in workshop.participants.exclude(state=Participant.State.REMOVED) if numbers else ():
        if phrase.numbers(participant.pk) == numbers:
            return participant
    Attempts.add("site", MINUTE_S)
    Attempts.add(f"browser:{_visit(request)}", MINUTE_S)
    return None


def count_join(request: HttpRequest) -> None:
    """One more who comes in from this address. Raises `WaitError` far above what a school brings together."""
    if Attempts.add(f"joins:{_address(request)}", JOINS_S) > JOINS_AN_ADDRESS:
        raise WaitError


def keep_visit(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Mark a browser that has no mark yet, so that its mistakes are not counted as its neighbor's."""
    if not _signed_visit(request):
        value = signing.dumps(get_random_string(16), salt=VISIT_COOKIE)
        _set(response, VISIT_COOKIE, value, None)
    return response


def _signed_visit(request: HttpRequest) -> str:
    try:
        return str(signing.loads(request.COOKIES.get(VISIT_COOKIE, ""), salt=VISIT_COOKIE))
    except signing.BadSignature:
        return ""


def _visit(request: HttpRequest) -> str:
    """Who keeps no mark shares one with everybody behind the same address who keeps none."""
    return _signed_visit(request) or f"unmarked-{_address(request)}"


def _address(request: HttpRequest) -> str:
    return salted_hmac("workshops.address", request.META.get("REMOTE_ADDR", "")).hexdigest()[:24]


# The cookie


def let_in(response: HttpResponse, token: str) -> HttpResponse:
    _set(response, COOKIE, token, COOKIE_LIVES_S)
    return response


def let_out(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _set(response: HttpResponse, name: str, value: str, max_age: int | None) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=max_age, secure=secure, httponly=True, samesite="Lax")


def participant_of(request: HttpRequest) -> Participant | None:
    """Who this browser is, in whatever workshop; nobody once removed."""
    token = request.COOKIES.get(COOKIE, "")
    if not token:
        return None
    return Participant.objects.of_token(token).select_related("workshop__current", "school").first()


def standing_of(request: HttpRequest, workshop_id: UUID) -> tuple[int, int | None]:
    """Version and step of the room this browser is in, and nothing else: all phones ask at once. Raises `Http404`."""
    token = request.COOKIES.get(COOKIE, "")
    mine = Participant.objects.of_token(token).filter(workshop=workshop_id).order_by()
    found = mine.values_list("workshop__version", "workshop__current").first() if token else None
    if found is None:
        raise Http404
    return found


def present(request: HttpRequest, workshop_id: UUID) -> Participant:
    """The participant of this browser, in this workshop; anybody else gets the answer of a page that does not exist.

    A page says who wrote on it (`participant`): what was left from somebody before on the same device is not taken.
    """
    participant = participant_of(request)
    written_by = request.POST.get("participant", "")
    if participant is None or participant.workshop_id != workshop_id:
        raise Http404
    if written_by and written_by != str(participant.pk):
        raise Http404
    return participant
