"""The room in Chromium: facilitator page and projector, by keyboard alone, on two laptops, and without a connection."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from planning.models import Strategy
from tests.cast import Cast
from tests.workshops.phone import DOT
from tests.workshops.small_kit import enter, prepared
from workshops.models import (
    ContrastItem,
    DebriefNote,
    Element,
    Entry,
    GroupSet,
    Observation,
    Participant,
    Picture,
    Workshop,
)

from .conftest import Open, check_accessible

SMALL = """() => [...document.querySelectorAll('#screen *')].filter(one =>
    [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()) &&
    one.checkVisibility() && parseFloat(getComputedStyle(one).fontSize) < 24).map(one => one.outerHTML)"""

WIDE = """() => [...document.querySelectorAll('#screen *')].filter(one =>
    one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture
def workshop(cast: Cast) -> Workshop:
    return prepared(cast)


def desk(workshop: Workshop) -> str:
    return f"/workshops/{workshop.pk}/facilitate/"


def wall(workshop: Workshop) -> str:
    return f"/workshops/{workshop.pk}/screen/{workshop.screen_token}/"


def fill(workshop: Workshop) -> None:
    """Something of everything, as in the middle of the day."""
    by = workshop.lead
    people = [
        Participant.join(workshop, by=by, name=f"P{n}", school_name=f"School {n % 3}", device="none")[0]
        for n in range(8)
    ]
    for sheet, text in (
        ("why", "Students slip through"),
        ("why", "Ninth grade is too big"),
        ("wonder", "Who has time?"),
        ("wonder", "Said in passing"),
    ):
        Entry.capture(workshop, sheet, text, by=by, op_id=uuid.uuid4())
    for side, text in (("with", "Known by name"), ("without", "Unnoticed")):
        ContrastItem.add(workshop, side, text, by=by, op_id=uuid.uuid4())
    Observation.note(workshop, workshop.steps.first(), "Greets everyone", by=by, op_id=uuid.uuid4())
    workshop.refresh_from_db()
    seats = [[one.pk for one in people[:4]], [one.pk for one in people[4:]]]
    GroupSet.form(workshop, "mix", 1, seats, by=by, seen=workshop.control_version)
    group = GroupSet.objects.get(workshop=workshop).groups.first()
    Element.add(group, "Advisory of fifteen", ["climate"], "now", by=by, op_id=uuid.uuid4())
    Picture.save_photo(group, DOT, "image/png", by=by)
    DebriefNote.add(workshop, "learned", "Small is not enough", by=by, op_id=uuid.uuid4())
    for hidden in (workshop.entries.last(), workshop.debrief_notes.get()):
        hidden.hide(True, by=by)
    DebriefNote.add(workshop, "will_do", "Greet at the door", by=by, op_id=uuid.uuid4())


def sheet(page: Page, key: str = "why") -> list[str]:
    return page.locator(f"[data-sheet={key}] li span:first-child").all_text_contents()


def test_whole_run_by_keyboard_with_the_wall_following(window: Open, workshop: Workshop) -> None:
    page, screen = window("coach", desk(workshop)), window("anonymous", wall(workshop), width=1920, height=1080)
    keys = page.keyboard

    page.get_by_role("button", name="Open the room").focus()
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("People are arriving")
    expect(screen.locator(".code.big")).to_be_visible(timeout=6000)
    for title in ("Arrive", "Quiet writing", "With a neighbor", "Three sheets"):
        keys.press("Alt+n")
        expect(page.locator("h1")).to_have_text(title)
    keys.press("2")
    expect(page.locator("#said")).to_be_focused()
    keys.type("Where is the time?")
    keys.press("Enter")
    keys.press("1")
    keys.type("9th grade is too big")
    keys.press("Enter")
    keys.type("Nobody waits")
    keys.press("Alt+2")

    expect(page.locator("[data-sheet=why] li")).to_have_count(1)
    expect(page.locator("[data-sheet=wonder] li")).to_have_count(2)
    expect(page.locator("li.unsent")).to_have_count(0)
    expect(page.locator("#said")).to_be_focused()
    expect(screen.locator("h1")).to_have_text("Three sheets", timeout=6000)
    expect(screen.locator(".columns li")).to_have_count(3, timeout=6000)
    assert list(workshop.entries.values_list("sheet", "text")) == [
        ("wonder", "Where is the time?"),
        ("why", "9th grade is too big"),
        ("wonder", "Nobody waits"),
    ]


def test_whole_workshop_on_three_screens_and_a_phone_from_create_to_hand_over(
    window: Open, cast: Cast, tmp_path: Path
) -> None:
    lead = window("coach", "/workshops/new/")
    lead.get_by_label("Title").fill("Known by name")
    lead.locator("main form .btn-primary").click()
    lead.locator("#helpers [name=person]").select_option(str(cast["advisor"].pk))
    lead.locator("#helpers [name=role]").select_option("scribe")
    lead.get_by_role("button", name="Add a helper").click()
    lead.get_by_role("link", name="Open the room").click()
    lead.get_by_role("button", name="Open the room").click()
    expect(lead.locator("h1")).to_have_text("People are arriving")
    projector = lead.get_by_role("link", name="Open the projector page").get_attribute("href") or ""
    workshop = Workshop.objects.get()
    screen = window("anonymous", projector, width=1280, height=720)
    expect(screen.get_by_text("Your school has chosen")).to_be_in_viewport(ratio=1)
    scribe = window("advisor", desk(workshop))
    phone = window("anonymous", f"/w/{workshop.join_code}/", width=375, height=700)
    phone.get_by_label("Your first name").fill("Rosa")
    phone.get_by_label("Cedar Hollow").check()
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_text("You are in.")).to_be_visible()
    people = scribe.locator("[data-fold=people]")
    people.locator("> summary").click()
    people.get_by_text("Add somebody without a device").click()
    for n, name in enumerate(("Ana", "Ben", "Ana"), 2):
        people.get_by_label("Name, if they like").fill(name)
        people.get_by_role("button", name="Add", exact=True).click()
        expect(people.locator("li")).to_have_count(n)

    def go(title: str) -> None:
        """Press Next until the room is there, on all four screens."""
        while title not in (lead.locator("h1").text_content() or ""):
            before = lead.locator("#room").get_attribute("data-step") or ""
            lead.locator(".next").click()
            expect(lead.locator("#room")).not_to_have_attribute("data-step", before)
        for page in (scribe, screen, phone):
            expect(page.locator("h1")).to_contain_text(title)

    go("Quiet writing")
    why = phone.locator("section", has_text="What brings you to this topic?")
    why.get_by_label("Your answer").first.fill("Nobody knew me")
    why.get_by_role("button", name="Keep", exact=True).click()
    expect(why.locator("li")).to_contain_text("Nobody knew me")
    go("Three sheets")
    phone.get_by_role("button", name="Put on the sheet: Nobody knew me").click()
    scribe.locator("#said").fill("Ninth grade is too big")
    scribe.locator("#said").press("Enter")
    expect(screen.locator(".columns li")).to_have_count(2)
    for line in ("Nobody knew me", "Ninth grade is too big"):
        lead.get_by_label(line).check()
    lead.locator(".marked [name=label]").fill("Unseen")
    lead.get_by_role("button", name="Make a theme").click()
    expect(screen.locator(".several .chip")).to_contain_text("Unseen 2")
    go("With and without")
    scribe.locator("#said").fill("Every student is known")
    scribe.locator("#said").press("Enter")
    expect(screen.locator(".contrast td").first).to_have_text("Every student is known")

    go("Picture the ideal school")
    lead.get_by_role("button", name="Form groups: mix").click()
    expect(phone.get_by_text("Rosa, Ana (2), Ben, Ana (4)")).to_be_visible()
    phone.get_by_label("Its name").fill("Open doors")
    phone.get_by_label("Your school, in words").fill("Small houses")
    phone.get_by_role("button", name="Keep the picture").click()
    drawing = tmp_path / "drawing.png"
    drawing.write_bytes(DOT)
    phone.get_by_label("A photo of your drawing").set_input_files(drawing)
    # What a colleague saves meanwhile does not take the chosen photo away.
    card = scribe.locator(".cards .paper")
    card.get_by_text("Add an idea to start with").click()
    card.get_by_label("Idea", exact=True).fill("Advisory of fifteen")
    card.get_by_role("button", name="Add", exact=True).click()
    expect(phone.locator("[name=element] option")).to_have_text("Advisory of fifteen")
    phone.get_by_role("button", name="Send the photo").click()
    expect(phone.get_by_alt_text("The drawing of your group")).to_be_visible()
    expect(card.get_by_alt_text("Drawing of Group 1")).to_be_visible()
    card.get_by_text("A school will try this").click()
    adopts = card.locator("[data-closes]").filter(has_text="A school will try this")
    adopts.get_by_label("Who", exact=True).fill("Ana")
    adopts.get_by_label("First step").fill("Ask on Monday")
    adopts.get_by_role("button", name="Our school will try this").click()
    expect(card.locator("small.theme")).to_have_text("Cedar Hollow High School: Ask on Monday")
    expect(adopts.locator("summary")).to_be_focused()
    assert adopts.get_attribute("open") is None
    go("Bring the pictures together")
    expect(screen.get_by_alt_text("Drawing of Group 1")).to_be_visible()
    expect(screen.locator(".columns")).to_contain_text("Open doors")

    go("Close")
    phone.get_by_role("button", name="Send to school: Advisory of fifteen").click()
    expect(phone.locator("#own")).to_contain_text("waiting in the school's inbox")
    leader = window("leader", f"/workshops/inbox/{cast.org('cedar').pk}/")
    leader.get_by_role("button", name="Put into the table: Advisory of fifteen").click()
    expect(leader.locator("main")).to_contain_text("Advisory of fifteen in the table")
    lead.locator(".closing summary").click()
    lead.get_by_role("button", name="Close it now").click()
    expect(lead.locator("h1")).to_have_text("This workshop is over")
    phone.goto(phone.locator("a[href^='/t/']").first.get_attribute("href") or "")

    for words in ("Unseen", "Open doors", "Small houses", "Advisory of fifteen", "in their table since"):
        expect(phone.locator("main")).to_contain_text(words)
    expect(phone.get_by_alt_text("The drawing of your group")).to_be_visible()
    check_accessible(phone)
    row = Strategy.objects.get()
    assert (row.description, row.origin_ref["people"]) == ("Advisory of fifteen\nFirst step: Ask on Monday", 4)


