"""A key is trusted under its comment only beside its private half."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)

from command_line import archtool
from packages import ARCHIVIST, write_key


def as_pem(key: Path) -> bytes:
    private = load_ssh_private_key(key.read_bytes(), None)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_the_private_half_can_be_in_another_format(tmp_path: Path) -> None:
    key = write_key(tmp_path)
    key.write_bytes(as_pem(key))
    seen = archtool("keys", "trust", key.with_suffix(".pub"))
    assert seen.code == 0, seen.said()
    assert seen.out.startswith(f"{ARCHIVIST} ")


@pytest.mark.parametrize("other", [b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", None])
def test_a_file_that_is_not_the_private_half_confirms_nothing(tmp_path: Path, other: bytes | None) -> None:
    key = write_key(tmp_path)
    (tmp_path / "other").mkdir()
    key.write_bytes(other if other is not None else as_pem(write_key(tmp_path / "other", "b@example.org")))
    seen = archtool("keys", "trust", key.with_suffix(".pub"))
    assert (seen.code, seen.out) == (2, "")
    assert "is not used as a name without your confirmation" in seen.said()
