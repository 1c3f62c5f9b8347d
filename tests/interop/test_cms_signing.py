"""Signatures by an institution's X.509 key: the command that archtool names checks them (`openssl cms`)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import DATE, Run, archtool, assert_loc_agrees
from packages import (
    ARCHIVIST,
    left_behind,
    make_package,
    pack,
    tree_bytes,
    write_allowed_signers,
    write_key,
    write_letter,
)

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
needs_faketime = pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed")
FOLDER = "attestations/0001-packaging"
SIGNATURE = f"{FOLDER}/sha512sums.txt.p7s"
KINDS = {
    "rsa-3072": ("rsa", "rsa_keygen_bits:3072"),
    "rsa-4096": ("rsa", "rsa_keygen_bits:4096"),
    "p-256": ("ec", "ec_paramgen_curve:P-256"),
    "p-384": ("ec", "ec_paramgen_curve:P-384"),
    "p-521": ("ec", "ec_paramgen_curve:P-521"),
}
PASSPHRASE = "correct horse"


def openssl(*arguments: str | Path, cwd: Path) -> None:
    done = subprocess.run(
        ["openssl", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


class Authority:
    """A root, an intermediate authority, and institutions with certificates under it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "ca.cnf").write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n")
        (folder / "ee.cnf").write_text("keyUsage=critical,digitalSignature\n")
        self.make_key("root", *KINDS["p-256"])
        openssl(
            "req", "-x509", "-key", "root.key", "-out", "root.pem", "-subj", "/CN=Test root", "-days", "30",
            cwd=folder,
        )  # fmt: skip
        self.make_key("between", *KINDS["p-256"])
        self.issue("between", by="root", extensions="ca.cnf")

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def make_key(self, name: str, kind: str, option: str) -> Path:
        openssl("genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", f"{name}.key", cwd=self.folder)
        return self.folder / f"{name}.key"

    def issue(self, name: str, by: str, extensions: str = "ee.cnf", days: str = "10") -> Path:
        openssl(
            "req", "-new", "-key", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN=Test {name}",
            cwd=self.folder,
        )  # fmt: skip
        openssl(
            "x509", "-req", "-in", f"{name}.csr", "-CA", f"{by}.pem", "-CAkey", f"{by}.key",
            "-CAcreateserial", "-extfile", extensions, "-days", days, "-out", f"{name}.pem", cwd=self.folder,
        )  # fmt: skip
        return self.folder / f"{name}.pem"

    def institution(self, kind: str = "p-256", days: str = "10") -> tuple[Path, Path]:
        """Return its key, and a file with the intermediate certificate first and then its own."""
        key = self.make_key("archive", *KINDS[kind])
        own = self.issue("archive", by="between", days=days).read_text()
        chain = self.folder / "chain.pem"
        chain.write_text((self.folder / "between.pem").read_text() + own)
        return key, chain


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


def packed(tmp_path: Path, *options: str | Path) -> Run:
    sources = tmp_path / "sources"
    sources.mkdir(exist_ok=True)
    return pack(write_letter(sources), tmp_path / "package", "--sign", write_key(tmp_path), *options)


def commands_in(package: Path, *options: str | Path) -> list[str]:
    """Return the commands that `verify` names for signatures that it does not check."""
    (result,) = archtool("verify", package, "--json", *options).objects
    notes = [f for f in result["findings"] if f["code"] == "signature.foreign"]
    assert all(note["severity"] == "note" and "not checked by archtool" in note["message"] for note in notes)
    return [note["message"].partition(" with: ")[2] for note in notes]


def run_command(command: str, folder: Path, root: Path) -> int:
    """Run a command unchanged, with the root certificate in the same folder."""
    where = folder.parent / f"{folder.name}-at-work"
    shutil.copytree(folder, where)
    shutil.copy(root, where / "ROOT.pem")
    done = subprocess.run(["sh", "-c", command], cwd=where, capture_output=True, check=False, timeout=120)
    shutil.rmtree(where)
    return done.returncode


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_signed_in_cms_is_checked_by_the_command_that_is_named(
    tmp_path: Path, authority: Authority, kind: str
) -> None:
    key, cert = authority.institution(kind)
    made = packed(tmp_path, "--cms-key", key, "--cms-cert", cert)
    assert made.code == 0, made.err
    assert "signed by  Test archive (CMS)" in made.out
    package = tmp_path / "package"
    assert_loc_agrees(package)
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    result = archtool("verify", package, "--trust", trust, "--strict")
    assert (result.code, "bag valid · content consistent · trust trusted" in result.out) == (0, True)
    (command,) = commands_in(package)
    assert command.startswith("openssl cms -verify")
    assert run_command(command, package, authority.root) == 0
    for path in (f"{FOLDER}/sha512sums.txt", SIGNATURE):
        content = (package / path).read_bytes()
        (package / path).write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
        assert run_command(command, package, authority.root) != 0, path
        (package / path).write_bytes(content)
    stranger = Authority(tmp_path / "stranger")
    assert run_command(command, package, stranger.root) != 0