def test_two_laptops_pressing_next_together_move_one_step(window: Open, workshop: Workshop) -> None:
    enter(workshop, "0", by=workshop.lead)
    one, other = window("coach", desk(workshop)), window("teacher", desk(workshop))

    other.route("**/live/**", lambda route: route.abort())
    for page in (one, other):
        page.evaluate("document.querySelector('.next').click()")

    for page in (one, other):
        expect(page.locator("h1")).to_have_text("Quiet writing")
    workshop.refresh_from_db()
    assert workshop.control_version == 2


def test_colleagues_lines_arrive_and_what_is_typed_stays(window: Open, workshop: Workshop) -> None:
    enter(workshop, "1c", by=workshop.lead)
    lead, scribe = window("coach", desk(workshop)), window("advisor", desk(workshop))
    lead.locator("[name=label]").first.fill("Half a name")
    lead.locator("#said").fill("Half a sentence")

    scribe.locator("#said").fill("Ninth grade is too big")
    scribe.locator("#said").press("Enter")

    expect(lead.locator("[data-sheet=why] li")).to_have_count(1, timeout=4000)
    expect(lead.locator("#said")).to_have_value("Half a sentence")
    expect(lead.locator("#said")).to_be_focused()
    expect(lead.locator("[name=label]").first).to_have_value("Half a name")
    expect(scribe.locator(".next")).to_have_count(0)


