"""The text of a head, as it is printed, signed and kept outside the register.

    archtool register head 1
    register: 7f6c2a52-9d1e-4c59-8d9c-0f0d1f6f5a11
    event: 1204
    digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    time: 2026-11-30T09:00:00Z

By hand: the digest is the SHA-256 of the record of that event, and the record names the digest of the one
before. The time is that of the machine on which the head was taken. A signature is checked with
`ssh-keygen -Y verify -n archtool`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from archtool.errors import InputError
from archtool.holdings.chain import RegisterHead
from archtool.holdings.event import parse_time
from archtool.holdings.limits import MAX_HEAD_BYTES, MAX_NUMBER_DIGITS

FIRST_LINE = "archtool register head 1"
_FORM = re.compile(
    rf"{FIRST_LINE}\n"
    r"register: (?P<register>[ -~]{1,200})\n"
    rf"event: (?P<number>[1-9][0-9]{{0,{MAX_NUMBER_DIGITS - 1}}})\n"
    r"digest: sha256:(?P<hex>[0-9a-f]{64})\n"
    r"time: (?P<at>[0-9TZ:-]{20})\n",
    re.ASCII,
)


def has_usable_id(statement: HeadStatement) -> bool:
    """Whether the id of the register can stand in the text: one line of printable ASCII."""
    return _FORM.fullmatch(statement.format()) is not None


@dataclass(frozen=True, slots=True)
class HeadStatement:
    """The head of one register at one time."""

    register: str
    """The id of the register."""
    head: RegisterHead
    at: str
    """When it was taken, `2026-11-30T09:00:00Z`."""

    def format(self) -> str:
        """Return the text."""
        return (
            f"{FIRST_LINE}\nregister: {self.register}\nevent: {self.head.number}\n"
            f"digest: sha256:{self.head.hex}\ntime: {self.at}\n"
        )

    @classmethod
    def parse(cls, data: bytes, where: str) -> Self:
        """Read the text; line ends of Windows are accepted, as some mail programs write them.

        Raises:
            InputError: it is not the head of a register.
        """
        text = data[: MAX_HEAD_BYTES + 1].decode("ascii", "replace").replace("\r\n", "\n")
        found = _FORM.fullmatch(text)
        if found is None:
            raise InputError(
                f"{where} is not the head of a register",
                hint="give a file that `archtool holdings head --output` made",
            )
        parse_time(found["at"])
        return cls(found["register"], RegisterHead(int(found["number"]), found["hex"]), found["at"])
