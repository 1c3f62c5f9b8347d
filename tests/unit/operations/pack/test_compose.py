"""The tag files of a package: its tag manifests list all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.attestations.statements.writer import name_signers
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.tree import Tree
from archtool.openssh.keys.signing_key import load_signing_key
from archtool.operations.content.payload_content import PayloadChecks
from archtool.operations.pack import size_guard
from archtool.operations.pack.compose import Files, PackagePlan, compose_package
from packages import write_key
from unit.operations.sources.source_folders import HEAD, described_in

BOTH = (Algorithm.SHA256, Algorithm.SHA512)


def composed(
    folder: Path, *, name: str = "letter.txt", algorithms: tuple[Algorithm, ...] = BOTH, signed: bool = True
) -> Files:
    (folder / name).write_text("To the sections.\n")
    described = described_in(folder, HEAD + f'transcription: "{name}"\nid: letter\n')
    checks = PayloadChecks(described.description, algorithms[0])
    with Tree(folder) as tree:
        record = hash_file(tree, name, algorithms, checks.sinks(name))
    key = load_signing_key(write_key(folder).read_bytes(), where="key", ask_passphrase=None)
    signers = name_signers([("archivist@example.org", key)]) if signed else ()
    at = datetime(2026, 11, 22, tzinfo=UTC)
    plan = PackagePlan("package", described, algorithms, at, signers, "1.0")
    return compose_package(plan, [FileRecord(f"data/{name}", record.size_bytes, record.digests)], checks)


def entries(manifest: bytes) -> dict[str, str]:
    return {path: value for value, path in (line.split("  ", 1) for line in manifest.decode().splitlines())}


@pytest.mark.parametrize("algorithm", BOTH)
@pytest.mark.parametrize("signed", [True, False])
def test_the_tag_manifests_list_every_tag_file_but_themselves(
    tmp_path: Path, algorithm: Algorithm, signed: bool
) -> None:
    files = composed(tmp_path, signed=signed)
    tagged = {path: data for path, data in files.items() if not path.startswith("tagmanifest-")}
    listed = entries(files[f"tagmanifest-{algorithm.value}.txt"])
    assert listed == {path: digest_bytes(algorithm, data).hex for path, data in tagged.items()}


def test_the_payload_manifests_list_the_payload(tmp_path: Path) -> None:
    files = composed(tmp_path)
    assert list(entries(files["manifest-sha256.txt"])) == ["data/letter.txt"]


def test_the_signed_checksums_cover_every_tag_file_but_signatures_and_tag_manifests(tmp_path: Path) -> None:
    files = composed(tmp_path)
    covered = set(entries(files["attestations/0001-packaging/sha512sums.txt"]))
    left = {path for path in files if path not in covered}
    assert left == {
        "attestations/0001-packaging/sha512sums.txt",
        "attestations/0001-packaging/sha512sums.txt.archivist.sig",
        "tagmanifest-sha256.txt",
        "tagmanifest-sha512.txt",
    }


@pytest.mark.parametrize(
    ("limit", "path"),
    [
        ("MAX_METADATA_BYTES", "metadata/description.yaml"),
        ("MAX_INFO_BYTES", "bag-info.txt"),
        ("MAX_MANIFEST_BYTES", "manifest-sha256.txt"),
        ("MAX_TAG_FILE_BYTES", "attestations/0001-packaging/statement.json"),
    ],
)
def test_a_tag_file_that_verify_would_not_read_is_not_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, path: str
) -> None:
    monkeypatch.setattr(size_guard, limit, 10)
    with pytest.raises(InputError, match="but verify reads at most 10: nothing was written") as caught:
        composed(tmp_path)
    assert caught.value.message.startswith(path)


def test_an_unsigned_package_has_no_attestation(tmp_path: Path) -> None:
    assert not [path for path in composed(tmp_path, signed=False) if path.startswith("attestations/")]


def test_verify_txt_contains_the_path_of_the_signature(tmp_path: Path) -> None:
    files = composed(tmp_path)
    (signature,) = (path for path in files if path.endswith(".sig"))
    assert signature in files["VERIFY.txt"].decode()


def test_verify_txt_explains_a_name_that_is_encoded_in_the_manifest(tmp_path: Path) -> None:
    files = composed(tmp_path, name="50%.txt")
    assert list(entries(files["manifest-sha512.txt"])) == ["data/50%25.txt"]
    assert "%25" in files["VERIFY.txt"].decode()