def test_another_said_so_and_a_theme_from_marked_lines(window: Open, workshop: Workshop) -> None:
    enter(workshop, "1c", by=workshop.lead)
    fill(workshop)
    page = window("coach", desk(workshop))

    page.locator("[data-sheet=why] li").first.get_by_role("button").click()
    expect(page.locator("[data-sheet=why] li").first.get_by_role("button")).to_contain_text("2")
    page.get_by_label("Students slip through").check()
    page.get_by_label("Who has time?").check()
    page.locator(".marked [name=label]").fill("Seen in time")
    page.get_by_role("button", name="Make a theme").click()

    expect(page.locator("[data-sheet] .theme")).to_have_count(2)
    expect(page.locator("[data-fold=themes] > summary")).to_contain_text("1 theme")


def test_without_a_connection_lines_are_kept_and_stale_steering_is_listed(window: Open, workshop: Workshop) -> None:
    enter(workshop, "1c", by=workshop.lead)
    page = window("coach", desk(workshop))
    expect(page.locator("html")).to_have_attribute("data-live", "streaming")

    page.context.set_offline(True)
    page.locator("#said").fill("Said while offline")
    page.locator("#said").press("Enter")
    page.get_by_role("button", name="+1 min").click()
    expect(page.locator("li.unsent")).to_have_text("Said while offline")
    expect(page.locator("[data-away]")).to_contain_text("is tried again when there is one: +1 min")
    enter(workshop, "2c", by=workshop.lead)
    page.context.set_offline(False)

    expect(page.locator("#notices")).to_contain_text(
        "Not applied, because the room was steered meanwhile: +1 min", timeout=15000
    )
    expect(page.locator("h1")).to_have_text("With and without")
    expect(page.locator("[data-away]")).to_be_hidden()
    page.get_by_role("link", name="Sheets").click()
    expect(page.locator("[data-sheet=why] li:not(.unsent)")).to_have_count(1, timeout=15000)
    assert [entry.text for entry in workshop.entries.all()] == ["Said while offline"]


