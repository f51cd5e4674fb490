"""What people and schools add to home, the menu and search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config import home

from . import permissions
from .glance import glance_of
from .models import Change, Competency, Invitation, Learner, Org, Person, Section, StaffTeam, Why


def _shown_to(person: Person) -> bool:
    return person.is_staff_today


def _cards(person: Person) -> list[dict[str, Any]]:
    return [*_invitations(person), *_first_steps(person)]


def _invitations(person: Person) -> Iterable[dict[str, Any]]:
    waiting = list(Invitation.objects.waiting_for(person).select_related("org", "team", "invited_by"))
    if waiting:
        yield {"template": "profiles/invitations_card.html", "invitations": waiting}


def _first_steps(person: Person) -> Iterable[dict[str, Any]]:
    """Three first steps for the leader of a school that is just beginning; gone when all three are taken."""
    for school in [role.org for role in person.roles if role.role == "school_admin"]:
        staff = Person.objects.staff_of([school.pk]).exclude(pk=person.pk)
        people = reverse("profiles:school_people", args=[school.pk])
        steps = [
            {
                "done": staff.exists() or school.invitations.open().exists(),
                "title": _("Invite a colleague"),
                "why": _("They get a link by e-mail, or you hand it over."),
                "url": f"{people}#invite",
            },
            {
                "done": school.staff_teams.exists(),
                "title": _("Make a team"),
                "why": _("A grade-level team, a content area, your leadership team."),
                "url": f"{people}#teams",
            },
            {
                "done": bool(school.begun),
                "title": _("Start with one part"),
                "why": _("Plans, workshops or students. The others wait until you want them."),
                "url": reverse("profiles:part_choose", args=[school.pk]),
            },
        ]
        if not all(step["done"] for step in steps):
            yield {"template": "profiles/first_steps_card.html", "school": school, "steps": steps}


def _hits(person: Person, words: str) -> Iterable[home.Hit]:
    full_name = Concat("given_name", Value(" "), "family_name")
    for found in (
        Person.objects.visible_to(person)
        .annotate(in_full=full_name)
        .filter(Q(in_full__icontains=words) | Q(preferred_name__icontains=words))
        .by_name()[:10]
    ):
        yield home.Hit(str(found), _("Person"), reverse("profiles:person_detail", args=[found.pk]))
    teams = StaffTeam.objects.visible_to(person).filter(name__icontains=words).select_related("school")
    for team in teams[:10]:
        yield home.Hit(f"{team.name}, {team.school.name}", _("Team"), reverse("profiles:team_detail", args=[team.pk]))
    for school in Org.objects.schools().worked_at_by(person).filter(name__icontains=words)[:10]:
        yield home.Hit(school.name, _("School"), reverse("profiles:school_people", args=[school.pk]))


MY_CLASSES = 8
LATELY = dt.timedelta(days=60)


def _sees_classes(person: Person) -> bool:
    """Staff of a school that has begun with its students."""
    return any(Org.Part.LEARNERS in role.org.begun for role in person.staff_roles)


def _class_cards(person: Person) -> list[dict[str, Any]]:
    """Today's classes, the one used last first: one tap and one records."""
    if not _sees_classes(person):
        return []
    classes = list(Section.objects.taught_by(person).select_related("unit").order_by("title", "code", "pk"))
    if not classes:
        return []
    used = dict(
        Change.objects.filter(actor=person, at__gte=timezone.now() - LATELY, stream__startswith=f"{Section.kind}:")
        .values_list("stream")
        .annotate(last=Max("at"))
    )
    classes.sort(key=lambda one: -used[one.stream].timestamp() if one.stream in used else 0)
    return [{"template": "profiles/classes_card.html", "now": True, "classes": classes[:MY_CLASSES]}]


def _class_hits(person: Person, words: str) -> Iterable[home.Hit]:
    if _sees_classes(person):
        for found in Section.objects.visible_to(person).current().filter(title__icontains=words)[:10]:
            yield home.Hit(found.title, _("Class"), reverse("profiles:class_detail", args=[found.pk]))


