"""Static files under names that carry their content's hash, so that a browser may keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Also follows `import … from "./other.js";` in our modules (the semicolon is part of what is looked for)."""

    support_js_module_import_aggregation = True