@pytest.mark.parametrize(("side", "wins"), [("Stay with the room", "3a"), ("Bring the room here", "2a")])
def test_pages_are_turned_without_a_connection_and_then_one_side_wins(
    window: Open, workshop: Workshop, side: str, wins: str
) -> None:
    enter(workshop, "1c", by=workshop.lead)
    page = window("coach", desk(workshop))
    expect(page.locator("html")).to_have_attribute("data-live", "streaming")
    titles = {"2a": "Watch: the overview", "3a": "Watch: a school"}

    page.context.set_offline(True)
    page.locator(".next").focus()
    page.keyboard.press("Alt+n")
    expect(page.locator("h1")).to_have_text(titles["2a"])
    expect(page.locator("[data-part=step]")).to_contain_text("on this device only")
    expect(page.locator("[data-part=notes]")).to_have_text("Remember: Watch: the overview")
    expect(page.locator("[data-clock-text]")).to_contain_text("05:")
    page.get_by_role("button", name="Next: With and without").click()
    expect(page.locator("h1")).to_have_text("With and without")
    page.get_by_role("button", name="Back").click()
    expect(page.locator("h1")).to_have_text(titles["2a"])
    check_accessible(page)
    enter(workshop, "3a", by=workshop.lead)
    page.context.set_offline(False)

    asked = page.get_by_role("alert").filter(visible=True)
    expect(asked).to_contain_text("The room is at “Watch: a school”; you were at “Watch: the overview”.", timeout=15000)
    check_accessible(page)
    page.get_by_role("button", name=side).click()
    expect(page.locator("h1")).to_have_text(titles[wins])
    expect(page.locator("[data-sides]")).to_be_hidden()
    expect(page.get_by_text("on this device only")).to_have_count(0)
    workshop.refresh_from_db()
    assert workshop.current is not None
    assert workshop.current.key == wins


def test_page_turned_here_and_in_the_room_alike_asks_nothing(window: Open, workshop: Workshop) -> None:
    enter(workshop, "1c", by=workshop.lead)
    page = window("coach", desk(workshop))
    page.context.set_offline(True)
    page.locator(".next").click()
    expect(page.get_by_text("on this device only")).to_be_visible()

    enter(workshop, "2a", by=workshop.lead)
    page.context.set_offline(False)

    expect(page.get_by_text("on this device only")).to_have_count(0, timeout=15000)
    expect(page.locator("h1")).to_have_text("Watch: the overview")
    expect(page.locator("[data-sides]")).to_be_hidden()


