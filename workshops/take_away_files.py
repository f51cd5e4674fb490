"""A workshop on paper and in files: what `take_away.content` lets out, as documents and as one archive."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from config import files
from config.files import Block, Column, Document, Grid, Heading, Line, Row
from config.qr import qr_drawing

from . import agenda, checklist, overview, take_away
from .kit import say
from .models import Workshop
from .qr import Address, join_address
from .take_away import Content, Reach

SIGN_IN_ROWS, SHEET_ROWS, TABLE_ROWS = 30, 16, 15
SLIPS_ACROSS = 3


# The report


def report(workshop: Workshop) -> Document:
    """What the room said, drew and decided, in the order in which it went."""
    said = take_away.content(workshop)
    blocks = [
        *_aim(said),
        *_people(said),
        *_themes(said),
        *_questions(said),
        *_sheets(said),
        *_table(said),
        *_seen(said),
        *_groups(said),
        *_adoptions(said),
        *_debrief(said),
        *_learning_teams(said),
        *_section(_("To read on"), [Line(f"{one['title']}: {one['url']}", "bullet") for one in said["links"]]),
        *_section(_("Thank you"), [Line(text, "bullet") for text in said["thanks"]]),
    ]
    return _document(workshop, workshop.title, blocks)


def _aim(said: Content) -> list[Block]:
    lines: list[Block] = [Line(said["aim"])] if said["aim"] else []
    return _section(_("What it was for"), [*lines, *(Line(one, "bullet") for one in said["outcomes"])])


def _people(said: Content) -> list[Block]:
    people = said["people"]
    if not people["count"]:
        return []
    count = people["count"]
    lines = [Line(ngettext("%(n)s person", "%(n)s people", count) % {"n": count})]
    for head, numbers in ((_("Schools"), people["schools"]), (_("Roles"), people["roles"])):
        if numbers:
            lines.append(Line(f"{head}: " + " · ".join(f"{one} {number}" for one, number in numbers.items())))
    return _section(_("Who was there"), lines)


def _themes(said: Content) -> list[Block]:
    blocks: list[Block] = []
    for theme in said["themes"]:
        support = ngettext("%(n)s person", "%(n)s people", theme["people"]) % {"n": theme["people"]}
        blocks += [Heading(f"{theme['name']} ({support})", 2), Line(" · ".join(theme["sheets"]), "quiet")]
        blocks += [Line(text, "bullet") for text in theme["lines"]]
    return _section(_("What several said"), blocks)


def _questions(said: Content) -> list[Block]:
    blocks: list[Block] = []
    for one in said["questions"]:
        if one["count"]:
            blocks.append(Heading(one["question"], 2))
            blocks += [Line(each["text"], "bullet") for each in one["answers"]] or [_kept_back(one["count"])]
    return _section(_("Written alone"), blocks)


def _sheets(said: Content) -> list[Block]:
    blocks: list[Block] = []
    for sheet in said["sheets"]:
        blocks.append(Heading(sheet["title"], 2))
        blocks += [Line(_counted(one), "bullet") for one in sheet["lines"]] or [_kept_back(sheet["count"])]
    return _section(_("The sheets"), blocks)


def _counted(line: Content) -> str:
    text, people = line["text"], line["people"]
    return f"{text} ({ngettext('%(n)s person', '%(n)s people', people) % {'n': people}})" if people > 1 else text


def _kept_back(count: int) -> Line:
    """In the place of words that not everyone was shown: how many there are."""
    if not count:
        return Line(_("Nothing was written here."), "quiet")
    text = ngettext("%(n)s line, not shown to everyone", "%(n)s lines, not shown to everyone", count)
    return Line(text % {"n": count}, "quiet")


def _table(said: Content) -> list[Block]:
    table = said["table"]
    body: list[Block] = [_contrast_grid(said)] if table["rows"] else [_kept_back(table["count"])]
    return _section(_("With and without"), body) if table["count"] else []


def _contrast_grid(said: Content, empty_rows: int = 0) -> Grid:
    heads = (Column(_("Schools with a personalized learning environment")), Column(_("Schools without one")))
    rows = [Row((_cell(one["with"]), _cell(one["without"]))) for one in said["table"]["rows"]]
    return Grid(heads, tuple(rows) or _empty(empty_rows), name=_("With and without"))


def _seen(said: Content) -> list[Block]:
    seen = said["seen"]
    if not seen["count"]:
        return []
    blocks: list[Block] = []
    for one in seen["lines"]:
        blocks.append(Line(one["text"], "bullet"))
        beside = [f"{each['label']}: {each['line']}" if each["line"] else each["label"] for each in one["beside"]]
        blocks.append(Line(" · ".join(beside) or _("new: nothing in the table says so"), "quiet"))
    return _section(_("What was seen, beside the table"), blocks or [_kept_back(seen["count"])])


def _groups(said: Content) -> list[Block]:
    blocks: list[Block] = []
    for group in said["groups"]:
        left = _left_by(group) if group["shown"] else [_kept_back(group["ideas_count"])]
        blocks += [Heading(_group_name(group), 2), *(left or [_kept_back(0)])]
    return _section(_("The pictures of the groups"), blocks)


def _left_by(group: Content) -> list[Block]:
    """A group's picture and ideas, where they are shown to everyone."""
    blocks: list[Block] = []
    picture = group["picture"]
    if picture and picture["title"]:
        blocks.append(Line(picture["title"], "strong"))
    if picture and picture["words"]:
        blocks += [Line(text) for text in picture["words"].splitlines() if text.strip()]
    if picture and picture["photo"]:
        blocks.append(Line(_("The drawing is in the archive: %(file)s") % {"file": picture["photo"]}, "quiet"))
    for idea in group["ideas"]:
        blocks.append(Line(" · ".join([idea["text"], idea["when"], *idea["areas"]]), "bullet"))
    return blocks


