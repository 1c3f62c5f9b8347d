"""Certificates, authorities and revocation lists: our answer beside that of `ssh-keygen -Y verify`.

Everything is made by the real program: keys, certificates, signatures, revocation lists. Where we refuse what
it accepts, the test's name says so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.errors import InputError
from archtool.openssh.keys.certificate_check import check_certificate
from archtool.openssh.sshsig import NAMESPACE, SshSignature
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import RevokedKeys
from archtool.openssh.wire import pack_string
from packages import ARCHIVIST, needs_ssh_keygen
from unit.attestations.trust_builders import fixed_key
from unit.openssh.certificate_builder import about_authority, krl, pack_uint64

pytestmark = needs_ssh_keygen
MESSAGE = b"9f86d081  bagit.txt\n"
CURATOR = "curator@example.org"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ENVIRONMENT = {**os.environ, "TZ": "UTC"}
TYPES = {
    "ed25519": ("-t", "ed25519"),
    "ecdsa-256": ("-t", "ecdsa", "-b", "256"),
    "ecdsa-384": ("-t", "ecdsa", "-b", "384"),
    "ecdsa-521": ("-t", "ecdsa", "-b", "521"),
    "rsa": ("-t", "rsa", "-b", "2048"),
}


def run(*arguments: str | Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["ssh-keygen", *map(str, arguments)],
        input=data, capture_output=True, check=False, timeout=60, env=ENVIRONMENT,
    )  # fmt: skip


def must(*arguments: str | Path, data: bytes = b"") -> bytes:
    done = run(*arguments, data=data)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key of each type for somebody who signs, and one for an authority."""
    folder = tmp_path_factory.mktemp("keys")
    for name, options in TYPES.items():
        for whose in ("signer", "authority"):
            must("-q", *options, "-N", "", "-C", "throw-away test key", "-f", folder / f"{whose}-{name}")
    return folder


@dataclass
class Desk:
    """Where one signature is made and looked at, by both programs."""

    folder: Path
    keys: Path

    def certify(self, *options: str, signer: str = "ed25519", authority: str = "ed25519") -> Path:
        """A certificate for a key, made by `ssh-keygen -s`; without options for the archivist, for ever."""
        key = self.folder / "key"
        for suffix in ("", ".pub"):
            shutil.copy(self.keys / f"signer-{signer}{suffix}", f"{key}{suffix}")
        key.chmod(0o600)
        certificate = self.folder / "key-cert.pub"
        certificate.unlink(missing_ok=True)
        given = options or ("-n", ARCHIVIST)
        must("-q", "-s", self.keys / f"authority-{authority}", "-I", "the archivist", *given, f"{key}.pub")
        return certificate

    def sign(self, certificate: Path, namespace: str = NAMESPACE) -> None:
        signed = must("-Y", "sign", "-f", certificate, "-n", namespace, data=MESSAGE)
        (self.folder / "list.sig").write_bytes(signed)

    def allow(self, principals: str = "*@example.org", options: str = "", authority: str = "ed25519") -> None:
        flags = ",".join(part for part in ("cert-authority", options) if part)
        line = (self.keys / f"authority-{authority}.pub").read_text()
        (self.folder / "signers").write_text(f"{principals} {flags} {line}")

    def openssh_says(
        self, principal: str = ARCHIVIST, at: datetime = NOW, revoked: Path | None = None
    ) -> bool:
        options = ["-r", revoked] if revoked is not None else []
        return not run(
            "-Y", "verify", "-f", self.folder / "signers", "-I", principal, "-n", NAMESPACE,
            "-s", self.folder / "list.sig", "-O", f"verify-time={at:%Y%m%d%H%M%S}Z", *options, data=MESSAGE,
        ).returncode  # fmt: skip

    def we_say(self, principal: str = ARCHIVIST, at: datetime = NOW, revoked: Path | None = None) -> bool:
        signature = SshSignature.parse((self.folder / "list.sig").read_bytes())
        certificate = signature.public_key.certificate
        if not signature.verify(MESSAGE).is_good:
            return False
        if certificate is not None and check_certificate(signature, certificate) is not None:
            return False
        if revoked is not None:
            listed = RevokedKeys.parse(revoked.read_bytes(), revoked.name)
            if listed.find(signature.public_key) is not None:
                return False
        allowed = AllowedSigners.parse((self.folder / "signers").read_text(), "signers")
        return allowed.find(signature.public_key, NAMESPACE, at, principal).is_trusted

    def both_say(self, principal: str = ARCHIVIST, at: datetime = NOW, revoked: Path | None = None) -> bool:
        """The answer that both programs give, and fails where they differ."""
        theirs, ours = self.openssh_says(principal, at, revoked), self.we_say(principal, at, revoked)
        assert ours == theirs
        return ours

    def revoke(self, *arguments: str | Path, listing: str | None = None) -> Path:
        """A revocation list made by `ssh-keygen -k`, of files or of what a listing in its own words says."""
        target = self.folder / "revoked.krl"
        given = list(arguments)
        if listing is not None:
            (self.folder / "listing").write_text(listing)
            given.append(self.folder / "listing")
        must("-q", "-k", "-f", target, *given)
        return target


