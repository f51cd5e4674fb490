"""Letters to families, in their language, from the reviewed sentences. They leave in the worker."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django_tasks import task

from .family_page import FamilyPage, Sentence
from .models import FamilyLink, GuardianLink, Person, Why
from .phrases import say


def address_of(person: Person) -> str:
    """Where a letter reaches them: the e-mail they sign in with, else the one the school knows."""
    return person.email or person.contact_email


@task()
def mail_family_link(family_link_id: str, root: str) -> None:
    """The link, with a token made here; the code goes another way. `root` is the site's address."""
    found = FamilyLink.objects.filter(pk=uuid.UUID(family_link_id), ended_at=None)
    link = found.select_related("link__guardian", "link__learner__home").first()
    if link is None or not address_of(link.link.guardian):
        return
    reader, language = link.link.guardian, link.link.guardian.language
    path = reverse("family_detail", args=[link.new_address()])
    lines = [
        say("week_hello", language, reader=reader.given_name)[0],
        say("link_first", language)[0],
        f"{root.rstrip('/')}{path}?language={language or 'en'}",
        "Trellis",
    ]
    subject = say("link_subject", language, school=link.link.learner.home)[0]
    send_mail(subject, "\n\n".join(lines), settings.DEFAULT_FROM_EMAIL, [address_of(reader)])


@task()
def mail_family_week(guardian_link_id: str) -> None:
    """This week in sentences, where the guardian may still read and can be reached."""
    found = GuardianLink.objects.giving_sight().filter(pk=uuid.UUID(guardian_link_id))
    link = found.select_related("guardian", "learner__person", "learner__home").first()
    if link is None or not address_of(link.guardian):
        return
    learner, reader = link.learner, link.guardian
    learner.why = Why.GUARDIAN
    subject, body = week_letter(FamilyPage(learner, reader.language, reader=reader))
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address_of(reader)])


def week_letter(page: FamilyPage) -> tuple[str, str]:
    """(subject, text)."""
    language = page.language
    lines = [
        say("week_hello", language, reader=page.reader.given_name)[0],
        *map(_plain, page.growth),
        " ".join(map(_plain, page.step)),
        _plain(page.question),
        say("week_more", language)[0],
        "Trellis",
    ]
    return say("week_subject", language, name=page.name)[0], "\n\n".join(lines)


def _plain(said: Sentence) -> str:
    return f"{said.text} {said.about}".strip()
