"""The SSH wire format: how OpenSSH packs numbers and strings into keys and signatures.

This file knows bytes only: neither keys nor trust. A reader never goes past the end of what it was given,
and refuses a second way of writing the same number, so that one key has one fingerprint.

Source: RFC 4251 §5.
"""

from __future__ import annotations

import re

from archtool.errors import InputError

MAX_MPINT_BYTES = 16384 // 8 + 1  # OpenSSH's own bound on a number (16384 bits) and its sign byte
MAX_TEXT_BYTES = 1024  # names of types, curves, hashes and namespaces: longer ones are damage
UINT32_BYTES = 4
UINT64_BYTES = 8
_SIGN_BIT = 0x80
_VISIBLE = re.compile(rb"[!-~]*")


def pack_uint32(number: int) -> bytes:
    """Four bytes, the most significant first."""
    return number.to_bytes(UINT32_BYTES, "big")


def pack_string(value: bytes) -> bytes:
    """The length, then the bytes."""
    return pack_uint32(len(value)) + value


def pack_mpint(number: int) -> bytes:
    """A number that is not negative, in as few bytes as hold it with a zero sign bit."""
    size_bytes = number.bit_length() // 8 + 1 if number else 0
    return pack_string(number.to_bytes(size_bytes, "big"))


class WireReader:
    """Reads one value after the other.

    `where` names the thing that is read, for messages. Every method raises `InputError` when the bytes
    end too early or do not have the form that is asked for.
    """

    __slots__ = ("_data", "_offset", "_where")

    def __init__(self, data: bytes, where: str) -> None:
        self._data = data
        self._offset = 0
        self._where = where

    @property
    def rest(self) -> bytes:
        """The bytes that were not read yet; reading them here does not move on."""
        return self._data[self._offset :]

    @property
    def rest_bytes(self) -> int:
        """How many they are."""
        return len(self._data) - self._offset

    def take(self, size_bytes: int) -> bytes:
        """So many bytes as they stand."""
        end = self._offset + size_bytes
        if end > len(self._data):
            raise InputError(
                f"{self._where} is cut short: {size_bytes} bytes expected at byte {self._offset}, "
                f"{len(self._data) - self._offset} found"
            )
        taken = self._data[self._offset : end]
        self._offset = end
        return taken

    def byte(self) -> int:
        """One byte as a number."""
        return self.take(1)[0]

    def uint32(self) -> int:
        """A number of four bytes."""
        return int.from_bytes(self.take(UINT32_BYTES), "big")

    def uint64(self) -> int:
        """A number of eight bytes."""
        return int.from_bytes(self.take(UINT64_BYTES), "big")

    def string(self) -> bytes:
        """Bytes with their length before them."""
        return self.take(self.uint32())

    def text(self) -> str:
        """A short name: printable ASCII, at most `MAX_TEXT_BYTES` long."""
        start = self._offset
        value = self.string()
        if len(value) > MAX_TEXT_BYTES or not _VISIBLE.fullmatch(value):
            raise InputError(f"{self._where} is damaged: no readable name at byte {start}: {value[:40]!r}")
        return value.decode("ascii")

    def mpint(self) -> int:
        """A number of any size up to `MAX_MPINT_BYTES`: not negative, written in its shortest form."""
        start = self._offset
        value = self.string()
        if len(value) > MAX_MPINT_BYTES or (len(value) == MAX_MPINT_BYTES and value[0]):
            raise InputError(f"{self._where} has a number of {len(value)} bytes at byte {start}")
        if value and (value[0] & _SIGN_BIT or (value[0] == 0 and not (value[1:2] and value[1] & _SIGN_BIT))):
            raise InputError(
                f"{self._where} has a number that is not in its one allowed form at byte {start}"
            )
        return int.from_bytes(value, "big")

    def end(self) -> None:
        """Say that nothing may follow."""
        if self.rest:
            raise InputError(f"{self._where} has {len(self.rest)} bytes after its end")
