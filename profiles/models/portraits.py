"""The profile: what a student is good at, needs, cares about and aims for, in whose words, and who may read it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config import clock

from .history import Actor, Door
from .learners import Learner, Why, birthday
from .people import Person

CURRENT_FOR = 60
"""School days after which a student is asked whether the profile still holds (profiles 4.4)."""

WRITERS = (Why.ADVISORY, Why.SECTION, Why.CASELOAD)
"""Adults who may write: those who teach, advise or counsel the student; leaders read."""


OWN_WORDS_FROM = 13
"""Under this age the family reads whatever the student says (profiles 4.10)."""

STAFF = ("all", "staff")
READABLE: dict[str, tuple[str, ...]] = {
    Why.SELF: (*STAFF, "advisor"),
    Why.GUARDIAN: ("all",),
    Why.ADVISORY: (*STAFF, "advisor"),
    Why.SECTION: STAFF,
    Why.TEAM: STAFF,
    Why.CASELOAD: (*STAFF, "restricted"),
    Why.ADMIN: (*STAFF, "restricted"),
}
"""Which entries a reason to open the record lets read (profiles 4.10). A student gets restricted ones on request."""


class ProfileEntryQuerySet(models.QuerySet["ProfileEntry"]):
    def standing(self) -> Self:
        return self.filter(Q(expires_on=None) | Q(expires_on__gt=clock.today()), withdrawn_at=None, superseded_by=None)

    def readable_by(self, why: str, person: Person) -> Self:
        """What may be read by somebody whose reason to open the record is `why` (profiles 4.10)."""
        shown = Q(visibility__in=READABLE[why])
        if why == Why.GUARDIAN:
            young = Q(learner__person__birth_date__gt=birthday(clock.today(), -OWN_WORDS_FROM))
            shown |= Q(author=person) | (young & Q(voice=ProfileEntry.Voice.STUDENT))
        return self.filter(shown)

    def in_order(self) -> Self:
        """The student's own words, then the family's, then adults'; the newest first."""
        voices = Case(
            When(voice=ProfileEntry.Voice.STUDENT, then=Value(0)),
            When(voice=ProfileEntry.Voice.FAMILY, then=Value(1)),
            default=Value(2),
        )
        return self.order_by(voices, "-as_of", "-written_at")


ProfileEntryManager = models.Manager.from_queryset(ProfileEntryQuerySet)


