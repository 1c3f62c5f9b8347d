"""Size limits of tag files, above which archtool does not read them: a hostile bag must not fill memory."""

from __future__ import annotations

MAX_TAG_FILE_BYTES = 16 * 1024 * 1024  # any other tag file
MAX_METADATA_BYTES = 512 * 1024 * 1024  # some kB for each of some hundred thousand described files
MAX_DECLARATION_BYTES = 64 * 1024  # two lines
MAX_INFO_BYTES = 4 * 1024 * 1024  # thousands of pages of metadata
MAX_MANIFEST_BYTES = 512 * 1024 * 1024  # some millions of lines
MAX_MANIFESTS = 100  # payload and tag manifests each; there are about a dozen algorithms

MAX_OF_ONE_KIND = 10_000  # findings of one kind in one file; further ones are counted
MAX_ERRORS = 250_000  # wrong lines in one file; then the rest is not read

MAX_COMPARED_CHARS = 4096  # a longer name cannot be on disk, and comparing its folders takes time

MAX_PROFILE_BYTES = 4 * 1024 * 1024  # some thousand labels with their values
MAX_LISTED = 12  # values that a message names; it counts the others
MAX_VALUE_CHARS = 80

MAX_LINE_CHARS = 128 * 1024  # no system opens a path of 32,768 characters; an encoded one takes three each
