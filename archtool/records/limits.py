"""How large a file of records can be, and how much of it is read."""

from __future__ import annotations

MAX_RECORDS_BYTES = 64 * 1024 * 1024  # of BibTeX, RIS or XML: some hundred thousand records
MAX_RECORDS = 100_000  # of one file: each becomes a draft or an item of a library
MAX_XML_ELEMENTS = 2_000_000  # each takes some hundred bytes of memory
MAX_VALUE_CHARACTERS = 20_000  # of one value that is converted from LaTeX; a longer one stays as it is