def test_clock_counts_by_the_servers_time_and_over_zero(window: Open, workshop: Workshop) -> None:
    enter(workshop, "0", by=workshop.lead)
    page = window("coach", desk(workshop))
    clock = page.locator("[data-clock]")

    page.get_by_role("button", name="+1 min").click()
    expect(page.locator("[data-clock-text]")).to_contain_text("05:")
    page.get_by_role("button", name="Pause").click()
    expect(clock).to_have_attribute("data-state", "paused")
    page.get_by_role("button", name="Go on").click()
    expect(clock).to_have_attribute("data-state", "running")
    workshop.refresh_from_db()
    workshop.add_time(-360, by=workshop.lead, seen=workshop.control_version)

    expect(page.locator("[data-clock-word]")).to_have_text("over", timeout=8000)
    expect(clock).to_have_attribute("role", "timer")


def test_what_has_one_form_for_many_goes_where_its_button_says(window: Open, workshop: Workshop) -> None:
    enter(workshop, "1c", by=workshop.lead)
    fill(workshop)
    page = window("coach", desk(workshop))
    people, agenda = page.locator("[data-fold=people]"), page.locator("#agenda")

    page.get_by_role("button", name="how many").click()
    expect(page.get_by_role("button", name="how many")).to_have_attribute("aria-pressed", "true")
    people.locator("> summary").click()
    people.get_by_role("listitem").filter(has_text="P3").get_by_role("button").click()
    expect(people.locator("li")).to_have_count(7)
    people.get_by_text("Add somebody without a device").click()
    people.get_by_label("Name, if they like").fill("Rosa")
    people.get_by_role("button", name="Add", exact=True).click()
    expect(people.locator("li")).to_have_count(8)
    agenda.locator("> summary").click()
    agenda.locator("summary").filter(has_text="Quiet writing").click()
    agenda.get_by_role("button", name="Go here Quiet writing").click()

    expect(page.locator("h1")).to_have_text("Quiet writing")
    assert set(workshop.participants.present().values_list("name", flat=True)) == {
        *(f"P{n}" for n in range(8) if n != 3),
        "Rosa",
    }


def test_page_works_without_scripts(window: Open, workshop: Workshop) -> None:
    page = window("coach", desk(workshop), java_script_enabled=False)

    page.get_by_role("button", name="Open the room").click()
    page.get_by_role("button", name="Next: Arrive").click()
    page.get_by_label("What was said").fill("Ninth grade is too big")
    page.get_by_role("button", name="What we wonder").click()

    expect(page.locator("[data-sheet=wonder] li")).to_have_count(1)
    expect(page.locator("h1")).to_have_text("Arrive")


@pytest.mark.parametrize("width", [1280, 320])
def test_every_state_of_the_desk_is_accessible(window: Open, workshop: Workshop, width: int) -> None:
    fill(workshop)
    Participant.join(workshop, by=workshop.lead, name="Late", device="none")
    page = window("coach", desk(workshop), width=width)
    check_accessible(page)

    for key in ("1a", "1c", "2a", "2c", "3b", "4", "5", "6"):
        enter(workshop, key, by=workshop.lead)
        page.goto(desk(workshop))
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        check_accessible(page)


@pytest.mark.parametrize("width", [1920, 320])
def test_wall_is_read_from_the_back_in_every_step(window: Open, workshop: Workshop, width: int) -> None:
    workshop.open_lobby(by=workshop.lead, seen=0)
    fill(workshop)
    page = window("anonymous", wall(workshop), width=width, height=1080)

    for key in ("", "1a", "1b", "1c", "2a", "2c", "3a", "3b", "4", "5", "6"):
        if key:
            enter(workshop, key, by=workshop.lead)
            page.goto(wall(workshop))
        assert page.evaluate(SMALL) == [], key
        assert page.evaluate(WIDE) == [], key
        check_accessible(page)
