"""The limits of a repair, with units and reasons."""

from __future__ import annotations

MAX_COPIES = 16  # folders of copies that are open at the same time; nobody keeps more of one package
MAX_LISTED = 10_000  # files in the facts of a result; all others are counted
MAX_DETAIL_CHARACTERS = 1_000  # of the names in one detail of an attestation, which people read
