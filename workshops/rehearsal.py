"""A workshop with people who are not there: phones and a facilitator's laptop without browsers, over HTTP, at speed.

The guide's minutes are shortened all alike, so that the agenda's own clock and drift are those of the day. One reply in
five counts as lost: the phone sends the same words again, as it does on bad wifi. In the end every line whose arrival
was acknowledged must be there, once.
"""

from __future__ import annotations

import random
import re
import secrets
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from config.bench import Answer, LineFailed, Site, Visitor, at
from planning.cells import Area
from profiles import demo
from profiles.models import Org

from .agenda import clock
from .guide import BUILT_IN
from .kit import say
from .models import (
    Adoption,
    ContrastItem,
    DebriefNote,
    Element,
    Entry,
    GroupMember,
    LearningTeam,
    MeToo,
    Observation,
    Participant,
    Picture,
    Response,
    StepRun,
    ThemeSuggestion,
    Workshop,
)
from .room import Room
from .seat import sheets
from .tasks import look_for_themes

SETTINGS = "config.settings.rehearsal"
LOST = 0.2
"""This share of the replies the phone takes for lost."""
IDLE_SHARE = 0.5
"""People begin at any moment of this first part of a step."""
NAMES = [
    *("Ana", "Ben", "Cora", "Dev", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jamal", "Kim", "Luis", "Maya", "Noor"),
    *("Owen", "Pilar", "Quinn", "Rosa", "Sam", "Tess", "Umar", "Vera", "Wes", "Ximena", "Yusuf", "Zoe", "Abel", "Bea"),
]
LINES = [
    "an adult who knows every student well",
    "advisory twice a week with the same group",
    "time for teams to plan together",
    "families who come in for more than report cards",
    "longer blocks for projects",
    "ninth graders who fail in their first semester",
    "students who choose how they show what they learned",
    "somebody who notices when a student is missing",
    "common planning time for teachers who share students",
    "a schedule that leaves room for advisory",
]

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
CONTROL = re.compile(r'data-control="(\d+)"')
TO_SECOND = re.compile(rf'data-second="({UUID})"')
IDEAS = re.compile(rf'<option value="({UUID})"')

Rows = type[Response] | type[Entry] | type[ContrastItem] | type[Observation] | type[Element] | type[DebriefNote]


@dataclass(frozen=True)
class Word:
    """Something whose arrival was acknowledged: the row's id is the one that was made before it was sent."""

    rows: Rows
    id: uuid.UUID
    text: str


@dataclass
class Record:
    """What was acknowledged, and how long each act of the present step took."""

    words: list[Word] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    """Lines of the groups' pictures."""
    sent_again: int = 0
    ms: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Phone(Visitor):
    """Somebody's phone: no account, one connection, the cookies it was given."""

    def __init__(self, site: Site, number: int, school: Org, role: str, record: Record) -> None:
        self.http = HTTPConnection("127.0.0.1", site.port, timeout=60)
        self.token = secrets.token_hex(16)
        self.cookies = {"csrftoken": self.token}
        self.last = 0.0
        self.record, self.school, self.role = record, school, role
        self.name = NAMES[number % len(NAMES)] + (f" {number // len(NAMES) + 1}" if number >= len(NAMES) else "")
        self.chance = random.Random(number)  # noqa: S311 (the same people each time, no secrets)
        self.said = 0
        self.room = ""
        self.answers: dict[str, tuple[uuid.UUID, str]] = {}

    def ask(self, method: str, path: str, body: bytes | None, *, expect: Sequence[int], **headers: str) -> Answer:
        self.cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = super().ask(method, path, body, expect=expect, **headers)
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer

    def wait(self, seconds: float) -> None:
        time.sleep(self.chance.random() * seconds * IDLE_SHARE)

    def join(self, code: str) -> None:
        """As a person does: open the page, type the code, say who one is, be in."""
        self.timed("GET", "/join/")
        typed = self.post("/join/", {"code": f"{code[:3]} {code[3:]}".lower()}, expect=(302,))
        door = typed.headers["Location"]
        self.timed("GET", door)
        came = self.post(
            f"{door}come-in/", {"name": self.name, "school": self.school.pk, "role": self.role}, expect=(302,)
        )
        self.note(came)
        self.timed("GET", came.headers["Location"])

    def timed(self, method: str, path: str) -> str:
        answer = self.ask(method, path, None, expect=(200,))
        self.note(answer)
        return answer.body.decode()

    def note(self, answer: Answer) -> None:
        with self.record.lock:
            self.record.ms.append(answer.ms)

    def look(self, path: str = "") -> str:
        return self.timed("GET", self.room + path)

    def line(self) -> str:
        """Something nobody says twice in these words, so that it can be counted."""
        self.said += 1
        return f"{self.chance.choice(LINES)} ({self.name} {self.said})"

    def send(self, path: str, **fields: object) -> uuid.UUID:
        """Send until a reply arrives; answers the id that was made for it."""
        op_id = uuid.uuid4()
        told = {"op_id": op_id, **fields}
        lost = self.chance.random() < LOST
        if lost:
            self.post(self.room + path, told)
        answer = self.post(self.room + path, told)
        self.note(answer)
        if answer.json["status"] != "saved":
            raise LineFailed(f"{path} was answered {answer.json}")
        with self.record.lock:
            self.record.sent_again += lost
        return op_id

    def tell(self, rows: Rows, path: str, text: str = "", **fields: object) -> tuple[uuid.UUID, str]:
        """Send words and keep that they were acknowledged."""
        text = text or self.line()
        op_id = self.send(path, text=text, **fields)
        with self.record.lock:
            self.record.words.append(Word(rows, op_id, text))
        return op_id, text

    # What people do in a step of each kind

    def write(self, step: Any) -> None:
        for prompt in step["prompts"]:
            self.answers[prompt["key"]] = self.tell(Response, f"steps/{step['key']}/answers/", prompt=prompt["key"])

    def put_on_sheet(self) -> None:
        """One of one's own answers, then a second voice for what somebody else said."""
        key = self.chance.choice(list(self.answers))
        answer, text = self.answers[key]
        self.tell(Entry, "lines/", text, sheet=key, response=answer)
        others = TO_SECOND.findall(self.look("room/"))
        if others:
            self.send(f"lines/{self.chance.choice(others)}/me-too/")

    def contrast(self) -> None:
        self.tell(ContrastItem, "contrast/", side=self.chance.choice(ContrastItem.Side.values))

    def note_what_is_seen(self, step: Any) -> None:
        self.tell(Observation, f"steps/{step['key']}/seen/")

    def draw(self) -> None:
        """A line for the picture; who writes beside them began from the same empty sheet."""
        text = self.line()
        self.send("picture/", title="Where everyone is known", words=text, base_version=0)
        with self.record.lock:
            self.record.drawn.append(text)

    def have_idea(self) -> None:
        horizon = self.chance.choice(Element.Horizon.values)
        self.tell(Element, "elements/", areas=self.chance.choice(Area.values), horizon=horizon)

    def look_back(self) -> None:
        ideas = IDEAS.findall(self.look())
        if ideas:
            self.send("adoptions/", element=self.chance.choice(ideas), who=self.name, first_step="Ask on Monday")
        for which in DebriefNote.List.values:
            self.tell(DebriefNote, "debrief/", list=which)


class Laptop(Visitor):
    """The lead's facilitator page."""

    def __init__(self, site: Site, person: Any, workshop: Workshop, record: Record) -> None:
        super().__init__(site, person)
        self.base, self.record = f"/workshops/{workshop.pk}/", record
        self.steered: list[float] = []

    def steer(self, act: str, **fields: object) -> Answer:
        """Look at the page, and press: against the control version that it shows."""
        page = self.get(self.base + "facilitate/").body.decode()
        found = CONTROL.search(page)
        if not found:
            raise LineFailed("The facilitator page names no control version.")
        told = {"op_id": uuid.uuid4(), "control_version": found[1], **fields}
        answer = self.post(f"{self.base}{act}/", told, expect=(302,))
        self.steered.append(answer.ms)
        return answer

    def act(self, act: str, **fields: object) -> None:
        """What adds to what is there."""
        pairs = [
            (name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])
        ]
        body = urlencode([("op_id", uuid.uuid4()), *pairs]).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        self.ask("POST", f"{self.base}{act}/", body, expect=(200,), **kind)

    def capture(self, rows: Rows, act: str, text: str, **fields: object) -> uuid.UUID:
        op_id = uuid.uuid4()
        answer = self.post(f"{self.base}{act}/", {"op_id": op_id, "text": text, **fields})
        if answer.json["status"] != "saved":
            raise LineFailed(f"{act} was answered {answer.json}")
        with self.record.lock:
            self.record.words.append(Word(rows, op_id, text))
        return op_id


