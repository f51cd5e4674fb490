"""What the worker does: mail (a link's token is made there too: no queue keeps it in clear), rosters, levels, and what
a student's path needs when it has moved: credits, next steps and suggested changes.
"""

import logging
import os
import sys
import uuid
from collections.abc import Callable, Sequence
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

from config import live

from . import advancement, levels, paths
from .models import (
    Actor,
    Competency,
    Invitation,
    Learner,
    Org,
    Person,
    PlanProposal,
    RosterImport,
    RuleTrial,
    expire_proposals,
    path_moved,
)
from .rosters import work

logger = logging.getLogger(__name__)

NICENESS = 10
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


@task()
def look_at_roster(record_id: str) -> None:
    _roster(record_id, RosterImport.State.LOOKING, lambda record: work.look(record))


@task()
def apply_roster(record_id: str, person_id: str, confirmed: bool) -> None:
    by = Person.objects.get(pk=uuid.UUID(person_id))
    _roster(record_id, RosterImport.State.APPLYING, lambda record: work.apply(record, by=by, confirmed=confirmed))


@task()
def undo_roster(record_id: str, person_id: str) -> None:
    by = Person.objects.get(pk=uuid.UUID(person_id))
    _roster(record_id, RosterImport.State.UNDOING, lambda record: work.undo(record, by=by))


def _roster(record_id: str, state: str, do: Callable[[RosterImport], None]) -> None:
    """Behind the pages of other people; what goes wrong is said on the page of the import."""
    if "db_worker" in sys.argv:
        os.nice(max(0, NICENESS - os.nice(0)))
    record = RosterImport.objects.select_related("org").filter(pk=uuid.UUID(record_id), state=state).first()
    if record is None:
        return
    try:
        do(record)
    except work.Refused as refused:
        if refused.code in ("mass", "blocked"):
            # What is here has changed since it was looked at: say what it would do now.
            work.look(record)
        undoing = state == RosterImport.State.UNDOING
        _end(record, RosterImport.State.APPLIED if undoing else record.state, refused.code, refused.record)
    except Exception:
        logger.exception("Roster %s", record_id)
        _end(record, RosterImport.State.FAILED, "failed")
        raise


def _end(record: RosterImport, state: str, code: str, other: RosterImport | None = None) -> None:
    kept = RosterImport.objects.get(pk=record.pk)
    kept.step = ""
    kept.state = RosterImport.State.LOOKED if state == RosterImport.State.APPLYING else state
    kept.report["refused"] = [code, str(other.pk) if other else ""]
    kept.save(update_fields=["state", "step", "report"])
    live.whisper(record.org.stream, record.topic)


@task()
def work_out_levels(org_id: str, competency_id: str, by: str) -> None:
    """After a rule changed. Run again, it works out what stands then: nothing is lost by it."""
    org = Org.objects.get(pk=uuid.UUID(org_id))
    competency = Competency.objects.get(pk=uuid.UUID(competency_id)) if competency_id else None
    levels.work_out_again(org, competency, by=Person.objects.get(pk=uuid.UUID(by)))


@task()
def try_rule(trial_id: str) -> None:
    trial = RuleTrial.objects.select_related("org", "competency").get(pk=uuid.UUID(trial_id))
    trial.result = levels.try_on_evidence(trial)
    trial.save(update_fields=["result"])


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
