"""Size limits of tag files, above which archtool does not read them: a hostile bag must not fill memory."""

from __future__ import annotations

MAX_TAG_FILE_BYTES = 16 * 1024 * 1024  # any other tag file
MAX_METADATA_BYTES = 512 * 1024 * 1024  # some kB for each of some hundred thousand described files
MAX_DECLARATION_BYTES = 64 * 1024  # two lines
MAX_INFO_BYTES = 4 * 1024 * 1024  # thousands of pages of metadata
MAX_MANIFEST_BYTES = 512 * 1024 * 1024  # some millions of lines
MAX_MANIFESTS = 100  # payload and tag manifests each; there are about a dozen algorithms
