"""How large a provenance manifest can be before it is refused."""

from __future__ import annotations

MAX_DIFFERENCES = 50  # findings of one code for one file: more do not help

MAX_ID_CHARACTERS = 64  # readable at a glance; a title can be much longer

MAX_XML_DEPTH = 64  # PREMIS nests eight deep; a hostile file could nest without limit

MAX_MANIFEST_BYTES = 512 * 1024 * 1024  # a hostile package must not fill memory; each file takes about 2 kB
MAX_VALUES = 20_000_000  # about forty for each payload file
