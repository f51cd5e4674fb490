"""Static files under names that carry their content's hash, so that a browser may keep them for good."""

import re
from collections.abc import Callable
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Also follows `import … from "./other.js";` in our modules (the semicolon is part of what is looked for)."""

    support_js_module_import_aggregation = True

    def url_converter(self, name: str, hashed_files: dict[str, str], template: str | None = None) -> Any:
        """Leaves a module's bare names alone (`from "htmx"`, in packages we do not load so): they are no paths."""
        convert: Callable[[re.Match[str]], str] = super().url_converter(name, hashed_files, template)
        if not name.endswith(".js"):
            return convert
        return lambda found: convert(found) if found["url"].startswith((".", "/")) else found["matched"]
