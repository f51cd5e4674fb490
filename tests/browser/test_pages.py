"""Every page somebody can reach: nothing axe objects to and nothing to scroll sideways, wide and light in English,
narrow and dark in Spanish (whose words are longer).

The demo's story is told once; nothing here changes it, so a page is a line of `PAGES`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from django.core.management import call_command
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page, Request

import planning.demo
import workshops.demo
from config import files
from planning import imports
from planning.models import Strategy, StrategyTable
from profiles import demo, frameworks
from profiles.models import (
    Actor,
    Framework,
    FrameworkImport,
    Holiday,
    Invitation,
    Org,
    Person,
    Section,
)
from profiles.rosters import sample, work
from tests.site_process import Site, session_of
from tests.workshops.phone import DOT, adopt, close, come_in, fresh, go, open_room, seat
from workshops.guide import BUILT_IN
from workshops.models import ContrastItem, Entry, HandOver, Kit, Picture, Theme, Workshop
from workshops.room_access import COOKIE

from .conftest import check_accessible
from .rules_told import rules_told

# Nothing is written: each test only needs the database to be there.
pytestmark = pytest.mark.django_db

MODES: dict[str, tuple[int, Literal["light", "dark"], str]] = {
    "wide": (1280, "light", "en"),
    "narrow": (320, "dark", "es"),
}
FILE = """Description,Staff responsible,How will it be assessed?,Room
Every student is greeted by name at the door of the first class,Maya Torres (lead),Late arrivals by week,
A walk before the first class,Henry Osei,Ask the students in December,Gym
"""
STANDARDS = b"""{"CFDocument": {"identifier": "d-1", "uri": "urn:d-1", "creator": "Us", "title": "Counting"},
"CFItems": [{"identifier": "a", "uri": "urn:a", "humanCodingScheme": "C.1", "fullStatement": "Counts to ten."},
{"identifier": "b", "uri": "urn:b", "humanCodingScheme": "C.2", "fullStatement": "Counts to twenty."}],
"CFAssociations": [{"identifier": "l1", "associationType": "precedes",
"originNodeURI": {"identifier": "a", "uri": "urn:a"}, "destinationNodeURI": {"identifier": "b", "uri": "urn:b"}},
{"identifier": "l2", "associationType": "precedes",
"originNodeURI": {"identifier": "b", "uri": "urn:b"}, "destinationNodeURI": {"identifier": "a", "uri": "urn:a"}}]}"""
ABSENT = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Asked:
    """A page: who asks, for what (names of `Story.things` in braces), the status, and what is done there first."""

    slug: str
    path: str
    status: int = 200
    act: Callable[[Page], object] | None = None


def wrong_password(page: Page) -> None:
    page.locator("[name=login]").fill("maya.torres@cedar.example")
    page.locator("[name=password]").fill("not the password")
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")
    assert page.locator(".alert").count()


def empty_title(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form").evaluate("(form) => { form.noValidate = true; form.requestSubmit(); }")
    assert page.locator(".invalid-feedback").count()


def cleared_title(page: Page) -> None:
    page.locator("[name=title]").fill("")
    empty_title(page)


def fold_out(page: Page) -> None:
    """Whatever the page folds away, but menus: they lie over what is below them, and are opened one at a time."""
    page.evaluate("document.querySelectorAll('main details:not(.menu)').forEach((one) => { one.open = true; })")


def open_menus(page: Page) -> None:
    """One after the other, each looked at; the last stays open."""
    menus = page.locator("main details.menu")
    assert menus.count()
    for n in range(menus.count()):
        page.evaluate(
            "n => document.querySelectorAll('main details.menu').forEach((one, at) => { one.open = at === n; })", n
        )
        check_accessible(page)


def wrong_words(page: Page) -> None:
    """Back on another phone, by words that are nobody's."""
    fold_out(page)
    page.locator("[name=words]").fill("apple bear cat dog")
    with page.expect_navigation():
        page.locator("[name=words]").press("Enter")
    assert page.locator(".invalid-feedback").count()


def wrong_standards_file(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "standards.json", "mimeType": "application/json", "buffer": b"not a framework"}
    )
    with page.expect_navigation():
        page.locator("main form .btn-primary").click()
    assert page.locator(".note.clay").count()


def no_way_out(page: Page) -> None:
    """Bring it in without choosing which link of its circle only helps."""
    with page.expect_navigation():
        page.locator("main form .btn-primary").click()
    assert page.locator(".note.clay").count()