class ProfileEntry(models.Model):
    """One thing somebody says of a student."""

    class Section(models.TextChoices):
        STRENGTH = "strength", _("Good at")
        INTEREST = "interest", _("Cares about")
        ASPIRATION = "aspiration", _("Aims for")
        LEARNS_BEST = "learns_best", _("Learns best when")
        WORKING_STYLE = "working_style", _("Likes to work")
        FEELING = "feeling", _("Feels about school")
        STRESS = "stress", _("Finds hard")
        CONNECTING = "connecting", _("Good to connect over")
        COMMUNITY = "community", _("Community")
        HOME = "home", _("At home")
        NEED = "need", _("Needs")

    class Voice(models.TextChoices):
        STUDENT = "student", _("the student")
        FAMILY = "family", _("the family")
        ADULT = "adult", _("an adult at school")

    class Visibility(models.TextChoices):
        ALL = "all", _("everyone who may open this record, family too")
        STAFF = "staff", _("the student and the adults at school")
        ADVISOR = "advisor", _("my advisor only")
        RESTRICTED = "restricted", _("counselors and leaders only")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="entries")
    section = models.CharField(max_length=14, choices=Section)
    text = models.TextField()
    language = models.CharField(max_length=8, blank=True)
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    voice = models.CharField(max_length=8, choices=Voice)
    prompt = models.CharField(max_length=200, blank=True)
    """The question it answers, where a form asked one."""
    as_of = models.DateField()
    expires_on = models.DateField(null=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.ALL)
    strategy = models.TextField(blank=True)
    """What helps: an adult's need comes with a strength to build on or with what is being done."""
    reply = models.TextField(blank=True)
    """The student's answer to what an adult wrote."""
    written_at = models.DateTimeField(default=timezone.now)
    superseded_by = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="supersedes")
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[ProfileEntryManager[ProfileEntry]] = ProfileEntryManager()

    class Meta:
        indexes = [models.Index(fields=["learner", "section"], name="entries_of_learner")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(section="need", voice="adult") | (~Q(strategy="") & Q(expires_on__isnull=False)),
                name="adult_need_with_strategy_and_end",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @classmethod
    def write(
        cls,
        learner: Learner,
        section: str,
        text: str,
        *,
        voice: str,
        by: Person,
        visibility: str = Visibility.ALL,
        strategy: str = "",
        expires_on: dt.date | None = None,
        prompt: str = "",
        supersedes: ProfileEntry | None = None,
        op_id: uuid.UUID | None = None,
    ) -> ProfileEntry:
        """Say something of a student, or say it anew (`supersedes`); what stood before stays in the history, and
        the student's answer goes along. Raises `EntryChanged` where somebody else said it anew meanwhile.
        """
        payload = [section, text, voice, visibility, strategy, str(expires_on)]
        with learner.change(by=by, op_id=op_id, payload=payload) as door:
            if door.replayed:
                return cls.objects.get(pk=door.result["entry"])
            if supersedes is not None:
                supersedes.check_standing()
            today = learner.home.today()
            made = cls.objects.create(
                learner=learner,
                section=section,
                text=text,
                language=by.language,
                author=by,
                voice=voice,
                prompt=prompt,
                as_of=today,
                expires_on=expires_on,
                visibility=visibility,
                strategy=strategy,
                reply=supersedes.reply if supersedes else "",
            )
            if supersedes is not None:
                supersedes.superseded_by = made
                supersedes.save(update_fields=["superseded_by"])
            if voice == cls.Voice.STUDENT:
                learner.confirm_today()
            before = {"entry": supersedes.pk} if supersedes else None
            # Restricted words stay out of the history's text: it is read by more people than they are.
            said = {"section": section} | ({} if visibility == cls.Visibility.RESTRICTED else {"text": text})
            door.record("entry_written", target=made.pk, before=before, after=said, topics=["profile"])
            door.result = {"entry": str(made.pk)}
        return made

    @classmethod
    def bring_in(
        cls, learner: Learner, answers: dict[str, tuple[str, str]], *, as_of: dt.date, door: Door
    ) -> list[ProfileEntry]:
        """The student's answers to a form on paper or elsewhere, {prompt: (section, text)}: said on `as_of`, for the
        adults at school until the student says otherwise. What the student said already, in the same words, is left
        out. Inside the learner's open door.
        """
        said = set(cls.objects.filter(learner=learner).values_list("prompt", "text"))
        made = [
            cls(
                learner=learner,
                section=section,
                text=text,
                author_id=learner.pk,
                voice=cls.Voice.STUDENT,
                prompt=prompt,
                as_of=as_of,
                visibility=cls.Visibility.STAFF,
            )
            for prompt, (section, text) in answers.items()
            if (prompt, text) not in said
        ]
        cls.objects.bulk_create(made)
        for entry in made:
            after = {"section": entry.section, "text": entry.text}
            door.record("entry_brought_in", target=entry.pk, after=after, topics=["profile"])
        if made and (learner.confirmed_on is None or learner.confirmed_on < as_of):
            learner.confirmed_on = as_of
            learner.save(update_fields=["confirmed_on"])
        return made

    def check_standing(self) -> None:
        """Read anew what others may have done. Raises `EntryChanged` where these are no longer the words."""
        self.refresh_from_db(fields=["reply", "superseded_by", "withdrawn_at"])
        if self.superseded_by_id is not None or self.withdrawn_at is not None:
            raise EntryChanged(self)

    @property
    def newest(self) -> ProfileEntry:
        """What stands in its place now."""
        entry = self
        while entry.superseded_by is not None:
            entry = entry.superseded_by
        return entry

    @property
    def earlier(self) -> list[ProfileEntry]:
        """What stood in its place before, the newest first."""
        entry, found = self, []
        while older := ProfileEntry.objects.filter(superseded_by=entry).select_related("author").first():
            found.append(older)
            entry = older
        return found

    def answer(self, reply: str, *, by: Person) -> None:
        """The student says what they think of what was written. Raises `EntryChanged` where it reads otherwise now."""
        with self.learner.change(by=by) as door:
            self.check_standing()
            before, self.reply = self.reply, reply
            self.save(update_fields=["reply"])
            door.record(
                "entry_answered", target=self.pk, before={"reply": before}, after={"reply": reply}, topics=["profile"]
            )

    def share(self, visibility: str, *, by: Person) -> None:
        """Who may read it: the one who said it decides (field-level consent)."""
        with self.learner.change(by=by) as door:
            before, self.visibility = self.visibility, visibility
            self.save(update_fields=["visibility"])
            after = {"visibility": visibility}
            door.record("entry_shared", target=self.pk, before={"visibility": before}, after=after, topics=["profile"])

    def withdraw(self, *, by: Person) -> None:
        """It stands no longer. Raises `EntryChanged` where somebody said it anew meanwhile."""
        with self.learner.change(by=by) as door:
            self.check_standing()
            self.withdrawn_at = timezone.now()
            self.save(update_fields=["withdrawn_at"])
            door.record("entry_withdrawn", target=self.pk, topics=["profile"])


class EntryChanged(ValidationError):  # noqa: N818 (what happened, no mistake in this code)
    """The words somebody answers or rewrites are no longer those that stand."""

    def __init__(self, entry: ProfileEntry) -> None:
        super().__init__(
            gettext("This was changed while you were writing. Read what stands there now, then save again.")
        )
        self.entry = entry


class Support(models.Model):
    """Help a student gets: an accommodation, a service, a strategy, with who gives it and until when."""

    class Kind(models.TextChoices):
        ACCOMMODATION = "accommodation", _("Accommodation")
        SERVICE = "service", _("Service")
        STRATEGY = "strategy", _("Strategy")

    class Basis(models.TextChoices):
        NONE = "none", _("no legal plan")
        SECTION_504 = "504", _("504 plan")
        IEP = "IEP", _("IEP")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="supports")
    support_kind = models.CharField(max_length=14, choices=Kind)
    text = models.CharField(max_length=300)
    minutes_a_week = models.PositiveSmallIntegerField(null=True)
    provider = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    begins = models.DateField()
    ends = models.DateField(null=True)
    basis = models.CharField(max_length=4, choices=Basis, default=Basis.NONE)

    class Meta:
        ordering = ["begins"]
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("begins")), name="support_in_order"),
        ]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def give(cls, learner: Learner, *, by: Person | Actor, **said: Any) -> Support:
        with learner.change(by=by) as door:
            made = cls.objects.create(learner=learner, **said)
            door.record("support_given", target=made.pk, after={"text": made.text}, topics=["profile"])
        return made

    def end(self, *, by: Person | Actor) -> None:
        with self.learner.change(by=by) as door:
            self.ends = max(self.begins, self.learner.home.today())
            self.save(update_fields=["ends"])
            door.record("support_ended", target=self.pk, after={"ends": self.ends}, topics=["profile"])
