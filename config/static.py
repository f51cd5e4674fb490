"""Static files under names that carry their content's hash, so that a browser may keep them for good."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Also follows `import … from "./other.js";` in our modules (the semicolon is part of what is looked for)."""

    support_js_module_import_aggregation = True


class UsedFiles(StaticFilesConfig):
    """Of the packages' files only those that pages load: hashing and compressing all of Bootstrap takes seconds."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("bootstrap-*", "bootstrap.*js*", "bootstrap.css*", "*.rtl.*"),
        *("ext", "htmax-*", "htmx-4*", "htmx-2.js", "django-htmx.js"),
    ]
