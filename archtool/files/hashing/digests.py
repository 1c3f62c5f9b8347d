"""Digest algorithms, and digests as values: parsed and checked once, then trusted."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from enum import Enum
from functools import cached_property
from typing import NamedTuple, Protocol, Self

from archtool.errors import InputError


class Hasher(Protocol):
    """The interface of `hashlib`'s hash objects."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Add more bytes."""

    def digest(self) -> bytes:
        """Return the digest of all bytes that were added."""

    def hexdigest(self) -> str:
        """Return the digest of all bytes that were added, in lower-case hexadecimal."""

    def copy(self) -> Self:
        """Return a second hasher with the same state."""


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
        """Parse an algorithm's name as people write it: `SHA-512`, `sha512`.

        Raises:
            InputError: the algorithm is unknown.
        """
        if name in _NAMED:  # as archtool writes it
            return _NAMED[name]
        plain = name.strip().lower().replace("-", "").replace("_", "")
        aliases = {"blake2b": "blake2b512", "blake2s": "blake2s256"}
        try:
            return cls(aliases.get(plain, plain))
        except ValueError:
            known = ", ".join(a.value for a in cls)
            raise InputError(f"unknown digest algorithm: {name!r}", hint=f"use one of: {known}") from None

    # cached: they are used for every file
    @cached_property
    def hex_length(self) -> int:
        """The number of hexadecimal digits of a digest."""
        return self.hasher_size_bytes * 2

    @cached_property
    def hasher_size_bytes(self) -> int:
        """The number of bytes of a digest."""
        return _SIZES_BYTES[self]

    @property
    def is_weak(self) -> bool:
        """Whether collisions can be made: the digests find accidents and do not prove authenticity."""
        return self in (Algorithm.MD5, Algorithm.SHA1)

    def hasher(self) -> Hasher:
        """Return a new hasher."""
        return hashlib.new(_HASHLIB_NAMES.get(self, self.value), usedforsecurity=False)

    @cached_property
    def hash_at_once(self) -> Callable[[bytes], Hasher]:
        """A function that hashes bytes and returns their hasher: one call where `hasher` needs three."""
        fresh = self.hasher()

        def hash_data(data: bytes) -> Hasher:
            hasher = fresh.copy()  # a new one takes three times as long: hashlib looks up its name
            hasher.update(data)
            return hasher

        return hash_data

    # each member exists once; Enum's own hash is written in Python, and digests are looked up for every file
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
        """Parse `sha256:9f86…`.

        Raises:
            InputError: not of that form, an unknown algorithm, or the wrong number of digits.
        """
        name, colon, value = text.partition(":")
        if not colon:
            raise InputError(f"not a digest: {text!r}", hint="write it as algorithm:hexadecimal")
        return cls.of(Algorithm.parse(name), value)

    @classmethod
    def of(cls, algorithm: Algorithm, value: str) -> Digest:
        """Make a digest of a hexadecimal value in upper or lower case (RFC 8493 §2.1.3).

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
        """The first and last digits, for a message."""
        return f"{self.hex[:8]}…{self.hex[-4:]}"

    def matches(self, other: Digest) -> bool:
        """Return whether algorithm and value are equal."""
        return self.algorithm is other.algorithm and hmac.compare_digest(self.hex, other.hex)


def is_hex_of(algorithm: Algorithm, lower: str) -> bool:
    """Return whether a lower-case text has the form of a digest of an algorithm."""
    return len(lower) == algorithm.hex_length and _HEX.issuperset(lower)


def digest_bytes(algorithm: Algorithm, data: bytes) -> Digest:
    """Return the digest of bytes that are already in memory (tag files, never payload)."""
    return Digest(algorithm, algorithm.hash_at_once(data).hexdigest())
