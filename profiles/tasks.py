"""Work behind a page. Mail leaves here; the token of a link is made here too, so that no queue keeps it in clear.

What a student's path is worked out from has changed: credits, next steps and suggested changes follow here.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django_tasks import task

from . import advancement, paths
from .models import Actor, Invitation, Learner, Org, Person, PlanProposal, expire_proposals, path_moved

PLANNER = Actor("system", "planner")


@task()
def mail_invitation(invitation_id: str, root: str, language: str) -> None:
    """`root` is the site's address as the inviter saw it, with its closing slash."""
    invitation = Invitation.objects.open().filter(pk=uuid.UUID(invitation_id)).exclude(email="").first()
    if invitation is None:
        return
    path = reverse("profiles:invitation_accept", args=[invitation.make_link()])
    context = {"invitation": invitation, "url": root.rstrip("/") + path}
    _mail("profiles/mail/invitation", invitation.email, context, language)


@task()
def mail_password_reset(person_id: str, email: str, root: str, language: str) -> None:
    person = Person.objects.filter(pk=uuid.UUID(person_id), is_active=True).first()
    if person is None:
        return
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    context = {"user": person, "password_reset_url": root.rstrip("/") + path}
    _mail("account/email/password_reset_key", email, context, person.language or language)


def _mail(template: str, to: str, context: dict[str, object], language: str) -> None:
    with translation.override(language):
        subject = render_to_string(f"{template}_subject.txt", context).strip()
        body = render_to_string(f"{template}_message.txt", context)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [to])


@receiver(path_moved)
def ask_for_renewal(learners: Sequence[str], trigger: str, cause: str, **_signal: Any) -> None:
    renew.enqueue(list(learners), trigger, cause)


@task()
def renew(learner_ids: list[str], trigger: str, cause: str = "") -> None:
    """`trigger`: a `PlanProposal.Trigger`; `cause`: a goal's words, how many days."""
    ids = list(Learner.objects.filter(pk__in=learner_ids).values_list("pk", flat=True))
    for school in Org.objects.filter(learners__in=ids).distinct():
        expire_proposals(school, by=PLANNER)
    advancement.post_credits(ids, by=PLANNER)
    paths.renew(ids, PlanProposal.Trigger(trigger), by=PLANNER, cause=cause)