PAGES = {
    **{
        f"home of {slug}": Asked(slug, "/")
        for slug in ("leader", "teacher", "coach", "student", "guardian", "district", "other-leader")
    },
    "district": Asked("district", "/profiles/district/"),
    "rosters": Asked("district", "/profiles/district/rosters/"),
    "new roster": Asked("district", "/profiles/district/rosters/new/"),
    "roster looked at": Asked("district", "{looked_roster}"),
    "roster refused": Asked("district", "{refused_roster}"),
    "days without school": Asked("district", "/profiles/district/holidays/"),
    "classes of a school": Asked("leader", "{school}classes/"),
    "courses of a school": Asked("leader", "{school}courses/"),
    "students of a school": Asked("leader", "{school}students/"),
    "families of a school": Asked("counselor", "{school}families/"),
    "search": Asked("teacher", "/search/?q=mornings"),
    "search without hits": Asked("teacher", "/search/?q=zebra"),
    "tables": Asked("teacher", "/planning/"),
    "tables of the district": Asked("district", "/planning/"),
    "archived tables": Asked("leader", "/planning/?archived"),
    "no tables yet": Asked("other-leader", "/planning/?kind=content_team"),
    "new table": Asked("teacher", "/planning/tables/new/"),
    "new table refused": Asked("teacher", "/planning/tables/new/", act=empty_title),
    "table": Asked("teacher", "{table}"),
    "table with two texts": Asked("leader", "{waiting}"),
    "table folded out": Asked("teacher", "{table}", act=fold_out),
    "table with each menu open": Asked("teacher", "{table}", act=open_menus),
    "class with each menu open": Asked("teacher", "/profiles/classes/{section}/", act=open_menus),
    "table of a reader": Asked("leader", "{table}"),
    "table of the district's reader": Asked("district", "{waiting}"),
    "archived table": Asked("leader", "{archived}"),
    "empty table": Asked("teacher", "{empty}"),
    "row": Asked("teacher", "{row}"),
    "row with much still missing": Asked("other-leader", "{begun_row}"),
    "row with two texts": Asked("leader", "{waiting_row}"),
    "row of a reader": Asked("district", "{row}"),
    "history": Asked("leader", "{waiting}history/"),
    "sharing": Asked("teacher", "{table}sharing/"),
    "sharing of a reader": Asked("leader", "{table}sharing/"),
    "details": Asked("teacher", "{table}details/"),
    "import": Asked("teacher", "{table}import/"),
    "import, looked at": Asked("teacher", "{looked_at}"),
    "print": Asked("teacher", "{table}print/"),
    "meeting": Asked("leader", "{waiting}meeting/?row=2"),
    "copy": Asked("teacher", "{table}copy/"),
    "past": Asked("leader", "{waiting}past/?day={today}"),
    "people": Asked("leader", "{school}people/", act=fold_out),
    "people for a colleague": Asked("teacher", "{school}people/"),
    "schools": Asked("district", "/profiles/schools/"),
    "parts": Asked("leader", "{school}parts/"),
    "team": Asked("leader", "{team}", act=fold_out),
    "person": Asked("leader", "{person}"),
    "levels": Asked("leader", "{org}levels/", act=fold_out),
    "levels of the district": Asked("district", "{district}levels/"),
    "levels for a teacher": Asked("teacher", "{org}levels/"),
    "rule tried": Asked("leader", "{tried}", act=fold_out),
    "rule tried on made-up ratings": Asked("other-leader", "{tried_there}"),
    "rule being tried": Asked("leader", "{trying}"),
    "results": Asked("leader", "{org}results/"),
    "results, looked at": Asked("leader", "{results}", act=fold_out),
    "taken back, asked": Asked("counselor", "{org}taking-back/", act=fold_out),
    "taken back, nothing": Asked("teacher", "{org}taking-back/"),
    "what a skill takes": Asked("leader", "{skill}"),
    "settings": Asked("teacher", "/profiles/settings/"),
    "second factor": Asked("teacher", "/accounts/second-factor/"),
    "authenticator app": Asked("teacher", "/accounts/second-factor/authenticator/add/"),
    "passkey": Asked("teacher", "/accounts/second-factor/passkeys/add/"),
    "invitation": Asked("anonymous", "{invitation}"),
    "invitation for somebody else": Asked("teacher", "{invitation}"),
    "invitation used": Asked("anonymous", "/profiles/invitation/nothing/", 404),
    "sign-in": Asked("anonymous", "/accounts/login/"),
    "sign-in refused": Asked("anonymous", "/accounts/login/", act=wrong_password),
    "reset": Asked("anonymous", "/accounts/password/reset/"),
    "reset, mail sent": Asked("anonymous", "/accounts/password/reset/done/"),
    "reset, old link": Asked("anonymous", "/accounts/password/reset/key/0-used/"),
    "reset, done": Asked("anonymous", "/accounts/password/reset/key/done/"),
    "frameworks": Asked("district", "/profiles/frameworks/"),
    "no frameworks yet": Asked("guardian", "/profiles/frameworks/"),
    "framework file": Asked("district", "/profiles/frameworks/import/"),
    "framework file refused": Asked("leader", "/profiles/frameworks/import/", act=wrong_standards_file),
    "framework, looked at": Asked("district", "{standards}", act=no_way_out),
    "framework": Asked("teacher", "{framework}", act=fold_out),
    "framework searched": Asked("teacher", "{framework}?q=text"),
    "map": Asked("teacher", "{framework}map/"),
    "map of a class": Asked("teacher", "{framework}map/?class={section}"),
    "map of a student": Asked("teacher", "{framework}map/?learner={learner}"),
    "own framework": Asked("leader", "{own_framework}"),
    "skill": Asked("district", "{skill}"),
    "own skill": Asked("leader", "{own_skill}", act=fold_out),
    "skill of a reader": Asked("student", "{skill}"),
    "skill worded": Asked("leader", "{own_skill}write/"),
    "own skills": Asked("leader", "{school}competencies/"),
    "class competencies": Asked("teacher", "/profiles/classes/{section}/competencies/", act=fold_out),
    "class competencies of a reader": Asked("counselor", "/profiles/classes/{section}/competencies/"),
    "class map": Asked("teacher", "/profiles/classes/{section}/competencies/map/"),
    "competencies to tick": Asked("teacher", "{unit}choose/?framework={framework_id}", act=fold_out),
    "demo": Asked("anonymous", "/demo/"),
    "workshops": Asked("coach", "/workshops/"),
    "new workshop": Asked("coach", "/workshops/new/"),
    "new workshop refused": Asked("coach", "/workshops/new/", act=cleared_title),
    "workshop": Asked("coach", "{prepared}", act=fold_out),
    "workshop, for a helper": Asked("counselor", "{prepared}"),
    "workshop's details": Asked("coach", "{prepared}details/"),
    "workshop on paper": Asked("coach", "{prepared}print/"),
    "take away": Asked("coach", "{room}take-away/", act=fold_out),
    "guides": Asked("coach", "/workshops/guides/"),
    "guide": Asked("coach", "{guide}", act=fold_out),
    "guide's details": Asked("coach", "{guide}details/"),
    "guide's step": Asked("coach", "{guide}steps/1a/"),
    "guide's film": Asked("coach", "{guide}steps/2a/media/"),
    "own overview": Asked("anonymous", "/workshops/overview/"),
    "own overview, last card with words": Asked("anonymous", "/workshops/overview/?card=14&words"),
    "own overview on paper": Asked("anonymous", "/workshops/overview/handout/"),
    "school's inbox": Asked("leader", "{inbox}"),
    "facilitator, not opened": Asked("coach", "{prepared}facilitate/", act=fold_out),
    **{
        f"facilitator, {show}": Asked("coach", f"{{room}}facilitate/?show={show}", act=fold_out)
        for show in ("sheets", "contrast", "seen", "groups", "debrief")
    },
    "facilitator, for the note-taker": Asked("advisor", "{room}facilitate/?show=sheets", act=fold_out),
    "facilitator, closed": Asked("coach", "{closed}facilitate/", act=fold_out),
    "projector": Asked("anonymous", "{screen}"),
    "projector, closed": Asked("anonymous", "{closed_screen}"),
    "join": Asked("anonymous", "/join/"),
    "join, a code that is none": Asked("anonymous", "/w/BBBBBB/", 404),
    "join, at the door": Asked("anonymous", "{door}", act=fold_out),
    "join, door closed": Asked("anonymous", "{closed_door}", 403, act=fold_out),
    "join, wrong words": Asked("anonymous", "{door}", act=wrong_words),
    **{
        f"phone, {key}": Asked("participant", f"{{phone}}?step={key}", act=fold_out)
        for key in ("0", "1a", "1b", "1c", "2a", "2c", "3b", "4", "5", "6")
    },
    "take home": Asked("anonymous", "{take_home}"),
    "403": Asked("student", "/planning/tables/new/", 403),
    "404": Asked("teacher", f"/planning/tables/{ABSENT}/", 404),
    **{
        name: Asked("anonymous", f"/made/{name}.html")
        for name in ("500", "429", "busy", "database_lost", "page_expired")
    },
}


