"""Learners: the students a school knows, who may see them and why, their families, and the days they were away."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from config import clock

from .history import Actor, Versioned
from .orgs import Org, RoleAssignment, TeamMembership
from .people import Person

if TYPE_CHECKING:
    from .sections import Section

OF_AGE = 18
SPELL, SPELL_WITHIN = 3, 10
"""So many days away within so many school days are a spell of absence."""

path_moved = Signal()
"""Sent once a change is committed that a path is worked out from: `learners` (ids as text), `trigger`, `cause`."""


def tell_path(learners: Iterable[uuid.UUID], trigger: str, cause: str = "") -> None:
    """Called inside a transaction: when it is committed, the paths of these students are worked out anew."""
    if ids := sorted(map(str, set(learners))):
        send = partial(path_moved.send, sender=Learner, learners=ids, trigger=trigger, cause=cause)
        transaction.on_commit(send, robust=True)


def birthday(born: dt.date, years: int) -> dt.date:
    """The day on which somebody born on `born` is so many years old; 1 March for 29 February."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)


class Why(models.TextChoices):
    """Why somebody may open a learner's record (profiles 4.10). The first that holds is shown and kept."""

    SELF = "self", _("This is your own record.")
    GUARDIAN = "guardian", _("You see this as family.")
    ADVISORY = "advisory", _("You see this as the advisor.")
    SECTION = "section", _("You see this because you teach the student.")
    CASELOAD = "caseload", _("You see this as a counselor of the school.")
    ADMIN = "admin", _("You see this as a leader of the school.")
    TEAM = "team", _("You see this because your team shares the student.")


class LearnerQuerySet(models.QuerySet["Learner"]):
    def visible_to(self, person: Person) -> Self:
        """Whose record the person may open today, each with `why`. A district leader sees totals, no record."""
        reasons = _reasons(person)
        if not reasons:
            return self.none().annotate(why=Value("", models.CharField()))
        anyone = Q()
        for condition in reasons.values():
            anyone |= condition
        cases = [When(condition, then=Value(why.value)) for why, condition in reasons.items()]
        return self.filter(anyone, person__is_active=True).annotate(why=Case(*cases, output_field=models.CharField()))

    def because(self, *reasons: str) -> Self:
        """After `visible_to`: those whose record the person may open for one of these reasons."""
        return self.filter(Q(why__in=reasons))

    def approved_by(self, person: Person) -> Self:
        """Whose plan the person says yes to: as advisor or leader; as their teacher where they have no advisor."""
        alone = Q(why=Why.SECTION) & ~Q(Exists(_advised(OuterRef("pk"))))
        return self.visible_to(person).filter(Q(why__in=[Why.ADVISORY, Why.ADMIN]) | alone)

    def by_name(self) -> Self:
        return self.order_by("person__family_name", "person__given_name", "pk")

    def with_person(self) -> Self:
        return self.select_related("person")


def _reasons(person: Person) -> dict[Why, Q]:
    """What holds for whom, surest and nearest first; only what the person's roles of today can give."""
    from .sections import Enrollment, Section

    reasons: dict[Why, Q] = {}
    roles = {role.role for role in person.roles}
    if RoleAssignment.Role.STUDENT in roles:
        reasons[Why.SELF] = Q(pk=person.pk)
    if RoleAssignment.Role.GUARDIAN in roles:
        links = GuardianLink.objects.giving_sight().filter(guardian=person)
        reasons[Why.GUARDIAN] = Q(pk__in=links.values("learner"))
    if person.is_staff_today:
        taught = Section.objects.taught_by(person)
        learning = Enrollment.objects.current().filter(role=Enrollment.Role.STUDENT)
        advised = learning.filter(section__in=taught.filter(advisory=True))
        reasons[Why.ADVISORY] = Q(pk__in=advised.values("person"))
        reasons[Why.SECTION] = Q(pk__in=learning.filter(section__in=taught).values("person"))
    for role in person.roles:
        if role.role == RoleAssignment.Role.COUNSELOR:
            reasons[Why.CASELOAD] = reasons.get(Why.CASELOAD, Q()) | Q(home=role.org_id)
        elif role.role == RoleAssignment.Role.SCHOOL_ADMIN:
            reasons[Why.ADMIN] = reasons.get(Why.ADMIN, Q()) | Q(home=role.org_id)
    if person.is_staff_today:
        # The last of all: it opens least, and counselors and leaders are on teams too.
        teams = TeamMembership.objects.current().filter(person=person, team__school__in=person.staff_school_ids)
        if (mates := TeamMembership.objects.current().filter(team__in=teams.values("team"))).exists():
            shared = Enrollment.objects.shared_by(mates.values("person"))
            reasons[Why.TEAM] = Q(pk__in=shared) & Q(home__in=person.staff_school_ids)
    return reasons