@pytest.fixture
def desk(tmp_path: Path, keys: Path) -> Desk:
    desk = Desk(tmp_path, keys)
    desk.allow()
    return desk


@pytest.mark.parametrize("signer", TYPES)
@pytest.mark.parametrize("authority", TYPES)
def test_a_certificate_for_every_type_of_key_by_every_type_of_authority_is_believed_by_both(
    desk: Desk, signer: str, authority: str
) -> None:
    desk.allow(authority=authority)
    certificate = desk.certify(signer=signer, authority=authority)
    desk.sign(certificate)
    assert desk.both_say() is True
    signature = SshSignature.parse((desk.folder / "list.sig").read_bytes())
    shown = must("-l", "-f", certificate).decode().split()
    assert signature.public_key.fingerprint == shown[1]
    assert signature.public_key.key_type in must("-L", "-f", certificate).decode()


@pytest.mark.parametrize("algorithm", ["rsa-sha2-256", "rsa-sha2-512"])
def test_an_rsa_authority_that_signs_with_either_sha2_is_believed_by_both(desk: Desk, algorithm: str) -> None:
    desk.allow(authority="rsa")
    desk.sign(desk.certify("-t", algorithm, "-n", ARCHIVIST, authority="rsa"))
    assert desk.both_say() is True


def test_an_rsa_authority_that_signs_with_sha1_is_refused_by_us_only(desk: Desk) -> None:
    desk.allow(authority="rsa")
    desk.sign(desk.certify("-t", "ssh-rsa", "-n", ARCHIVIST, authority="rsa"))
    assert desk.openssh_says()
    assert not desk.we_say()


@pytest.mark.parametrize(
    ("options", "line", "principal", "expected"),
    [
        (("-n", ARCHIVIST), {}, CURATOR, False),
        (("-n", CURATOR), {}, ARCHIVIST, False),
        (("-n", f"{CURATOR},{ARCHIVIST}"), {}, ARCHIVIST, True),
        (("-n", f"{CURATOR},{ARCHIVIST}"), {"principals": CURATOR}, ARCHIVIST, False),
        (("-n", "archivist@example.net"), {}, "archivist@example.net", False),
        (("-n", ARCHIVIST), {"principals": f"!{ARCHIVIST},*"}, ARCHIVIST, False),
        (("-n", "*@example.org"), {}, ARCHIVIST, False),
        (("-n", "*@example.org"), {}, "*@example.org", True),
        (("-z", "5"), {}, ARCHIVIST, False),
        (("-n", ARCHIVIST), {"options": 'namespaces="git"'}, ARCHIVIST, False),
        (("-n", ARCHIVIST), {"options": 'namespaces="git,arch*"'}, ARCHIVIST, True),
        (("-n", ARCHIVIST), {"options": 'valid-before="20260101Z"'}, ARCHIVIST, False),
        (("-n", ARCHIVIST), {"options": 'valid-after="20270101Z"'}, ARCHIVIST, False),
        (("-n", ARCHIVIST), {"options": 'valid-after="20260101Z",valid-before="20270101Z"'}, ARCHIVIST, True),
        (("-n", ARCHIVIST), {"authority": "rsa"}, ARCHIVIST, False),
        (("-n", ARCHIVIST, "-V", "20260101:20270101"), {}, ARCHIVIST, True),
        (("-n", ARCHIVIST, "-V", "20250101:20260101"), {}, ARCHIVIST, False),
        (("-n", ARCHIVIST, "-V", "20270101:20280101"), {}, ARCHIVIST, False),
        (("-n", ARCHIVIST, "-V", "always:20270101"), {}, ARCHIVIST, True),
        (("-n", ARCHIVIST, "-V", "20260101:forever"), {}, ARCHIVIST, True),
        (("-h", "-n", ARCHIVIST), {}, ARCHIVIST, False),
        (("-n", ARCHIVIST, "-O", "clear"), {}, ARCHIVIST, True),
        (("-n", ARCHIVIST, "-O", "extension:later@example.org=x"), {}, ARCHIVIST, True),
    ],
)
def test_a_certificate_is_believed_exactly_when_ssh_keygen_believes_it(
    desk: Desk, options: tuple[str, ...], line: dict[str, str], principal: str, expected: bool
) -> None:
    desk.allow(**line)
    desk.sign(desk.certify(*options))
    assert desk.both_say(principal) is expected