def _learner_cards(person: Person) -> list[dict[str, Any]]:
    """For those who teach or advise their students in words; for leaders totals."""
    if Org.Part.LEARNERS not in person.parts:
        return []
    cards: list[dict[str, Any]] = []
    if person.is_staff_today and (glance := glance_of(person)) is not None:
        cards.append({"template": "profiles/glance_card.html", "sentences": glance})
    if person.leads_district or person.led_school_ids:
        led = [one for one in Org.objects.schools().visible_to(person) if permissions.can_see_totals(person, one)]
        if schools := [one for one in led if Org.Part.LEARNERS in one.begun]:
            cards.append({"template": "profiles/totals_card.html", "schools": schools})
    return cards


home.add(
    home.Part(
        key="learners",
        label=_("Students"),
        url_name="profiles:class_list",
        order=20,
        shown_to=_sees_classes,
        cards=_class_cards,
        hits=_class_hits,
    )
)

home.add(
    home.Part(
        key="at_a_glance",
        label=_("My students at a glance"),
        url_name="",
        order=10,
        shown_to=_shown_to,
        cards=_learner_cards,
        hits=lambda person, words: (),
    )
)
home.add(
    home.Part(
        key="people",
        label=_("People"),
        url_name="profiles:school_list",
        order=90,
        shown_to=_shown_to,
        cards=_cards,
        hits=_hits,
    )
)


def _frameworks_shown_to(person: Person) -> bool:
    return person.leads_district or (person.is_staff_today and Org.Part.LEARNERS in person.parts)


def _framework_cards(person: Person) -> list[dict[str, Any]]:
    return []


def _framework_hits(person: Person, words: str) -> Iterable[home.Hit]:
    if not _frameworks_shown_to(person):
        return
    found = Competency.objects.visible_to(person).standing().matching(words).select_related("framework")
    for one in found.order_by("position")[:10]:
        said = f"{one.code} {one.plain}".strip()
        yield home.Hit(said[:100], one.framework.title, reverse("profiles:competency_detail", args=[one.pk]))


home.add(
    home.Part(
        key="frameworks",
        label=_("Frameworks"),
        url_name="profiles:framework_list",
        order=80,
        shown_to=_frameworks_shown_to,
        cards=_framework_cards,
        hits=_framework_hits,
    )
)


def _leads_district(person: Person) -> bool:
    return person.leads_district


home.add(
    home.Part(
        key="district",
        label=_("District"),
        url_name="profiles:district_detail",
        order=95,
        shown_to=_leads_district,
        cards=lambda person: [],
        hits=lambda person, words: [],
    )
)


def _keeps_learners(person: Person) -> bool:
    return person.is_staff_today and not person.leads_district and Org.Part.LEARNERS in person.parts


def _is_family_or_student(person: Person) -> bool:
    return any(role.role in ("student", "guardian") for role in person.roles) and Org.Part.LEARNERS in person.parts


def _own_page(person: Person) -> str | None:
    """A student's home is their own page, and a family's their child's."""
    if not _is_family_or_student(person) or person.is_staff_today:
        return None
    mine = Learner.objects.visible_to(person).because(Why.SELF, Why.GUARDIAN)
    return reverse("profiles:learner_own") if mine.exists() else None


def _nothing(person: Person, words: str = "") -> list[Any]:
    return []


home.add(
    home.Part(
        key="mine",
        label=_("My page"),
        url_name="profiles:learner_own",
        order=5,
        shown_to=_is_family_or_student,
        cards=_nothing,
        hits=_nothing,
        opens=_own_page,
    )
)
home.add(
    home.Part(
        key="talks",
        label=_("Who to talk with"),
        url_name="profiles:talk_list",
        order=60,
        shown_to=_keeps_learners,
        cards=_nothing,
        hits=_nothing,
    )
)
