from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.models import Actor, Door, Org, Person, Versioned

CODE_LETTERS = "BCDFGHJKMPQRTVWXYZ2346789"
"""No vowels (no words by chance), nothing that looks like something else on a projector."""
CODE_LENGTH = 6
LEAD_AWAY = timedelta(seconds=60)
"""A lead unseen for this long lets a named co-facilitator take over."""

SAID_ALOUD = ("record", "contrast", "align", "groups", "debrief", "close")
"""Kinds of step whose words the whole room hears: shown from the start, unless the lead takes them from the wall."""


class StaleControlError(Exception):
    """Somebody else steered the room meanwhile: look at the fresh state before steering again."""


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    def visible_to(self, person: Person) -> Self:
        """Workshops one leads or helps in, and those of the school or district one leads."""
        if not person.is_staff_today:
            return self.none()
        if person.leads_district:
            return self.all()
        helping = Helper.objects.filter(person=person).values("workshop")
        return self.filter(Q(lead=person) | Q(pk__in=helping) | Q(host__in=person.led_school_ids))

    def open(self) -> Self:
        return self.exclude(state__in=[Workshop.State.CLOSED, Workshop.State.ARCHIVED])


class Workshop(Versioned):
    """A room of people for two hours: what they write, say, watch, draw and decide."""

    kind = "workshop"

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        LOBBY = "lobby", _("people are arriving")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")
        ARCHIVED = "archived", _("archived")

    class Names(models.TextChoices):
        FULL = "full", _("people give their names")
        FIRST = "first", _("first names")
        NONE = "none", _("no names")

    class Knowledge(models.TextChoices):
        UNSET = "unset", _("not asked yet")
        NEW = "new", _("new to most")
        MIXED = "mixed", _("mixed")
        KNOWLEDGEABLE = "knowledgeable", _("known to most")

    host = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="workshops")
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="workshops_led")
    title = models.CharField(_("title"), max_length=160)
    kit = models.JSONField()
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    hard_end = models.DateTimeField(_("must end by"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    current = models.ForeignKey("StepRun", null=True, on_delete=models.SET_NULL, related_name="+")
    prior_knowledge = models.CharField(max_length=14, choices=Knowledge, default=Knowledge.UNSET)
    join_code = models.CharField(max_length=8, null=True, unique=True)
    join_open = models.BooleanField(default=False)
    names = models.CharField(_("names"), max_length=6, choices=Names, default=Names.FIRST)
    control_version = models.PositiveIntegerField(default=0)
    screen_token = models.CharField(max_length=43, unique=True, editable=False)
    checks = models.JSONField(default=dict)
    previous_allotment = models.JSONField(null=True)
    late_s = models.PositiveIntegerField(default=0)  # by which the room agreed to end later
    taken_from = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    lead_seen_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[WorkshopQuerySet] = WorkshopQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-starts_at", "-created_at"]

    def __str__(self) -> str:
        return self.title

    def school_of_record(self) -> uuid.UUID | None:
        return self.host_id

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.LOBBY, self.State.RUNNING, self.State.PAUSED)

    @property
    def takes_content(self) -> bool:
        """Content is accepted until the workshop is closed, whatever the step."""
        return self.state not in (self.State.CLOSED, self.State.ARCHIVED)

    def steps_of_sheet(self, sheet: str) -> list[str]:
        """Keys of the steps in which this sheet is filled: where sheets are collected, else where its question is."""
        steps = self.kit["steps"]
        collecting = [step["key"] for step in steps if step["kind"] == "record"]
        asking = [step["key"] for step in steps if any(one["key"] == sheet for one in step.get("prompts") or ())]
        return collecting or asking

    def is_past(self, keys: list[str]) -> bool:
        """Whether all these steps were left, or left out, and one of them was held."""
        states = list(self.steps.filter(key__in=keys).values_list("state", flat=True))
        return StepRun.State.DONE in states and {*states} <= {StepRun.State.DONE, StepRun.State.SKIPPED}

    # Before the day

    @classmethod
    def prepare(
        cls,
        host: Org,
        title: str,
        kit: Any,
        *,
        by: Person,
        starts_at: datetime | None = None,
        hard_end: datetime | None = None,
        names: str = Names.FIRST,
    ) -> Workshop:
        """A new workshop with a copy of the guide; whoever prepares it leads it.

        The code exists from the start, so that everything can be printed; the door opens with `open_lobby`.
        """
        workshop = cls(
            host=host,
            lead=by,
            title=title,
            kit=kit,
            starts_at=starts_at,
            hard_end=hard_end,
            names=names,
            join_code=_code(),
            screen_token=secrets.token_urlsafe(32),
        )
        workshop.save(force_insert=True)
        with workshop.change(by=by) as door:
            workshop._lay_out()
            door.record("workshop_prepared", after={"title": title})
        return workshop

    def _lay_out(self) -> None:
        """The agenda's rows, as the copy of the guide says."""
        StepRun.objects.bulk_create(
            StepRun(
                workshop=self,
                key=step["key"],
                order=order,
                planned_s=step["planned_s"],
                allotted_s=step["planned_s"],
                floor_s=step["floor_s"],
                weight=step.get("weight", 1),
                stretch_s=step.get("stretch_s", 0),
                optional=step.get("optional", False),
                fixed=step.get("fixed", False),
                reveal=StepRun.Reveal.ALL if step["kind"] in SAID_ALOUD else StepRun.Reveal.NOBODY,
            )
            for order, step in enumerate(self.kit["steps"])
        )

    def take_guide(self, kit: Any, *, by: Person) -> bool:
        """Run by another guide, or by the same as it is now. Answers False once the room was opened or held words."""
        with self.change(by=by) as door:
            self.refresh_from_db(fields=["state", "kit"])
            if self.state != self.State.DRAFT or self.responses.exists() or self.entries.exists():
                return False
            if kit != self.kit:
                before, self.kit = self.kit, kit
                self.save(update_fields=["kit"])
                self.steps.all().delete()
                self._lay_out()
                door.record("guide_taken", before=before, after=kit, topics=["agenda", "step"])
        return True

    def describe(self, *, by: Person, **fields: Any) -> None:
        """Title, times, names, the checklist."""
        with self.change(by=by) as door:
            changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
            if changed:
                for name, value in changed.items():
                    setattr(self, name, value)
                self.save(update_fields=list(changed))
                door.record("workshop_described", after={name: str(value) for name, value in changed.items()})

    def tick(self, key: str, value: bool | int, *, by: Person) -> None:
        """Something of the list before the day is ready, or no longer; or how many people are expected."""
        with self.change(by=by) as door:
            self.refresh_from_db(fields=["checks"])
            if self.checks.get(key, False) != value:
                self.checks = {**self.checks, key: value}
                self.save(update_fields=["checks"])
                door.record("checklist_ticked", target=key, after=value)

    def note_links(self, found: Mapping[str, str], *, by: Actor) -> None:
        """What became of opening the guide's links now: the state of each address, as `links.State`."""
        at = timezone.now().isoformat(timespec="seconds")
        with self.change(by=by) as door:
            self.refresh_from_db(fields=["checks"])
            links = {url: {"state": state, "at": at} for url, state in found.items()}
            self.checks = {**self.checks, "links": links}
            self.save(update_fields=["checks"])
            door.record("links_looked_at", after=dict(found), topics=["links"])

    def set_media(self, key: str, media: Any, *, by: Person) -> None:
        """What is watched in a step, in this workshop's own copy of the guide: title, link, and that it is the one."""
        with self.change(by=by) as door:
            self.refresh_from_db(fields=["kit"])
            seconds = media["duration_s"]
            new = {"media": media, "planned_s": seconds, "floor_s": seconds}
            steps = [{**step, **new} if step["key"] == key else step for step in self.kit["steps"]]
            if steps != self.kit["steps"]:
                self.kit = {**self.kit, "steps": steps}
                self.save(update_fields=["kit"])
                self.steps.filter(key=key, state=StepRun.State.WAITING).update(
                    planned_s=seconds, floor_s=seconds, allotted_s=seconds
                )
                door.record("media_set", target=key, after=media, topics=["step", "agenda"])

    def add_helper(self, person: Person, role: str, *, by: Person) -> None:
        with self.change(by=by) as door:
            Helper.objects.update_or_create(workshop=self, person=person, defaults={"role": role})
            door.record("helper_added", target=person.pk, after={"role": role}, topics=["people"])

    def remove_helper(self, person: Person, *, by: Person) -> None:
        with self.change(by=by) as door:
            if self.helpers.filter(person=person).delete()[0]:
                door.record("helper_removed", target=person.pk, topics=["people"])

    # Steering: one person at a time, against the control version they saw

    @contextmanager
    def control(self, *, by: Person, seen: int, op_id: uuid.UUID | None = None, act: str = "") -> Iterator[Door]:
        """The door for steering. Raises `StaleControlError` where the room was steered since `seen`.

        Inside a replay (`door.replayed`) nothing is to be done.
        """
        with self.change(by=by, op_id=op_id, payload={"control": act, "seen": seen}) as door:
            if door.replayed:
                yield door
                return
            self.refresh_from_db()
            if self.control_version != seen:
                raise StaleControlError
            yield door
            if door.has_changes:
                self.control_version += 1
                self.save(update_fields=["control_version"])

    def open_lobby(self, *, by: Person, seen: int, op_id: uuid.UUID | None = None) -> None:
        with self.control(by=by, seen=seen, op_id=op_id, act="open_lobby") as door:
            if not door.replayed and self.state == self.State.DRAFT:
                self.state, self.join_open = self.State.LOBBY, True
                self.save(update_fields=["state", "join_open"])
                door.record("lobby_opened", topics=["step", "people"])

    def open_door(self, opened: bool, *, by: Person, seen: int) -> None:
        """Let people join by code, or no longer."""
        with self.control(by=by, seen=seen) as door:
            if self.join_open != opened and self.takes_content:
                self.join_open = opened
                self.save(update_fields=["join_open"])
                door.record("door_opened" if opened else "door_closed", topics=["people"])

    def go_to(self, step: StepRun, *, by: Person, seen: int, op_id: uuid.UUID | None = None) -> None:
        """Make `step` the current one. Any step may be entered at any time; nothing typed is touched."""
        with self.control(by=by, seen=seen, op_id=op_id, act=f"go_to {step.pk}") as door:
            if door.replayed or self.current_id == step.pk:
                return
            now = timezone.now()
            if self.current_id:
                self._leave(self.steps.get(pk=self.current_id), now)
            step = self.steps.get(pk=step.pk)
            step.state = StepRun.State.CURRENT
            step.started_at = now
            step.skip_reason = ""
            step.save(update_fields=["state", "started_at", "skip_reason"])
            self.current = step
            self.state = self.State.RUNNING
            self.save(update_fields=["current", "state"])
            step.timer_start(now)
            door.record("step_entered", target=step.key, topics=["step", "timer", "agenda"])

    def next(self, *, by: Person, seen: int, op_id: uuid.UUID | None = None) -> None:
        """On to the next step that is not skipped; two laptops pressing together move one step."""
        following = self.steps.exclude(state=StepRun.State.SKIPPED).order_by("order")
        if self.current_id:
            order = self.steps.values_list("order", flat=True).get(pk=self.current_id)
            following = following.filter(order__gt=order)
        step = following.first()
        if step:
            self.go_to(step, by=by, seen=seen, op_id=op_id)

    @staticmethod
    def _leave(step: StepRun, now: datetime) -> None:
        if step.started_at:
            step.spent_s += int((now - step.started_at).total_seconds())
        step.state = StepRun.State.DONE
        step.started_at = None
        step.timer_stop()
        step.save()

    def skip(self, step: StepRun, reason: str, *, by: Person, seen: int) -> None:
        """Leave a step out; what it holds stays and it can be restored."""
        with self.control(by=by, seen=seen, act=f"skip {step.pk}") as door:
            if step.pk != self.current_id and step.state == StepRun.State.WAITING:
                step.state, step.skip_reason = StepRun.State.SKIPPED, reason
                step.save(update_fields=["state", "skip_reason"])
                door.record("step_skipped", target=step.key, after={"reason": reason}, topics=["agenda"])

    def restore(self, step: StepRun, *, by: Person, seen: int) -> None:
        with self.control(by=by, seen=seen, act=f"restore {step.pk}") as door:
            if step.state == StepRun.State.SKIPPED:
                step.state, step.skip_reason = StepRun.State.WAITING, ""
                step.save(update_fields=["state", "skip_reason"])
                door.record("step_restored", target=step.key, topics=["agenda"])

    def pause(self, *, by: Person, seen: int) -> None:
        with self.control(by=by, seen=seen, act="pause") as door:
            step = self.current
            if self.state == self.State.RUNNING and step:
                step.timer_pause(timezone.now())
                self.state = self.State.PAUSED
                self.save(update_fields=["state"])
                door.record("workshop_paused", topics=["timer"])

    def resume(self, *, by: Person, seen: int) -> None:
        with self.control(by=by, seen=seen, act="resume") as door:
            step = self.current
            if self.state == self.State.PAUSED and step:
                step.timer_resume(timezone.now())
                self.state = self.State.RUNNING
                self.save(update_fields=["state"])
                door.record("workshop_resumed", topics=["timer"])

    def add_time(self, seconds: int, *, by: Person, seen: int) -> None:
        """More (or less) time for the current step."""
        with self.control(by=by, seen=seen, act=f"add {seconds}") as door:
            if step := self.current:
                step.timer_add(seconds, timezone.now())
                door.record("time_added", target=step.key, after={"seconds": seconds}, topics=["timer", "agenda"])

    def stop_timer(self, *, by: Person, seen: int) -> None:
        with self.control(by=by, seen=seen, act="stop timer") as door:
            if step := self.current:
                step.timer_stop()
                step.save()
                door.record("timer_stopped", target=step.key, topics=["timer"])

    def reveal(self, step: StepRun, what: str, *, by: Person, seen: int) -> None:
        """Show everyone what was written in a step: nobody, counts, all."""
        with self.control(by=by, seen=seen, act=f"reveal {step.pk} {what}") as door:
            if step.reveal != what:
                before, step.reveal = step.reveal, what
                step.save(update_fields=["reveal"])
                door.record("step_revealed", target=step.key, before=before, after=what, topics=["entries", "step"])

    def know(self, knowledge: str, *, by: Person, seen: int) -> None:
        """Set how much the room already knows: the dial that the guide's footnote asks for."""
        with self.control(by=by, seen=seen, act=f"know {knowledge}") as door:
            if self.prior_knowledge != knowledge:
                self.prior_knowledge = knowledge
                self.save(update_fields=["prior_knowledge"])
                door.record("knowledge_set", after=knowledge, topics=["agenda", "people"])

    def allot(self, times: dict[str, int], *, skip: Sequence[str] = (), late_s: int = 0, by: Person, seen: int) -> None:
        """Give the remaining steps other times, leave some out, end later; how it was is kept, to be undone once."""
        with self.control(by=by, seen=seen, act="allot") as door:
            steps = {step.key: step for step in self.steps.all()}
            left_out = [key for key in skip if steps[key].state == StepRun.State.WAITING]
            before = {key: steps[key].allotted_s for key in times}
            self.previous_allotment = {"times": before, "skip": left_out, "late_s": self.late_s}
            for key, seconds in times.items():
                steps[key].allotted_s = seconds
                steps[key].save(update_fields=["allotted_s"])
            self.steps.filter(key__in=left_out).update(state=StepRun.State.SKIPPED)
            self.late_s += late_s
            self.save(update_fields=["previous_allotment", "late_s"])
            after = {"times": times, "skip": left_out, "late_s": self.late_s}
            door.record("times_adjusted", before=self.previous_allotment, after=after, topics=["agenda", "timer"])

    def undo_allot(self, *, by: Person, seen: int) -> None:
        with self.control(by=by, seen=seen, act="undo allot") as door:
            before = self.previous_allotment
            if before:
                for key, seconds in before["times"].items():
                    self.steps.filter(key=key).update(allotted_s=seconds)
                left_out = self.steps.filter(key__in=before["skip"], state=StepRun.State.SKIPPED)
                left_out.update(state=StepRun.State.WAITING)
                self.previous_allotment, self.late_s = None, before["late_s"]
                self.save(update_fields=["previous_allotment", "late_s"])
                door.record("times_restored", after=before, topics=["agenda", "timer"])

    def close(self, *, by: Person, seen: int) -> None:
        """The end: the code dies, nothing more is taken in, everything stays readable."""
        with self.control(by=by, seen=seen, act="close") as door:
            if self.takes_content:
                now = timezone.now()
                if self.current_id:
                    self._leave(self.steps.get(pk=self.current_id), now)
                self.state, self.join_open, self.join_code = self.State.CLOSED, False, None
                self.closed_at, self.current = now, None
                self.save(update_fields=["state", "join_open", "join_code", "closed_at", "current"])
                door.record("workshop_closed", topics=["step", "timer", "agenda", "people"])

    def take_over(self, *, by: Person) -> bool:
        """A co-facilitator leads on when the lead has not been seen for a minute; the lead can take it back."""
        with self.change(by=by) as door:
            self.refresh_from_db(fields=["lead", "lead_seen_at", "taken_from"])
            away = self.lead_seen_at is None or timezone.now() - self.lead_seen_at > LEAD_AWAY
            helper = self.helpers.filter(person=by, role=Helper.Role.CO).first()
            if not away or helper is None:
                return False
            first = self.taken_from or self.lead
            self._hand_lead(helper, taken_from=None if first == by else first)
            door.record("lead_taken_over", before=str(helper.person), after=str(by), topics=["people", "step"])
        return True

    def take_back(self, *, by: Person) -> bool:
        """Whoever led before somebody took over leads again, at once."""
        with self.change(by=by) as door:
            self.refresh_from_db(fields=["lead", "taken_from"])
            helper = self.helpers.filter(person=by, role=Helper.Role.CO).first()
            if self.taken_from_id != by.pk or helper is None:
                return False
            self._hand_lead(helper, taken_from=None)
            door.record("lead_taken_back", before=str(helper.person), after=str(by), topics=["people", "step"])
        return True

    def _hand_lead(self, helper: Helper, *, taken_from: Person | None) -> None:
        """Lead and co-facilitator change places; afterwards `helper` is who led."""
        helper.person, self.lead = self.lead, helper.person
        helper.save(update_fields=["person"])
        self.taken_from, self.lead_seen_at = taken_from, timezone.now()
        self.save(update_fields=["lead", "taken_from", "lead_seen_at"])


def _code() -> str:
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _n in range(CODE_LENGTH))
        if not Workshop.objects.filter(join_code=code).exists():
            return code


