from __future__ import annotations

import base64
from pathlib import Path

import pytest

from archtool.errors import InputError
from archtool.openssh.armour import format_armour, parse_armour
from archtool.openssh.keys.new_key import generate_key
from archtool.openssh.keys.private_key_file import LABEL, PrivatePart, format_container
from archtool.openssh.keys.signing_key import load_signing_key
from archtool.openssh.sshsig import SshSignature, sign
from archtool.openssh.wire import pack_string, pack_uint32
from unit.attestations.trust_builders import ARCHIVIST, fixed_key, make_key_file, needs_ssh_keygen, ssh_keygen
from unit.openssh.certificate_builder import draft

SECRET = b"correct horse"


def write_key(folder: Path, text: bytes) -> Path:
    path = folder / "key"
    path.write_bytes(text)
    path.chmod(0o600)
    return path


def container(
    cipher: bytes = b"none",
    kdf: bytes = b"none",
    options: bytes = b"",
    count: int = 1,
    sealed: bytes = b"",
    magic: bytes = b"openssh-key-v1\0",
) -> bytes:
    head = magic + pack_string(cipher) + pack_string(kdf) + pack_string(options) + pack_uint32(count)
    blob = head + pack_string(fixed_key("a").public.blob) + pack_string(sealed)
    return format_armour(LABEL, blob).encode()


def load(data: bytes, passphrase: bytes | None = None) -> object:
    ask = None if passphrase is None else [passphrase].pop  # a second prompt would raise IndexError
    return load_signing_key(data, where="my key", ask_passphrase=ask)


@needs_ssh_keygen
@pytest.mark.parametrize("passphrase", [None, SECRET])
def test_a_new_key_is_read_by_ssh_keygen_with_its_comment(tmp_path: Path, passphrase: bytes | None) -> None:
    new = generate_key(ARCHIVIST, passphrase)
    path = write_key(tmp_path, new.private_text)
    printed = ssh_keygen("-y", "-P", (passphrase or b"").decode(), "-f", path)
    assert printed.stdout.decode().strip() == new.public_line.strip()
    assert new.public_line.endswith(f" {ARCHIVIST}\n")
    assert new.fingerprint in ssh_keygen("-l", "-f", path).stdout.decode()


@needs_ssh_keygen
def test_ssh_keygen_refuses_a_new_key_with_the_wrong_passphrase(tmp_path: Path) -> None:
    path = write_key(tmp_path, generate_key(ARCHIVIST, SECRET).private_text)
    refused = ssh_keygen("-y", "-P", "wrong", "-f", path)
    assert refused.returncode != 0
    assert b"incorrect passphrase" in refused.stderr


def test_a_new_key_can_be_loaded_with_its_comment() -> None:
    new = generate_key(ARCHIVIST, SECRET)
    key = load_signing_key(new.private_text, where="k", ask_passphrase=lambda: SECRET)
    assert (key.public.fingerprint, key.public.comment) == (new.fingerprint, ARCHIVIST)
    assert "private" not in repr(key).replace("_private", "")
    assert new.private_text.decode() not in repr(new)


def test_two_new_keys_differ() -> None:
    assert generate_key("a", None).fingerprint != generate_key("a", None).fingerprint


@pytest.mark.parametrize("comment", ["a\nb", "a\0b", "\udcff"])
def test_a_new_key_refuses_a_comment_that_breaks_its_line(comment: str) -> None:
    with pytest.raises(InputError, match="control characters"):
        generate_key(comment, None)


@pytest.mark.parametrize("passphrase", [b"", b"x" * 4097])
def test_a_new_key_refuses_an_empty_or_oversized_passphrase(passphrase: bytes) -> None:
    with pytest.raises(InputError, match="passphrase"):
        generate_key("a", passphrase)


