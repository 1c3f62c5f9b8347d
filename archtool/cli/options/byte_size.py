"""Sizes on the command line: one notation for every option that is a number of bytes."""

from __future__ import annotations

import re
from typing import Any

import click

_SIZE = re.compile(r"([0-9]{1,18}) ?([KMGT]?)(I?)B?", re.IGNORECASE | re.ASCII)
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}
_DECIMAL, _BINARY = 1000, 1024
SIZE_HELP = "50M and 50MB are 50,000,000 bytes, 50MiB are 52,428,800"


def parse_size(text: str) -> int | None:
    """Return the number of bytes that a text means; `None` if it is no size."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or (match[3] and not match[2]):
        return None
    return int(match[1]) * int((_BINARY if match[3] else _DECIMAL) ** _POWERS[match[2].upper()])


class ByteSize(click.ParamType[int]):
    """A number of bytes: `500000`; `800K` or `800KB`, powers of 1000 (SI); `800KiB`, powers of 1024 (IEC).

    Sizes that archtool prints are also powers of 1000.
    """

    name = "size"

    def __init__(self, min_bytes: int = 1) -> None:
        self._min_bytes = min_bytes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number of bytes; a usage error if the text is no size, or below the minimum."""
        size_bytes = parse_size(str(value))
        if size_bytes is None:
            self.fail(f"not a size: {value!r} (write 500000, 800KB, 50M or 2GiB)", param, ctx)
        if size_bytes < self._min_bytes:
            self.fail(f"not a size: {value!r} (at least {self._min_bytes} byte)", param, ctx)
        return size_bytes