def test_a_certificate_begins_and_ends_at_the_second_that_ssh_keygen_says(desk: Desk) -> None:
    desk.sign(desk.certify("-n", ARCHIVIST, "-V", "20260101120000:20260101120010"))
    answers = [desk.both_say(at=datetime(2026, 1, 1, 12, 0, second, tzinfo=UTC)) for second in (0, 9, 10)]
    assert answers == [True, True, False]
    assert desk.both_say(at=datetime(2026, 1, 1, 11, 59, 59, tzinfo=UTC)) is False


def test_a_signature_for_another_namespace_is_refused_by_both(desk: Desk) -> None:
    desk.sign(desk.certify(), namespace="git")
    assert desk.both_say() is False


@pytest.mark.parametrize(
    "option",
    ["force-command=ls", "source-address=192.0.2.0/24", "critical:only@example.org=x", "verify-required"],
)
def test_a_critical_option_that_cannot_be_held_to_is_refused_by_us_only(desk: Desk, option: str) -> None:
    desk.sign(desk.certify("-n", ARCHIVIST, "-O", option))
    assert desk.openssh_says()
    assert not desk.we_say()


def test_a_line_for_the_key_in_a_certificate_vouches_for_it_with_neither_program(desk: Desk) -> None:
    desk.sign(desk.certify())
    (desk.folder / "signers").write_text(f"{ARCHIVIST} {(desk.folder / 'key.pub').read_text()}")
    assert desk.both_say() is False


def test_a_line_for_one_certificate_vouches_for_it_with_both_programs_and_not_for_its_successor(
    desk: Desk,
) -> None:
    certificate = desk.certify()
    (desk.folder / "signers").write_text(f"{ARCHIVIST} {certificate.read_text()}")
    desk.sign(certificate)
    assert desk.both_say() is True
    desk.sign(desk.certify("-n", ARCHIVIST, "-z", "7"))
    assert desk.both_say() is False


def test_a_certificate_of_the_authority_s_key_on_its_line_means_that_key_to_both(desk: Desk) -> None:
    shutil.copy(desk.keys / "authority-ed25519.pub", desk.folder / "own.pub")
    must("-q", "-s", desk.keys / "authority-rsa", "-I", "root", "-n", "x", desk.folder / "own.pub")
    (desk.folder / "signers").write_text(f"* cert-authority {(desk.folder / 'own-cert.pub').read_text()}")
    desk.sign(desk.certify())
    assert desk.both_say() is True


def test_an_authority_s_line_vouches_for_its_own_plain_key_with_neither_program(desk: Desk) -> None:
    signed = must("-Y", "sign", "-f", desk.keys / "authority-ed25519", "-n", NAMESPACE, data=MESSAGE)
    (desk.folder / "list.sig").write_bytes(signed)
    assert desk.both_say() is False


def test_the_names_of_a_certificate_are_those_that_ssh_keygen_finds(desk: Desk) -> None:
    desk.sign(desk.certify("-n", f"{ARCHIVIST},{CURATOR},stranger@example.net"))
    found = must("-Y", "find-principals", "-f", desk.folder / "signers", "-s", desk.folder / "list.sig")
    signature = SshSignature.parse((desk.folder / "list.sig").read_bytes())
    allowed = AllowedSigners.parse((desk.folder / "signers").read_text(), "signers")
    match = allowed.find(signature.public_key, NAMESPACE, NOW)
    assert list(match.principals) == found.decode().split() == [ARCHIVIST, CURATOR]


SPARSE = "\n".join(f"serial: {serial}" for serial in range(5, 5000, 613))
DENSE = "\n".join(f"serial: {serial}" for serial in range(5, 300, 2))


