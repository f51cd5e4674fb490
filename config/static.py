"""Static files under names that carry their content's hash, so that a browser may keep them for good."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Also follows `import … from "./other.js";` in our modules (the semicolon is part of what is looked for)."""

    support_js_module_import_aggregation = True

    def url_converter(self, name: str, hashed_files: dict[str, str], template: str | None = None) -> Any:
        """Leaves names without a suffix alone: in a module (or a comment, as in htmx's) they are no file's path."""
        convert: Callable[[re.Match[str]], str] = super().url_converter(name, hashed_files, template)
        return lambda found: convert(found) if PurePosixPath(found["url"]).suffix else found["matched"]
