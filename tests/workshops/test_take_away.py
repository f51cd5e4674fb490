"""What leaves a workshop: every file opens, and none says more than everyone was shown."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from typing import Any

import pytest
from django.test import Client

from config import files
from config.qr import qr_drawing
from tests.cast import Cast
from workshops import take_away, take_away_files
from workshops.models import (
    Adoption,
    ContrastItem,
    DebriefNote,
    Element,
    Entry,
    GroupMember,
    GroupSet,
    LearningTeam,
    Observation,
    Participant,
    Picture,
    Response,
    Theme,
    Workshop,
    WorkshopGroup,
)

from .phone import DOT, close, reveal
from .small_kit import prepared

SECRET, WITHDRAWN, HIDDEN = "A secret reason", "Taken back by its writer", "A hidden line"
FORMS = [(what, form) for what, forms in take_away_files.DOCUMENTS.items() for form in forms]


@pytest.fixture
def room(cast: Cast) -> Workshop:
    """A workshop in which something of everything was said, an answer not shown to anybody among it."""
    workshop = prepared(cast)
    by = workshop.lead
    ana, _token = Participant.join(workshop, by=by, name="Ana Fuentes", school=cast.org("cedar"), role="administrator")
    writing = workshop.steps.get(key="1a")
    for text in (SECRET, WITHDRAWN):
        Response.give(workshop, writing, "why", text, ana, op_id=uuid.uuid4())
    Response.objects.get(text=WITHDRAWN).withdraw(op_id=uuid.uuid4())
    said = [
        Entry.capture(workshop, "why", text, by=by, op_id=uuid.uuid4())
        for text in ("Ninth grade is too big", "=1+1 is not enough", HIDDEN)
    ]
    entries = [one for one in said if one]
    entries[0].plus_one(by=by, op_id=uuid.uuid4())
    Theme.make(workshop, "Too big", entries, by=by)
    entries[2].hide(True, by=by)
    for side, text in (("with", "Known to all"), ("without", "Lost in the hall")):
        ContrastItem.add(workshop, side, text, by=by, op_id=uuid.uuid4())
    known, lost = ContrastItem.objects.filter(workshop=workshop)
    known.pair(lost, by=by)
    Observation.note(workshop, workshop.steps.get(key="3b"), "Greets at the door", by=by, op_id=uuid.uuid4())
    Observation.objects.get().align(known, "matches", by=by)
    group = WorkshopGroup.objects.create(
        seating=GroupSet.objects.create(workshop=workshop, mode="mix", seed=1), number=1
    )
    GroupMember.objects.create(group=group, participant=ana)
    Picture.save_words(group, "Open doors", "Small houses", base=0, by=by, op_id=uuid.uuid4())
    Picture.save_photo(group, DOT, "image/png", by=by)
    Element.add(group, "An advisory", ["climate"], "now", by=by, op_id=uuid.uuid4())
    Adoption.adopt(
        Element.objects.get(), by=by, school=cast.org("cedar"), school_name="", who="Berta", first_step="Ask on Monday"
    )
    for which, text in (("learned", "Size matters"), ("will_do", "Start in fall")):
        DebriefNote.add(workshop, which, text, by=by, op_id=uuid.uuid4(), school_name="Cedar")
    LearningTeam.found(
        workshop,
        by=by,
        school=None,
        school_name="Elm",
        name="Door team",
        topic="Greeting",
        members="Carla Ruiz\nDario Paz",
        first_meeting=None,
        consult="The coach",
    )
    return Workshop.objects.select_related("host", "lead").get(pk=workshop.pk)


def address(path: str) -> str:
    return f"https://plans.example.org{path}"


def fetch(cast: Cast, workshop: Workshop, path: str, slug: str = "coach") -> Any:
    client = Client()
    client.force_login(cast[slug])
    return client.get(f"/workshops/{workshop.pk}/take-away/{path}")


def unpacked(cast: Cast, workshop: Workshop, slug: str = "coach") -> zipfile.ZipFile:
    answer = fetch(cast, workshop, "workshop/zip/", slug)
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.content))


def words(document: files.Document) -> str:
    """All the text of a document, as it is written into any format."""
    return repr(document)


def everything(workshop: Workshop) -> str:
    return " ".join(words(take_away_files.document(workshop, what, form, address)) for what, form in FORMS)


@pytest.mark.parametrize(("what", "form"), FORMS)
def test_every_file_opens(cast: Cast, room: Workshop, what: str, form: str) -> None:
    answer = fetch(cast, room, f"{what}/{form}/")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == files.CONTENT_TYPES[form]  # type: ignore[index]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="learning-together-{what}.{form}"'
    if form == "pdf":
        assert answer.content.startswith(b"%PDF")
    else:
        assert files.read(answer.content, f"file.{form}")


def test_empty_workshop_has_every_file(cast: Cast) -> None:
    packed = unpacked(cast, prepared(cast))

    assert sorted(packed.namelist()) == sorted(
        ["document.json", *(f"{what}.{form}" for what, form in FORMS if what != "take-home-cards")]
    )


def test_report_says_what_the_room_said(room: Workshop) -> None:
    said = words(take_away_files.report(room))

    for text in (
        "See what a personalized school is.",
        "1 person",
        "Too big (3 people)",
        "Ninth grade is too big (2 people)",
        "Known to all",
        "Lost in the hall",
        "Greets at the door",
        "matches: Known to all",
        "Open doors",
        "Small houses",
        "An advisory · now · Climate",
        "Ask on Monday",
        "Cedar: Size matters",
        "Start in fall",
        "Door team",
        "1 person came",
    ):
        assert text in said


def test_files_hold_nothing_that_was_not_shown(room: Workshop) -> None:
    before = everything(room)
    reveal(room, "1a")
    after = everything(room)

    assert "1 line, not shown to everyone" in before
    assert SECRET not in before
    assert SECRET in after
    for text in (WITHDRAWN, HIDDEN):
        assert text not in before + after


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        ("1c", ["Ninth grade is too big", "Too big"]),
        ("2c", ["Known to all", "Lost in the hall"]),
        ("3b", ["Greets at the door"]),
        ("4", ["Open doors", "Small houses", "An advisory", "Ask on Monday"]),
        ("5", ["Size matters", "Start in fall"]),
    ],
)
def test_what_the_lead_took_from_the_wall_is_counted_only(room: Workshop, key: str, texts: list[str]) -> None:
    before = everything(room)
    reveal(room, key, "counts")
    after = everything(room)

    assert [text in before for text in texts] == [True] * len(texts)
    assert [text in after for text in texts] == [False] * len(texts)
    assert "not shown to everyone" in after


@pytest.mark.parametrize(
    ("slug", "unrevealed", "hidden"),
    [("coach", True, True), ("teacher", True, False), ("advisor", False, False), ("leader", False, False)],
)
def test_archive_goes_as_far_as_who_asks(cast: Cast, room: Workshop, slug: str, unrevealed: bool, hidden: bool) -> None:
    packed = unpacked(cast, room, slug)
    said = packed.read("document.json").decode()

    assert (SECRET in said, HIDDEN in said, WITHDRAWN in said) == (unrevealed, hidden, False)
    assert json.loads(said)["holds"] == {"not_shown_to_everyone": unrevealed, "hidden": hidden}
    others = b"".join(packed.read(name) for name in packed.namelist() if name.endswith(".csv"))
    assert b"Ninth grade" in others
    assert HIDDEN.encode() not in others
    assert packed.read("pictures/group-1.png") == DOT


def test_page_says_what_the_archive_holds(cast: Cast, room: Workshop) -> None:
    said = {slug: fetch(cast, room, "", slug).text for slug in ("coach", "teacher", "leader")}

    assert "and hidden lines. Think" in said["coach"]
    assert "answers not shown to everyone. Think" in said["teacher"]
    assert "Your archive holds more" not in said["leader"]
    assert "<svg" in said["leader"]


def test_photo_that_was_not_shown_stays_with_who_runs_the_room(cast: Cast, room: Workshop) -> None:
    reveal(room, "4", "nobody")

    assert "pictures/group-1.png" in unpacked(cast, room, "coach").namelist()
    assert "pictures/group-1.png" not in unpacked(cast, room, "leader").namelist()


@pytest.mark.parametrize(
    ("names", "shown", "kept_back"),
    [
        ("full", ["Ana Fuentes", "Berta", "Carla Ruiz"], []),
        ("first", ["Ana", "Berta", "Carla"], ["Fuentes", "Ruiz"]),
        ("none", ["Person 1"], ["Ana", "Berta", "Carla", "The coach"]),
    ],
)
def test_names_follow_the_choice_of_the_workshop(
    room: Workshop, names: str, shown: list[str], kept_back: list[str]
) -> None:
    room.describe(by=room.lead, names=names)

    said = everything(room) + json.dumps(take_away.content(room, take_away.Reach(unrevealed=True, hidden=True)))

    assert [text for text in shown if text not in said] == []
    assert [text for text in kept_back if re.search(rf"\b{text}\b", said)] == []


def test_paper_pack_carries_the_code_its_address_and_a_drawing_for_cameras(cast: Cast, room: Workshop) -> None:
    way_in = f"https://plans.example.org/w/{room.join_code}/"
    drawing = qr_drawing(way_in, alt=f"QR code for joining with {room.join_code}", width_mm=55)

    assert take_away_files.paper_pack(room, address).blocks[:4] == (
        files.Heading("The way in"),
        files.Line(room.join_code or "", "strong"),
        files.Line(way_in),
        drawing,
    )
    assert b"/Figure" in fetch(cast, room, "paper-pack/pdf/").content


def test_everyone_who_came_has_a_card_for_their_own_page(cast: Cast, room: Workshop) -> None:
    left, _token = Participant.join(room, by=room.lead, device="none")
    left.leave(by=room.lead)
    gone, _token = Participant.join(room, by=room.lead, name="Gone")
    gone.leave(by=room.lead, removed=True)

    [grid] = take_away_files.take_home_cards(room, address).grids()
    cards = [(row.cells[0][0].text, row.cells[0][-1].text, row.cells[1]) for row in grid.rows]

    pages = [address(one.take_home_path) for one in room.participants.order_by("number")[:2]]
    assert cards == [
        (name, page, (qr_drawing(page, alt="QR code of this page", width_mm=32),))
        for name, page in zip(["Ana", "Person 2"], pages, strict=True)
    ]
    assert Client().get(pages[0].removeprefix("https://plans.example.org")).status_code == 200


def test_nobodys_own_page_is_in_the_archive(cast: Cast, room: Workshop) -> None:
    packed = unpacked(cast, room)

    assert [name for name in packed.namelist() if "take-home" in name] == []
    assert room.participants.get().take_home_path not in packed.read("document.json").decode()


def test_formula_is_text_in_a_spreadsheet(cast: Cast, room: Workshop) -> None:
    assert '"\'=1+1 is not enough"' in fetch(cast, room, "sheets/csv/").content.decode()


def test_everything_can_be_taken_when_closed(cast: Cast, room: Workshop) -> None:
    code = room.join_code or ""
    before = words(take_away_files.paper_pack(room, address))
    close(room)
    client = Client()
    client.force_login(cast["leader"])
    room.refresh_from_db()

    assert code in before
    assert f"/workshops/{room.pk}/take-away/" in client.get(f"/workshops/{room.pk}/").text
    assert fetch(cast, room, "report/docx/").status_code == 200
    assert code not in words(take_away_files.paper_pack(room, address))


@pytest.mark.parametrize("path", ["report/csv/", "plan/pdf/", "workshop/pdf/", "report/zip/"])
def test_there_is_no_other_file(cast: Cast, room: Workshop, path: str) -> None:
    assert fetch(cast, room, path).status_code == 404


def test_letter_without_a_font_is_said_and_leaves_the_rest(cast: Cast, room: Workshop) -> None:
    Entry.capture(room, "why", "\U00013000", by=room.lead, op_id=uuid.uuid4())

    refused = fetch(cast, room, "report/pdf/")
    packed = unpacked(cast, room)

    assert (refused.status_code, refused.headers["Location"]) == (302, f"/workshops/{room.pk}/take-away/")
    assert "report.pdf" in packed.read("not-written.txt").decode()
    assert "report.docx" in packed.namelist()


@pytest.mark.parametrize("slug", ["next-door", "other-leader", "student"])
def test_for_others_there_is_no_such_workshop(cast: Cast, room: Workshop, slug: str) -> None:
    assert [fetch(cast, room, path, slug).status_code for path in ("", "report/pdf/", "workshop/zip/")] == [404] * 3


def test_report_says_that_a_group_left_nothing(room: Workshop) -> None:
    WorkshopGroup.objects.create(seating=room.group_sets.get(), number=2)

    blocks = take_away_files.report(room).blocks

    at = blocks.index(files.Heading("Group 2", 2))
    assert blocks[at + 1] == files.Line("Nothing was written here.", "quiet")


def test_pack_has_a_slip_for_everyone_and_each_sheet_on_its_own_page(room: Workshop) -> None:
    room.tick("people", 28, by=room.lead)
    blocks = take_away_files.paper_pack(room, address).blocks

    slips = blocks[blocks.index(files.Heading("Join slips", new_page=True)) + 1]

    assert isinstance(slips, files.Grid)
    assert len(slips.rows) * len(slips.columns) == 30
    assert [one.text for one in blocks if isinstance(one, files.Heading) and not one.new_page] == ["The way in"]


def test_pages_of_the_pack_begin_where_they_are_cut(cast: Cast, room: Workshop) -> None:
    pack = take_away_files.paper_pack(room, address)
    begun = sum(isinstance(one, files.Heading) and one.new_page for one in pack.blocks)

    pages = len(re.findall(rb"/Type\s*/Page\b", files.write(pack, "pdf")))

    assert pages > begun