def _group_name(group: Content) -> str:
    return _("Group %(number)s") % {"number": group["number"]}


def _adoptions(said: Content) -> list[Block]:
    """By school: what it will try, who takes the first step and what that is."""
    schools: dict[str, list[Row]] = {}
    for group in said["groups"]:
        for idea in group["ideas"]:
            for one in idea["adopted_by"]:
                cells = (_cell(idea["text"]), _cell(one["who"]), _cell(one["first_step"]))
                schools.setdefault(one["school"], []).append(Row(cells))
    blocks: list[Block] = []
    for school in sorted(schools):
        heads = (Column(_("Idea"), width=1.4), Column(_("Who")), Column(_("First step")))
        blocks += [Heading(school or _("A school without a name"), 2), Grid(heads, tuple(schools[school]), name=school)]
    return _section(_("What schools will try"), blocks)


def _debrief(said: Content) -> list[Block]:
    debrief = said["debrief"]
    if not debrief["count"]:
        return []
    blocks: list[Block] = []
    for title, notes in ((_("What we learned"), debrief["learned"]), (_("What we will do"), debrief["will_do"])):
        if notes:
            blocks.append(Heading(title, 2))
            lines = (": ".join(part for part in (one["school"], one["text"]) if part) for one in notes)
            blocks += [Line(text, "bullet") for text in lines]
    return _section(_("Looking back together"), blocks or [_kept_back(debrief["count"])])


def _learning_teams(said: Content) -> list[Block]:
    blocks: list[Block] = []
    for team in said["learning_teams"]:
        blocks += [Heading(team["name"], 2), Line(" · ".join(part for part in (team["topic"], team["school"]) if part))]
        for label, text in (
            (_("Members"), ", ".join(team["members"])),
            (_("First meeting"), team["first_meeting"]),
            (_("To consult"), team["consult"]),
        ):
            if text:
                blocks.append(Line(f"{label}: {text}"))
    return _section(_("Learning teams"), blocks)


# Sheets and table


def sheets(workshop: Workshop) -> Document:
    """Every line in one table, for a spreadsheet."""
    heads = (Column(_("Sheet")), Column(_("Line"), width=2), Column(_("People"), width=0.5), Column(_("Theme")))
    rows = []
    for sheet in take_away.content(workshop)["sheets"]:
        for one in sheet["lines"]:
            texts = (sheet["title"], one["text"], str(one["people"]), one["theme"])
            rows.append(Row(tuple(_cell(text) for text in texts)))
        if sheet["count"] and not sheet["lines"]:
            rows.append(Row((_cell(sheet["title"]), (_kept_back(sheet["count"]),))))
    return _document(workshop, _("The sheets"), [Grid(heads, tuple(rows), name=_("Sheets"))], landscape=True)


def sheets_to_read(workshop: Workshop) -> Document:
    return _document(workshop, _("The sheets"), _sheets(take_away.content(workshop)))


def table(workshop: Workshop) -> Document:
    said = take_away.content(workshop)
    blocks: list[Block] = [_contrast_grid(said)]
    if said["table"]["count"] and not said["table"]["rows"]:
        blocks.append(_kept_back(said["table"]["count"]))
    return _document(workshop, _("With and without"), blocks, landscape=True)


