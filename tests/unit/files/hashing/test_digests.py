from __future__ import annotations

import hashlib
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.hashing.file_record import FileRecord


@pytest.mark.parametrize(
    ("written", "algorithm"),
    [("SHA-512", Algorithm.SHA512), (" sha512 ", Algorithm.SHA512), ("sha3_256", Algorithm.SHA3_256),
     ("BLAKE2b", Algorithm.BLAKE2B), ("blake2s-256", Algorithm.BLAKE2S), ("md5", Algorithm.MD5)],
)  # fmt: skip
def test_an_algorithm_is_read_as_people_write_it(written: str, algorithm: Algorithm) -> None:
    assert Algorithm.parse(written) is algorithm


def test_an_unknown_algorithm_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(InputError, match="'crc32'") as refused:
        Algorithm.parse("crc32")
    assert "sha512" in str(refused.value.hint)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_every_algorithm_returns_digests_of_its_stated_length(algorithm: Algorithm) -> None:
    taken = digest_bytes(algorithm, b"letter")
    assert len(taken.hex) == algorithm.hex_length
    assert Digest.parse(str(taken)) == taken


def test_only_md5_and_sha1_are_weak() -> None:
    assert {a for a in Algorithm if a.is_weak} == {Algorithm.MD5, Algorithm.SHA1}


@given(st.binary())
def test_digests_are_those_of_hashlib(data: bytes) -> None:
    assert digest_bytes(Algorithm.SHA256, data).hex == hashlib.sha256(data).hexdigest()


def test_a_digest_in_upper_case_is_the_same_digest() -> None:
    taken = digest_bytes(Algorithm.SHA256, b"letter")
    assert Digest.of(Algorithm.SHA256, taken.hex.upper()).matches(taken)


@pytest.mark.parametrize("text", ["9f86", "sha256:9f86", "sha256:" + "g" * 64, "crc32:00", "md5:" + "٠" * 32])
def test_a_malformed_digest_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        Digest.parse(text)


def test_digests_of_two_algorithms_never_match() -> None:
    assert not Digest(Algorithm.SHA256, "0" * 64).matches(Digest(Algorithm.BLAKE2S, "0" * 64))


def test_a_digest_has_a_short_form() -> None:
    assert Digest(Algorithm.MD5, "0123456789abcdef" * 2).short == "01234567…cdef"


def test_a_record_returns_its_digests_and_can_be_pickled() -> None:
    record = FileRecord("data/a", 1, (digest_bytes(Algorithm.MD5, b"a"), digest_bytes(Algorithm.SHA1, b"a")))
    again = pickle.loads(pickle.dumps(record))  # noqa: S301 - our own bytes
    assert again.digest(Algorithm.SHA1) == digest_bytes(Algorithm.SHA1, b"a")
