"""Frameworks of competencies, as CASE 1.1 has them: documents, items and the links between items."""

from __future__ import annotations

import html
import re
import uuid
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .history import Actor
from .orgs import Org
from .people import Person


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def visible_to(self, person: Person) -> Self:
        """Everyone of the district reads its frameworks; a school's own are for its people."""
        if person.leads_district:
            return self.all()
        schools = {role.org_id for role in person.roles}
        if not schools:
            return self.none()
        return self.filter(Q(org__org_kind=Org.Kind.DISTRICT) | Q(org__in=schools))


FrameworkManager = models.Manager.from_queryset(FrameworkQuerySet)

MARKUP = re.compile(r"</?(?:b|br|em|i|li|ol|p|strong|sub|sup|u|ul)\s*/?>", re.IGNORECASE)


def plain(text: str) -> str:
    """A statement without the markup that some publishers put into theirs."""
    return html.unescape(MARKUP.sub(" ", text)).replace("  ", " ").strip() if "<" in text or "&" in text else text


class Framework(models.Model):
    """A set of competencies with one publisher (CASE CFDocument), the district's or a school's own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="frameworks")
    identifier = models.CharField(max_length=64, unique=True)
    uri = models.CharField(max_length=500, blank=True)
    creator = models.CharField(max_length=255, blank=True)
    title = models.CharField(_("title"), max_length=255)
    edition = models.CharField(max_length=64, blank=True)
    """CASE `version`; ours counts changes."""
    adoption_status = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=16, blank=True)
    license_uri = models.CharField(max_length=500, blank=True)
    last_change = models.CharField(max_length=40, blank=True)
    own = models.BooleanField(default=False)
    """Written here: its competencies may be changed here."""
    source = models.JSONField(default=dict)
    """The package as it came, less its items and the links between them: {"CFDocument": …, …}."""

    objects: ClassVar[FrameworkManager[Framework]] = FrameworkManager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def begin(cls, org: Org, title: str, *, language: str = "en", by: Person | Actor) -> Framework:
        """A framework of the school's or district's own making."""
        with org.change(by=by) as door:
            made = cls.objects.create(org=org, identifier=str(uuid.uuid4()), title=title, language=language, own=True)
            door.record("framework_begun", target=made.pk, after={"title": title}, topics=["frameworks"])
        return made

    @classmethod
    def own_of(cls, org: Org, title: str, *, by: Person | Actor) -> Framework:
        """What is written there stands in one framework, begun (as `title`) with the first of it."""
        with org.change(by=by):
            return cls.objects.filter(org=org, own=True).order_by("pk").first() or cls.begin(org, title, by=by)

    def add(self, statement: str, *, by: Person | Actor, **said: Any) -> Competency:
        """A competency of one's own. `said`: `code`, `short`, `dimension`, `grades` and the wordings."""
        with self.org.change(by=by) as door:
            last = self.competencies.order_by("position").last()
            position = last.position + 1 if last else 0
            made = self.competencies.create(
                identifier=str(uuid.uuid4()), statement=statement, position=position, number=position, **said
            )
            door.record(
                "competency_added", target=made.pk, after={"statement": statement, **said}, topics=["frameworks"]
            )
        return made

    def link(self, first: Competency, then: Competency, *, by: Person | Actor) -> None:
        """`first` is needed for `then`. Raises `ValueError` where `then` is already needed for `first`."""
        with self.org.change(by=by) as door:
            if then.is_needed_for(first):
                raise ValueError(f"{then} is already needed for {first}.")
            kind = CompetencyLink.Kind.PRECEDES
            made, new = self.links.get_or_create(
                link_kind=kind, origin=first, destination=then, defaults={"identifier": str(uuid.uuid4())}
            )
            if new:
                door.record(
                    "link_added", target=made.pk, after={"first": first.pk, "then": then.pk}, topics=["frameworks"]
                )


