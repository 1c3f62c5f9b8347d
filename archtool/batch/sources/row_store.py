"""Rows that were read once and are needed again: on the disk, not in memory."""

from __future__ import annotations

import json
import tempfile
from array import array
from typing import Any

from archtool.canonical_json import format_json_line


class Spool:
    """Values in a file without a name, which is gone with this process; each is found by its number."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the spool
        self._starts = array("q", [0])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def add(self, value: Any) -> int:
        """Keep a value that JSON can hold; gives its number."""
        line = format_json_line(value).encode()
        self._file.seek(self._starts[-1])
        self._file.write(line)
        self._starts.append(self._starts[-1] + len(line))
        return len(self) - 1

    def get(self, number: int) -> Any:
        """A value again."""
        start, end = self._starts[number], self._starts[number + 1]
        self._file.seek(start)
        return json.loads(self._file.read(end - start))

    def close(self) -> None:
        """Forget all of it."""
        self._file.close()

    def __del__(self) -> None:
        self.close()
