"""How much of one file is read: the files come from others, and a draft must not take minutes."""

from __future__ import annotations

MAX_FILE_BYTES = 64 * 1024 * 1024  # of a document; scans are larger, and seldom say more than their date
MAX_DIRECTORY_BYTES = 1024 * 1024  # the list of the parts of an office document: some ten thousand
MAX_XML_BYTES = 1024 * 1024  # the part with the properties usually has one or two kilobytes
MAX_XML_DEPTH = 50
MAX_XML_TEXTS = 10_000
MAX_VALUE_CHARACTERS = 1_000  # of one property
MAX_AUTHORS = 10

PDF_SECONDS = 10  # to read one PDF; a damaged one can take without end
PDF_PROCESSOR_SECONDS = 60  # a second limit, for a process whose parent was killed
PDF_MEMORY_BYTES = 1024 * 1024 * 1024
MAX_REPLY_BYTES = 256 * 1024  # what the process that reads PDFs can return