# For the day


def run_sheet(workshop: Workshop) -> Document:
    """The agenda with times of day, and what the presenter has to remember."""
    heads = (Column(_("At"), width=0.4), Column(_("Minutes"), width=0.4), Column(_("What"), width=3))
    rows = []
    for part in agenda.run_sheet(workshop.kit, workshop.starts_at):
        at = date_format(localtime(part["at"]), "TIME_FORMAT") if part["at"] else part["after"]
        what = [Line(part["title"], "strong"), *(Line(part[one]) for one in ("roles", "people") if part[one])]
        if part["media"]:
            what.append(Line(_("Watch: %(title)s") % {"title": part["media"]["title"]}))
        what += [Line(note, "bullet") for note in part["notes"]]
        what += [Line(one, "quiet") for one in part["materials"]]
        rows.append(Row((_cell(at), _cell(part["time"]), tuple(what))))
    return _document(workshop, _("Run sheet"), [Grid(heads, tuple(rows), name=_("Run sheet"))])


def group_cards(workshop: Workshop) -> Document:
    """A card for each table: who sits there and the two tasks."""
    blocks: list[Block] = []
    task = next((step for step in workshop.kit["steps"] if step["kind"] == "groups"), None)
    groups = take_away.content(workshop)["groups"]
    for group in groups:
        heads = (Column(_group_name(group)), Column(_("Your task")))
        tasks = [Line(say(task.get("people")))] if task else []
        members = tuple(Line(name, "bullet") for name in group["members"])
        blocks.append(Grid(heads, (Row((members, tuple(tasks)), min_lines=6),), name=_group_name(group)))
    if not groups:
        blocks.append(Line(_("No groups have been formed yet.")))
    return _document(workshop, _("Group cards"), blocks)


def paper_pack(workshop: Workshop, address: Address) -> Document:
    """All that a room without devices needs: what comes back on it is typed in afterwards and counts the same."""
    blocks: list[Block] = []
    if workshop.join_code:
        way_in = join_address(workshop, address)
        alt = _("QR code for joining with %(code)s") % {"code": workshop.join_code}
        blocks += [Heading(_("The way in")), Line(workshop.join_code, "strong"), Line(way_in)]
        blocks.append(qr_drawing(way_in, alt=alt, width_mm=55))
        blocks += [Heading(_("Join slips"), new_page=True), _join_slips(workshop, way_in, alt)]
    heads = (Column(_("Name"), width=1.4), Column(_("School")), Column(_("Role")))
    blocks += [Heading(_("Sign-in"), new_page=True), Grid(heads, _empty(SIGN_IN_ROWS, cells=3), name=_("Sign-in"))]
    for prompt in _prompts(workshop):
        rows = _empty(SHEET_ROWS, cells=2)
        said = (Column(prompt["text"], width=4), Column(_("How many said so"), width=1))
        blocks += [Heading(prompt["sheet"], new_page=True), Grid(said, rows, name=prompt["sheet"])]
    empty: Content = {"table": {"rows": []}}
    if any(step["kind"] == "contrast" for step in workshop.kit["steps"]):
        blocks += [Heading(_("With and without"), new_page=True), _contrast_grid(empty, TABLE_ROWS)]
    blocks.append(Heading(say(overview.TITLE), new_page=True))
    for card in overview.CARDS:
        head = " · ".join(part for part in (say(card["title"]), card["figure"]) if part)
        blocks += [Line(head, "strong"), Line(say(card["say"]))]
    return _document(workshop, _("Paper pack"), blocks)