def test_verify_txt_names_the_command(tmp_path: Path, authority: Authority) -> None:
    key, cert = authority.institution()
    assert packed(tmp_path, "--cms-key", key, "--cms-cert", cert).code == 0
    text = (tmp_path / "package" / "VERIFY.txt").read_text()
    start = text.index("$ openssl cms")
    command = text[start + 2 : text.index("\n\n", start)]
    assert all(len(line) <= 80 for line in command.splitlines())
    assert run_command(command, tmp_path / "package", authority.root) == 0


def test_a_cms_signature_alone_makes_no_package_trusted(tmp_path: Path, authority: Authority) -> None:
    key, cert = authority.institution()
    assert packed(tmp_path, "--cms-key", key, "--cms-cert", cert).code == 0
    other = write_allowed_signers(tmp_path, "curator@example.org")
    assert "trust untrusted" in archtool("verify", tmp_path / "package", "--trust", other).out
    (tmp_path / "package" / FOLDER / "sha512sums.txt.archivist.sig").unlink()
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert archtool("verify", tmp_path / "package", "--trust", trust).code != 0


def test_attest_signs_in_cms_and_later_attestations_cover_it(tmp_path: Path, authority: Authority) -> None:
    package = make_package(tmp_path)
    key, cert = authority.institution("rsa-3072")
    sign = ("attest", package, "--sign", write_key(tmp_path), "--date", DATE, "--event")
    done = archtool(*sign, "validation", "--cms-key", key, "--cms-cert", cert)
    assert done.code == 0, done.err
    assert "Test archive (CMS)" in done.out
    assert_loc_agrees(package)
    (command,) = commands_in(package)
    assert run_command(command, package, authority.root) == 0
    assert archtool(*sign, "countersignature").code == 0
    listed = (package / "attestations/0003-countersignature/sha512sums.txt").read_text()
    assert "attestations/0002-validation/sha512sums.txt.p7s" in listed
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert archtool("verify", package, "--trust", trust, "--strict").code == 0
    (package / "attestations/0002-validation/sha512sums.txt.p7s").unlink()
    assert "attestation.file-missing" in archtool("verify", package, "--trust", trust, "--json").codes


def test_attack_a_cms_signature_added_to_an_earlier_attestation_is_covered_by_no_signature(
    tmp_path: Path,
) -> None:
    package = make_package(tmp_path)
    sign = ("attest", package, "--sign", write_key(tmp_path), "--event", "validation")
    assert archtool(*sign).code == 0
    (package / SIGNATURE).write_bytes(b"0\x80")
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    result = archtool("verify", package, "--trust", trust, "--json")
    assert "attestation.uncovered-tag-file" in result.codes


def test_a_cms_signature_beside_an_archive_is_checked_in_the_sidecar(
    tmp_path: Path, authority: Authority
) -> None:
    assert packed(tmp_path, "--archive", "tar").code == 0
    key, cert = authority.institution()
    archive = tmp_path / "package"
    done = archtool(
        "attest", archive, "--sign", write_key(tmp_path), "--event", "validation", "--cms-key", key,
        "--cms-cert", cert,
    )  # fmt: skip
    assert done.code == 0, done.err
    (command,) = commands_in(archive)
    assert run_command(command, tmp_path / "package.attestations", authority.root) == 0


def test_a_key_with_a_passphrase_signs_and_a_wrong_one_leaves_nothing(
    tmp_path: Path, authority: Authority
) -> None:
    key, cert = authority.institution("rsa-3072")
    closed = tmp_path / "closed.pem"
    openssl(
        "pkcs8", "-topk8", "-in", key, "-out", closed, "-passout", f"pass:{PASSPHRASE}", cwd=tmp_path
    )  # fmt: skip
    secret = tmp_path / "secret"
    options = ("--cms-key", closed, "--cms-cert", cert, "--cms-passphrase-file", secret)
    secret.write_text("wrong horse\n")
    wrong = packed(tmp_path, *options)
    assert (wrong.code, f"wrong passphrase for {closed}" in wrong.err) == (3, True)
    unasked = packed(tmp_path, *options[:-2])
    assert (unasked.code, "no terminal to prompt for its passphrase" in unasked.err) == (3, True)
    assert not (tmp_path / "package").exists()
    assert left_behind(tmp_path) == []
    secret.write_text(PASSPHRASE + "\n")
    assert packed(tmp_path, *options).code == 0