@dataclass(frozen=True)
class Story:
    things: dict[str, str]
    sessions: dict[str, str]


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: Any) -> Iterator[Story]:
    """The demo's story with an archived table, an empty one, a file looked at and somebody invited."""
    with django_db_blocker.unblock():
        demo.tell(str)
        planning.demo.tell(str)
        workshops.demo.tell(str)
        story = Story(_things() | _rooms(), {slug: session_of(demo.person(slug)) for slug in demo.PEOPLE})
    yield story
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def _things() -> dict[str, str]:
    cedar, teacher, leader = demo.school("cedar"), demo.person("teacher"), demo.person("leader")
    table = StrategyTable.objects.get(title="Calmer mornings")
    waiting = StrategyTable.objects.get(title="Known by name in ninth grade")
    empty = StrategyTable.begin(cedar, "Nothing yet", "grade_team", by=teacher)
    archived = StrategyTable.begin(cedar, "Last year's plan", "leadership", by=leader)
    archived.archive(by=leader)
    looked_at = imports.look(table, files.read(FILE.encode(), "plan.csv"), "plan.csv", by=teacher)
    assert looked_at
    begun = Strategy.objects.filter(table__school=demo.school("juniper"), assessment="").in_order().last()
    assert begun
    invited = Invitation.send(cedar, "teacher", by=leader, name="Sam Field", email="sam@example.org")
    two_texts = waiting.strategies.filter(proposals__state="open")[0]
    first = table.strategies.standing()[0]
    levels = rules_told(leader, demo.person("student"))
    tables = {"table": table, "waiting": waiting, "empty": empty, "archived": archived}
    paths = {name: f"/planning/tables/{one.pk}/" for name, one in tables.items()}
    return {
        **paths,
        **levels,
        "row": f"{paths['table']}strategies/{first.pk}/",
        "waiting_row": f"{paths['waiting']}strategies/{two_texts.pk}/",
        "begun_row": f"/planning/tables/{begun.table_id}/strategies/{begun.pk}/",
        "looked_at": f"{paths['table']}import/{looked_at.pk}/",
        "school": f"/profiles/schools/{cedar.pk}/",
        "team": f"/profiles/teams/{demo.team('ninth').pk}/",
        "person": f"/profiles/people/{teacher.pk}/",
        "invitation": f"/profiles/invitation/{invited.make_link()}/",
        "today": str(cedar.today()),
        **_frameworks(cedar, leader),
    }


