"""Digests and their algorithms: one value, parsed at the door and trusted inside."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from enum import Enum
from functools import cached_property
from typing import NamedTuple, Protocol, Self

from archtool.errors import InputError


class Hasher(Protocol):
    """What `hashlib` gives us."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Take in more bytes."""

    def digest(self) -> bytes:
        """The digest of all that was taken in."""

    def hexdigest(self) -> str:
        """The digest of all that was taken in, in lower-case hexadecimal."""

    def copy(self) -> Self:
        """Another one that has taken in the same."""


class Algorithm(Enum):
    """The algorithms that archtool reads; the value is the name in a manifest's file name.

    Source: RFC 8493 §2.4 (sha256 and sha512 must be supported, sha512 is the default).
    """

    MD5 = "md5"
    SHA1 = "sha1"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"
    SHA3_256 = "sha3256"
    SHA3_512 = "sha3512"
    BLAKE2B = "blake2b512"
    BLAKE2S = "blake2s256"

    @classmethod
    def parse(cls, name: str) -> Algorithm:
        """Read an algorithm's name as people write it: `SHA-512`, `sha512`.

        Raises:
            InputError: no such algorithm is known here.
        """
        if name in _NAMED:  # as we write it ourselves
            return _NAMED[name]
        plain = name.strip().lower().replace("-", "").replace("_", "")
        aliases = {"blake2b": "blake2b512", "blake2s": "blake2s256"}
        try:
            return cls(aliases.get(plain, plain))
        except ValueError:
            known = ", ".join(a.value for a in cls)
            raise InputError(f"unknown digest algorithm: {name!r}", hint=f"use one of: {known}") from None

    # remembered: these are asked for with every file
    @cached_property
    def hex_length(self) -> int:
        """How many hexadecimal digits a digest of this algorithm has."""
        return self.hasher_size_bytes * 2

    @cached_property
    def hasher_size_bytes(self) -> int:
        """How many bytes a digest of this algorithm has."""
        return _SIZES_BYTES[self]

    @property
    def is_weak(self) -> bool:
        """Whether collisions can be made: fit to find accidents, not to prove authenticity."""
        return self in (Algorithm.MD5, Algorithm.SHA1)

    def hasher(self) -> Hasher:
        """A fresh hasher."""
        return hashlib.new(_HASHLIB_NAMES.get(self, self.value), usedforsecurity=False)

    @cached_property
    def hash_at_once(self) -> Callable[[bytes], Hasher]:
        """What takes in bytes and is their hasher: one call where `hasher` needs three."""
        fresh = self.hasher()

        def take_in(data: bytes) -> Hasher:
            hasher = fresh.copy()  # a new one takes three times as long: the library is searched for it
            hasher.update(data)
            return hasher

        return take_in

    # each is there once; Enum's own is written in Python, and digests are looked up for every file
    __hash__ = object.__hash__


_NAMED = {algorithm.value: algorithm for algorithm in Algorithm}
_HASHLIB_NAMES = {
    Algorithm.SHA3_256: "sha3_256",
    Algorithm.SHA3_512: "sha3_512",
    Algorithm.BLAKE2B: "blake2b",
    Algorithm.BLAKE2S: "blake2s",
}
_SIZES_BYTES = {
    Algorithm.MD5: 16,
    Algorithm.SHA1: 20,
    Algorithm.SHA224: 28,
    Algorithm.SHA256: 32,
    Algorithm.SHA384: 48,
    Algorithm.SHA512: 64,
    Algorithm.SHA3_256: 32,
    Algorithm.SHA3_512: 64,
    Algorithm.BLAKE2B: 64,
    Algorithm.BLAKE2S: 32,
}
DEFAULT_ALGORITHM = Algorithm.SHA512
_HEX = frozenset("0123456789abcdef")


class Digest(NamedTuple):
    """One digest: the algorithm and its value in lower-case hexadecimal."""

    algorithm: Algorithm
    hex: str

    @classmethod
    def parse(cls, text: str) -> Digest:
        """Read `sha256:9f86…`.

        Raises:
            InputError: not of that form, an unknown algorithm, or the wrong number of digits.
        """
        name, colon, value = text.partition(":")
        if not colon:
            raise InputError(f"not a digest: {text!r}", hint="write it as algorithm:hexadecimal")
        return cls.of(Algorithm.parse(name), value)

    @classmethod
    def of(cls, algorithm: Algorithm, value: str) -> Digest:
        """Take a hexadecimal value in either case (RFC 8493 §2.1.3).

        Raises:
            InputError: not hexadecimal, or the wrong number of digits for the algorithm.
        """
        lower = value.lower()
        if not is_hex_of(algorithm, lower):
            raise InputError(
                f"not a {algorithm.value} digest: {value[:80]!r} "
                f"(expected {algorithm.hex_length} hexadecimal digits, found {len(value)} characters)"
            )
        return cls(algorithm, lower)

    def __str__(self) -> str:
        return f"{self.algorithm.value}:{self.hex}"

    @property
    def short(self) -> str:
        """First and last digits, for a message that a person reads."""
        return f"{self.hex[:8]}…{self.hex[-4:]}"

    def matches(self, other: Digest) -> bool:
        """Whether both say the same of the same bytes."""
        return self.algorithm is other.algorithm and hmac.compare_digest(self.hex, other.hex)


def is_hex_of(algorithm: Algorithm, lower: str) -> bool:
    """Whether this lower-case text has the form of a digest of that algorithm."""
    return len(lower) == algorithm.hex_length and _HEX.issuperset(lower)


def digest_bytes(algorithm: Algorithm, data: bytes) -> Digest:
    """The digest of bytes that are already in memory (tag files, never payload)."""
    return Digest(algorithm, algorithm.hash_at_once(data).hexdigest())
