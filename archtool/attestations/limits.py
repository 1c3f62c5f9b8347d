"""How large the parts of an attestation can be, and how many there can be."""

from __future__ import annotations

MAX_NAMED = 3  # attestations in one message; the others are counted

MAX_ATTESTATIONS = 9999  # folder names have four digits

MAX_CERTIFICATE_FILE_BYTES = 256 * 1024  # a chain of certificates has some 10 kB

MAX_OTHER_SIGNATURE_BYTES = 1024 * 1024  # a signature with a long chain of certificates

MAX_LIST_BYTES = 16 * 1024 * 1024  # a hundred thousand tag files; a hostile list must not fill memory

MAX_TEXT_CHARACTERS = 64 * 1024  # of a note or a detail, as the schema says
MAX_DETAILS = 1023  # the schema allows 1024, and `looked-at` is one of them

MAX_STATEMENT_BYTES = 4 * 1024 * 1024  # links to all of 9999 earlier attestations need 2 MB
MAX_FAULTS = 20  # reported for one statement; more do not help

MAX_SIGNERS = 64  # of one attestation; the limit of its schema
MAX_SLUG_CHARACTERS = 48  # leaves room for `-2` and keeps file names short
