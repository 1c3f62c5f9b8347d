"""The size of a part on the command line: bytes, or a number of files."""

from __future__ import annotations

import re
from typing import Any

import click

from archtool.cli.options.byte_size import ByteSize
from archtool.operations.pack.parts.split import SplitSize

_FILES = re.compile(r"([1-9][0-9]{0,11})f", re.IGNORECASE | re.ASCII)


class SplitSizeType(click.ParamType[SplitSize]):
    """A size such as `50G` (see `ByteSize`), or a number of files such as `50000f`."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> SplitSize:
        """Return the limit of a part; a usage error if the text is neither."""
        text = str(value).strip()
        files = _FILES.fullmatch(text)
        if files is not None:
            return SplitSize(max_files=int(files[1]))
        if text[-1:] in ("f", "F"):
            self.fail(f"not a number of files: {value!r} (write 50000f)", param, ctx)
        return SplitSize(max_bytes=ByteSize().convert(value, param, ctx))