def _frameworks(cedar: Org, leader: Person) -> dict[str, str]:
    """The English class with its framework, a skill of the school's own withdrawn, a file with a circle looked at."""
    section = Section.objects.get(title="English 9")
    skills = [one.competency for one in section.expectations.select_related("competency__framework")]
    frameworks.choose_strength(skills[0].framework, skills[1].links_out.get(), "helpful", by=demo.person("district"))
    own = Framework.own_of(cedar, "Our own skills", by=leader)
    kept, gone = own.competencies.all()[:2]
    frameworks.withdraw(gone, by=leader, successor=kept)
    circle = FrameworkImport.objects.create(
        org=Org.objects.get(org_kind=Org.Kind.DISTRICT),
        by=demo.person("district"),
        file_name="standards.json",
        file=STANDARDS,
    )
    return {
        "framework": f"/profiles/frameworks/{skills[0].framework_id}/",
        "framework_id": str(skills[0].framework_id),
        "skill": f"/profiles/competencies/{skills[1].pk}/",
        "own_skill": f"/profiles/competencies/{kept.pk}/",
        "own_framework": f"/profiles/frameworks/{own.pk}/",
        "standards": f"/profiles/frameworks/import/{circle.pk}/",
        "section": str(section.pk),
        "learner": str(demo.person("student").pk),
        "unit": f"/profiles/classes/{section.pk}/competencies/units/{section.unit_id}/",
        **_rosters(),
    }


def _rosters() -> dict[str, str]:
    """One looked at, and one that cannot be used; neither is brought in."""
    district, leader = Org.objects.get(org_kind=Org.Kind.DISTRICT), demo.person("district")
    broken = sample.files(sample.School())
    broken["users"][0]["role"] = "wizard"
    found = {}
    for name, rows in (("refused_roster", broken), ("looked_roster", sample.files(sample.School(students=16)))):
        record = work.receive(district, f"{name}.zip", sample.bundle(rows), by=leader)
        work.look(record)
        found[name] = f"/profiles/district/rosters/{record.pk}/"
    Holiday.add(district, district.today(), "Rest", by=leader)
    return found


