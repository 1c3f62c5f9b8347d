"""Signatures of FIDO tokens, and certificates for and by them: archtool compared with `ssh-keygen`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.errors import InputError
from archtool.openssh.keys.certificate_check import check_certificate
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.sshsig import NAMESPACE, RawSigner, SshSignature, sign
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.wire import pack_string
from fido import ECDSA, ED25519, TOUCHED, VERIFIED_USER, Token
from packages import ARCHIVIST, needs_ssh_keygen
from unit.attestations.trust_builders import fixed_key, ssh_keygen
from unit.openssh.certificate_builder import Certified, Draft, pack_options

pytestmark = needs_ssh_keygen
MESSAGE = b"9f86d081  bagit.txt\n"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
both_types = pytest.mark.parametrize("key_type", [ED25519, ECDSA])


class Garbled:
    """Signs like a token, with one changed byte in the signature, counted from the end."""

    def __init__(self, token: Token, from_end: int, change: int = 1) -> None:
        self.public, self._token, self._from_end, self._change = token.public, token, from_end, change

    def sign_raw(self, data: bytes) -> bytes:
        answer = bytearray(self._token.sign_raw(data))
        answer[-self._from_end] ^= self._change
        return bytes(answer)


class Cut:
    """Signs like a token, without the counter."""

    def __init__(self, token: Token) -> None:
        self.public, self._token = token.public, token

    def sign_raw(self, data: bytes) -> bytes:
        return self._token.sign_raw(data)[:-4]


def answers(folder: Path, signer: RawSigner, line: str) -> tuple[bool, bool]:
    """Return whether `ssh-keygen` accepts the signature, and whether archtool does."""
    (folder / "signers").write_text(line)
    (folder / "list.sig").write_text(sign(MESSAGE, signer))
    run = ssh_keygen(
        *("-Y", "verify", "-f", folder / "signers", "-I", ARCHIVIST, "-n", NAMESPACE),
        *("-s", folder / "list.sig", "-O", f"verify-time={NOW:%Y%m%d%H%M%S}Z"),
        data=MESSAGE,
    )
    return run.returncode == 0, is_accepted(folder)


def is_accepted(folder: Path) -> bool:
    signature = SshSignature.parse((folder / "list.sig").read_bytes())
    certificate = signature.public_key.certificate
    allowed = AllowedSigners.parse((folder / "signers").read_text(), "signers")
    return (
        signature.verify(MESSAGE).is_good
        and (certificate is None or check_certificate(signature, certificate) is None)
        and allowed.find(signature.public_key, NAMESPACE, NOW, ARCHIVIST).is_trusted
    )


def plain_line(key: PublicKey) -> str:
    return f"{ARCHIVIST} {key.format_public_line()}"


def authority_line(key: PublicKey) -> str:
    return f"*@example.org cert-authority {key.format_public_line()}"


@both_types
def test_the_signature_of_a_token_is_accepted_by_both(tmp_path: Path, key_type: str) -> None:
    token = Token(key_type)
    assert answers(tmp_path, token, plain_line(token.public)) == (True, True)
    assert not SshSignature.parse((tmp_path / "list.sig").read_bytes()).verify(MESSAGE + b"x").is_good


@both_types
@pytest.mark.parametrize("application", [b"ssh:archive", b"ssh:\xc3\xa9"])
def test_a_token_s_key_for_another_application_is_accepted_by_both(
    tmp_path: Path, key_type: str, application: bytes
) -> None:
    token = Token(key_type, application)
    assert answers(tmp_path, token, plain_line(token.public)) == (True, True)


@both_types
@pytest.mark.parametrize("flags", [0, VERIFIED_USER])
def test_a_token_that_was_not_touched_is_accepted_by_both(tmp_path: Path, key_type: str, flags: int) -> None:
    """The key decides whether a touch is required, when it is made (`no-touch-required`)."""
    token = Token(key_type, flags=flags)
    assert answers(tmp_path, token, plain_line(token.public)) == (True, True)


@both_types
@pytest.mark.parametrize("from_end", [1, 4, 5, 6, 20])
def test_a_changed_flag_counter_or_signature_of_a_token_is_refused_by_both(
    tmp_path: Path, key_type: str, from_end: int
) -> None:
    token = Token(key_type)
    assert answers(tmp_path, Garbled(token, from_end), plain_line(token.public)) == (False, False)


@both_types
def test_a_presence_flag_that_was_set_afterwards_is_refused_by_both(tmp_path: Path, key_type: str) -> None:
    token = Token(key_type, flags=0)
    assert answers(tmp_path, Garbled(token, 5, TOUCHED), plain_line(token.public)) == (False, False)


@both_types
def test_the_signature_of_a_token_without_its_counter_is_refused_by_both(
    tmp_path: Path, key_type: str
) -> None:
    token = Token(key_type)
    assert answers(tmp_path, Cut(token), plain_line(token.public)) == (False, False)


@both_types
def test_a_certificate_for_a_token_is_accepted_by_both(tmp_path: Path, key_type: str) -> None:
    token, authority = Token(key_type), fixed_key("authority")
    signer = Certified(token, Draft(token.public, authority).public())
    assert answers(tmp_path, signer, authority_line(authority.public)) == (True, True)
    assert signer.public.key_type == key_type.replace("@", "-cert-v01@")


@both_types
def test_a_certificate_by_an_authority_that_is_a_token_is_accepted_by_both(
    tmp_path: Path, key_type: str
) -> None:
    authority, key = Token(key_type), fixed_key(ARCHIVIST)
    signer = Certified(key, Draft(key.public, authority).public())
    assert answers(tmp_path, signer, authority_line(authority.public)) == (True, True)


@both_types
@pytest.mark.parametrize(
    ("flags", "expected"), [(TOUCHED, False), (VERIFIED_USER, True), (TOUCHED | VERIFIED_USER, True)]
)
def test_a_certificate_that_requires_a_pin_is_accepted_by_archtool_with_a_pin_only(
    tmp_path: Path, key_type: str, flags: int, expected: bool
) -> None:
    """`ssh-keygen -Y verify` ignores the requirement; sshd enforces it."""
    token, authority = Token(key_type, flags=flags), fixed_key("authority")
    draft = Draft(token.public, authority, critical=pack_options({"verify-required": b""}))
    signer = Certified(token, draft.public())
    assert answers(tmp_path, signer, authority_line(authority.public)) == (True, expected)


def test_a_key_in_a_file_never_meets_the_requirement_of_a_pin(tmp_path: Path) -> None:
    key, authority = fixed_key(ARCHIVIST), fixed_key("authority")
    draft = Draft(key.public, authority, critical=pack_options({"verify-required": b""}))
    assert answers(tmp_path, Certified(key, draft.public()), authority_line(authority.public)) == (
        True,
        False,
    )


@both_types
def test_a_token_s_key_without_an_application_is_damaged(key_type: str) -> None:
    token = Token(key_type)
    blob = token.public.blob[: -len(pack_string(b"ssh:"))]
    with pytest.raises(InputError, match="cut short"):
        PublicKey.from_blob(blob)
