from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning.cells import Area
from profiles.models import Actor, Org, Person

from .hideable import Hideable
from .participants import Participant
from .workshops import Workshop


class GroupSet(models.Model):
    """Who sits with whom; the seed lets the same seating be made again."""

    class Mode(models.TextChoices):
        MIX = "mix", _("mix schools and roles")
        HOME = "home", _("schools together")

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="group_sets")
    mode = models.CharField(max_length=4, choices=Mode)
    seed = models.PositiveIntegerField()
    current = models.BooleanField(default=True)
    locked_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop"], condition=Q(current=True), name="one_seating")]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} ({self.seed})"

    @classmethod
    def form(
        cls, workshop: Workshop, mode: str, seed: int, groups: list[list[uuid.UUID]], *, by: Person, seen: int
    ) -> None:
        """Seat the room. A seating whose groups already hold a picture is not replaced."""
        with workshop.control(by=by, seen=seen, act=f"form {mode} {seed}") as door:
            before = workshop.group_sets.filter(current=True).first()
            if before and (before.locked_at or Picture.objects.filter(group__seating=before).exists()):
                return
            workshop.group_sets.update(current=False)
            seating = cls.objects.create(workshop=workshop, mode=mode, seed=seed)
            for number, members in enumerate(groups, 1):
                group = WorkshopGroup.objects.create(seating=seating, number=number)
                GroupMember.objects.bulk_create(GroupMember(group=group, participant_id=one) for one in members)
            door.record(
                "groups_formed",
                after={"mode": mode, "seed": seed, "sizes": [len(one) for one in groups]},
                topics=["groups"],
            )

    def seat(self, moves: dict[uuid.UUID, int], *, by: Person, seen: int) -> None:
        """Seat people, latecomers too, at the tables of these numbers. A table that is not there yet is made; one that
        is left without people and has drawn nothing is taken away."""
        with self.workshop.control(by=by, seen=seen, act=f"seat {moves}") as door:
            for participant, number in moves.items():
                group, _made = self.groups.get_or_create(number=number)
                GroupMember.objects.filter(group__seating=self, participant=participant).delete()
                GroupMember.objects.create(group=group, participant_id=participant)
                door.record("person_seated", target=participant, after={"group": number}, topics=["groups"])
            taken = GroupMember.objects.filter(participant__in=Participant.objects.present()).values("group")
            self.groups.exclude(pk__in=taken).filter(picture=None, elements=None).delete()

    def lock(self, *, by: Person, seen: int) -> None:
        with self.workshop.control(by=by, seen=seen, act="lock groups") as door:
            if self.locked_at is None:
                self.locked_at = timezone.now()
                self.save(update_fields=["locked_at"])
                door.record("groups_locked", topics=["groups"])