@pytest.mark.parametrize(
    ("listing", "section", "serial", "expected"),
    [
        (SPARSE, "serials", 5, False),
        (SPARSE, "serials", 6, True),
        ("serial: 4-90000", "ranges", 5, False),
        ("serial: 6-90000", "ranges", 5, True),
        (DENSE, "bitmaps", 5, False),
        (DENSE, "bitmaps", 299, False),
        (DENSE, "bitmaps", 6, True),
        (DENSE, "bitmaps", 301, True),
        ("id: the archivist", "key_ids", 5, False),
        ("id: the curator", "key_ids", 5, True),
    ],
)
def test_a_certificate_is_revoked_in_each_kind_of_section_as_ssh_keygen_has_it(
    desk: Desk, listing: str, section: str, serial: int, expected: bool
) -> None:
    desk.sign(desk.certify("-n", ARCHIVIST, "-z", f"{serial}"))
    made = desk.revoke("-z", "3", "-s", desk.keys / "authority-ed25519.pub", listing=listing)
    read = RevokedKeys.parse(made.read_bytes(), "krl").krl
    assert read is not None
    assert getattr(read.certificates[0], section), f"ssh-keygen chose another section than {section}"
    assert desk.both_say(revoked=made) is expected
    foreign = desk.revoke("-s", desk.keys / "authority-rsa.pub", listing=listing)
    assert desk.both_say(revoked=foreign) is True


def test_a_certificate_of_any_authority_is_revoked_by_key_id_as_ssh_keygen_has_it(desk: Desk) -> None:
    desk.sign(desk.certify())
    assert desk.both_say(revoked=desk.revoke("-s", "none", listing="id: the archivist")) is False


@pytest.mark.parametrize("form", ["key", "sha1", "sha256", "hash"])
@pytest.mark.parametrize("whose", ["signer", "authority"])
def test_a_key_and_an_authority_are_revoked_in_each_kind_of_section_as_ssh_keygen_has_it(
    desk: Desk, form: str, whose: str
) -> None:
    desk.sign(desk.certify())
    public = desk.keys / f"{whose}-ed25519.pub"
    named = must("-l", "-f", public).decode().split()[1] if form == "hash" else public.read_text().strip()
    made = desk.revoke(listing=f"{form}: {named}\n")
    assert desk.both_say(revoked=made) is False
    other = desk.revoke(listing=f"key: {(desk.keys / 'signer-rsa.pub').read_text()}")
    assert desk.both_say(revoked=other) is True


@pytest.mark.parametrize("serial", ["5", "0"])
def test_a_list_made_of_the_certificate_itself_revokes_it_and_not_its_key(desk: Desk, serial: str) -> None:
    certificate = desk.certify("-n", ARCHIVIST, "-z", serial)
    desk.sign(certificate)
    made = desk.revoke(certificate)
    assert desk.both_say(revoked=made) is False
    plain = must("-Y", "sign", "-f", desk.folder / "key.pub", "-n", NAMESPACE, data=MESSAGE)
    signature = SshSignature.parse(plain)
    assert signature.public_key.certificate is None
    assert RevokedKeys.parse(made.read_bytes(), "krl").find(signature.public_key) is None


def test_a_list_that_was_added_to_revokes_the_old_and_the_new(desk: Desk) -> None:
    made = desk.revoke(desk.keys / "signer-rsa.pub")
    certificate = desk.certify()
    must("-q", "-k", "-u", "-z", "9", "-f", made, "-s", desk.keys / "authority-ed25519.pub", certificate)
    desk.sign(certificate)
    assert desk.both_say(revoked=made) is False
    desk.sign(desk.certify(signer="rsa"))
    assert desk.both_say(revoked=made) is False


def composed(desk: Desk, data: bytes) -> Path:
    path = desk.folder / "composed.krl"
    path.write_bytes(data)
    return path


def signed(data: bytes) -> bytes:
    data += b"\4" + pack_string(fixed_key("keeper").public.blob)
    return data + pack_string(fixed_key("keeper").sign_raw(data))


EXTENSION = pack_string(b"later@example.org") + b"%c" + pack_string(b"")
OTHER_KEY = (2, pack_string(fixed_key("other").public.blob))


