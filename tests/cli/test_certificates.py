"""Packages signed with an SSH certificate, verified by trust in its authority."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from command_line import Run, archtool
from packages import ARCHIVIST, make_package, needs_ssh_keygen, tree_bytes, write_key

pytestmark = needs_ssh_keygen
LIST = "attestations/0001-packaging/sha512sums.txt"
SIGNATURE = f"{LIST}.archivist.sig"
AUTHORITY = "archive-authority"


def ssh_keygen(*arguments: str | Path, cwd: Path, data: bytes = b"") -> bytes:
    done = subprocess.run(["ssh-keygen", *arguments], input=data, capture_output=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def certify(folder: Path, *options: str, serial: int = 1847) -> Path:
    """Certify the archivist's key by the archive's authority."""
    write_key(folder)
    write_key(folder, AUTHORITY)
    ssh_keygen(
        "-q", "-s", f"{AUTHORITY}-key", "-I", "Archivist 2026", "-z", str(serial), *options,
        "archivist-key.pub", cwd=folder,
    )  # fmt: skip
    return folder / "archivist-key-cert.pub"


def seal_tag_files(package: Path) -> None:
    """Write the tag manifest again."""
    files = {p: d for p, d in tree_bytes(package).items() if not p.startswith(("data/", "tagmanifest-"))}
    lines = [f"{hashlib.sha512(data).hexdigest()}  {path}\n" for path, data in sorted(files.items())]
    (package / "tagmanifest-sha512.txt").write_text("".join(lines))


def signed_with_certificate(folder: Path, *options: str) -> Path:
    """Make a package whose packaging `ssh-keygen` signs with the certificate."""
    package = make_package(folder)
    certificate = certify(folder, *(options or ("-n", ARCHIVIST)))
    signature = ssh_keygen(
        "-q",
        "-Y",
        "sign",
        "-f",
        certificate,
        "-n",
        "archtool",
        cwd=folder,
        data=(package / LIST).read_bytes(),
    )
    (package / SIGNATURE).write_bytes(signature)
    seal_tag_files(package)
    return package


def allow_authority(folder: Path, principals: str = "*@example.org") -> str:
    line = (folder / f"{AUTHORITY}-key.pub").read_text()
    (folder / "signers").write_text(f"# who may certify archivists\n{principals} cert-authority {line}")
    return "signers"


def verify(folder: Path, *options: str) -> Run:
    return archtool("verify", "package", "--trust", "signers", *options, cwd=folder)


def test_a_package_signed_with_a_certificate_is_trusted_and_names_the_line_and_certificate(
    tmp_path: Path,
) -> None:
    signed_with_certificate(tmp_path)
    allow_authority(tmp_path)
    seen = verify(tmp_path)
    assert (seen.code, seen.out.splitlines()[0]) == (
        0,
        "package: bag valid · content consistent · trust trusted",
    )
    assert "good signature by archivist@example.org, trusted by signers:2" in seen.out
    fingerprint = ssh_keygen("-l", "-f", f"{AUTHORITY}-key.pub", cwd=tmp_path).decode().split()[1]
    told = " ".join(seen.out.split())
    assert f"with certificate 'Archivist 2026' (serial 1847) of authority {fingerprint}" in told
    assert all(len(line) <= 80 for line in seen.out.splitlines())


def test_json_names_the_certificate_that_a_signature_came_with(tmp_path: Path) -> None:
    signed_with_certificate(tmp_path, "-n", f"{ARCHIVIST},reading-room", "-V", "20200101Z:20400101Z")
    allow_authority(tmp_path)
    facts = json.loads(verify(tmp_path, "--json").out)["facts"]
    signature = facts["attestations"][0]["signatures"][0]
    key = ssh_keygen("-l", "-f", "archivist-key.pub", cwd=tmp_path).decode().split()[1]
    authority = ssh_keygen("-l", "-f", f"{AUTHORITY}-key.pub", cwd=tmp_path).decode().split()[1]
    assert (signature["key"], signature["key_type"]) == (key, "ssh-ed25519-cert-v01@openssh.com")
    assert (signature["principals"], signature["trusted_by"]) == ([ARCHIVIST], "signers:2")
    assert signature["certificate"] == {
        "key_id": "Archivist 2026",
        "serial": "1847",
        "principals": [ARCHIVIST, "reading-room"],
        "valid_from": "2020-01-01T00:00:00+00:00",
        "valid_until": "2040-01-01T00:00:00+00:00",
        "authority": authority,
    }


def test_the_json_of_a_plain_key_has_no_certificate(tmp_path: Path) -> None:
    make_package(tmp_path)
    seen = archtool("verify", "package", "--json", cwd=tmp_path)
    assert json.loads(seen.out)["facts"]["attestations"][0]["signatures"][0]["certificate"] is None


@pytest.mark.parametrize(
    ("options", "principals", "code", "words"),
    [
        (
            ("-n", ARCHIVIST, "-V", "20200101Z:20210101Z"), "*@example.org", "trust.certificate-expired",
            "the certificate expired at 2021-01-01T00:00:00+00:00",
        ),
        (
            ("-n", ARCHIVIST, "-V", "20900101Z:20910101Z"), "*", "trust.certificate-not-yet-valid",
            "the certificate is not valid before 2090-01-01T00:00:00+00:00",
        ),
        (
            ("-n", "reading-room"), "*@example.org", "trust.certificate-wrong-principal",
            "the certificate is for reading-room, but its authority may certify only *@example.org",
        ),
        (
            ("-z", "1"), "*", "trust.certificate-wrong-principal",
            "the certificate names no principal",
        ),
        (
            ("-h", "-n", "server.example.org"), "*", "trust.certificate-of-host",
            "the certificate is for a host (server.example.org)",
        ),
        (
            ("-n", ARCHIVIST, "-O", "force-command=ls"), "*", "trust.certificate-option-unknown",
            "the certificate has critical options that archtool cannot enforce: 'force-command'",
        ),
    ],
)  # fmt: skip
def test_an_unusable_certificate_leaves_the_package_untrusted_with_its_reason(
    tmp_path: Path, options: tuple[str, ...], principals: str, code: str, words: str
) -> None:
    signed_with_certificate(tmp_path, *options)
    allow_authority(tmp_path, principals)
    seen = verify(tmp_path)
    told = " ".join(seen.out.split())
    assert seen.code == 4
    assert "trust untrusted" in told
    assert f"[{code}]" in told
    assert f"{SIGNATURE}: {words}" in told


def test_a_certificate_of_another_authority_leaves_the_package_untrusted(tmp_path: Path) -> None:
    signed_with_certificate(tmp_path)
    another = write_key(tmp_path, "another-authority").with_suffix(".pub")
    (tmp_path / "signers").write_text(f"* cert-authority {another.read_text()}")
    seen = verify(tmp_path)
    assert seen.code == 4
    assert "[trust.authority-unknown]" in seen.out


@pytest.mark.parametrize(
    ("listing", "code", "where"),
    [
        ("serial: 1800-1900", "trust.certificate-revoked", "revoked.krl, serial 1847"),
        ("id: Archivist 2026", "trust.certificate-revoked", "revoked.krl, key id 'Archivist 2026'"),
        ("key: {archivist}", "trust.key-revoked", "revoked.krl"),
        ("sha256: {archivist}", "trust.key-revoked", "revoked.krl"),
        ("key: {authority}", "trust.authority-revoked", "revoked.krl"),
    ],
)
def test_an_openssh_revocation_list_revokes_the_trust_and_is_named(
    tmp_path: Path, listing: str, code: str, where: str
) -> None:
    signed_with_certificate(tmp_path)
    allow_authority(tmp_path)
    named = {
        "archivist": (tmp_path / "archivist-key.pub").read_text().strip(),
        "authority": (tmp_path / f"{AUTHORITY}-key.pub").read_text().strip(),
    }
    (tmp_path / "listing").write_text(listing.format(**named) + "\n")
    ssh_keygen("-q", "-k", "-f", "revoked.krl", "-s", f"{AUTHORITY}-key.pub", "listing", cwd=tmp_path)
    seen = verify(tmp_path, "--revoked", "revoked.krl")
    told = " ".join(seen.out.split())
    assert seen.code == 4
    assert f"revoked ({where})" in told
    assert f"[{code}]" in told
    ssh_keygen("-q", "-k", "-f", "empty.krl", cwd=tmp_path)
    assert verify(tmp_path, "--revoked", "empty.krl").code == 0


def test_an_unknown_kind_of_revocation_list_is_unusable_input(tmp_path: Path) -> None:
    signed_with_certificate(tmp_path)
    allow_authority(tmp_path)
    ssh_keygen("-q", "-k", "-f", "revoked.krl", "archivist-key.pub", cwd=tmp_path)
    whole = (tmp_path / "revoked.krl").read_bytes()
    for data, complaint in (
        (whole[:-3], "is cut short"),
        (whole + b"\x07\0\0\0\0", "of an unknown kind (7)"),
    ):
        (tmp_path / "revoked.krl").write_bytes(data)
        seen = verify(tmp_path, "--revoked", "revoked.krl")
        assert (seen.code, seen.out) == (3, "")
        assert complaint in seen.err
        assert "hint: get the list from its source again" in seen.err


def test_a_certificate_that_was_changed_breaks_the_package(tmp_path: Path) -> None:
    package = signed_with_certificate(tmp_path)
    allow_authority(tmp_path)
    path = package / SIGNATURE
    blob = base64.b64decode("".join(path.read_text().splitlines()[1:-1]))
    changed = base64.b64encode(blob.replace(b"Archivist 2026", b"Archivist 2027")).decode()
    path.write_text(f"-----BEGIN SSH SIGNATURE-----\n{changed}\n-----END SSH SIGNATURE-----\n")
    seal_tag_files(package)
    seen = verify(tmp_path)
    assert seen.code == 1
    assert "trust broken" in seen.out
    assert "signature BROKEN: the certificate was not signed by its authority SHA256:" in " ".join(
        seen.out.split()
    )
    assert "[signature.certificate-broken]" in seen.out


def test_text_in_a_certificate_cannot_control_a_terminal(tmp_path: Path) -> None:
    key_id = "\x1b[31mred\N{RIGHT-TO-LEFT OVERRIDE}" + "x" * 300
    package = make_package(tmp_path)
    write_key(tmp_path)
    write_key(tmp_path, AUTHORITY)
    ssh_keygen(
        "-q",
        "-s",
        f"{AUTHORITY}-key",
        "-I",
        key_id,
        "-n",
        f"{ARCHIVIST}\x1b[0m",
        "archivist-key.pub",
        cwd=tmp_path,
    )
    signature = ssh_keygen(
        "-q", "-Y", "sign", "-f", "archivist-key-cert.pub", "-n", "archtool", cwd=tmp_path,
        data=(package / LIST).read_bytes(),
    )  # fmt: skip
    (package / SIGNATURE).write_bytes(signature)
    seal_tag_files(package)
    allow_authority(tmp_path)
    for principals in ("*", "*@example.net"):
        allow_authority(tmp_path, principals)
        seen = verify(tmp_path)
        assert "\x1b" not in seen.out
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in seen.out
        assert "x" * 100 not in seen.out
    certificate = json.loads(verify(tmp_path, "--json").out)["facts"]["attestations"][0]["signatures"][0]
    assert certificate["certificate"]["key_id"] == key_id
    assert "\x1b" not in archtool("show", "package", "--trust", "signers", cwd=tmp_path).out


def test_a_certificate_whose_names_are_not_text_is_still_reported(tmp_path: Path) -> None:
    signed_with_certificate(tmp_path, "-n", b"jos\xe9@example.org".decode("utf-8", "surrogateescape"))
    allow_authority(tmp_path)
    seen = verify(tmp_path)
    assert seen.code == 0
    assert "[trust.principal-differs]" in seen.out
    signature = json.loads(verify(tmp_path, "--json").out)["facts"]["attestations"][0]["signatures"][0]
    assert signature["trusted_by"] == "signers:2"


def test_show_names_the_authority_of_a_certificate(tmp_path: Path) -> None:
    signed_with_certificate(tmp_path)
    allow_authority(tmp_path)
    seen = archtool("show", "package", "--trust", "signers", cwd=tmp_path)
    fingerprint = ssh_keygen("-l", "-f", f"{AUTHORITY}-key.pub", cwd=tmp_path).decode().split()[1]
    assert f"of authority {fingerprint}" in " ".join(seen.out.split())
    assert "trusted by signers:2" in " ".join(seen.out.split())


def test_an_attestation_in_a_sidecar_is_trusted_by_its_certificate(tmp_path: Path) -> None:
    signed_with_certificate(tmp_path)
    allow_authority(tmp_path)
    done = archtool(
        "attest",
        "package",
        "--event",
        "validation",
        "--sign",
        "archivist-key",
        "--sidecar",
        "beside",
        cwd=tmp_path,
    )
    assert done.code == 0, done.err
    listed = next((tmp_path / "beside").rglob("sha512sums.txt"))
    signature = ssh_keygen(
        "-q",
        "-Y",
        "sign",
        "-f",
        "archivist-key-cert.pub",
        "-n",
        "archtool",
        cwd=tmp_path,
        data=listed.read_bytes(),
    )
    next((tmp_path / "beside").rglob("*.sig")).write_bytes(signature)
    seen = verify(tmp_path, "--sidecar", "beside")
    assert seen.code == 0, seen.out
    assert seen.out.count("trusted by signers:2") == 2