def test_a_short_rsa_key_does_not_sign_in_cms(tmp_path: Path, authority: Authority) -> None:
    key = authority.make_key("short", "rsa", "rsa_keygen_bits:2048")
    cert = authority.issue("short", by="between")
    made = packed(tmp_path, "--cms-key", key, "--cms-cert", cert)
    assert (made.code, "an RSA key of 2048 bits; signing needs 3072" in made.err) == (3, True)
    assert not (tmp_path / "package").exists()


def test_an_ed25519_key_and_a_small_curve_do_not_sign_in_cms(tmp_path: Path, authority: Authority) -> None:
    _, cert = authority.institution()
    openssl("genpkey", "-algorithm", "ed25519", "-out", "ed.key", cwd=authority.folder)
    made = packed(tmp_path, "--cms-key", authority.folder / "ed.key", "--cms-cert", cert)
    assert (made.code, "a key of type Ed25519, which is not supported for CMS signatures" in made.err) == (
        3,
        True,
    )
    small = authority.make_key("small", "ec", "ec_paramgen_curve:P-224")
    made = packed(tmp_path, "--cms-key", small, "--cms-cert", cert)
    assert (made.code, "an EC key of 224 bits; signing needs 256" in made.err) == (3, True)


def test_a_key_that_does_not_belong_to_the_certificate_is_refused(
    tmp_path: Path, authority: Authority
) -> None:
    _, cert = authority.institution()
    other = authority.make_key("other", *KINDS["p-384"])
    made = packed(tmp_path, "--cms-key", other, "--cms-cert", cert)
    assert made.code == 3
    assert f"no certificate in {cert} belongs to the key {other}" in made.err
    assert "Test between, Test archive" in made.err


def test_an_expired_certificate_is_a_warning(tmp_path: Path, authority: Authority) -> None:
    key, cert = authority.institution(days="-1")
    made = packed(tmp_path, "--cms-key", key, "--cms-cert", cert)
    assert made.code == 0, made.err
    assert "archtool: warning: the certificate of Test archive expired on" in made.err
    (command,) = commands_in(tmp_path / "package")
    assert run_command(command, tmp_path / "package", authority.root) != 0


@needs_faketime
def test_a_certificate_that_is_not_yet_valid_is_a_warning(tmp_path: Path, authority: Authority) -> None:
    key, cert = authority.institution()
    sources = tmp_path / "sources"
    sources.mkdir()
    done = subprocess.run(
        ["faketime", "2020-01-01", sys.executable, "-m", "archtool", "pack", str(write_letter(sources)), "-o",
         str(tmp_path / "package"), "--sign", str(write_key(tmp_path)), "--cms-key", str(key), "--cms-cert",
         str(cert)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "warning: the certificate of Test archive is valid from" in done.stderr


def test_the_other_certificates_of_the_file_are_included_up_to_a_limit(
    tmp_path: Path, authority: Authority
) -> None:
    key, cert = authority.institution()
    cert.write_text(cert.read_text() * 17)
    made = packed(tmp_path, "--cms-key", key, "--cms-cert", cert)
    assert (made.code, "contains 34 certificates (at most 32)" in made.err) == (3, True)


@pytest.mark.parametrize(
    ("certificate", "complaint"),
    [
        (b"", "contains no readable certificate"),
        (
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "contains no readable certificate",
        ),
        (b"\x30\x82", "is a file in DER"),
        (b"x" * (256 * 1024 + 1), "larger than"),
    ],
)
def test_a_file_without_a_certificate_is_refused(
    tmp_path: Path, authority: Authority, certificate: bytes, complaint: str
) -> None:
    key, cert = authority.institution()
    cert.write_bytes(certificate)
    made = packed(tmp_path, "--cms-key", key, "--cms-cert", cert)
    assert (made.code, complaint in made.err) == (3, True), made.err


def test_options_that_belong_together_are_required_together(tmp_path: Path, authority: Authority) -> None:
    key, cert = authority.institution()
    package = make_package(tmp_path)
    before = tree_bytes(package)
    attest = ("attest", package, "--sign", write_key(tmp_path), "--event", "validation")
    for options in (("--cms-key", key), ("--cms-cert", cert), ("--cms-passphrase-file", key)):
        assert archtool(*attest, *options).code == 2
    both = ("--cms-key", key, "--cms-cert", cert)
    assert archtool("attest", package, "--merge-sidecar", *both).code == 2
    unsigned = pack(tmp_path / "sources" / "description.yaml", tmp_path / "other", *both)
    assert (unsigned.code, "--cms-key requires --sign" in unsigned.err) == (2, True)
    assert tree_bytes(package) == before
