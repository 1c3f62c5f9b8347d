from __future__ import annotations

import base64
from pathlib import Path

import pytest

from archtool.errors import InputError
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.wire import pack_mpint, pack_string
from unit.attestations.trust_builders import fixed_key, make_key_file, needs_ssh_keygen, ssh_keygen

LINE = fixed_key("archivist").public.format_public_line()


def line_of(*parts: bytes) -> str:
    blob = b"".join(parts)
    size = int.from_bytes(blob[:4], "big")
    return f"{blob[4 : 4 + size].decode()} {base64.b64encode(blob).decode()}"


@needs_ssh_keygen
@pytest.mark.parametrize(
    "options",
    [
        ("-t", "ed25519"),
        ("-t", "ecdsa", "-b", "256"),
        ("-t", "ecdsa", "-b", "521"),
        ("-t", "rsa", "-b", "2048"),
    ],
)
def test_a_fingerprint_equals_the_one_of_ssh_keygen(tmp_path: Path, options: tuple[str, ...]) -> None:
    path = make_key_file(tmp_path, *options).with_suffix(".pub")
    key = PublicKey.parse_public_line(path.read_text())
    shown = ssh_keygen("-l", "-f", path).stdout.decode().split()
    assert (key.fingerprint, key.comment) == (shown[1], shown[2])
    assert key.format_public_line() == path.read_text()


def test_a_key_of_unknown_type_is_kept_unchanged() -> None:
    key = PublicKey.parse_public_line(line_of(pack_string(b"ssh-future"), b"anything") + " name@example.org")
    assert (key.key_type, key.parts, key.comment) == ("ssh-future", None, "name@example.org")


def test_the_comment_is_not_part_of_a_key_s_identity() -> None:
    key = PublicKey.parse_public_line(LINE)
    assert PublicKey.from_blob(key.blob).fingerprint == key.fingerprint


def test_a_comment_cannot_add_a_line() -> None:
    key = PublicKey(fixed_key("archivist").public.blob, "a\nssh-rsa AAAA")
    assert key.format_public_line().count("\n") == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not one public key"),
        (LINE * 2, "not one public key"),
        (LINE.strip() + "x" * 70_000, "not one public key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\n", "a private key; a public key is needed"),
        ("---- BEGIN SSH2 PUBLIC KEY ----\n", "a format other than OpenSSH's"),
        ("-----BEGIN PUBLIC KEY-----\n", "a format other than OpenSSH's"),
        ("hello", "is not a public key"),
        (LINE.replace("ssh-ed25519 ", "ssh-rsa "), "the key is not of the type"),
        (LINE.replace("AAAA", "AAA!"), "not base64"),
        (line_of(pack_string(b"ssh-ed25519"), pack_string(b"x" * 31)), "has 32 bytes"),
        (line_of(pack_string(b"ssh-ed25519"), pack_string(b"x" * 32), b"y"), "1 bytes after its end"),
        (line_of(pack_string(b"ssh-rsa"), pack_mpint(3)), "cut short"),
        (
            line_of(pack_string(b"ecdsa-sha2-nistp256"), pack_string(b"nistp384"), pack_string(b"\4" * 65)),
            "not a point on the curve nistp256",
        ),
        (
            line_of(pack_string(b"ecdsa-sha2-nistp256"), pack_string(b"nistp256"), pack_string(b"\2" * 65)),
            "not a point on the curve nistp256",
        ),
    ],
)
def test_a_line_that_is_no_public_key_is_refused_with_the_reason(text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        PublicKey.parse_public_line(text, "archivist.pub")


def test_a_blob_with_an_empty_type_is_refused() -> None:
    with pytest.raises(InputError, match="not a key type"):
        PublicKey.from_blob(pack_string(b"") + b"rest")