class WorkshopGroup(models.Model):
    """Three to five people at a table, four at best."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seating = models.ForeignKey(GroupSet, on_delete=models.CASCADE, related_name="groups")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["seating", "number"], name="group_once_a_seating")]

    def __str__(self) -> str:
        return str(_("Group %(number)s") % {"number": self.number})

    @property
    def shown_picture(self) -> Picture | None:
        """What everyone may see of its picture: nothing where that is hidden."""
        picture: Picture | None = getattr(self, "picture", None)
        return picture if picture and not picture.hidden and (picture.words or picture.photo_type) else None


class GroupMember(models.Model):
    """A seat."""

    group = models.ForeignKey(WorkshopGroup, on_delete=models.CASCADE, related_name="members")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="seats")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "participant"], name="seated_once")]

    def __str__(self) -> str:
        return f"{self.participant}, {self.group}"


class Picture(Hideable):
    """A group's ideal school: in words, or as a photo of what they drew. Hidden, its own group still sees it."""

    noun, topic = "picture", "pictures"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.OneToOneField(WorkshopGroup, on_delete=models.CASCADE, related_name="picture")
    title = models.CharField(_("title"), max_length=120, blank=True)
    words = models.TextField(_("in words"), max_length=4000, blank=True)
    photo = models.BinaryField(null=True)
    photo_type = models.CharField(max_length=20, blank=True)
    photo_version = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.title

    @property
    def workshop(self) -> Workshop:  # type: ignore[override]
        return self.group.seating.workshop

    @classmethod
    def save_words(
        cls, group: WorkshopGroup, title: str, words: str, *, base: int, by: Person | Actor, op_id: uuid.UUID
    ) -> Picture:
        """Write it in words; where somebody at the table wrote meanwhile, both texts stand, one after the other."""
        workshop = group.seating.workshop
        with workshop.change(by=by, op_id=op_id, payload={"title": title, "words": words, "base": base}) as door:
            picture, _made = cls.objects.get_or_create(group=group)
            if door.replayed:
                return picture
            if picture.version != base and picture.words and picture.words not in words:
                words = f"{picture.words}\n{words}" if words not in picture.words else picture.words
            if (picture.title, picture.words) != (title, words):
                before = {"title": picture.title, "words": picture.words}
                picture.title, picture.words, picture.version = title or picture.title, words, picture.version + 1
                picture.save()
                door.record(
                    "picture_written",
                    target=group.pk,
                    before=before,
                    after={"title": title, "words": words},
                    topics=["pictures"],
                )
        return picture

    @classmethod
    def save_photo(cls, group: WorkshopGroup, photo: bytes, photo_type: str, *, by: Person | Actor) -> Picture:
        with group.seating.workshop.change(by=by) as door:
            picture, _made = cls.objects.get_or_create(group=group)
            picture.photo, picture.photo_type = photo, photo_type
            picture.photo_version += 1
            picture.save(update_fields=["photo", "photo_type", "photo_version"])
            door.record("picture_photographed", target=group.pk, topics=["pictures"])
        return picture


class Element(models.Model):
    """A part of the picture that could really start somewhere."""

    class Horizon(models.TextChoices):
        NOW = "now", _("now")
        THIS_YEAR = "this_year", _("this year")
        LATER = "later", _("later")
        IDEAL = "ideal_only", _("only in the ideal")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    group = models.ForeignKey(WorkshopGroup, on_delete=models.CASCADE, related_name="elements")
    text = models.CharField(_("idea"), max_length=300)
    areas = ArrayField(models.CharField(max_length=16, choices=Area), default=list, blank=True)
    horizon = models.CharField(max_length=10, choices=Horizon, default=Horizon.THIS_YEAR)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["said_at", "pk"]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def add(
        cls, group: WorkshopGroup, text: str, areas: list[str], horizon: str, *, by: Person | Actor, op_id: uuid.UUID
    ) -> bool:
        workshop = group.seating.workshop
        if not workshop.takes_content:
            return False
        with workshop.append(by=by, op_id=op_id, payload={"element": text, "group": group.pk}) as door:
            if not door.replayed:
                cls.objects.get_or_create(
                    pk=op_id, defaults={"group": group, "text": text, "areas": areas, "horizon": horizon}
                )
                door.record("element_added", target=op_id, after={"text": text}, topics=["elements"])
        return True


class Adoption(models.Model):
    """A school that will try an element, with a first step and somebody who takes it."""

    element = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="adoptions")
    school = models.ForeignKey(Org, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    school_name = models.CharField(max_length=120, blank=True)
    who = models.CharField(_("who"), max_length=120, blank=True)
    first_step = models.CharField(_("first step"), max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["element", "school"], condition=Q(school__isnull=False), name="adopted_once"
            ),
            models.UniqueConstraint(
                fields=["element", "school_name"], condition=Q(school=None), name="adopted_once_by_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school or self.school_name}: {self.element}"

    @classmethod
    def adopt(
        cls,
        element: Element,
        *,
        by: Person | Actor,
        school: Org | None,
        school_name: str,
        who: str,
        first_step: str,
    ) -> Adoption:
        """Our school will try this. Said again, who and the first step are brought up to date."""
        workshop = element.group.seating.workshop
        key: dict[str, Any] = {"school": school} if school else {"school": None, "school_name": school_name}
        with workshop.change(by=by) as door:
            adoption, _made = cls.objects.update_or_create(
                element=element, **key, defaults={"who": who, "first_step": first_step}
            )
            after = {"school": str(school or school_name), "who": who, "first_step": first_step}
            door.record("element_adopted", target=element.pk, after=after, topics=["elements"])
        return adoption
