"""Any changed byte in any file of a package is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archtool.findings import Severity
from budgets import examples
from command_line import archtool
from packages import EXAMPLES, pack, write_allowed_signers, write_key

# the finding that must appear, besides an invalid bag, when a byte in the middle of the file is flipped
FOUND_IN = {
    "VERIFY.txt": "attestation.checksum-mismatch",
    "attestations/0001-packaging/sha512sums.txt": "signature.broken",
    "attestations/0001-packaging/sha512sums.txt.archivist.sig": "signature.unreadable",
    "attestations/0001-packaging/statement.json": "attestation.checksum-mismatch",
    "bag-info.txt": "attestation.checksum-mismatch",
    "bagit.txt": "declaration.malformed",
    "data/appel-1932.resume.fr.txt": "fixity.digest-mismatch",
    "data/note-sur-le-texte.fr.txt": "fixity.digest-mismatch",
    "manifest-sha512.txt": "attestation.subject-differs",
    "metadata/annexes.json": "attestation.checksum-mismatch",
    "metadata/citation.json": "attestation.checksum-mismatch",
    "metadata/description.yaml": "attestation.checksum-mismatch",
    "metadata/premis.xml": "attestation.checksum-mismatch",
    "metadata/provenance.json": "attestation.checksum-mismatch",
    "tagmanifest-sha512.txt": "fixity.digest-mismatch",
}


@pytest.fixture(scope="module")
def appeal(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("appeal")
    target = folder / "package"
    made = pack(EXAMPLES / "rakovsky-1932" / "description.yaml", target, "--sign", write_key(folder))
    assert made.code == 0, made.err
    return target, write_allowed_signers(folder, "archivist@example.org")


def test_every_file_of_the_package_is_in_the_table(appeal: tuple[Path, Path]) -> None:
    package, _ = appeal
    assert sorted(FOUND_IN) == sorted(str(p.relative_to(package)) for p in package.rglob("*") if p.is_file())


@pytest.mark.parametrize("name", FOUND_IN)
def test_a_flipped_byte_in_the_middle_of_a_file_is_found(appeal: tuple[Path, Path], name: str) -> None:
    package, trust = appeal
    data = (package / name).read_bytes()
    middle = len(data) // 2
    codes = errors_with(package, trust, name, data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    assert FOUND_IN[name] in codes


@settings(
    max_examples=examples(60),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    name=st.sampled_from(sorted(FOUND_IN)), position=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7)
)
def test_any_flipped_bit_anywhere_is_found(
    appeal: tuple[Path, Path], name: str, position: float, bit: int
) -> None:
    package, trust = appeal
    data = bytearray((package / name).read_bytes())
    data[int(position * len(data))] ^= 1 << bit
    assert errors_with(package, trust, name, bytes(data))


@pytest.mark.parametrize("name", FOUND_IN)
def test_an_emptied_file_is_found(appeal: tuple[Path, Path], name: str) -> None:
    package, trust = appeal
    assert errors_with(package, trust, name, b"")


@pytest.mark.parametrize("name", sorted(FOUND_IN))
def test_a_removed_file_is_found(appeal: tuple[Path, Path], name: str) -> None:
    package, trust = appeal
    path = package / name
    removed = package.parent / "removed"
    path.rename(removed)
    try:
        run = archtool("verify", package, "--trust", trust, "--json")
    finally:
        removed.rename(path)
    assert run.code in (1, 4)


def errors_with(package: Path, trust: Path, name: str, data: bytes) -> set[str]:
    """Return the codes of the errors that are found while one file has other bytes."""
    path = package / name
    original = path.read_bytes()
    path.write_bytes(data)
    try:
        run = archtool("verify", package, "--trust", trust, "--json")
    finally:
        path.write_bytes(original)
    (result,) = run.objects
    assert run.code == 1
    return {f["code"] for f in result["findings"] if f["severity"] == Severity.ERROR.value}
