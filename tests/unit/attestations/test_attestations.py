from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from archtool.attestations.layout import attestation_folder, is_tag_manifest
from archtool.attestations.limits import MAX_SIGNERS
from archtool.attestations.statements.checksum_list import format_checksum_list, parse_checksum_list
from archtool.attestations.statements.statement_reader import parse_statement
from archtool.attestations.statements.writer import (
    Signer,
    compose_attestation,
    name_signers,
    slug_of,
    subjects_of,
)
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.openssh.sshsig import NAMESPACE
from unit.attestations.trust_builders import (
    ARCHIVIST,
    CURATOR,
    LIST,
    SIGNATURE,
    STATEMENT,
    fixed_key,
    make_package,
    needs_ssh_keygen,
    sha512,
    signer_line,
    ssh_keygen,
)


def write_out(files: dict[str, bytes], folder: Path) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def test_an_attestation_is_byte_identical_for_the_same_facts() -> None:
    assert make_package().attest().files == make_package().attest().files


def test_a_checksum_list_names_every_tag_file_and_its_statement_but_not_itself() -> None:
    package = make_package()
    before = sorted(package.files)
    package.attest()
    entries = parse_checksum_list(package.files[LIST], LIST)
    assert [entry.path for entry in entries] == sorted([*before, STATEMENT])
    package.attest("validation")
    second = parse_checksum_list(package.files["attestations/0002-validation/sha512sums.txt"], "list")
    assert {LIST, SIGNATURE, STATEMENT} < {entry.path for entry in second}
    assert not any(entry.path.startswith("attestations/0002-validation/sha512") for entry in second)


@needs_ssh_keygen
@pytest.mark.skipif(shutil.which("sha512sum") is None, reason="sha512sum is not installed")
def test_an_attestation_is_checked_by_hand_with_stock_tools(tmp_path: Path) -> None:
    package = make_package().attest("packaging", ARCHIVIST, CURATOR)
    write_out(package.files, tmp_path)
    sums = subprocess.run(
        ["sha512sum", "--strict", "-c", LIST], cwd=tmp_path, capture_output=True, check=False
    )
    assert sums.returncode == 0, sums.stderr
    (tmp_path / "signers").write_text(signer_line(ARCHIVIST))
    answer = ssh_keygen(
        *("-Y", "verify", "-f", tmp_path / "signers", "-I", ARCHIVIST, "-n", NAMESPACE),
        *("-s", tmp_path / SIGNATURE),
        data=package.files[LIST],
    )
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    ("principal", "slug"),
    [
        ("archivist@example.org", "archivist"),
        ("José.Núñez@example.org", "jose.nunez"),
        ("../../etc/passwd@x", "etc-passwd"),
        ("Раковский@example.org", "signer"),
        ("", "signer"),
        ("x" * 99, "x" * 48),
    ],
)
def test_a_signature_file_is_named_after_its_signer_in_safe_characters(principal: str, slug: str) -> None:
    assert slug_of(principal) == slug
    assert re.fullmatch(r"[a-z0-9._-]{1,64}", slug)


def test_signers_with_the_same_name_get_separate_files() -> None:
    names = ["a@one.org", "a@two.org", "a-2@three.org", "a@four.org"]
    slugs = [signer.name_slug for signer in name_signers((name, fixed_key(name)) for name in names)]
    assert slugs == ["a", "a-2", "a-2-2", "a-3"]


@pytest.mark.parametrize("name", ["a\rb", "a\nb", "a\\b", "100%", "a\0b", "\udcff", ""])
def test_a_tag_file_name_that_checksum_tools_read_differently_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="cannot be written in a checksum list"):
        format_checksum_list({name: sha512(b"")})


def test_a_checksum_list_accepts_only_sha512() -> None:
    with pytest.raises(InputError, match="only SHA-512, not sha256"):
        format_checksum_list({"bagit.txt": digest_bytes(Algorithm.SHA256, b"")})