def _advised(learner: Any) -> Any:
    """The student's places in an advisory that somebody leads today."""
    from .sections import Enrollment, Section

    leading = Enrollment.objects.current().teaching()
    advisories = Section.objects.current().filter(advisory=True, pk__in=leading.values("section"))
    return Enrollment.objects.current().students().filter(person=learner, section__in=advisories)


LearnerManager = models.Manager.from_queryset(LearnerQuerySet)


class Learner(Versioned):
    """A student as the school keeps them: what hangs on one student hangs here. Its id is the person's."""

    kind = "learner"

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="learner")
    home = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="learners")
    grade = models.CharField(_("grade"), max_length=20, blank=True)
    dependent_on_record = models.BooleanField(default=False)
    """Of age, and still a dependent of the family (FERPA 34 CFR 99.31(a)(8)); recorded by a leader."""
    regranted = models.BooleanField(default=False)
    """Of age, and lets the family go on reading."""

    confirmed_on = models.DateField(null=True)
    """When the student last said that the profile holds."""
    # How the student likes the next steps chosen, 1 to 5 each; 3 changes nothing (after Artemis).
    challenge = models.PositiveSmallIntegerField(default=3)
    pace = models.PositiveSmallIntegerField(default=3)
    repetition = models.PositiveSmallIntegerField(default=3)

    why: str
    check_ins_open: bool
    """Whether who opened this record reads what check-ins came to: their place in its menu."""
    objects: ClassVar[LearnerManager[Learner]] = LearnerManager()

    class Meta:
        indexes = [models.Index(fields=["home"], name="learners_of_home")]
        constraints = [
            models.CheckConstraint(
                condition=Q(challenge__range=(1, 5), pace__range=(1, 5), repetition__range=(1, 5)),
                name="sliders_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    def school_of_record(self) -> uuid.UUID | None:
        return self.home_id

    @property
    def why_shown(self) -> Any:
        return Why(self.why).label

    @property
    def of_age_on(self) -> dt.date | None:
        """The day from which the rights are the student's own (20 U.S.C. 1232g(d))."""
        return birthday(self.person.birth_date, OF_AGE) if self.person.birth_date else None

    @property
    def is_of_age(self) -> bool:
        return self.of_age_on is not None and self.of_age_on <= self.home.today()

    @cached_property
    def adults(self) -> dict[Person, Section]:
        """Who advises and teaches the student today, the advisor first, each with the class they share. One query."""
        from .sections import Enrollment, Section

        mine = Enrollment.objects.current().students().filter(person=self.pk).values("section")
        teaching = (
            Enrollment.objects.current()
            .teaching()
            .filter(section__in=Section.objects.current().filter(pk__in=mine))
            .select_related("person", "section")
            .order_by("-section__advisory", "section__title", "pk")
        )
        found: dict[Person, Section] = {}
        for one in teaching:
            found.setdefault(one.person, one.section)
        return found

    @property
    def has_advisor(self) -> bool:
        return any(section.advisory for section in self.adults.values())

    def steer(self, *, by: Person | Actor, challenge: int, pace: int, repetition: int) -> None:
        """How the student likes the next steps chosen."""
        with self.change(by=by) as door:
            said = {"challenge": challenge, "pace": pace, "repetition": repetition}
            before = {name: getattr(self, name) for name in said}
            if before != said:
                for name, value in said.items():
                    setattr(self, name, value)
                self.save(update_fields=list(said))
                door.record("steered", before=before, after=said, topics=["path"])

    def confirm_today(self) -> None:
        """The student wrote or read through their profile. Called inside the learner's open door."""
        self.confirmed_on = self.home.today()
        self.save(update_fields=["confirmed_on"])

    def confirm(self, *, by: Person) -> None:
        """“Still true”: the student read their profile through."""
        with self.change(by=by) as door:
            before = self.confirmed_on
            self.confirm_today()
            after = {"on": self.confirmed_on}
            door.record("profile_confirmed", target=self.pk, before={"on": before}, after=after, topics=["profile"])

    @classmethod
    def enroll(
        cls, person: Person, home: Org, *, grade: str = "", by: Person | Actor, begins: dt.date | None = None
    ) -> Learner:
        """The person is a student of this school from `begins` (today) on."""
        with home.change(by=by) as door:
            home.give_role(person, RoleAssignment.Role.STUDENT, by=by, begins=begins)
            learner, made = cls.objects.get_or_create(
                pk=person.pk, defaults={"person": person, "home": home, "grade": grade}
            )
            if made:
                door.record("learner_enrolled", target=person.pk, after={"grade": grade}, topics=["people"])
        return learner


class GuardianLinkQuerySet(models.QuerySet["GuardianLink"]):
    def current(self) -> Self:
        today = clock.today()
        return self.filter(Q(ends=None) | Q(ends__gt=today), begins__lte=today)

    def giving_sight(self) -> Self:
        """Links that let the guardian read today: no court limit, and a student under age, dependent or willing."""
        # As `Learner.is_of_age`: in the school's own time zone, and on 1 March for who was born on 29 February.
        years_ago = Func(
            clock.today_in("learner__home__time_zone"),
            template=f"(%(expressions)s - interval '{OF_AGE} years')::date",
            output_field=models.DateField(),
        )
        under_age = Q(learner__person__birth_date=None) | Q(learner__person__birth_date__gt=years_ago)
        return (
            self.current()
            .filter(court_limit="")
            .exclude(rights=GuardianLink.Rights.NONE)
            .filter(under_age | Q(learner__dependent_on_record=True) | Q(learner__regranted=True))
        )


GuardianLinkManager = models.Manager.from_queryset(GuardianLinkQuerySet)


class GuardianLink(models.Model):
    """Who is family to a student, and what they may see. A court limit wins over everything."""

    class Rights(models.TextChoices):
        VIEW = "view", _("reads")
        DECIDE = "decide", _("reads and decides")
        NONE = "none", _("contact only")

    class Relation(models.TextChoices):
        PARENT = "parent", _("Parent")
        GUARDIAN = "guardian", _("Guardian")
        RELATIVE = "relative", _("Relative")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guardian = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="guardian_links")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="guardian_links")
    relation = models.CharField(max_length=12, choices=Relation, default=Relation.PARENT)
    rights = models.CharField(max_length=8, choices=Rights, default=Rights.VIEW)
    verified_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    court_limit = models.CharField(max_length=300, blank=True)
    """Why this guardian reads nothing, as the order says it; shown to leaders and counselors only."""
    begins = models.DateField()
    ends = models.DateField(null=True)
    rostered = models.BooleanField(default=False)
    """Brought by a roster, which may end it again."""

    objects: ClassVar[GuardianLinkManager[GuardianLink]] = GuardianLinkManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "learner"], condition=Q(ends=None), name="one_open_guardian_link"
            ),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("begins")), name="guardian_link_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.guardian}, {self.learner}"


class Absence(models.Model):
    """A school day a learner was away: it excuses pace and explains; it never counts as a mark."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="absences")
    day = models.DateField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["learner", "day"], name="absence_once")]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.day}"

    @classmethod
    def note(cls, learner: Learner, day: dt.date, *, by: Person | Actor) -> None:
        """The student was away. The third day within ten school days has the path worked out anew."""
        from .sessions import SchoolDays

        with learner.change(by=by) as door:
            _kept, made = cls.objects.get_or_create(learner=learner, day=day)
            if not made:
                return
            door.record("absence_noted", target=day, topics=["plan"])
            since = SchoolDays(learner.home).before(day, SPELL_WITHIN)
            days = learner.absences.filter(day__gt=since, day__lte=day).count()
            if days >= SPELL:
                tell_path([learner.pk], "absence", str(days))