def _join_slips(workshop: Workshop, way_in: str, alt: str) -> Grid:
    """One for each person expected, or for as many as the guide is made for; whole rows."""
    slip = (
        qr_drawing(way_in, alt=alt, width_mm=26),
        Line(workshop.join_code or "", "strong"),
        Line(way_in, "quiet"),
        Line(_("A phone helps, but you do not need one.")),
    )
    heads = (Column(_("Cut along the lines")), *(Column("") for _n in range(SLIPS_ACROSS - 1)))
    people = checklist.expected(workshop) or workshop.kit["people_max"]
    return Grid(heads, (Row((slip,) * SLIPS_ACROSS),) * -(-people // SLIPS_ACROSS), name=_("Join slips"))


def take_home_cards(workshop: Workshop, address: Address) -> Document:
    """A strip for each person, to cut off: the code and address of their own page."""
    heads = (Column(_("For"), width=1.6), Column(_("Their page")))
    rows = []
    for name, person in take_away.people_with_pages(workshop):
        own = address(person.take_home_path)
        until = date_format(person.take_home_until, "DATE_FORMAT") if person.take_home_until else ""
        told = (
            Line(name, "strong"),
            Line(_("What the room said, the picture of your group, and what becomes of it at the schools.")),
            Line(_("Hold your phone's camera on the code, or type the address. It works without an account.")),
            Line(_("There until %(day)s. It holds no names.") % {"day": until}),
            Line(own, "quiet"),
        )
        rows.append(Row((told, (qr_drawing(own, alt=_("QR code of this page"), width_mm=32),))))
    blocks: list[Block] = [Grid(heads, tuple(rows), name=_("Take-home cards"))] if rows else []
    blocks = blocks or [Line(_("Nobody has come in yet."))]
    return _document(workshop, _("Take-home cards"), blocks)


def _prompts(workshop: Workshop) -> list[dict[str, str]]:
    """The questions that have a sheet, each once."""
    found: dict[str, dict[str, str]] = {}
    for step in workshop.kit["steps"]:
        for one in step.get("prompts") or ():
            if one.get("sheet"):
                found.setdefault(one["key"], {"text": say(one["text"]), "sheet": say(one["sheet"])})
    return list(found.values())


# What can be asked for

Made = Callable[..., Document]
DOCUMENTS: dict[str, dict[files.Kind, Made]] = {
    "report": {"docx": report, "pdf": report},
    "sheets": {"xlsx": sheets, "csv": sheets, "pdf": sheets_to_read},
    "table": {"xlsx": table, "csv": table, "pdf": table},
    "run-sheet": {"pdf": run_sheet},
    "group-cards": {"pdf": group_cards},
    "paper-pack": {"pdf": paper_pack},
    "take-home-cards": {"pdf": take_home_cards},
}
WITH_ADDRESSES = (paper_pack, take_home_cards)
FOR_ONE_EACH = ("take-home-cards",)
"""Each person's own link: handed to them, and not passed on with the archive."""
ARCHIVE = ("workshop", "zip")


def document(workshop: Workshop, what: str, form: str, address: Address) -> Document:
    """`address` makes a path a whole address. Raises `KeyError` where there is no such file."""
    make = DOCUMENTS[what][form]  # type: ignore[index]
    return make(workshop, address) if make in WITH_ADDRESSES else make(workshop)


def archive(workshop: Workshop, reach: Reach, address: Address) -> bytes:
    """Everything but what is `FOR_ONE_EACH`: document.json as far as `reach` goes, the groups' photos, and the files as
    everyone may have them.

    A file that cannot be written (a letter that no font here has) is named in not-written.txt, with the reason.
    """
    out, missing = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        said = take_away.content(workshop, reach)
        packed.writestr("document.json", json.dumps(said, ensure_ascii=False, indent=2))
        for name, photo in take_away.photos(workshop, reach).items():
            packed.writestr(f"pictures/{name}", photo)
        for what, forms in DOCUMENTS.items():
            for form in forms if what not in FOR_ONE_EACH else ():
                try:
                    packed.writestr(f"{what}.{form}", files.write(document(workshop, what, form, address), form))
                except files.UnwritableDocument as problems:
                    missing.append(f"{what}.{form}: {problems}")
        if missing:
            packed.writestr("not-written.txt", "\n".join(missing))
    return out.getvalue()


# Small things


def _document(workshop: Workshop, title: str, blocks: Iterable[Block], *, landscape: bool = False) -> Document:
    day = date_format(localtime(workshop.starts_at), "DATE_FORMAT") if workshop.starts_at else ""
    under = [workshop.title if title != workshop.title else "", str(workshop.host), day]
    return Document(
        title=title,
        subtitle=(" · ".join(part for part in under if part),),
        blocks=tuple(blocks),
        language=get_language() or "en",
        landscape=landscape,
        footer=workshop.title,
    )


def _section(title: str, blocks: Iterable[Any]) -> list[Block]:
    """The blocks under their heading; nothing where there is none."""
    body = list(blocks)
    return [Heading(title), *body] if body else []


def _cell(text: str) -> tuple[Line, ...]:
    return (Line(text),) if text else ()


def _empty(rows: int, cells: int = 2) -> tuple[Row, ...]:
    return tuple(Row(((),) * cells, min_lines=2) for _n in range(rows))
