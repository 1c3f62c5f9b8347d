from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.errors import InputError
from archtool.openssh.armour import format_armour, parse_armour
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.keys.signing_key import load_signing_key
from archtool.openssh.raw_signature import SignatureStatus, verify_raw
from archtool.openssh.sshsig import NAMESPACE, SshSignature, sign
from archtool.openssh.wire import pack_mpint, pack_string, pack_uint32
from fido import ECDSA, ED25519, Token
from unit.attestations.trust_builders import ARCHIVIST, fixed_key, make_key_file, needs_ssh_keygen, ssh_keygen

MESSAGE = b"9f86d081  bagit.txt\n"
TYPES = [
    ("-t", "ed25519"),
    ("-t", "ecdsa", "-b", "256"),
    ("-t", "ecdsa", "-b", "384"),
    ("-t", "ecdsa", "-b", "521"),
    ("-t", "rsa", "-b", "3072"),
]
LABEL = "SSH SIGNATURE"


def write_allowed_signers(folder: Path, public: PublicKey) -> Path:
    path = folder / "allowed_signers"
    path.write_text(f"{ARCHIVIST} {public.format_public_line()}")
    return path


def blob_of(**changes: bytes) -> bytes:
    """Return an armoured signature with some of its parts replaced."""
    good = SshSignature.parse(sign(MESSAGE, fixed_key("a")).encode())
    parts = {
        "magic": b"SSHSIG",
        "version": pack_uint32(1),
        "key": pack_string(good.public_key.blob),
        "namespace": pack_string(NAMESPACE.encode()),
        "reserved": pack_string(b""),
        "hash": pack_string(b"sha512"),
        "signature": pack_string(good.signature),
        "after": b"",
    }
    return format_armour(LABEL, b"".join((parts | changes).values())).encode()


@needs_ssh_keygen
@pytest.mark.parametrize("options", TYPES)
def test_ssh_keygen_accepts_signatures_of_archtool(tmp_path: Path, options: tuple[str, ...]) -> None:
    path = make_key_file(tmp_path, *options)
    key = load_signing_key(path.read_bytes(), where="k", ask_passphrase=None)
    signature = tmp_path / "list.sig"
    signature.write_text(sign(MESSAGE, key))
    allowed = write_allowed_signers(tmp_path, key.public)
    verify = ("-Y", "verify", "-f", allowed, "-n", NAMESPACE, "-s", signature)
    answer = ssh_keygen(*verify, "-I", ARCHIVIST, data=MESSAGE)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith(b'Good "archtool" signature')
    assert ssh_keygen(*verify, "-I", ARCHIVIST, data=MESSAGE + b"x").returncode != 0
    assert ssh_keygen(*verify, "-I", "curator@example.org", data=MESSAGE).returncode != 0


@needs_ssh_keygen
@pytest.mark.parametrize("options", TYPES)
@pytest.mark.parametrize("hash_name", ["sha512", "sha256"])
def test_archtool_accepts_signatures_of_ssh_keygen(
    tmp_path: Path, options: tuple[str, ...], hash_name: str
) -> None:
    path = make_key_file(tmp_path, *options)
    signed = ssh_keygen("-Y", "sign", "-f", path, "-n", NAMESPACE, "-O", f"hashalg={hash_name}", data=MESSAGE)
    signature = SshSignature.parse(signed.stdout)
    assert signature.hash_name == hash_name
    assert signature.verify(MESSAGE).is_good
    assert signature.verify(MESSAGE + b"x").status is SignatureStatus.BROKEN
    assert signature.verify(MESSAGE, "file").status is SignatureStatus.WRONG_NAMESPACE


@needs_ssh_keygen
@pytest.mark.parametrize("size_bytes", [0, 1, 100_000])
def test_an_ed25519_signature_is_byte_identical_to_ssh_keygen_s(tmp_path: Path, size_bytes: int) -> None:
    path = make_key_file(tmp_path, "-t", "ed25519")
    message = b"m" * size_bytes
    signed = ssh_keygen("-Y", "sign", "-f", path, "-n", NAMESPACE, data=message)
    key = load_signing_key(path.read_bytes(), where="k", ask_passphrase=None)
    assert sign(message, key).encode() == signed.stdout


@pytest.mark.parametrize("namespace", ["", "a b", "é", "a\n", "x" * 1025])
def test_a_namespace_that_is_not_printable_ascii_is_refused(namespace: str) -> None:
    with pytest.raises(InputError, match="not a namespace"):
        sign(MESSAGE, fixed_key("a"), namespace)


