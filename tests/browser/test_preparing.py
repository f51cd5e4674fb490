"""The pages before the day, wide and narrow, light and dark: nothing axe objects to, nothing to scroll sideways."""

from copy import deepcopy

import pytest
from playwright.sync_api import expect

from profiles.models import Actor
from tests.cast import Cast
from tests.workshops.phone import adopt, seat
from workshops.guide import BUILT_IN, BUILT_IN_ID, LIBRARY
from workshops.models import Helper, Kit, Participant, Workshop

from .conftest import Open, check_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_preparing_pages_pass_axe(cast: Cast, window: Open, width: int, scheme: str) -> None:
    coach = cast["coach"]
    workshop = Workshop.prepare(cast.org("cedar"), "Learning together", deepcopy(BUILT_IN), by=coach)
    workshop.add_helper(cast["counselor"], Helper.Role.CO, by=coach)
    workshop.tick("computer", True, by=coach)
    workshop.tick("people", 34, by=coach)
    workshop.note_links({LIBRARY: "fails"}, by=Actor("system"))
    person, _token = Participant.join(workshop, by=coach, device="none")
    adopt(seat(workshop, [person])[0], cast.org("cedar"), person)
    kit = Kit.copy(cast.org("cedar"), "Our guide", deepcopy(BUILT_IN), by=coach)
    pages = [
        "/",
        "/workshops/",
        "/workshops/new/",
        f"/workshops/{workshop.pk}/",
        f"/workshops/{workshop.pk}/details/",
        f"/workshops/{workshop.pk}/print/",
        f"/workshops/{workshop.pk}/schools/",
        f"/workshops/{workshop.pk}/take-away/",
        f"/workshops/{workshop.pk}/media/2b/",
        "/workshops/guides/",
        f"/workshops/guides/{BUILT_IN_ID}/",
        f"/workshops/guides/{kit.pk}/",
        f"/workshops/guides/{kit.pk}/details/",
        f"/workshops/guides/{kit.pk}/steps/1a/",
        f"/workshops/guides/{kit.pk}/steps/2a/media/",
        "/workshops/overview/?card=2",
        "/workshops/overview/?card=12&words",
        "/workshops/overview/handout/",
    ]
    page = window("coach", width=width, color_scheme=scheme, reduced_motion="reduce")

    for address in pages:
        page.goto(address)
        check_accessible(page)


def test_overview_turns_by_keys(window: Open) -> None:
    page = window("anonymous", "/workshops/overview/?in=es")
    heading = page.get_by_role("heading", level=1)

    page.keyboard.press("ArrowRight")
    expect(heading).to_have_text("No es el único")
    page.keyboard.press("PageDown")
    expect(heading).to_have_text("Lo que comparten las mejores escuelas")
    page.keyboard.press("ArrowLeft")
    expect(heading).to_have_text("No es el único")


def test_overview_is_read_from_the_back(window: Open) -> None:
    page = window("anonymous", "/workshops/overview/?card=2&words")

    sizes = page.evaluate(
        "[...document.querySelectorAll('.said :is(h1, p)')].map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )

    assert len(sizes) == 5
    assert min(sizes) >= 24
