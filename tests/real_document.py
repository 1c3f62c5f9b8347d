"""Where the document of 1932 is, a real transcription that the tests read in place and never copy."""

from __future__ import annotations

import os
from pathlib import Path

from packages import REPOSITORY

_SCHEMAS = Path(os.environ.get("ARCHTOOL_REFERENCE_SCHEMAS", REPOSITORY.parent / "shared" / "reference"))
DOCUMENT = _SCHEMAS.parent / "real-input" / "appel-1932.fr.txt"
"""The text as it arrived, with damaged accents; it lies beside the folder of the official schemas."""