@pytest.mark.parametrize(
    "data",
    [
        krl(),
        krl(OTHER_KEY, version=1, comment="née".encode()),
        signed(krl(OTHER_KEY)),
        krl(about_authority(b"", (0x20, pack_uint64(4)), (0x21, pack_uint64(6) + pack_uint64(2**64 - 1)))),
        krl(about_authority(b"", (0x20, pack_uint64(5)))),
        krl(about_authority(b"", (0x21, pack_uint64(5) + pack_uint64(5)))),
        krl(about_authority(b"", (0x22, pack_uint64(3) + pack_string(b"\4")))),
        krl(about_authority(b"", (0x22, pack_uint64(3) + pack_string(b"\2")))),
        krl(about_authority(b"", (0x23, pack_string(b"another") + pack_string(b"the archivist")))),
        krl(about_authority(b"", (0x23, pack_string(b"the archivist and more")))),
        krl(about_authority(b"", (0x20, pack_uint64(9) + pack_uint64(0)))),
        krl(about_authority(b"", (0x21, pack_uint64(0) + pack_uint64(4)))),
        krl(about_authority(b"", (0x21, pack_uint64(9) + pack_uint64(8)))),
        krl(about_authority(b"", (0x22, pack_uint64(0) + pack_string(b"\1")))),
        krl(about_authority(b"", (0x22, pack_uint64(2**64 - 1) + pack_string(b"\2")))),
        krl(about_authority(b"", (0x22, pack_uint64(9) + pack_string(b"\1" * 2049)))),
        krl(about_authority(b"", (0x22, pack_uint64(9) + pack_string(b"\1" * 2050)))),
        krl(about_authority(b"", (0x22, pack_uint64(9) + pack_string(b"\x80")))),
        krl(about_authority(b"", (0x22, pack_uint64(9) + pack_string(b"")))),
        krl(about_authority(b"")),
        krl((2, b"")),
        krl(version=2),
        krl((6, b"")),
        krl((255, EXTENSION % 1)),
        krl(about_authority(b"", (0x24, b""))),
        krl(about_authority(b"", (0x20, b"1234567"))),
        krl((3, pack_string(b"x" * 19))),
        krl((5, pack_string(b"x" * 31))),
        krl() + b"\2\0\0\0\7abc",
        signed(krl()) + b"\2\0\0\0\0",
        krl() + b"\4" + pack_string(fixed_key("keeper").public.blob) + pack_string(b"no signature"),
    ],
)
def test_a_list_put_together_byte_for_byte_gives_the_answer_that_ssh_keygen_gives(
    desk: Desk, data: bytes
) -> None:
    """A list that it cannot read keeps `ssh-keygen` from believing anything, as it keeps us."""
    desk.sign(desk.certify("-n", ARCHIVIST, "-z", "5"))
    path = composed(desk, data)
    try:
        ours = desk.we_say(revoked=path)
    except InputError:
        ours = False
    assert ours is desk.openssh_says(revoked=path)


def test_a_list_with_flags_that_nobody_knows_is_refused_by_us_only(desk: Desk) -> None:
    desk.sign(desk.certify("-n", ARCHIVIST, "-z", "5"))
    path = composed(desk, krl(flags=1))
    assert desk.openssh_says(revoked=path)
    with pytest.raises(InputError, match="flags that are not known here"):
        desk.we_say(revoked=path)


@pytest.mark.parametrize("listed", ["authority-ed25519.pub", "signer-ed25519.pub", "key-cert.pub", "other"])
@pytest.mark.parametrize("is_plain", [False, True])
def test_a_plain_list_of_a_key_an_authority_or_a_certificate_revokes_as_ssh_keygen_has_it(
    desk: Desk, listed: str, is_plain: bool
) -> None:
    desk.sign(desk.certify("-n", ARCHIVIST, "-z", "8"))
    certificate = desk.folder / "key-cert.pub"
    other = desk.keys / "signer-rsa.pub"
    public = {"key-cert.pub": certificate, "other": other}.get(listed, desk.keys / listed)
    if is_plain:
        signed = must("-Y", "sign", "-f", desk.keys / "signer-ed25519", "-n", NAMESPACE, data=MESSAGE)
        (desk.folder / "list.sig").write_bytes(signed)
        text = f"{ARCHIVIST} {(desk.keys / 'signer-ed25519.pub').read_text()}"
        (desk.folder / "signers").write_text(text)
    is_believed = listed == "other" or (is_plain and listed.startswith("authority"))
    assert desk.both_say(revoked=public) is is_believed


def test_not_one_bit_of_a_certificate_in_a_signature_can_be_changed_for_either_program(desk: Desk) -> None:
    """Some of them, to ask the real program not too often; ours is asked about each in its own tests."""
    desk.sign(desk.certify())
    path = desk.folder / "list.sig"
    lines = path.read_bytes().split(b"\n")
    whole = b"\n".join(lines)
    for position in range(len(lines[0]) + 20, len(whole) - len(lines[-2]) - 200, 47):
        data = bytearray(whole)
        if data[position] == ord("\n"):
            continue
        data[position] = ord("A") if data[position] != ord("A") else ord("B")
        path.write_bytes(bytes(data))
        assert not desk.openssh_says()
        try:
            assert not desk.we_say()
        except InputError as error:
            assert re.search("signature|key", error.message)  # noqa: PT017 - refused either way
