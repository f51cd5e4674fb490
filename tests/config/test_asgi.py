"""Serving: what a request costs before it is complete, and how the process ends."""

import re
import time
from http.client import HTTPResponse
from typing import Any

import pytest

from config import asgi
from profiles.models import Org
from tests.config.test_live import staff
from tests.site_process import Site, session_of

pytestmark = pytest.mark.django_db(transaction=True)

UPLOAD = """POST /accounts/login/ HTTP/1.1
Host: 127.0.0.1
Content-Length: 1000000

half="""


def answer_of(sock: Any) -> HTTPResponse:
    response = HTTPResponse(sock)
    response.begin()
    return response


def test_slow_uploads_take_no_thread(site: Site) -> None:
    site.ask("/health/live")
    before = site.threads()

    uploads = [site.begin(UPLOAD) for _ in range(3 * asgi.THREADS)]
    began = time.monotonic()
    answer = site.ask("/health/ready")

    assert (answer.status, answer.read()) == (200, b"ok")
    assert time.monotonic() - began < 1
    assert site.threads() <= before + 1  # the page just asked for may have started one of the pool
    for upload in uploads:
        upload.close()


def test_upload_given_up_leaves_nothing(site: Site) -> None:
    site.ask("/health/ready").read()
    before = site.descriptors()
    uploads = [site.begin(UPLOAD + "x" * 300_000) for _ in range(5)]
    site.ask("/health/ready").read()

    for upload in uploads:
        upload.close()

    _until(lambda: site.descriptors() <= before)


def _until(true: Any, patience_s: float = 5) -> None:
    end = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_body_reaches_the_page_whole(site: Site) -> None:
    form = site.ask("/accounts/login/")
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', form.read().decode()).group(1)
    cookie = form.getheader("set-cookie").split(";")[0]
    name = "n" * 100
    fields = f"csrfmiddlewaretoken={token}&login={name}&password=wrong&filler={'x' * 400_000}".encode()
    pieces = (fields[n : n + 50_000] for n in range(0, len(fields), 50_000))
    form_type = {"content-type": "application/x-www-form-urlencoded", "cookie": cookie}

    declared = site.ask("/accounts/login/", "POST", fields, **form_type)
    chunked = site.ask("/accounts/login/", "POST", pieces, **form_type)

    for answer in (declared, chunked):
        assert answer.status == 200
        assert f'value="{name}"' in answer.read().decode()


@pytest.mark.parametrize("declared", [True, False])
def test_body_over_the_cap_is_refused_in_a_sentence(site: Site, declared: bool) -> None:
    size = asgi.BODY_BYTES + 1
    body = b"x" * size if declared else (b"x" * 65536 for _ in range(size // 65536 + 1))

    answer = site.ask("/accounts/login/", "POST", body)

    assert answer.status == 413
    assert f"<p>{asgi.TOO_LARGE}</p>" in answer.read().decode()


def test_upload_that_falls_silent_is_answered(hasty_site: Site) -> None:
    with hasty_site.begin(UPLOAD) as upload:
        answer = answer_of(upload)

        assert answer.status == 408
        assert f"<p>{asgi.TOO_SLOW}</p>" in answer.read().decode()


def test_a_header_spelled_with_underscores_is_no_header(site: Site) -> None:
    assert site.ask("/search/", **{"HX-Request": "true"}).status == 401
    assert site.ask("/search/", HX_Request="true").status == 302


def test_sigterm_ends_streams_and_uploads_and_the_process(transactional_db: None) -> None:
    org = Org.objects.create(name="District", org_kind="district")
    sessions = [session_of(staff(org, name=str(n))) for n in range(5)]
    site = Site()
    streams = [site.follow(session, org.stream) for session in sessions for _ in range(10)]
    assert {stream.next()[0] for stream in streams} == {"versions"}

    with site.begin(UPLOAD) as upload:
        assert site.stop() < 3
        assert answer_of(upload).status == 408

    assert {stream.next() for stream in streams} == {("end", None)}
