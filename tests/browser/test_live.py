"""live.js in real Chromium: one stream a browser, nudges into events, catching up, and polling where streams fail."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from profiles.models import Org, Person, RoleAssignment
from tests.site_process import Site, session_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = """<!doctype html><html lang="en"><title>Live</title><body>
<p data-live-stream="{stream}" data-live-version="{version}"></p>
<script type="module" src="/static/js/live.js"></script><ol></ol></body></html>"""
LISTEN = """
for (const name of ["changed", "presence", "ended"]) addEventListener(`live:${name}`, ({ target, detail }) => {
  if (name === "changed") target.dataset.liveVersion = detail.version;
  const said = [name, detail.version, ...(detail.topics ?? [detail.topic])].filter((one) => one !== undefined);
  document.querySelector("ol").insertAdjacentHTML("beforeend", `<li>${said.join(" ")}</li>`);
});
"""


@pytest.fixture
def school() -> Org:
    return Org.objects.create(name="District", org_kind="district")


@pytest.fixture
def teacher(school: Org) -> Person:
    person = Person.objects.create_user(given_name="Ana")
    RoleAssignment.objects.create(person=person, org=school, role="teacher", begins="2020-01-01")
    return person


@pytest.fixture
def browser_of_teacher(site: Site, context: BrowserContext, teacher: Person) -> BrowserContext:
    cookie = {"name": "sessionid", "value": session_of(teacher), "url": f"http://127.0.0.1:{site.port}"}
    context.add_cookies([cookie])
    context.add_init_script(LISTEN)
    return context


def show(context: BrowserContext, site: Site, org: Org, version: int = 0) -> Page:
    page = context.new_page()
    body = PAGE.format(stream=org.stream, version=version)
    page.route("**/page", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(f"http://127.0.0.1:{site.port}/page")
    return page


def raise_version(org: Org, by: Person, *topics: str) -> None:
    with Org.objects.get(pk=org.pk).change(by=by) as door:
        door.record("noted", topics=topics)


def heard(page: Page, *lines: str) -> None:
    expect(page.locator("li")).to_have_text(list(lines), timeout=8000)


def is_live(page: Page, how: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-live", how, timeout=8000)


def test_page_fetches_what_it_missed_then_each_change(
    browser_of_teacher: BrowserContext, site: Site, school: Org, teacher: Person
) -> None:
    raise_version(school, teacher)
    page = show(browser_of_teacher, site, school)
    is_live(page, "streaming")
    heard(page, "changed 1")

    raise_version(school, teacher, "a")
    raise_version(school, teacher, "b")

    heard(page, "changed 1", "changed 3 a b")


def test_pages_of_a_browser_share_one_stream(
    browser_of_teacher: BrowserContext, site: Site, school: Org, teacher: Person
) -> None:
    asked: list[str] = []
    browser_of_teacher.on("request", lambda request: "/live/?" in request.url and asked.append(request.url))
    pages = [show(browser_of_teacher, site, school) for _ in range(3)]
    for page in pages:
        is_live(page, "streaming")

    raise_version(school, teacher, "a")

    for page in pages:
        heard(page, "changed 1 a")
    assert len(asked) == 1

    pages[0].close()
    raise_version(school, teacher, "b")
    for page in pages[1:]:
        expect(page.locator("p")).to_have_attribute("data-live-version", "2", timeout=8000)
    assert len(asked) == 2


def test_hidden_page_gives_its_stream_back_and_catches_up(
    browser_of_teacher: BrowserContext, site: Site, school: Org, teacher: Person
) -> None:
    hide = """hidden => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page = show(browser_of_teacher, site, school)
    is_live(page, "streaming")

    with page.expect_event("requestfailed", lambda request: "/live/?" in request.url):
        page.evaluate(hide, True)
    raise_version(school, teacher, "a")
    page.evaluate(hide, False)

    heard(page, "changed 1")


def test_page_polls_where_streams_fail(
    browser_of_teacher: BrowserContext, site: Site, school: Org, teacher: Person
) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    browser_of_teacher.route("**/live/?*", refuse)
    page = show(browser_of_teacher, site, school)
    is_live(page, "polling")

    raise_version(school, teacher, "a")
    heard(page, "changed 1")

    browser_of_teacher.unroute("**/live/?*", refuse)
    is_live(page, "streaming")


def test_page_whose_stream_ended_is_told_once(
    browser_of_teacher: BrowserContext, site: Site, school: Org, teacher: Person
) -> None:
    page = show(browser_of_teacher, site, school)
    is_live(page, "streaming")

    teacher.role_assignments.all().delete()

    heard(page, "ended")