class StepRun(models.Model):
    """One step of this workshop's agenda, and how it goes."""

    class State(models.TextChoices):
        WAITING = "waiting", _("to come")
        CURRENT = "current", _("now")
        DONE = "done", _("done")
        SKIPPED = "skipped", _("left out")

    class Reveal(models.TextChoices):
        NOBODY = "nobody", _("to nobody")
        COUNTS = "counts", _("how many")
        ALL = "all", _("to everyone")

    class Timer(models.TextChoices):
        IDLE = "idle", _("not running")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    planned_s = models.PositiveIntegerField()
    allotted_s = models.PositiveIntegerField()
    floor_s = models.PositiveIntegerField()
    weight = models.FloatField(default=1)
    stretch_s = models.PositiveIntegerField(default=0)
    optional = models.BooleanField(default=False)
    fixed = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    spent_s = models.PositiveIntegerField(default=0)
    skip_reason = models.CharField(max_length=200, blank=True)
    reveal = models.CharField(max_length=6, choices=Reveal, default=Reveal.NOBODY)
    timer = models.CharField(max_length=7, choices=Timer, default=Timer.IDLE)
    timer_ends_at = models.DateTimeField(null=True)
    timer_left_s = models.IntegerField(null=True)
    timer_total_s = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "key"], name="step_once_a_workshop"),
            models.UniqueConstraint(fields=["workshop"], condition=Q(state="current"), name="one_current_step"),
            models.CheckConstraint(
                condition=~Q(timer="running") | Q(timer_ends_at__isnull=False), name="running_timer_ends"
            ),
            models.CheckConstraint(
                condition=Q(fixed=True) | Q(planned_s__gte=F("floor_s")), name="planned_above_floor"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    # Timers write their own row; the workshop's door is open around them.

    def timer_start(self, now: datetime) -> None:
        left = max(self.allotted_s - self.spent_s, 0)
        self.timer, self.timer_left_s, self.timer_total_s = self.Timer.RUNNING, None, self.allotted_s
        self.timer_ends_at = now + timedelta(seconds=left)
        self.save(update_fields=["timer", "timer_ends_at", "timer_left_s", "timer_total_s"])

    def timer_pause(self, now: datetime) -> None:
        if self.timer == self.Timer.RUNNING and self.timer_ends_at:
            self.timer_left_s = round((self.timer_ends_at - now).total_seconds())
            self.timer, self.timer_ends_at = self.Timer.PAUSED, None
            self.save(update_fields=["timer", "timer_ends_at", "timer_left_s"])

    def timer_resume(self, now: datetime) -> None:
        if self.timer == self.Timer.PAUSED:
            self.timer_ends_at = now + timedelta(seconds=self.timer_left_s or 0)
            self.timer, self.timer_left_s = self.Timer.RUNNING, None
            self.save(update_fields=["timer", "timer_ends_at", "timer_left_s"])

    def timer_add(self, seconds: int, now: datetime) -> None:
        self.allotted_s = max(self.allotted_s + seconds, 0)
        self.timer_total_s = self.allotted_s
        if self.timer == self.Timer.PAUSED:
            self.timer_left_s = (self.timer_left_s or 0) + seconds
        else:
            ends = self.timer_ends_at if self.timer == self.Timer.RUNNING and self.timer_ends_at else now
            # Time added after the end begins now, not in the past.
            self.timer_ends_at = (
                max(ends, now) + timedelta(seconds=seconds) if seconds > 0 else ends + timedelta(seconds=seconds)
            )
            self.timer = self.Timer.RUNNING
        self.save()

    def timer_stop(self) -> None:
        self.timer, self.timer_ends_at, self.timer_left_s = self.Timer.IDLE, None, None


class Helper(models.Model):
    """Somebody who helps run the room: a co-facilitator, or a note-taker."""

    class Role(models.TextChoices):
        CO = "co", _("Co-facilitator")
        SCRIBE = "scribe", _("Note-taker")

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="helpers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=6, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "person"], name="helper_once_a_workshop")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"
