from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from typing import ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .history import Actor, Door, open_doors
from .orgs import Org, RoleAssignment, StaffTeam
from .people import Person

DAYS_OPEN = 14


class InvitationClosed(Exception):  # noqa: N818 - the sentence a page says
    """The invitation was used, withdrawn, ran out, or its sender may no longer give the role."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def unanswered(self) -> Self:
        """Neither used nor withdrawn; those that ran out are among them, so that they can be sent again."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def visible_to(self, person: Person) -> Self:
        """Leaders see the invitations to the schools they lead; district leaders, to all schools."""
        if person.leads_district:
            return self.filter(org__org_kind=Org.Kind.SCHOOL)
        return self.filter(org__in=person.led_school_ids)

    def waiting_for(self, person: Person) -> Self:
        """Invitations to the e-mail a person already signs in with."""
        return self.open().filter(email=person.email) if person.email else self.none()

    def of_link(self, token: str) -> Self:
        return self.filter(links__token_hash=_hash(token))


InvitationManager = models.Manager.from_queryset(InvitationQuerySet)


class Invitation(models.Model):
    """Somebody asked to join a school in one role: by a link, used once, within fourteen days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=16, choices=RoleAssignment.Role)
    team = models.ForeignKey(StaffTeam, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # Only manage.py set_up asks for this: a real site's first leader leads district and school.
    also_leads = models.ForeignKey(Org, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="invitations_sent")
    by_system = models.BooleanField(default=False)
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations_accepted"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[InvitationManager[Invitation]] = InvitationManager()

    class Meta:
        ordering = ["-invited_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="invitation_email_lower_case"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_accepted_or_withdrawn"
            ),
            models.UniqueConstraint(
                fields=["org", "role", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None) & ~Q(email=""),
                name="one_invitation_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.email}, {self.org}"

    @classmethod
    def send(
        cls,
        org: Org,
        role: str,
        *,
        by: Person | Actor,
        email: str = "",
        name: str = "",
        team: StaffTeam | None = None,
        also_leads: Org | None = None,
    ) -> Invitation:
        """Invite somebody; an unanswered invitation of the same e-mail to the same role gives way to the new one.

        Whether `by` may give the role is the caller's question (`permissions.can_invite`), asked again on accepting.
        """
        email = email.strip().lower()
        with org.change(by=by) as door:
            if email:
                for earlier in cls.objects.unanswered().filter(org=org, role=role, email=email):
                    earlier._withdraw(door)
            sender = by if isinstance(by, Person) else None
            invitation = cls.objects.create(
                org=org,
                role=role,
                team=team,
                also_leads=also_leads,
                name=name,
                email=email,
                invited_by=sender,
                by_system=sender is None,
                expires_at=timezone.now() + dt.timedelta(days=DAYS_OPEN),
            )
            after = {"role": role, "email": email, "name": name, "team": team and team.pk}
            door.record("invited", target=invitation.pk, after=after, topics=["people"])
        return invitation

    def make_link(self) -> str:
        """A new token for this invitation, in clear this once; kept is only its hash."""
        token = secrets.token_urlsafe(24)
        self.links.create(token_hash=_hash(token))
        return token

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()

    @property
    def still_given(self) -> bool:
        """Who invited may still give this role: an invitation does not outlive its sender's own."""
        if self.by_system:
            return True
        return bool(
            self.invited_by and self.invited_by.is_active and self.role in self.org.roles_given_by(self.invited_by)
        )

    def accept(self, *, by: Person) -> None:
        """The person takes the role (and the place in the team) from today. Raises `InvitationClosed`."""
        school, also_leads, team = self.org, self.also_leads, self.team
        with open_doors(*filter(None, [school, also_leads]), by=by) as (door, *_others):
            self.refresh_from_db(fields=["accepted_at", "withdrawn_at", "expires_at"])
            if not (self.is_open and self.still_given):
                raise InvitationClosed
            self.accepted_by, self.accepted_at = by, timezone.now()
            self.save(update_fields=["accepted_by", "accepted_at"])
            door.record("accepted", target=self.pk, after={"person": by.pk, "role": self.role}, topics=["people"])
            school.give_role(by, self.role, by=by)
            if also_leads:
                also_leads.give_role(by, RoleAssignment.Role.SCHOOL_ADMIN, by=by)
            if team and self.role in RoleAssignment.STAFF:
                team.school = school  # the door that is open
                team.add(by, by=by)

    def accept_as_new(
        self, *, password: str, given_name: str, family_name: str, sign_in_name: str | None = None, language: str = ""
    ) -> Person:
        """A new person with this invitation's e-mail. Raises `InvitationClosed`, or `IntegrityError` where e-mail or
        sign-in name were taken in the meantime."""
        with transaction.atomic():
            person = Person.objects.create_user(
                password,
                given_name=given_name,
                family_name=family_name,
                email=self.email or None,
                sign_in_name=sign_in_name.lower() if sign_in_name else None,
                language=language,
            )
            self.accept(by=person)
        return person

    def withdraw(self, *, by: Person | Actor) -> None:
        with self.org.change(by=by) as door:
            self.refresh_from_db(fields=["accepted_at", "withdrawn_at"])
            if self.accepted_at is None and self.withdrawn_at is None:
                self._withdraw(door)

    def _withdraw(self, door: Door) -> None:
        self.withdrawn_at = timezone.now()
        self.save(update_fields=["withdrawn_at"])
        door.record("invitation_withdrawn", target=self.pk, before={"email": self.email}, topics=["people"])


class InvitationLink(models.Model):
    """A link that opens an invitation: sent by mail, or shown once to be handed over. Only its hash is kept."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.invitation}, {self.made_at:%Y-%m-%d}"


def _hash(token: str) -> str:
    """The token has 192 random bits: a plain digest is enough to keep it from whoever reads the database."""
    return hashlib.sha256(token.encode()).hexdigest()