@needs_ssh_keygen
@pytest.mark.parametrize("cipher", ["aes256-ctr", "aes128-ctr", "aes192-cbc"])
def test_an_encrypted_key_of_ssh_keygen_is_decrypted(tmp_path: Path, cipher: str) -> None:
    path = make_key_file(tmp_path, "-t", "ed25519", "-Z", cipher, passphrase=SECRET.decode())
    key = load_signing_key(path.read_bytes(), where="k", ask_passphrase=lambda: SECRET)
    assert key.public.comment == ARCHIVIST
    with pytest.raises(InputError, match="wrong passphrase for my key"):
        load(path.read_bytes(), b"wrong")
    with pytest.raises(InputError, match="wrong passphrase for my key: it is empty"):
        load(path.read_bytes(), b"")
    with pytest.raises(InputError, match="no terminal to prompt"):
        load(path.read_bytes())


@needs_ssh_keygen
def test_an_unsupported_cipher_is_refused_with_the_command_that_changes_it(tmp_path: Path) -> None:
    path = make_key_file(
        tmp_path, "-t", "ed25519", "-Z", "chacha20-poly1305@openssh.com", passphrase="secret"
    )
    with pytest.raises(InputError, match="chacha20") as caught:
        load(path.read_bytes(), b"secret")
    assert "ssh-keygen -p -Z aes256-ctr" in str(caught.value.hint)


@needs_ssh_keygen
@pytest.mark.parametrize("options", [("-t", "ecdsa", "-b", "384"), ("-t", "rsa", "-b", "3072")])
@pytest.mark.parametrize("passphrase", ["", "secret"])
@pytest.mark.parametrize("form", ["PEM", "PKCS8"])
def test_a_pem_key_can_sign(tmp_path: Path, options: tuple[str, ...], passphrase: str, form: str) -> None:
    path = make_key_file(tmp_path, *options, "-m", form, passphrase=passphrase)
    key = load_signing_key(path.read_bytes(), where="k", ask_passphrase=passphrase.encode, comment=ARCHIVIST)
    assert key.public.format_public_line() == path.with_suffix(".pub").read_text()
    assert SshSignature.parse(sign(b"list", key).encode()).verify(b"list").is_good
    if passphrase:
        for wrong in (b"wrong", b""):
            with pytest.raises(InputError, match="wrong passphrase"):
                load(path.read_bytes(), wrong)


def test_the_comment_in_the_file_takes_precedence_over_the_given_one() -> None:
    new = generate_key("inside@example.org", None)
    key = load_signing_key(new.private_text, where="k", ask_passphrase=None, comment="given@example.org")
    assert key.public.comment == "inside@example.org"


@needs_ssh_keygen
def test_an_rsa_key_that_is_too_short_does_not_sign(tmp_path: Path) -> None:
    path = make_key_file(tmp_path, "-t", "rsa", "-b", "2048")
    with pytest.raises(InputError, match="RSA key of 2048 bits; signing needs 3072"):
        load(path.read_bytes())


@needs_ssh_keygen
def test_a_dsa_key_does_not_sign(tmp_path: Path) -> None:
    made = ssh_keygen("-q", "-t", "dsa", "-N", "", "-f", tmp_path / "dsa")
    if made.returncode != 0:
        pytest.skip("this ssh-keygen no longer makes DSA keys")
    with pytest.raises(InputError, match="is a DSA key"):
        load((tmp_path / "dsa").read_bytes())


@pytest.mark.parametrize(
    ("key_type", "complaint"),
    [
        (b"sk-ssh-ed25519@openssh.com", "handle of a FIDO token"),
        (b"ssh-dss", "too weak to sign with"),
        (b"ssh-mldsa44-ed25519@openssh.com", "not supported for signing"),
    ],
)
def test_a_key_type_that_cannot_sign_is_refused_before_the_passphrase_prompt(
    key_type: bytes, complaint: str
) -> None:
    blob = pack_string(key_type)
    if key_type.startswith(b"sk-"):
        blob += pack_string(b"p" * 32) + pack_string(b"ssh:")
    text = format_container(blob, PrivatePart(blob, "c"), None)
    with pytest.raises(InputError, match=complaint):
        load(text)


