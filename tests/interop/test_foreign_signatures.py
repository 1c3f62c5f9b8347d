"""Signatures in other formats, made and checked by their own programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from command_line import DATE, archtool
from packages import ARCHIVIST, make_package, tree_bytes, write_allowed_signers, write_key
from unit.bagit.bag_builders import bag_files, with_tag_manifest, write_bag

MANIFEST = "tagmanifest-sha512.txt"
needs_gpg = pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg (GnuPG) is not installed")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """Make a bag without archtool and without attestations."""
    return write_bag(tmp_path / "bag", with_tag_manifest(bag_files(info="Source-Organization: A\n")))


@pytest.fixture
def gpg_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a separate keyring with one throw-away key; its agent ends with the test."""
    home = Path("/tmp") / f"gpg-{os.getpid()}-{tmp_path.name[-8:]}"  # noqa: S108 - a socket's path must be short
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    run("gpg", "--batch", "--passphrase", "", "--quick-gen-key", ARCHIVIST, "ed25519", "sign", cwd=tmp_path)
    yield home
    subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=False, capture_output=True)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def x509(tmp_path: Path) -> tuple[Path, Path]:
    """Make a throw-away self-signed certificate and its key."""
    certificate, key = tmp_path / "ROOT.pem", tmp_path / "x509-key.pem"
    run(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
        "-subj", "/CN=A city archive", "-days", "30", cwd=tmp_path,
    )  # fmt: skip
    return certificate, key


def foreign_notes(bag: Path, *options: str | Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    (result,) = archtool("verify", bag, "--json", *options).objects
    return result, [finding for finding in result["findings"] if finding["code"] == "signature.foreign"]


def check_by_hint(bag: Path, note: dict[str, Any]) -> int:
    """Run the command of a note unchanged."""
    command = note["message"].partition("check with: ")[2]
    assert command
    assert note["hint"] == f"check with: {command}"
    return subprocess.run(["sh", "-c", command], cwd=bag, capture_output=True, check=False).returncode


@needs_gpg
@pytest.mark.parametrize("folder", ["", "signed by us/"])
@pytest.mark.usefixtures("gpg_home")
def test_a_pgp_signature_is_named_and_its_command_works(bag: Path, tmp_path: Path, folder: str) -> None:
    signature = bag / f"{folder}{MANIFEST}.asc"
    signature.parent.mkdir(exist_ok=True)
    run("gpg", "--batch", "--armor", "--detach-sign", "-o", signature, bag / MANIFEST, cwd=tmp_path)
    result, notes = foreign_notes(bag, "--trust", write_allowed_signers(tmp_path, ARCHIVIST))
    assert [(n["severity"], n["file"]) for n in notes] == [("note", f"{folder}{MANIFEST}.asc")]
    assert (result["verdict"]["trust"], result["exit_code"]) == ("unsigned", 4)
    assert check_by_hint(bag, notes[0]) == 0
    screen = archtool("verify", bag)
    assert screen.code == 0
    assert "present, not checked by archtool" in screen.said()
    assert "check with: gpg --verify" in screen.said()
    with (bag / MANIFEST).open("a") as file:
        file.write("\n")
    assert check_by_hint(bag, notes[0]) != 0


@needs_openssl
@pytest.mark.parametrize("form", ["PEM", "DER", "SMIME"])
@pytest.mark.parametrize("folder", ["", "cms/"])
def test_a_cms_signature_is_named_and_its_command_works(
    bag: Path, tmp_path: Path, x509: tuple[Path, Path], folder: str, form: str
) -> None:
    certificate, key = x509
    signature = bag / f"{folder}{MANIFEST}.p7s"
    signature.parent.mkdir(exist_ok=True)
    run(
        "openssl", "cms", "-sign", "-binary", "-in", bag / MANIFEST, "-signer", certificate, "-inkey", key,
        "-outform", form, "-out", signature, cwd=tmp_path,
    )  # fmt: skip
    result, notes = foreign_notes(bag, "--trust", write_allowed_signers(tmp_path, ARCHIVIST))
    assert (len(notes), result["verdict"]["trust"]) == (1, "unsigned")
    assert f"-inform {form} " in notes[0]["message"]
    shutil.copy(certificate, bag / "ROOT.pem")  # the folder where the command expects it
    assert check_by_hint(bag, notes[0]) == 0
    if form != "SMIME":  # this format contains the signed data itself
        with (bag / MANIFEST).open("a") as file:
            file.write("\n")
        assert check_by_hint(bag, notes[0]) != 0


def test_a_signature_of_a_missing_file_is_reported(bag: Path) -> None:
    (bag / "letter.asc").write_text("-----BEGIN PGP SIGNATURE-----\n")
    _, (note,) = foreign_notes(bag)
    assert note["message"].endswith("letter.asc; the signed file is not among the tag files")


def test_a_hostile_name_is_quoted_as_one_word_in_the_command(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GNUPGHOME", str(tmp_path))
    for name in ("-$(touch x) a.txt", "-$(touch x) a.txt.asc"):
        (bag / name).write_text("x")
    _, (note,) = foreign_notes(bag)
    assert note["message"].endswith("gpg --verify './-$(touch x) a.txt.asc' './-$(touch x) a.txt'")
    check_by_hint(bag, note)
    assert not (bag / "x").exists()


def test_an_attestation_does_not_change_a_file_that_a_foreign_signature_covers(
    bag: Path, tmp_path: Path
) -> None:
    (bag / f"{MANIFEST}.asc").write_text("-----BEGIN PGP SIGNATURE-----\n")
    before = tree_bytes(bag)
    done = archtool("attest", bag, "--sign", write_key(tmp_path), "--event", "validation", "--date", DATE)
    assert done.code == 0
    assert f"{MANIFEST}.asc signs {MANIFEST}, so that this file must not change" in done.said()
    assert tree_bytes(bag) == before
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert "trust trusted" in archtool("verify", bag, "--trust", trust).out
    refused = archtool("attest", bag, "--merge-sidecar")
    assert (refused.code, "leave the attestations in the sidecar" in refused.said()) == (3, True)


def test_a_foreign_signature_added_to_a_signed_package_is_covered_by_no_signature(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / f"{MANIFEST}.asc").write_text("-----BEGIN PGP SIGNATURE-----\n")
    result, notes = foreign_notes(package, "--trust", write_allowed_signers(tmp_path, ARCHIVIST))
    assert (len(notes), result["verdict"]["trust"]) == (1, "untrusted")
    assert "attestation.uncovered-tag-file" in {finding["code"] for finding in result["findings"]}
