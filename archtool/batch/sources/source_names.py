"""How a source with many descriptions is told apart from a folder and from a table: by its name."""

from __future__ import annotations

from pathlib import Path

LINES_SUFFIXES = (".jsonl", ".ndjson")
STANDARD_INPUT = Path("-")