def test_a_certificate_instead_of_a_private_key_is_refused() -> None:
    blob = draft().blob()
    with pytest.raises(InputError, match=r"type ssh-ed25519-cert-v01@.*not supported for signing"):
        load(format_container(blob, PrivatePart(blob, "c"), None))


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "not a private key in a known format"),
        (b"\xff\xfe\0", "not a private key in a known format"),
        (b"PuTTY-User-Key-File-3: ssh-ed25519\n", "not a private key in a known format"),
        (b"x" * 70_000, "too large for a private key: 70000 bytes"),
        (fixed_key("a").public.format_public_line().encode(), "a public key; the private key is needed"),
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n", "a public key; the private key is needed"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "cut short"),
        (b"-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", "damaged private key"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "damaged private key"),
        (
            b"-----BEGIN PRIVATE KEY-----\nMBECAQAwBgYEKgMEBQQEYWJjZA==\n-----END PRIVATE KEY-----\n",
            "1.2.3.4.5",
        ),
        (container(magic=b"openssh-key-v2\0"), "does not begin with openssh-key-v1"),
        (container(count=2), "contains 2 keys"),
        (container(cipher=b"rot13", kdf=b"bcrypt"), "protected with rot13"),
        (container(cipher=b"none", kdf=b"bcrypt"), "protected with none"),
        (
            container(b"aes256-ctr", b"bcrypt", pack_string(b"salt") + pack_uint32(2**32 - 1)),
            "4294967295 rounds of bcrypt",
        ),
        (container(b"aes256-ctr", b"bcrypt", pack_string(b"") + pack_uint32(16)), "0 bytes of salt"),
        (container(sealed=b"\0\0\0\1\0\0\0\2"), "check numbers differ"),
        (container(sealed=b"\0" * 8 + pack_string(b"ssh-dss")), "private part is of type 'ssh-dss'"),
        (
            container(sealed=b"\0" * 8 + pack_string(b"ssh-ed25519") + pack_string(b"") * 3 + b"\1\3"),
            "padding is wrong",
        ),
        (
            container(sealed=b"\0" * 8 + pack_string(b"ssh-ed25519") + pack_string(b"") * 3),
            "damaged",
        ),
    ],
)
def test_a_file_that_is_no_private_key_is_refused_with_the_reason(data: bytes, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        load(data)
    assert caught.value.message.startswith("my key")


def test_a_private_part_with_an_incomplete_block_is_refused() -> None:
    options = pack_string(b"salt" * 4) + pack_uint32(1)
    with pytest.raises(InputError, match="does not end at a block boundary"):
        load(container(b"aes256-ctr", b"bcrypt", options, sealed=b"x" * 17), SECRET)


def test_a_putty_key_is_refused_with_the_command_that_converts_it() -> None:
    with pytest.raises(InputError) as caught:
        load(b"PuTTY-User-Key-File-3: ssh-ed25519\n")
    assert "puttygen" in str(caught.value.hint)


def test_a_public_and_a_private_key_that_do_not_match_are_refused() -> None:
    whole, other = generate_key("a", None), fixed_key("a").public.blob
    blob = parse_armour(LABEL, whole.private_text, "k")
    own = base64.b64decode(whole.public_line.split()[1])
    with pytest.raises(InputError, match="damaged private key"):
        load(format_armour(LABEL, blob.replace(own, other, 1)).encode())


def test_keys_of_types_that_openssh_does_not_have_are_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, x25519
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(InputError, match="which archtool cannot sign with"):
        load(x25519.X25519PrivateKey.generate().private_bytes(*form))
    with pytest.raises(InputError, match="a curve that OpenSSH does not know"):
        load(ec.generate_private_key(ec.SECP256K1()).private_bytes(*form))


def test_a_damaged_key_file_is_refused_with_an_input_error() -> None:
    text = bytearray(generate_key("a", None).private_text)
    positions = range(36, len(text) - 36, 3)
    refusals = []
    for position in positions:
        damaged = bytes(text[:position]) + bytes([text[position] ^ 2]) + bytes(text[position + 1 :])
        try:
            load(damaged)
        except InputError as error:
            refusals.append(error.message)
    assert len(refusals) > len(positions) / 2  # the other bytes are padding or comment
    assert [message for message in refusals if "my key" not in message] == []
