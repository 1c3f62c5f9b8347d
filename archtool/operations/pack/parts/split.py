"""Divides a payload into parts of a limited size, in its own order; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.operations.limits import MAX_PARTS
from archtool.report.numbers import counted, format_size

_NAMED = 3  # files that a message names


@dataclass(frozen=True, slots=True)
class SplitSize:
    """The limit of each part: payload bytes, or payload files."""

    max_bytes: int | None = None
    max_files: int | None = None

    def divide(self, sizes_bytes: Mapping[str, int]) -> list[dict[str, int]]:
        """Return the files of each part with their sizes; at least one part.

        Raises:
            UsageError: a file is larger than a part, or there are too many parts.
        """
        self._refuse_large(sizes_bytes)
        parts: list[dict[str, int]] = [{}]
        part_bytes = 0
        for path, size_bytes in sizes_bytes.items():
            if parts[-1] and self._is_full(len(parts[-1]), part_bytes + size_bytes):
                parts.append({})
                part_bytes = 0
            parts[-1][path] = size_bytes
            part_bytes += size_bytes
        if len(parts) > MAX_PARTS:
            raise UsageError(
                f"--split-size would make {len(parts):,} parts; at most {MAX_PARTS} are made together",
                hint="give a larger size",
            )
        return parts

    def _is_full(self, files: int, with_next_bytes: int) -> bool:
        if self.max_files is not None:
            return files >= self.max_files
        return self.max_bytes is not None and with_next_bytes > self.max_bytes

    def _refuse_large(self, sizes_bytes: Mapping[str, int]) -> None:
        if self.max_bytes is None:
            return
        large = {path: size for path, size in sizes_bytes.items() if size > self.max_bytes}
        if not large:
            return
        named = ", ".join(f"{shown(p)} ({format_size(size)})" for p, size in islice(large.items(), _NAMED))
        more = f" and {len(large) - _NAMED:,} more" if len(large) > _NAMED else ""
        size = format_size(self.max_bytes)
        raise UsageError(
            f"{counted(len(large), 'file')} larger than a part of {size}: {named}{more}",
            hint=f"a file is never divided: give --split-size at least {max(large.values())}",
        )