def test_a_checksum_list_is_sorted_by_the_utf8_bytes_of_its_paths() -> None:
    names = ["é", "z", "Z", "\U0001f4dc", "\uffee"]
    text = format_checksum_list({name: sha512(b"") for name in names}).decode()
    assert [line[130:] for line in text.splitlines()] == ["Z", "z", "é", "\uffee", "\U0001f4dc"]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "last line does not end in LF"),
        (b"\n", "list:1: not a digest"),
        (b"0" * 128 + b"  a", "last line does not end in LF"),
        (b"0" * 128 + b"  a\r\n", "list:1: the line ends in CR LF"),
        (b"0" * 128 + b" a\n", "list:1: not a digest, two spaces and a path"),
        (b"0" * 127 + b"  a\n", "list:1: not a digest"),
        (b"0" * 128 + b"  a\\b\n", "list:1: not a digest"),
        ((b"0" * 128 + b"  a\n") * 2, "list:2: a is named twice"),
        (b"\xff\n", "not text in UTF-8"),
        (b"\n" * (16 * 1024 * 1024 + 1), "too large"),
    ],
)
def test_a_malformed_checksum_list_is_refused_with_its_line(data: bytes, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        parse_checksum_list(data, "list")


def test_upper_case_digests_are_accepted() -> None:
    digest = sha512(b"")
    entry = parse_checksum_list(f"{digest.hex.upper()}  a\n".encode(), "list")[0]
    assert entry.digest.matches(digest)


def test_an_attestation_that_disagrees_with_the_package_is_never_written() -> None:
    package = make_package().attest()
    statement = parse_statement(package.files[STATEMENT], STATEMENT)
    signers = name_signers([(ARCHIVIST, fixed_key(ARCHIVIST))])
    fresh = make_package().digests()
    assert set(compose_attestation(1, statement, fresh, signers)) == {STATEMENT, LIST, SIGNATURE}
    with pytest.raises(InputError, match="cannot follow the content of attestations/: 0001-packaging"):
        compose_attestation(1, statement, package.digests(), signers)
    with pytest.raises(InputError, match="cannot follow the content of attestations/: nothing"):
        compose_attestation(2, statement, fresh, signers)
    with pytest.raises(InputError, match="links do not match"):
        compose_attestation(2, statement, package.digests(), signers)
    with pytest.raises(InputError, match="subjects are not the payload manifests"):
        compose_attestation(1, replace(statement, subjects=()), fresh, signers)
    for extra in ("tagmanifest-sha512.txt", "data/letter.txt"):
        with pytest.raises(InputError, match="covers only tag files that are no tag manifests"):
            compose_attestation(1, statement, {**fresh, extra: sha512(b"")}, signers)
    with pytest.raises(InputError, match=r"at predicate\.claimants"):
        compose_attestation(1, replace(statement, claimants=()), fresh, signers)


def test_an_attestation_without_payload_manifests_is_never_written() -> None:
    assert subjects_of({"bagit.txt": sha512(b"")}) == ()
    package = make_package()
    del package.files["manifest-sha512.txt"]
    with pytest.raises(InputError, match="at subject"):
        package.attest()


def test_an_attestation_needs_a_signer_with_a_safe_file_name() -> None:
    package = make_package().attest()
    statement = parse_statement(package.files[STATEMENT], STATEMENT)
    fresh, key = make_package().digests(), fixed_key("a")
    with pytest.raises(InputError, match=f"1 to {MAX_SIGNERS} signers, not 0"):
        compose_attestation(1, statement, fresh, [])
    for slugs in (["a", "a"], ["../a"], [""], ["A"]):
        with pytest.raises(InputError, match="unsafe or used twice"):
            compose_attestation(1, statement, fresh, [Signer(slug, "a@b", key) for slug in slugs])


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_an_attestation_number_outside_1_to_9999_is_refused(number: int) -> None:
    with pytest.raises(InputError, match="cannot have the number"):
        attestation_folder(number, "packaging")


@pytest.mark.parametrize("event", ["", "Packaging", "../x", "a/b", "x" * 65])
def test_an_event_name_that_cannot_be_part_of_a_folder_name_is_refused(event: str) -> None:
    with pytest.raises(InputError, match="not the name of an event"):
        attestation_folder(1, event)


def test_only_tag_manifests_at_the_root_are_recognised_as_tag_manifests() -> None:
    assert is_tag_manifest("tagmanifest-sha512.txt")
    assert not is_tag_manifest("metadata/tagmanifest-sha512.txt")
