"""Build hook of hatchling: the sdist and the wheel of a version have the same bytes wherever they are built.

hatchling normalises the order, owners and permissions of files, and dates all of them. It takes the date from
`SOURCE_DATE_EPOCH`, which some machines set and others do not. Here the date is always hatchling's default,
so that everyone who builds a version can compare its digests with the published ones.
"""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILE_TIME = "1580601600"  # 2020-02-02, after 1980: the format of wheels has no earlier dates


class SameBytesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Fixes the time of all files in what is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Set the time before hatchling reads it, once for each target."""
        os.environ["SOURCE_DATE_EPOCH"] = FILE_TIME
