from __future__ import annotations

import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .orgs import RoleAssignment, StaffTeam


def name_shown(preferred_name: str, given_name: str, family_name: str) -> str:
    """How others read somebody's name."""
    return preferred_name or f"{given_name} {family_name}".strip()


class PersonQuerySet(models.QuerySet["Person"]):
    def staff_of(self, schools: Any) -> Self:
        """People who work at any of `schools` today."""
        from .orgs import RoleAssignment

        working = RoleAssignment.objects.current().staff().filter(org__in=schools)
        return self.filter(is_active=True, pk__in=working.values("person"))

    def visible_to(self, person: Person) -> Self:
        """Oneself, and (for staff) the staff of one's schools; for district leaders, all staff."""
        from .orgs import RoleAssignment

        working = RoleAssignment.objects.current().staff()
        if not person.leads_district:
            working = working.filter(org__in=person.staff_school_ids)
        return self.filter(Q(pk=person.pk) | Q(pk__in=working.values("person")), is_active=True)

    def in_team(self, team: StaffTeam) -> Self:
        """Those who are in the team today."""
        return self.filter(is_active=True, pk__in=team.memberships.current().values("person"))

    def by_name(self) -> Self:
        return self.order_by(Lower("family_name"), Lower("given_name"), "pk")


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(Q(sign_in_name=username) | Q(email=username))

    def create_user(self, password: str | None = None, **fields: Any) -> Person:
        """A person; without a password they cannot sign in until they accept an invitation."""
        person = self.model(**fields)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """Anyone a school knows: staff, student or family. Signing in is optional."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    given_name = models.CharField(_("given name"), max_length=80)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    preferred_name = models.CharField(
        _("name shown"),
        max_length=120,
        blank=True,
        help_text=_("What colleagues read. Empty: your given and family name."),
    )
    # Roster e-mails are shared by parents and absent for students: those are contact_email and never sign anybody in.
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    sign_in_name = models.CharField(_("sign-in name"), max_length=60, null=True, blank=True, unique=True)
    sourced_id = models.CharField(max_length=255, null=True, blank=True, unique=True)
    """OneRoster's, kept as it came."""
    birth_date = models.DateField(null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    search_key = models.BooleanField(_("the key / opens search"), default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "sign_in_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="person_email_lower_case"),
            models.CheckConstraint(
                condition=Q(sign_in_name=Lower(F("sign_in_name"))), name="person_sign_in_name_lower_case"
            ),
            # Else one person's sign-in name could be another's e-mail.
            models.CheckConstraint(condition=~Q(sign_in_name__contains="@"), name="person_sign_in_name_no_email"),
        ]

    def __str__(self) -> str:
        return name_shown(self.preferred_name, self.given_name, self.family_name)

    def keep_settings(self, *, preferred_name: str, language: str, time_zone: str, search_key: bool) -> None:
        """A person's own settings. The name shown is what others read, so its change is kept at their first org."""
        with transaction.atomic():
            locked = type(self).objects.select_for_update().get(pk=self.pk)
            if self.roles and locked.preferred_name != preferred_name:
                before, after = {"name": locked.preferred_name}, {"name": preferred_name}
                with self.roles[0].org.change(by=self) as door:
                    door.record("name_shown_changed", target=self.pk, before=before, after=after, topics=["people"])
            self.preferred_name, self.language = preferred_name, language
            self.time_zone, self.search_key = time_zone, search_key
            self.save(update_fields=["preferred_name", "language", "time_zone", "search_key"])

    @property
    def full_name(self) -> str:
        return name_shown("", self.given_name, self.family_name)

    @property
    def initials(self) -> str:
        words = str(self).split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    @cached_property
    def roles(self) -> list[RoleAssignment]:
        """Today's roles with their orgs: one query a request, and the ground of everything a person may see."""
        from .orgs import RoleAssignment

        return list(
            RoleAssignment.objects.current().filter(person=self).select_related("org").order_by("org__name", "role")
        )

    @property
    def staff_roles(self) -> list[RoleAssignment]:
        return [role for role in self.roles if role.is_staff]

    @property
    def is_staff_today(self) -> bool:
        return bool(self.staff_roles)

    @property
    def leads_district(self) -> bool:
        return any(role.role == "district_admin" for role in self.roles)

    @property
    def staff_school_ids(self) -> set[uuid.UUID]:
        return {role.org_id for role in self.staff_roles}

    @cached_property
    def zone(self) -> str:
        """The time zone their pages keep: their own choice, else their school's."""
        return self.time_zone or next((role.org.time_zone for role in self.roles), "")

    @cached_property
    def parts(self) -> set[str]:
        """The parts of Trellis that their schools have begun; a district leader's are any school's."""
        from .orgs import Org

        if self.leads_district:
            return {part for begun in Org.objects.schools().values_list("begun", flat=True) for part in begun}
        return {part for role in self.roles for part in role.org.begun}

    @property
    def led_school_ids(self) -> set[uuid.UUID]:
        return {role.org_id for role in self.roles if role.role == "school_admin"}