def _rooms() -> dict[str, str]:
    """The workshop of the story; one in the middle of its day with something of everything; one that is over."""
    coach, cedar = demo.person("coach"), demo.school("cedar")
    prepared = Workshop.objects.get(title=workshops.demo.TITLE)
    room, closed, locked = (open_room(cedar, coach, title) for title in ("In full swing", "Over", "Door closed"))
    for helper, role in (("counselor", "co"), ("advisor", "scribe")):
        room.add_helper(demo.person(helper), role, by=coach)
    phone = come_in(room, name="Rosa", school=cedar, role="other")
    people = [phone.participant, *(come_in(room, name=name, school_name="Birch").participant for name in ("Bo", "Cy"))]
    phone.send("steps/1a/answers/", prompt="why", text="Nobody knew me")
    phone.send("lines/", sheet="why", text="Ninth grade is too big")
    for text in ("Ninth grade is large", "Who has time?"):
        Entry.capture(room, "wonder", text, by=coach, op_id=uuid.uuid4())
    Theme.make(room, "Size", list(room.entries.all()[:2]), by=coach)
    for side, text in (("with", "Known by name"), ("without", "Unnoticed")):
        ContrastItem.add(room, side, text, by=coach, op_id=uuid.uuid4())
    phone.send("steps/3a/seen/", text="Greets everyone at the door")
    room.observations.get().align(room.contrast_items.all()[0], "matches", by=coach)
    (group,) = seat(room, people)
    people[2].leave(by=coach)
    come_in(room, name="Late")
    Picture.save_photo(group, DOT, "image/png", by=coach)
    HandOver.propose(adopt(group, cedar, phone.participant), by=Actor("participant"))
    for kind in ("learned", "will_do"):
        phone.send("debrief/", list=kind, text="Small is not enough")
    room.debrief_notes.all()[0].hide(True, by=coach)
    go(room, "5")
    now = fresh(room)
    now.know("new", by=coach, seen=now.control_version)
    close(closed)
    now = fresh(locked)
    now.open_door(False, by=coach, seen=now.control_version)
    kit = Kit.copy(cedar, "Our guide", BUILT_IN, by=coach)
    screens = {name: f"/workshops/{one.pk}/screen/{one.screen_token}/" for name, one in (("r", room), ("c", closed))}
    return {
        "participant": phone.token,
        "prepared": f"/workshops/{prepared.pk}/",
        "room": f"/workshops/{room.pk}/",
        "closed": f"/workshops/{closed.pk}/",
        "screen": screens["r"],
        "closed_screen": screens["c"],
        "door": f"/w/{room.join_code}/",
        "closed_door": f"/w/{locked.join_code}/",
        "phone": phone.base,
        "take_home": phone.participant.take_home_path,
        "guide": f"/workshops/guides/{kit.pk}/",
        "inbox": f"/workshops/inbox/{cedar.pk}/",
    }


@pytest.fixture(scope="module")
def visit(browser: Browser, served: Site, story: Story) -> Iterator[Callable[[Asked, str], Page]]:
    """`visit(asked, mode)`: the page, always in the same tab, which fetches the site's styles and scripts once."""
    base = f"http://127.0.0.1:{served.port}"
    context = browser.new_context(base_url=base, reduced_motion="reduce")
    page = context.new_page()

    def visit(asked: Asked, mode: str) -> Page:
        width, scheme, language = MODES[mode]
        context.clear_cookies()
        if asked.slug == "participant":
            context.add_cookies([{"name": COOKIE, "value": story.things["participant"], "url": base}])
        elif asked.slug != "anonymous":
            context.add_cookies([{"name": "sessionid", "value": story.sessions[asked.slug], "url": base}])
        context.set_extra_http_headers({"Accept-Language": language})
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        made = asked.path.startswith("/made/")
        if made:
            # What went wrong is told as the site tells it, without anything going wrong.
            page.route("**/made/*", lambda route: route.fulfill(body=_made(route.request)))
        answer = page.goto(asked.path.format(**story.things))
        assert answer
        assert answer.status == asked.status
        if made:
            # A tab with routes caches nothing.
            page.unroute_all()
        if asked.act:
            asked.act(page)
        return page

    yield visit
    context.close()


def _made(request: Request) -> str:
    with translation.override(request.headers["accept-language"]):
        return render_to_string(request.url.rsplit("/", 1)[1], {"sentence": ""})


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_never_scrolls_sideways(
    visit: Callable[[Asked, str], Page], mode: str, name: str
) -> None:
    page = visit(PAGES[name], mode)

    check_accessible(page)
    # Who has chosen a language in their settings reads that one.
    chosen = demo.PEOPLE[PAGES[name].slug].language if PAGES[name].slug in demo.PEOPLE else ""
    assert page.locator("html").get_attribute("lang") == (chosen or MODES[mode][2])
