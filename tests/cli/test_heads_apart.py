"""Copies of one holding whose attestations differ: none is attested apart from the others unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Run, archtool
from packages import ARCHIVIST, tree_bytes, write_allowed_signers, write_key
from register_commands import init_register, read_holding
from repairs import make_copies

NAME = "letters"


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Two registered copies of one holding; the register is configured."""
    package, copy = make_copies(tmp_path)
    init_register(tmp_path, monkeypatch)
    for words in (("add", package, "--name", NAME), ("copies", NAME, "--add", copy)):
        done = archtool("holdings", *words)
        assert done.code == 0, done.said()
    return package, copy


def attest(package: Path, *options: str | Path, signer: str | None = None) -> Run:
    key = write_key(package.parent, signer) if signer is not None else write_key(package.parent)
    return archtool("attest", package, "--event", "validation", "--sign", key, *options)


def bring(package: Path, copy: Path) -> None:
    done = archtool("repair", "--copy", copy, "--apply", "--", NAME)
    assert done.code == 0, done.said()
    assert tree_bytes(copy) == tree_bytes(package)


def heads(folder: Path) -> list[str]:
    return [str(copy.head).partition(" ")[0] for copy in read_holding(folder / "archive.register", NAME)[1]]


def test_a_copy_that_lacks_the_newest_attestation_is_not_attested_until_it_was_brought_there(
    copies: tuple[Path, Path],
) -> None:
    package, copy = copies
    assert attest(package).code == 0
    before = tree_bytes(copy)
    refused = attest(copy)
    assert refused.code == 1
    assert "the expected attestation 0002-validation is missing" in refused.said()
    assert f"another copy of {NAME} has it" in refused.said()
    assert refused.said().count(f"archtool repair --copy {copy} --apply -- {NAME}") == 1
    assert "for all findings" not in refused.said()  # the package has no other fault
    assert tree_bytes(copy) == before
    bring(package, copy)
    assert attest(copy).code == 0
    assert sorted(path.name for path in (copy / "attestations").iterdir()) == [
        "0001-packaging", "0002-validation", "0003-validation",
    ]  # fmt: skip


def test_verify_attests_no_copy_that_lacks_the_newest_attestation(copies: tuple[Path, Path]) -> None:
    package, copy = copies
    assert attest(package).code == 0
    before = tree_bytes(copy)
    refused = archtool("verify", copy, "--attest", write_key(copy.parent))
    assert refused.code == 1
    assert f"another copy of {NAME} has it" in refused.said()
    assert f"archtool repair --copy {copy} --apply -- {NAME}" in refused.said()
    assert tree_bytes(copy) == before
    assert archtool("verify", copy).code == 0  # to lack an attestation is no fault of the copy


def test_a_batch_attests_no_copy_that_lacks_the_newest_attestation(
    copies: tuple[Path, Path], tmp_path: Path
) -> None:
    package, copy = copies
    assert attest(package).code == 0
    before, out = tree_bytes(copy), tmp_path / "out"
    for more in (("--check",), ()):  # the package itself can be attested: done in part
        refused = archtool(
            "batch", copy.parent, "-o", out, "--verb", "attest", "--sign", write_key(copy.parent), "--event",
            "validation", "--date", "2026-11-26", *more,
        )  # fmt: skip
        assert refused.code == 6, refused.said()
        assert f"another copy of {NAME} has it" in refused.said()
    assert tree_bytes(copy) == before


def test_an_attestation_that_no_registered_copy_has_any_more_is_not_required(
    copies: tuple[Path, Path],
) -> None:
    package, copy = copies
    assert attest(package).code == 0
    removed = archtool("holdings", "copies", NAME, "--remove", package, "--reason", "sold")
    assert removed.code == 0, removed.said()
    assert attest(copy).code == 0


def test_copies_that_were_attested_apart_are_reported_by_the_audit(copies: tuple[Path, Path]) -> None:
    package, copy = copies
    assert attest(package, "--date", "2026-11-24").code == 0
    assert attest(copy, "--date", "2026-11-25", "--no-register").code == 0
    seen = archtool("audit", "--all")
    assert seen.code == 0, seen.said()
    seen = archtool("audit", "--all")
    assert "warning: letters: " in seen.said()
    assert "was attested apart from another copy" in seen.said()
    assert "its 0002-validation and the 0002-validation there contradict each other" in seen.said()
    strict = archtool("audit", "--all", "--strict", "--json")
    assert strict.code == 1
    (report,) = strict.objects
    found = report.get("facts", report)
    assert found["apart_count"] == 1
    assert (found["apart"][0]["holding"], found["apart"][0]["own"]) == (NAME, "0002-validation")


def test_of_copies_that_were_attested_apart_one_is_attested_and_the_other_refused_with_the_reason(
    copies: tuple[Path, Path],
) -> None:
    package, copy = copies
    assert attest(copy, "--date", "2026-11-25", "--no-register").code == 0
    assert archtool("audit", "--all").code == 0
    assert attest(package, "--no-register", "--date", "2026-11-24").code == 0
    assert archtool("audit", "--all").code == 0
    runs = [attest(place, "--date", "2026-11-26") for place in (copy, package)]
    assert sorted(run.code for run in runs) == [0, 1]
    (refused,) = [run for run in runs if run.code]
    assert f"another copy of {NAME} has it" in refused.said()
    assert "the two copies were attested apart" in refused.said()


def test_an_attestation_by_an_unknown_key_does_not_become_the_head_of_an_audit_with_trust(
    copies: tuple[Path, Path], tmp_path: Path
) -> None:
    _, copy = copies
    allowed = write_allowed_signers(tmp_path, ARCHIVIST)
    assert archtool("audit", "--all", "--trust", allowed).code == 0
    assert attest(copy, "--no-register", signer="stranger@example.org").code == 0
    for _ in range(2):
        seen = archtool("audit", "--all", "--trust", allowed)
        assert seen.code == 1
        assert "0002-validation has no trusted signature" in seen.said()
        assert "the register still remembers 0001-packaging for this copy" in seen.said()
        assert heads(tmp_path) == ["0001-packaging", "0001-packaging"]
    assert archtool("holdings", "record-head", copy).code == 0
    assert heads(tmp_path) == ["0001-packaging", "0002-validation"]


def test_an_attestation_by_a_trusted_key_becomes_the_head_of_an_audit_with_trust(
    copies: tuple[Path, Path], tmp_path: Path
) -> None:
    _, copy = copies
    assert attest(copy, "--no-register").code == 0
    seen = archtool("audit", "--all", "--trust", write_allowed_signers(tmp_path, ARCHIVIST))
    assert seen.code == 0, seen.said()
    assert heads(tmp_path) == ["0001-packaging", "0002-validation"]
