"""A family that reads Spanish, on a phone: the slip's code opens the page, it is plain to use, and it prints."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from profiles.models import Cheer, Demonstration, FamilyLink, GuardianLink, ProfileEntry
from tests.cast import Cast
from tests.profiles.test_family_page import sees

from .conftest import Open, check_accessible


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_family_reads_and_answers_in_spanish_on_a_phone(cast: Cast, window: Open, scheme: str) -> None:
    sees(cast, "RN.1", "RN.2")
    learner = cast.learner("student")
    ProfileEntry.write(learner, "strength", "I draw maps.", voice="student", by=cast["student"])
    link = GuardianLink.objects.select_related("learner").get(learner=learner)
    token, code = FamilyLink.make(link, by=cast["advisor"])
    address = f"{reverse('family_detail', args=[token])}?language=es"

    page = window("anonymous", address, width=320, height=720, color_scheme=scheme)
    check_accessible(page)
    page.locator("[name=code]").fill("000000" if code != "000000" else "111111")
    page.locator("[name=code]").press("Enter")
    expect(page.locator(".invalid-feedback")).to_be_visible()
    check_accessible(page)
    page.locator("[name=code]").fill(code)
    page.locator("[name=code]").press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_text("Sofia ya sabe hacer 2 cosas nuevas.")).to_be_visible()
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    check_accessible(page)

    page.locator("[name=text]").fill("En casa cuida a su hermano.")
    page.locator("#tell button").click()
    expect(page.locator("main").get_by_text("En casa cuida a su hermano.").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#tell")).to_be_hidden()
    expect(page.get_by_text("Sofia ya sabe hacer 2 cosas nuevas.")).to_be_visible()


def test_pages_around_a_family_are_accessible_wide_and_narrow(cast: Cast, window: Open) -> None:
    sees(cast, "RN.1")
    learner = cast.learner("student")
    Cheer.share(learner, Demonstration.objects.get(), by=cast["student"])
    at = [learner.pk]
    section = [cast.section("advisory").pk]
    pages = [
        ("advisor", reverse("profiles:learner_families", args=at)),
        ("advisor", reverse("profiles:class_families", args=section)),
        ("advisor", reverse("profiles:class_slips", args=section)),
        ("advisor", reverse("profiles:class_growth", args=section)),
        ("student", reverse("profiles:learner_growth", args=at)),
        ("student", reverse("profiles:learner_people", args=at)),
        ("guardian", reverse("profiles:learner_record", args=at)),
        ("guardian", reverse("profiles:learner_family", args=at)),
        ("leader", reverse("profiles:school_totals", args=[cast.org("cedar").pk])),
        ("anonymous", reverse("account_first")),
        ("advisor", "/"),
    ]
    for n, (slug, path) in enumerate(pages):
        page = window(slug, path, width=(320, 1280)[n % 2], color_scheme=("dark", "light")[n % 2])
        check_accessible(page)
        page.context.close()
