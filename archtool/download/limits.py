"""How far a server is followed, waited for and believed."""

from __future__ import annotations

MAX_JOBS = 32

MAX_CONNECT_SECONDS = 20.0  # an interrupt waits for this; a running server answers sooner
MAX_ADDRESSES = 8  # of one host; no client tries more

MAX_REDIRECTS = 10  # a persistent identifier needs two or three; browsers give up after twenty
MAX_VALIDATOR_CHARS = 1024  # it is sent back in a header and stored in a note

MAX_URL_CHARS = 8192  # servers accept no more; a longer URL is hostile

MAX_NOTE_BYTES = 64 * 1024  # an address, a validator, a number

MAX_HEAD_BYTES = 256 * 1024  # status line and headers, including those of interim answers
