"""Static files under names that carry their content's hash, so that a browser may keep them for good."""

import fcntl
import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

from config import postgres


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Also follows `import … from "./other.js";` in our modules (the semicolon is part of what is looked for)."""

    support_js_module_import_aggregation = True


class UsedFiles(StaticFilesConfig):
    """Of the packages' files only those that pages load: hashing and compressing all of Bootstrap takes seconds."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("bootstrap-*", "bootstrap.*js*", "bootstrap.css*", "*.rtl.*"),
        *("ext", "htmax-*", "htmx-4*", "htmx-2.js", "django-htmx.js"),
        *("webauthn.js", "recovery_codes.js", "onload.js"),
    ]


def collect() -> None:
    """Gather, hash and compress the static files beside the data, if they changed; nothing is put in the checkout."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = os.stat(storage.path(name))
            seen.update(f"{storage.path(name)}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    mark = root / "collected"
    # Bench, rehearsal and demo of one checkout may begin at once.
    with (postgres.home() / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if mark.exists() and mark.read_text() == seen.hexdigest():
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        mark.write_text(seen.hexdigest())
