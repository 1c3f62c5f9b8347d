"""The option that says where media are connected: `--mount LABEL=DIR`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from archtool.errors import InputError, UsageError
from archtool.files.paths import shown

_LABEL = re.compile(r"[^:/=\s][^:/=]*")

mount_option = click.option(
    "--mount", "mounts", multiple=True, metavar="LABEL=DIR",
    help="Where a medium is connected; copies on other media are left out. Repeatable.",
)  # fmt: skip


def parse_mounts(given: Mapping[str, Any]) -> dict[str, Path]:
    """Return the folder of each connected medium.

    Raises:
        InputError: a folder is not there.
        UsageError: an option is not `LABEL=DIR`, or a label is given twice.
    """
    mounts: dict[str, Path] = {}
    for text in given["mounts"]:
        label, _, folder = text.partition("=")
        if not folder or _LABEL.fullmatch(label) is None or label in mounts:
            what = "the medium is named twice" if label in mounts else "not LABEL=DIR"
            raise UsageError(f"{what}: {text!r}", hint="write --mount TAPE-7=/mnt/tape")
        if not os.path.isdir(folder):  # noqa: PTH112 - `is_dir` raises for a closed folder
            raise InputError(
                f"the medium {shown(label)} is not connected: {shown(folder)} is not a folder",
                hint="connect it, or leave --mount out: its copies are then left out",
            )
        mounts[label] = Path(folder).absolute()
    return mounts
