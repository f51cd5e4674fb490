"""The second step at sign-in with a passkey, which Chromium plays. With a code in place: test_table_depth.py."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.site_process import Site

from .conftest import Open, check_accessible

PASSWORD = "the teachers' password"


def sign_in(page: Page, email: str) -> None:
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")


def test_passkey_is_added_and_asked_for_at_the_next_sign_in(site: Site, cast: Cast, window: Open) -> None:
    teacher = cast["teacher"]
    teacher.set_password(PASSWORD)
    teacher.save()
    # A passkey belongs to a name, never to an address of digits.
    page = window("anonymous", f"http://localhost:{site.port}/accounts/login/?next=/accounts/second-factor/")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )

    sign_in(page, teacher.email or "")
    page.get_by_role("link", name="Add a passkey").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.locator("[name=name]").fill("my laptop")
    page.get_by_role("button", name="Add a passkey").click()

    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    check_accessible(page)
    page.goto(f"http://localhost:{site.port}/accounts/second-factor/")
    expect(page.get_by_text("my laptop")).to_be_visible()
    check_accessible(page)

    page.context.clear_cookies()
    page.goto(f"http://localhost:{site.port}/accounts/login/")
    sign_in(page, teacher.email or "")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Remember this device?")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="No, others use it too").click()
    expect(page.locator("body")).to_have_attribute("data-person", str(teacher.pk))