def test_the_reserved_part_of_a_signature_is_ignored_as_in_openssh() -> None:
    assert SshSignature.parse(blob_of(reserved=pack_string(b"later"))).verify(MESSAGE).is_good


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "does not begin with"),
        (b"x" * 70_000, "too large for a signature: 70000 bytes"),
        (blob_of() * 2, "contains two armoured texts"),
        (blob_of(magic=b"SSHSIX"), "not an SSH signature"),
        (blob_of(version=pack_uint32(2)), "of version 2"),
        (blob_of(key=pack_string(b"")), "cut short"),
        (blob_of(namespace=pack_string(b"arch tool")), "not a name at byte"),
        (blob_of(hash=pack_string(b"sha1")), "unknown hash: 'sha1'"),
        (blob_of(after=b"x"), "1 bytes after its end"),
        (blob_of(signature=b"\0\0\1\0abc"), "cut short"),
    ],
)
def test_a_malformed_signature_is_refused_with_the_reason(data: bytes, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        SshSignature.parse(data, "list.sig")


def test_a_signature_file_with_cr_lf_line_ends_verifies() -> None:
    data = blob_of().replace(b"\n", b"\r\n")
    assert SshSignature.parse(data).verify(MESSAGE).is_good


def test_a_message_with_converted_line_ends_does_not_verify() -> None:
    signature = SshSignature.parse(blob_of())
    assert signature.verify(MESSAGE.replace(b"\n", b"\r\n")).status is SignatureStatus.BROKEN


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=255))
def test_a_signature_with_a_changed_byte_is_never_good(position: int, value: int) -> None:
    data = bytearray(blob_of())
    position %= len(data)
    if data[position] == value:
        value = (value + 1) % 256
    data[position] = value
    try:
        is_good = SshSignature.parse(bytes(data)).verify(MESSAGE).is_good
    except InputError:
        is_good = False
    assert not is_good


@given(st.binary(max_size=200))
def test_random_bytes_as_a_signature_are_broken(body: bytes) -> None:
    key = fixed_key("a").public
    assert verify_raw(key, body, MESSAGE).status is SignatureStatus.BROKEN


def rsa_private(bits: int) -> object:
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def rsa_signed(private: object, name: bytes) -> tuple[PublicKey, bytes]:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    numbers = private.public_key().public_numbers()
    digest = {b"ssh-rsa": hashes.SHA1(), b"rsa-sha2-256": hashes.SHA256()}[name]  # noqa: S303 - the test expects a refusal
    body = private.sign(MESSAGE, padding.PKCS1v15(), digest)
    blob = pack_string(b"ssh-rsa") + pack_mpint(numbers.e) + pack_mpint(numbers.n)
    return PublicKey.from_blob(blob), pack_string(name) + pack_string(body)


def test_rsa_with_sha1_and_short_rsa_keys_are_weak_and_rsa_with_sha256_is_good() -> None:
    private = rsa_private(2048)
    assert verify_raw(*rsa_signed(private, b"rsa-sha2-256"), MESSAGE).is_good
    assert verify_raw(*rsa_signed(private, b"ssh-rsa"), MESSAGE).status is SignatureStatus.WEAK
    weak = verify_raw(*rsa_signed(rsa_private(1024), b"rsa-sha2-256"), MESSAGE)
    assert (weak.status, weak.reason) == (
        SignatureStatus.WEAK,
        "an RSA key of 1024 bits is too short: 2048 needed",
    )


def test_a_dsa_key_is_weak() -> None:
    key = PublicKey.from_blob(pack_string(b"ssh-dss") + pack_mpint(1))
    assert verify_raw(key, b"", MESSAGE).status is SignatureStatus.WEAK


def test_a_signature_of_a_type_that_the_key_cannot_make_is_broken() -> None:
    verification = verify_raw(
        fixed_key("a").public, pack_string(b"rsa-sha2-512") + pack_string(b"x"), MESSAGE
    )
    assert verification.status is SignatureStatus.BROKEN
    assert "cannot make a signature of type rsa-sha2-512" in verification.reason


def test_a_signature_by_an_impossible_key_is_broken_and_raises_nothing() -> None:
    even = PublicKey.from_blob(pack_string(b"ssh-rsa") + pack_mpint(2) + pack_mpint(2**2047))
    assert (
        verify_raw(even, pack_string(b"rsa-sha2-512") + pack_string(b"x"), MESSAGE).status
        is SignatureStatus.BROKEN
    )
    name = b"ecdsa-sha2-nistp256"
    nowhere = PublicKey.from_blob(
        pack_string(name) + pack_string(b"nistp256") + pack_string(b"\4" + b"\1" * 64)
    )
    body = pack_mpint(1) + pack_mpint(1)
    verification = verify_raw(nowhere, pack_string(name) + pack_string(body), MESSAGE)
    assert verification.status is SignatureStatus.BROKEN


@pytest.mark.parametrize("key_type", [ED25519, ECDSA])
def test_signatures_of_fido_tokens_are_verified(key_type: str) -> None:
    token = Token(key_type)
    signature = token.sign_raw(MESSAGE)
    assert verify_raw(token.public, signature, MESSAGE).is_good
    assert verify_raw(token.public, signature, MESSAGE + b"x").status is SignatureStatus.BROKEN
    replayed = signature[:-1] + bytes([signature[-1] + 1])
    assert verify_raw(token.public, replayed, MESSAGE).status is SignatureStatus.BROKEN


def test_a_webauthn_signature_is_unsupported_not_broken() -> None:
    blob = pack_string(b"sk-ecdsa-sha2-nistp256@openssh.com") + pack_string(b"nistp256")
    key = PublicKey.from_blob(blob + pack_string(b"\4" * 65) + pack_string(b"ssh:"))
    signature = (
        pack_string(b"webauthn-sk-ecdsa-sha2-nistp256@openssh.com") + pack_string(b"x") + b"\1\0\0\0\7"
    )
    assert verify_raw(key, signature, MESSAGE).status is SignatureStatus.UNSUPPORTED


def test_the_armour_of_a_signature_contains_its_blob() -> None:
    assert parse_armour(LABEL, blob_of(), "x").startswith(b"SSHSIG\0\0\0\1")
