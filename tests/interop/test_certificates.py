"""Certificates, authorities and revocation lists: archtool's answer compared with `ssh-keygen -Y verify`.

The real program makes everything: keys, certificates, signatures, revocation lists. The name of a test states
if archtool refuses what `ssh-keygen` accepts.
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
    """Make a key of each type for a signer, and one for an authority."""
    folder = tmp_path_factory.mktemp("keys")
    for name, options in TYPES.items():
        for whose in ("signer", "authority"):
            must("-q", *options, "-N", "", "-C", "throw-away test key", "-f", folder / f"{whose}-{name}")
    return folder


@dataclass
class Desk:
    """A folder in which one signature is made, and verified by both programs."""

    folder: Path
    keys: Path

    def certify(self, *options: str, signer: str = "ed25519", authority: str = "ed25519") -> Path:
        """Make a certificate with `ssh-keygen -s`; the default is for the archivist, without an end."""
        key = self.folder / "key"
        for suffix in ("", ".pub"):
            shutil.copy(self.keys / f"signer-{signer}{suffix}", f"{key}{suffix}")
        key.chmod(0o600)
        certificate = self.folder / "key-cert.pub"
        certificate.unlink(missing_ok=True)
        values = options or ("-n", ARCHIVIST)
        must("-q", "-s", self.keys / f"authority-{authority}", "-I", "the archivist", *values, f"{key}.pub")
        return certificate

    def sign(self, certificate: Path, namespace: str = NAMESPACE) -> None:
        signed = must("-Y", "sign", "-f", certificate, "-n", namespace, data=MESSAGE)
        (self.folder / "list.sig").write_bytes(signed)

    def allow(self, principals: str = "*@example.org", options: str = "", authority: str = "ed25519") -> None:
        flags = ",".join(part for part in ("cert-authority", options) if part)
        line = (self.keys / f"authority-{authority}.pub").read_text()
        (self.folder / "signers").write_text(f"{principals} {flags} {line}")

    def openssh_accepts(
        self, principal: str = ARCHIVIST, at: datetime = NOW, revoked: Path | None = None
    ) -> bool:
        options = ["-r", revoked] if revoked is not None else []
        return not run(
            "-Y", "verify", "-f", self.folder / "signers", "-I", principal, "-n", NAMESPACE,
            "-s", self.folder / "list.sig", "-O", f"verify-time={at:%Y%m%d%H%M%S}Z", *options, data=MESSAGE,
        ).returncode  # fmt: skip

    def archtool_accepts(
        self, principal: str = ARCHIVIST, at: datetime = NOW, revoked: Path | None = None
    ) -> bool:
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

    def both_accept(
        self, principal: str = ARCHIVIST, at: datetime = NOW, revoked: Path | None = None
    ) -> bool:
        """Return whether both programs accept the signature; fail if they differ."""
        by_openssh, by_archtool = (
            self.openssh_accepts(principal, at, revoked),
            self.archtool_accepts(principal, at, revoked),
        )
        assert by_archtool == by_openssh
        return by_archtool

    def revoke(self, *arguments: str | Path, listing: str | None = None) -> Path:
        """Make a revocation list with `ssh-keygen -k`, from files or from a listing in its own format."""
        target = self.folder / "revoked.krl"
        values = list(arguments)
        if listing is not None:
            (self.folder / "listing").write_text(listing)
            values.append(self.folder / "listing")
        must("-q", "-k", "-f", target, *values)
        return target


@pytest.fixture
def desk(tmp_path: Path, keys: Path) -> Desk:
    desk = Desk(tmp_path, keys)
    desk.allow()
    return desk


@pytest.mark.parametrize("signer", TYPES)
@pytest.mark.parametrize("authority", TYPES)
def test_a_certificate_for_every_type_of_key_by_every_type_of_authority_is_accepted_by_both(
    desk: Desk, signer: str, authority: str
) -> None:
    desk.allow(authority=authority)
    certificate = desk.certify(signer=signer, authority=authority)
    desk.sign(certificate)
    assert desk.both_accept() is True
    signature = SshSignature.parse((desk.folder / "list.sig").read_bytes())
    shown = must("-l", "-f", certificate).decode().split()
    assert signature.public_key.fingerprint == shown[1]
    assert signature.public_key.key_type in must("-L", "-f", certificate).decode()


@pytest.mark.parametrize("algorithm", ["rsa-sha2-256", "rsa-sha2-512"])
def test_an_rsa_authority_that_signs_with_either_sha2_is_accepted_by_both(desk: Desk, algorithm: str) -> None:
    desk.allow(authority="rsa")
    desk.sign(desk.certify("-t", algorithm, "-n", ARCHIVIST, authority="rsa"))
    assert desk.both_accept() is True


def test_an_rsa_authority_that_signs_with_sha1_is_refused_by_archtool_only(desk: Desk) -> None:
    desk.allow(authority="rsa")
    desk.sign(desk.certify("-t", "ssh-rsa", "-n", ARCHIVIST, authority="rsa"))
    assert desk.openssh_accepts()
    assert not desk.archtool_accepts()


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
def test_a_certificate_is_accepted_exactly_when_ssh_keygen_accepts_it(
    desk: Desk, options: tuple[str, ...], line: dict[str, str], principal: str, expected: bool
) -> None:
    desk.allow(**line)
    desk.sign(desk.certify(*options))
    assert desk.both_accept(principal) is expected


def test_a_certificate_begins_and_ends_at_the_same_second_as_for_ssh_keygen(desk: Desk) -> None:
    desk.sign(desk.certify("-n", ARCHIVIST, "-V", "20260101120000:20260101120010"))
    answers = [desk.both_accept(at=datetime(2026, 1, 1, 12, 0, second, tzinfo=UTC)) for second in (0, 9, 10)]
    assert answers == [True, True, False]
    assert desk.both_accept(at=datetime(2026, 1, 1, 11, 59, 59, tzinfo=UTC)) is False


def test_a_signature_for_another_namespace_is_refused_by_both(desk: Desk) -> None:
    desk.sign(desk.certify(), namespace="git")
    assert desk.both_accept() is False


@pytest.mark.parametrize(
    "option",
    ["force-command=ls", "source-address=192.0.2.0/24", "critical:only@example.org=x", "verify-required"],
)
def test_a_critical_option_that_cannot_be_enforced_is_refused_by_archtool_only(
    desk: Desk, option: str
) -> None:
    desk.sign(desk.certify("-n", ARCHIVIST, "-O", option))
    assert desk.openssh_accepts()
    assert not desk.archtool_accepts()


def test_a_line_for_the_key_in_a_certificate_makes_neither_program_accept_it(desk: Desk) -> None:
    desk.sign(desk.certify())
    (desk.folder / "signers").write_text(f"{ARCHIVIST} {(desk.folder / 'key.pub').read_text()}")
    assert desk.both_accept() is False


def test_a_line_for_one_certificate_makes_both_programs_accept_it_and_not_its_successor(
    desk: Desk,
) -> None:
    certificate = desk.certify()
    (desk.folder / "signers").write_text(f"{ARCHIVIST} {certificate.read_text()}")
    desk.sign(certificate)
    assert desk.both_accept() is True
    desk.sign(desk.certify("-n", ARCHIVIST, "-z", "7"))
    assert desk.both_accept() is False


def test_a_certificate_of_the_authority_s_key_on_its_line_means_that_key_to_both_programs(desk: Desk) -> None:
    shutil.copy(desk.keys / "authority-ed25519.pub", desk.folder / "own.pub")
    must("-q", "-s", desk.keys / "authority-rsa", "-I", "root", "-n", "x", desk.folder / "own.pub")
    (desk.folder / "signers").write_text(f"* cert-authority {(desk.folder / 'own-cert.pub').read_text()}")
    desk.sign(desk.certify())
    assert desk.both_accept() is True


def test_an_authority_s_line_makes_neither_program_accept_its_own_plain_key(desk: Desk) -> None:
    signed = must("-Y", "sign", "-f", desk.keys / "authority-ed25519", "-n", NAMESPACE, data=MESSAGE)
    (desk.folder / "list.sig").write_bytes(signed)
    assert desk.both_accept() is False


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
def test_a_certificate_is_revoked_in_each_kind_of_section_as_by_ssh_keygen(
    desk: Desk, listing: str, section: str, serial: int, expected: bool
) -> None:
    desk.sign(desk.certify("-n", ARCHIVIST, "-z", f"{serial}"))
    made = desk.revoke("-z", "3", "-s", desk.keys / "authority-ed25519.pub", listing=listing)
    read = RevokedKeys.parse(made.read_bytes(), "krl").krl
    assert read is not None
    assert getattr(read.certificates[0], section), f"ssh-keygen chose another section than {section}"
    assert desk.both_accept(revoked=made) is expected
    foreign = desk.revoke("-s", desk.keys / "authority-rsa.pub", listing=listing)
    assert desk.both_accept(revoked=foreign) is True


def test_a_certificate_of_any_authority_is_revoked_by_key_id_as_by_ssh_keygen(desk: Desk) -> None:
    desk.sign(desk.certify())
    assert desk.both_accept(revoked=desk.revoke("-s", "none", listing="id: the archivist")) is False


@pytest.mark.parametrize("form", ["key", "sha1", "sha256", "hash"])
@pytest.mark.parametrize("whose", ["signer", "authority"])
def test_a_key_and_an_authority_are_revoked_in_each_kind_of_section_as_by_ssh_keygen(
    desk: Desk, form: str, whose: str
) -> None:
    desk.sign(desk.certify())
    public = desk.keys / f"{whose}-ed25519.pub"
    named = must("-l", "-f", public).decode().split()[1] if form == "hash" else public.read_text().strip()
    made = desk.revoke(listing=f"{form}: {named}\n")
    assert desk.both_accept(revoked=made) is False
    other = desk.revoke(listing=f"key: {(desk.keys / 'signer-rsa.pub').read_text()}")
    assert desk.both_accept(revoked=other) is True


@pytest.mark.parametrize("serial", ["5", "0"])
def test_a_list_made_of_the_certificate_itself_revokes_it_and_not_its_key(desk: Desk, serial: str) -> None:
    certificate = desk.certify("-n", ARCHIVIST, "-z", serial)
    desk.sign(certificate)
    made = desk.revoke(certificate)
    assert desk.both_accept(revoked=made) is False
    plain = must("-Y", "sign", "-f", desk.folder / "key.pub", "-n", NAMESPACE, data=MESSAGE)
    signature = SshSignature.parse(plain)
    assert signature.public_key.certificate is None
    assert RevokedKeys.parse(made.read_bytes(), "krl").find(signature.public_key) is None


def test_a_list_with_additions_revokes_old_and_new_keys(desk: Desk) -> None:
    made = desk.revoke(desk.keys / "signer-rsa.pub")
    certificate = desk.certify()
    must("-q", "-k", "-u", "-z", "9", "-f", made, "-s", desk.keys / "authority-ed25519.pub", certificate)
    desk.sign(certificate)
    assert desk.both_accept(revoked=made) is False
    desk.sign(desk.certify(signer="rsa"))
    assert desk.both_accept(revoked=made) is False


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
def test_a_list_composed_byte_for_byte_has_the_same_effect_as_for_ssh_keygen(desk: Desk, data: bytes) -> None:
    """With a list that they cannot read, neither `ssh-keygen` nor archtool accepts any signature."""
    desk.sign(desk.certify("-n", ARCHIVIST, "-z", "5"))
    path = composed(desk, data)
    try:
        is_accepted = desk.archtool_accepts(revoked=path)
    except InputError:
        is_accepted = False
    assert is_accepted is desk.openssh_accepts(revoked=path)


def test_a_list_with_unknown_flags_is_refused_by_archtool_only(desk: Desk) -> None:
    desk.sign(desk.certify("-n", ARCHIVIST, "-z", "5"))
    path = composed(desk, krl(flags=1))
    assert desk.openssh_accepts(revoked=path)
    with pytest.raises(InputError, match="has unknown flags"):
        desk.archtool_accepts(revoked=path)


@pytest.mark.parametrize("listed", ["authority-ed25519.pub", "signer-ed25519.pub", "key-cert.pub", "other"])
@pytest.mark.parametrize("is_plain", [False, True])
def test_a_plain_list_of_a_key_an_authority_or_a_certificate_revokes_as_for_ssh_keygen(
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
    is_accepted = listed == "other" or (is_plain and listed.startswith("authority"))
    assert desk.both_accept(revoked=public) is is_accepted


def test_both_programs_refuse_any_change_of_a_certificate_in_a_signature(desk: Desk) -> None:
    """Every 47th byte, because the real program is slow; archtool's own tests change each one."""
    desk.sign(desk.certify())
    path = desk.folder / "list.sig"
    lines = path.read_bytes().split(b"\n")
    content = b"\n".join(lines)
    for position in range(len(lines[0]) + 20, len(content) - len(lines[-2]) - 200, 47):
        data = bytearray(content)
        if data[position] == ord("\n"):
            continue
        data[position] = ord("A") if data[position] != ord("A") else ord("B")
        path.write_bytes(bytes(data))
        assert not desk.openssh_accepts()
        try:
            assert not desk.archtool_accepts()
        except InputError as error:
            assert re.search("signature|key", error.message)  # noqa: PT017 - refused either way
