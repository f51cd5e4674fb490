"""A phone in the room, 320 px wide: nothing typed is lost, nobody is taken away from what they write."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.cast import Cast
from tests.site_process import Sites
from tests.workshops.phone import come_in, go, open_room, reveal, seat
from workshops.models import Entry, Picture, Response, Workshop
from workshops.models.participants import Participant
from workshops.room_access import COOKIE

from .conftest import Open, check_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(transactional_db: None, cast: Cast) -> Workshop:
    return open_room(cast.org("cedar"), cast["coach"])


@pytest.fixture
def sites(transactional_db: None) -> Iterator[Sites]:
    sites = Sites()
    yield sites
    sites.running.stop()


def join(window: Open, room: Workshop, **options: Any) -> Page:
    page = window("anonymous", "/join/", width=320, height=640, **options)
    page.get_by_label("Code").fill(f" {(room.join_code or '').lower()} ")
    page.get_by_role("button", name="Go in").click()
    page.get_by_label("Your first name").fill("Rosa")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_text("You are in.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-live", "streaming")
    return page


def why(page: Page) -> Locator:
    return page.locator("section", has_text="What brings you to this topic?").get_by_label("Your answer").first


def test_phone_joins_follows_and_is_accessible(window: Open, room: Workshop, cast: Cast) -> None:
    page = join(window, room)
    check_accessible(page)
    seat(room, [Participant.objects.get()])
    for key, heading in (("1a", "Quiet writing"), ("1c", "Three sheets"), ("2c", "With and without"), ("6", "Clos")):
        go(room, key)
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        expect(page.locator("#own")).to_have_attribute("data-step", key)
        check_accessible(page)


def test_nobody_is_taken_away_while_typing(window: Open, room: Workshop) -> None:
    page = join(window, room)
    go(room, "1a")
    why(page).fill("Nobody knew")
    go(room, "1b")

    expect(page.get_by_text("The room has moved on.")).to_be_visible()
    expect(why(page)).to_have_value("Nobody knew")
    page.get_by_role("link", name="Go there").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Turn to a neighbor")

    page.goto(f"/w/{room.pk}/?step=1a")
    expect(why(page)).to_have_value("Nobody knew")


def test_words_written_offline_arrive_once_after_a_reload(window: Open, room: Workshop) -> None:
    page = join(window, room)
    go(room, "1a")
    why(page).wait_for()
    page.clock.set_system_time("2001-01-01T00:00:00")
    page.context.set_offline(True)
    for text in ("First", "Second"):
        why(page).fill(text)
        page.locator("section", has_text="What brings you").get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("waits to be sent")).to_have_count(2)
    why(page).fill("Half a th")
    assert Response.objects.count() == 0

    page.context.set_offline(False)
    page.reload()

    expect(page.locator(".own-lines:not([data-waiting]) .own", has_text="Second")).to_be_visible()
    expect(page.get_by_text("waits to be sent")).to_have_count(0)
    expect(why(page)).to_have_value("Half a th")
    assert sorted(Response.objects.values_list("text", flat=True)) == ["First", "Second"]


def test_words_outlive_ten_minutes_offline_and_a_killed_server(browser: Browser, sites: Sites, room: Workshop) -> None:
    go(room, "1a")
    phone = come_in(room, name="Rosa")
    base = f"http://127.0.0.1:{sites.running.port}"
    with browser.new_context(base_url=base, viewport={"width": 320, "height": 640}) as context:
        context.add_cookies([{"name": COOKIE, "value": phone.token, "url": base}])
        page = context.new_page()
        page.clock.install(time="2001-01-01T00:00:00")
        page.goto(phone.base)
        context.set_offline(True)
        why(page).fill("Before the power went")
        page.locator("section", has_text="What brings you").get_by_role("button", name="Keep", exact=True).click()
        expect(page.get_by_text("waits to be sent")).to_be_visible()
        page.clock.fast_forward("10:00")
        sites.kill()
        context.set_offline(False)
        page.goto(phone.base)

        expect(page.locator(".own-lines:not([data-waiting]) .own", has_text="Before the power went")).to_be_visible()
        expect(page.get_by_text("waits to be sent")).to_have_count(0)
        assert [one.text for one in Response.objects.all()] == ["Before the power went"]
        page.close()
        sites.running.settle()


def test_next_person_on_the_device_sends_nothing_of_the_last(window: Open, room: Workshop) -> None:
    page = join(window, room)
    go(room, "1a")
    why(page).wait_for()
    page.route("**/answers/", lambda route: route.abort())
    why(page).fill("Rosa's")
    page.locator("section", has_text="What brings you").get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("waits to be sent")).to_be_visible()
    other = come_in(room)
    page.unroute("**/answers/")
    base = page.url.split("/w/")[0]
    page.context.add_cookies([{"name": COOKIE, "value": other.token, "url": base}])

    page.reload()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Quiet writing")
    expect(page.get_by_text("waits to be sent")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('trellis:')).length") == 0
    assert Response.objects.count() == 0


def test_me_too_and_a_photo_made_small(window: Open, room: Workshop) -> None:
    page = join(window, room)
    come_in(room).send("lines/", sheet="why", text="Lunch alone")
    reveal(room, "1c")
    go(room, "1c")
    page.get_by_role("button", name="Me too: Lunch alone").click()
    expect(page.get_by_text("2 said so")).to_be_visible()
    expect(page.get_by_role("button", name="Me too: Lunch alone")).to_be_disabled()
    assert Entry.objects.get().tally == 2

    seat(room, [Participant.objects.get(name="Rosa")])
    go(room, "4")
    canvas = page.evaluate("""() => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [3200, 1600];
      canvas.getContext("2d").fillRect(0, 0, 800, 800);
      return canvas.toDataURL("image/png");
    }""")
    photo = base64.b64decode(canvas.split(",")[1])
    page.get_by_label("A photo of your drawing").set_input_files(
        {"name": "drawing.png", "mimeType": "image/png", "buffer": photo}
    )
    page.get_by_role("button", name="Send the photo").click()

    drawing = page.get_by_alt_text("The drawing of your group")
    expect(drawing).to_be_visible()
    assert drawing.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") == 1600
    assert Picture.objects.get().photo_type == "image/jpeg"
    check_accessible(page)


def test_phone_works_without_scripts(window: Open, room: Workshop) -> None:
    go(room, "1a")
    page = window("anonymous", f"/w/{room.join_code}/", width=320, height=640, java_script_enabled=False)
    page.get_by_role("button", name="Come in").click()
    why(page).fill("By hand")
    page.locator("section", has_text="What brings you").get_by_role("button", name="Keep", exact=True).click()

    expect(page.locator(".own-lines .own", has_text="By hand")).to_be_visible()
    assert Response.objects.get().text == "By hand"
