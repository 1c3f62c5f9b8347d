"""Reads and writes the SSH wire format, which packs the numbers and strings of keys and signatures.

The module knows neither keys nor trust. The reader never reads past the end of its data and accepts only one
form of each number, so that one key has one fingerprint.

Source: RFC 4251 §5.
"""

from __future__ import annotations

import re

from archtool.errors import InputError
from archtool.openssh.limits import MAX_MPINT_BYTES, MAX_TEXT_BYTES

UINT32_BYTES = 4
UINT64_BYTES = 8
_SIGN_BIT = 0x80
_VISIBLE = re.compile(rb"[!-~]*")


def pack_uint32(number: int) -> bytes:
    """Return a number as four bytes, big-endian."""
    return number.to_bytes(UINT32_BYTES, "big")


def pack_string(value: bytes) -> bytes:
    """Return bytes preceded by their length."""
    return pack_uint32(len(value)) + value


def pack_mpint(number: int) -> bytes:
    """Return a non-negative number in the fewest bytes that keep the sign bit zero."""
    size_bytes = number.bit_length() // 8 + 1 if number else 0
    return pack_string(number.to_bytes(size_bytes, "big"))


class WireReader:
    """Reads values one after another.

    `where` names the source of the data, for messages. Every method raises `InputError` if the data ends too
    early or does not have the requested form.
    """

    __slots__ = ("_data", "_offset", "_where")

    def __init__(self, data: bytes, where: str) -> None:
        self._data = data
        self._offset = 0
        self._where = where

    @property
    def rest(self) -> bytes:
        """The unread bytes; this does not change the position."""
        return self._data[self._offset :]

    @property
    def rest_bytes(self) -> int:
        """The number of unread bytes."""
        return len(self._data) - self._offset

    def read(self, size_bytes: int) -> bytes:
        """Read the given number of bytes."""
        end = self._offset + size_bytes
        if end > len(self._data):
            raise InputError(
                f"{self._where} is cut short: {size_bytes} bytes expected at byte {self._offset}, "
                f"{len(self._data) - self._offset} found"
            )
        value = self._data[self._offset : end]
        self._offset = end
        return value

    def byte(self) -> int:
        """Read one byte as a number."""
        return self.read(1)[0]

    def uint32(self) -> int:
        """Read a number of four bytes."""
        return int.from_bytes(self.read(UINT32_BYTES), "big")

    def uint64(self) -> int:
        """Read a number of eight bytes."""
        return int.from_bytes(self.read(UINT64_BYTES), "big")

    def string(self) -> bytes:
        """Read bytes that are preceded by their length."""
        return self.read(self.uint32())

    def text(self) -> str:
        """Read a short name: printable ASCII without spaces, at most `MAX_TEXT_BYTES` long."""
        start = self._offset
        value = self.string()
        if len(value) > MAX_TEXT_BYTES or not _VISIBLE.fullmatch(value):
            raise InputError(f"{self._where} is damaged: not a name at byte {start}: {value[:40]!r}")
        return value.decode("ascii")

    def mpint(self) -> int:
        """Read a non-negative number in its shortest form, of at most `MAX_MPINT_BYTES`."""
        start = self._offset
        value = self.string()
        if len(value) > MAX_MPINT_BYTES or (len(value) == MAX_MPINT_BYTES and value[0]):
            raise InputError(f"{self._where} has a number of {len(value)} bytes at byte {start}")
        if value and (value[0] & _SIGN_BIT or (value[0] == 0 and not (value[1:2] and value[1] & _SIGN_BIT))):
            raise InputError(
                f"{self._where} has a number that is negative or not in its shortest form at byte {start}"
            )
        return int.from_bytes(value, "big")

    def end(self) -> None:
        """Check that no bytes are left."""
        if self.rest:
            raise InputError(f"{self._where} has {len(self.rest)} bytes after its end")