class CompetencyQuerySet(models.QuerySet["Competency"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(framework__in=Framework.objects.visible_to(person).values("pk"))

    def standing(self) -> Self:
        return self.filter(withdrawn=False)

    def matching(self, words: str) -> Self:
        """Whose code begins with `words` or whose statement holds each of them."""
        holds = Q()
        for word in words.split():
            holds &= Q(statement__icontains=word) | Q(code__icontains=word)
        return self.filter(Q(code__istartswith=words.strip()) | holds)


CompetencyManager = models.Manager.from_queryset(CompetencyQuerySet)


class Competency(models.Model):
    """Something a student can come to know or do (CASE CFItem)."""

    class Dimension(models.TextChoices):
        ACADEMIC = "academic", _("Academic")
        SKILL = "skill", _("Skill")
        HABIT = "habit", _("Habit")
        WELLBEING = "wellbeing", _("Well-being")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="competencies")
    identifier = models.CharField(max_length=64, unique=True)
    code = models.CharField(_("code"), max_length=64, blank=True)
    """CASE humanCodingScheme."""
    statement = models.TextField(_("statement"))
    """CASE fullStatement."""
    short = models.CharField(_("short form"), max_length=255, blank=True)
    """CASE abbreviatedStatement."""
    item_type = models.CharField(max_length=80, blank=True)
    grades = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    dimension = models.CharField(max_length=10, choices=Dimension, default=Dimension.ACADEMIC)
    # The wording for students and families, by language: {"en": "I can …", "es": "Puedo …"}.
    student_wording = models.JSONField(default=dict, blank=True)
    family_wording = models.JSONField(default=dict, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="parts")
    position = models.PositiveIntegerField(default=0)
    """Its place in the framework, walked from the top, so that a branch reads in order without a recursion."""
    depth = models.PositiveSmallIntegerField(default=0)
    ratable = models.BooleanField(default=True)
    """Something to show, not a heading: it has no parts of its own."""
    number = models.PositiveIntegerField(default=0)
    """Its place in the file it came from."""
    withdrawn = models.BooleanField(default=False)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replaces")
    source = models.JSONField(default=dict)

    objects: ClassVar[CompetencyManager[Competency]] = CompetencyManager()

    class Meta:
        ordering = ["framework", "position"]
        indexes = [models.Index(fields=["framework", "position"], name="competency_in_order")]

    def __str__(self) -> str:
        return self.code or self.short or self.statement[:80]

    def is_needed_for(self, other: Competency) -> bool:
        """By required links, however many steps away; or the same."""
        seen, waiting = {self.pk}, [self.pk]
        while waiting:
            if other.pk in seen:
                return True
            waiting = [
                one
                for one in CompetencyLink.objects.filter(
                    origin__in=waiting,
                    link_kind=CompetencyLink.Kind.PRECEDES,
                    strength=CompetencyLink.Strength.REQUIRED,
                ).values_list("destination", flat=True)
                if one not in seen
            ]
            seen.update(waiting)
        return other.pk in seen

    @property
    def plain(self) -> str:
        return plain(self.statement)

    def revise(self, *, by: Person | Actor, **said: Any) -> None:
        """Say it otherwise. Of a competency from a file only what is local: its dimension and wordings."""
        with self.framework.org.change(by=by) as door:
            self.refresh_from_db()
            before = {name: getattr(self, name) for name in said}
            if before == said:
                return
            for name, value in said.items():
                setattr(self, name, value)
            self.save(update_fields=list(said))
            door.record("competency_revised", target=self.pk, before=before, after=said, topics=["frameworks"])

    def withdraw(self, *, by: Person | Actor, successor: Competency | None = None) -> None:
        """No longer to be worked towards; what students have shown of it stays theirs."""
        with self.framework.org.change(by=by) as door:
            self.withdrawn, self.replaced_by = True, successor
            self.save(update_fields=["withdrawn", "replaced_by"])
            door.record("competency_withdrawn", target=self.pk, topics=["frameworks"])

    def worded(self, audience: str, language: str) -> tuple[str, bool]:
        """(wording, whether it is in this language) for "student" or "family"; falls back to the statement."""
        words: dict[str, Any] = self.family_wording if audience == "family" else self.student_wording
        said = words.get(language) or words.get(language.split("-")[0])
        if said:
            return said, True
        return self.short or self.statement, language.startswith("en")


class CompetencyLink(models.Model):
    """How two competencies hang together (CASE CFAssociation)."""

    class Kind(models.TextChoices):
        CHILD = "isChildOf", _("is part of the branch")
        PRECEDES = "precedes", _("comes before")
        PART = "isPartOf", _("is part of")
        EXACT = "exactMatchOf", _("is the same as")
        RELATED = "isRelatedTo", _("is related to")
        PEER = "isPeerOf", _("is beside")
        REPLACED = "replacedBy", _("is replaced by")
        EXEMPLAR = "exemplar", _("is an example of")
        SKILL_LEVEL = "hasSkillLevel", _("has skill level")

    class Strength(models.TextChoices):
        REQUIRED = "required", _("needed first")
        HELPFUL = "helpful", _("helps")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="links")
    identifier = models.CharField(max_length=64, unique=True)
    link_kind = models.CharField(max_length=16, choices=Kind)
    origin = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="links_out")
    destination = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="links_in")
    strength = models.CharField(max_length=8, choices=Strength, default=Strength.REQUIRED)
    number = models.PositiveIntegerField(default=0)
    source = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["destination", "link_kind"], name="links_into"),
            models.Index(fields=["origin", "link_kind"], name="links_out_of"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} {self.link_kind} {self.destination_id}"


class FrameworkImportQuerySet(models.QuerySet["FrameworkImport"]):
    def visible_to(self, person: Person) -> Self:
        """Files for a school are for its leaders, for the district for its own, who see all."""
        return self if person.leads_district else self.filter(org__in=person.led_school_ids)


FrameworkImportManager = models.Manager.from_queryset(FrameworkImportQuerySet)


class FrameworkImport(models.Model):
    """A standards file that was looked at, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="framework_imports")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=200)
    file = models.BinaryField(null=True)
    """Between looking and applying; gone afterwards."""
    framework = models.ForeignKey(Framework, null=True, on_delete=models.SET_NULL, related_name="imports")
    report = models.JSONField(default=dict)
    looked_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)

    objects: ClassVar[FrameworkImportManager[FrameworkImport]] = FrameworkImportManager()

    class Meta:
        ordering = ["-looked_at"]

    def __str__(self) -> str:
        return self.file_name