def at_speed(kit: Any, seconds: float) -> Any:
    """The guide with all its times shortened alike, to whole seconds that sum to what is asked."""
    kit = deepcopy(kit)
    pace = seconds / sum(step["planned_s"] for step in kit["steps"])
    gone = 0
    for step in kit["steps"]:
        begins, gone = gone, gone + step["planned_s"]
        step["planned_s"] = round(gone * pace) - round(begins * pace)
        step["floor_s"] = min(step["planned_s"], int(step["floor_s"] * pace))
        step["stretch_s"] = int(step["stretch_s"] * pace)
    return kit


def run(people: int, seconds: float, report: Callable[[str], object]) -> bool:
    """Run the built-in guide; answers whether every acknowledged word is there once. Raises LineFailed."""
    demo.tell(lambda words: None)
    school, coach = demo.school("cedar"), demo.person("coach")
    school.begin(Org.Part.WORKSHOPS, by=demo.person("leader"))
    with Site(SETTINGS) as site:
        HTTPConnection("127.0.0.1", site.port, timeout=60).request("GET", "/health/live")
        kit = at_speed(BUILT_IN, seconds)
        begins = timezone.now()
        ends = begins + timedelta(seconds=sum(step["planned_s"] for step in kit["steps"]))
        workshop = Workshop.prepare(school, say(kit["title"], "en"), kit, by=coach, starts_at=begins, hard_end=ends)
        record = Record()
        schools, roles = [demo.school(key) for key in demo.SCHOOLS], Participant.Role.values
        phones = [
            Phone(site, n, schools[n % len(schools)], roles[n // len(schools) % len(roles)], record)
            for n in range(people)
        ]
        rehearsal = Rehearsal(workshop, phones, Laptop(site, coach, workshop, record), record, report)
        return rehearsal.run()


class Rehearsal:
    def __init__(
        self,
        workshop: Workshop,
        phones: list[Phone],
        lead: Laptop,
        record: Record,
        report: Callable[[str], object],
    ) -> None:
        self.workshop, self.phones, self.lead, self.record, self.report = workshop, phones, lead, record, report
        planned = sum(step["planned_s"] for step in BUILT_IN["steps"])
        shortened = sum(step["planned_s"] for step in workshop.kit["steps"])
        self.pace = planned / shortened if shortened else 1.0
        self.planned_s = planned

    def run(self) -> bool:
        self.report(
            f"{self.workshop}: {len(self.phones)} people, {self.planned_s // 60} min at {self.pace:.0f} times its speed"
        )
        self.report(
            f"{'part':<34}{'planned':>8}{'given':>7}{'work':>8}{'acts':>6}{'p50':>7}{'p95':>7} ms"
            f"{'Next':>7} ms{'on phones p95':>15} ms{'drift':>8}"
        )
        began = time.monotonic()
        self.lead.steer("lobby/open")
        with ThreadPoolExecutor(len(self.phones)) as self.threads:
            for planned, step in zip(BUILT_IN["steps"], self.workshop.kit["steps"], strict=True):
                self._step(planned["planned_s"], step)
        self.report(
            f"\nOver after {clock(round(time.monotonic() - began))} min, for which "
            f"{clock(sum(step['planned_s'] for step in self.workshop.kit['steps']))} were given."
        )
        self._tell_groups()
        self.lead.steer("close")
        return self._tell_counts() & self._tell_closed() & self._tell_words()

    def _all(self, act: Callable[[Phone], object], phones: Iterable[Phone] | None = None) -> None:
        list(self.threads.map(act, self.phones if phones is None else list(phones)))

    def _step(self, planned_s: int, step: Any) -> None:
        """Next; the new step on every phone; what people do; the rest of its time."""
        self.record.ms = []
        self.lead.steer("next")
        pressed_ms, began = self.lead.steered[-1], time.monotonic()
        if step["kind"] != "welcome":
            self._all(lambda phone: phone.look("room/"))
        shown, self.record.ms = self.record.ms, []
        self._work(step)
        worked = time.monotonic() - began
        time.sleep(max(0.0, step["planned_s"] - worked))
        # What the facilitator page says, by the same code.
        drift = Room(Workshop.objects.select_related("current", "host", "lead").get(pk=self.workshop.pk)).drift_s
        ms = self.record.ms or [0.0]
        shown_ms = f"{at(shown, 0.95):.0f}" if shown else "–"
        self.report(
            f"{step['key'] + ' ' + say(step['title'], 'en'):<34.33}{clock(planned_s):>8}{step['planned_s']:>5} s"
            f"{worked:>6.1f} s{len(self.record.ms):>6}{at(ms, 0.5):>7.0f}{at(ms, 0.95):>7.0f}   "
            f"{pressed_ms:>7.0f}   {shown_ms:>15}   {drift:>+6} s"
        )

    def _work(self, step: Any) -> None:
        kind, seconds, lead = step["kind"], step["planned_s"], self.lead

        def do(act: Callable[[Phone], object]) -> Callable[[Phone], None]:
            def after_a_while(phone: Phone) -> None:
                phone.wait(seconds)
                act(phone)

            return after_a_while

        if kind == "welcome":
            self._come_in(do)
        elif kind == "write":
            self._all(do(lambda phone: phone.write(step)))
            lead.steer(f"steps/{self._run(step).pk}/reveal", what=StepRun.Reveal.ALL)
        elif kind == "record":
            spoken = lead.capture(
                Entry, "entries", "said aloud, typed by the lead", sheet=sheets(self.workshop)[0]["key"]
            )
            lead.act(f"entries/{spoken}/second")
            self._all(do(Phone.put_on_sheet))
        elif kind == "watch":
            self._all(do(Phone.look))
        elif kind == "contrast":
            opposites = [
                lead.capture(ContrastItem, "contrast", f"{side}, said aloud", side=side)
                for side in ContrastItem.Side.values
            ]
            lead.act("contrast/pair", item=opposites)
            self._all(do(Phone.contrast))
        elif kind == "align":
            self._all(do(lambda phone: phone.note_what_is_seen(step)))
            self._align()
        elif kind == "groups":
            lead.steer("groups/form", mode="mix")
            lead.steer("groups/lock")
            self._all(do(Phone.look))
            self._all(Phone.draw, self._two_of_each_group())
            self._all(Phone.have_idea)
        elif kind == "debrief":
            self._all(do(Phone.look_back))
        elif kind == "close":
            one = self.phones[0]
            one.send("teams/", name="Where everyone is known", topic="Advisory", members=f"{one.name}\nSomebody else")
            self._all(do(Phone.look))
        else:
            self._all(do(Phone.look))

    def _come_in(self, do: Callable[[Callable[[Phone], object]], Callable[[Phone], None]]) -> None:
        code = str(self.workshop.join_code)
        for phone in self.phones:
            phone.room = f"/w/{self.workshop.pk}/"
        self._all(do(lambda phone: phone.join(code)))
        there = self.workshop.participants.present().count()
        if there != len(self.phones):
            raise LineFailed(f"{len(self.phones)} people came in, {there} are in the room.")

    def _run(self, step: Any) -> StepRun:
        return self.workshop.steps.get(key=step["key"])

    def _align(self) -> None:
        item, seen = self.workshop.contrast_items.first(), self.workshop.observations.first()
        if item and seen:
            self.lead.act("observations/align", observation=seen.pk, item=item.pk, kind="matches")

    def _seated(self) -> dict[int, list[Phone]]:
        """Who sits in which group, by its number."""
        phones = {phone.name: phone for phone in self.phones}
        seats = GroupMember.objects.filter(group__seating__workshop=self.workshop, group__seating__current=True)
        groups: dict[int, list[Phone]] = {}
        for number, name in seats.order_by("group__number", "pk").values_list("group__number", "participant__name"):
            groups.setdefault(number, []).append(phones[name])
        return groups

    def _two_of_each_group(self) -> list[Phone]:
        return [phone for group in self._seated().values() for phone in group[:2]]

    # What is told in the end

    def _tell_groups(self) -> None:
        groups = self._seated()
        self.report(f"\nGroups of {', '.join(str(len(group)) for group in groups.values())}:")
        for number, group in groups.items():
            self.report(
                f"  {number}  {', '.join(phone.name for phone in group):<40}"
                f"{len({phone.school.pk for phone in group})} schools, {len({phone.role for phone in group})} roles"
            )

    def _tell_counts(self) -> bool:
        """What the room holds; False where that is more or less than what was acknowledged."""
        workshop = self.workshop
        in_groups = {"group__seating__workshop": workshop}
        acknowledged: Counter[Any] = Counter(word.rows for word in self.record.words)
        there: dict[Any, int] = {
            Response: workshop.responses.count(),
            Entry: workshop.entries.count(),
            ContrastItem: workshop.contrast_items.count(),
            Observation: workshop.observations.count(),
            Element: Element.objects.filter(**in_groups).count(),
            DebriefNote: workshop.debrief_notes.count(),
        }
        adopted = Adoption.objects.filter(element__group__seating__workshop=workshop).count()
        look_for_themes.call(str(workshop.pk))
        suggestion = ThemeSuggestion.objects.filter(workshop=workshop).last()
        self.report(
            f"\n{workshop.participants.count()} people; {there[Response]} answers; {there[Entry]} lines on the sheets, "
            f"{MeToo.objects.filter(entry__workshop=workshop).count()} times “me too”, "
            f"{len(suggestion.found) if suggestion else 0} themes suggested; {there[ContrastItem]} lines with and "
            f"without; {there[Observation]} things seen; {Picture.objects.filter(**in_groups).count()} pictures; "
            f"{there[Element]} ideas, {adopted} adopted by a school; {there[DebriefNote]} lines looking back; "
            f"{LearningTeam.objects.filter(workshop=workshop).count()} learning team."
        )
        return all(acknowledged[rows] == number for rows, number in there.items())

    def _tell_closed(self) -> bool:
        """The door and the sheets take nothing any more."""
        late = self.phones[0].post(
            f"{self.phones[0].room}debrief/", {"op_id": uuid.uuid4(), "list": "learned", "text": "late"}, expect=(422,)
        )
        self.report(f"Closed: a word that came later was answered “{late.json['status']}”.")
        return bool(late.json["status"] == "closed")

    def _tell_words(self) -> bool:
        words = self.record.words
        lost, twice = [], []
        for word in words:
            standing = list(word.rows._default_manager.filter(text=word.text).values_list("pk", flat=True))
            if word.id not in standing:
                lost.append(word.text)
            elif len(standing) > 1:
                twice.append(word.text)
        pictures = "\n".join(
            Picture.objects.filter(group__seating__workshop=self.workshop).values_list("words", flat=True)
        )
        lost += [line for line in self.record.drawn if line not in pictures]
        twice += [line for line in self.record.drawn if pictures.count(line) > 1]
        self.report(
            f"{len(words) + len(self.record.drawn)} lines were acknowledged, {self.record.sent_again} acts were sent "
            f"again as if their reply was lost: {len(lost)} lines are missing, {len(twice)} are there twice."
        )
        for line in lost + twice:
            self.report(f"  {line}")
        return not lost and not twice
