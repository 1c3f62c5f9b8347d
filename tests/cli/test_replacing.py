"""A package with attestations beyond its packaging is replaced only on request."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from batches import batch, endings, write_letters
from command_line import DATE, archtool
from packages import (
    ARCHIVIST,
    left_behind,
    make_package,
    pack,
    tree_bytes,
    write_allowed_signers,
    write_key,
)

CURATOR = "curator@example.org"


def countersign(package: Path, *options: str | Path) -> None:
    key = write_key(package.parent, CURATOR)
    done = archtool("attest", package, "--event", "countersignature", "--sign", key, "--date", DATE, *options)
    assert done.code == 0, done.err


def attested_package(tmp_path: Path) -> Path:
    package = make_package(tmp_path)
    countersign(package)
    return package


def pack_again(tmp_path: Path, package: Path, *options: str) -> object:
    return pack(tmp_path / "sources" / "description.yaml", package, "--sign", write_key(tmp_path), *options)


def test_force_alone_does_not_replace_a_countersigned_package(tmp_path: Path) -> None:
    package = attested_package(tmp_path)
    before = tree_bytes(package)
    refused = pack(tmp_path / "sources" / "description.yaml", package, "--force")
    assert refused.code == 2
    assert "0002-countersignature by curator@example.org, 2026-11-22" in refused.said()
    assert "--keep-predecessor" in refused.said()
    assert "--discard-attestations" in refused.said()
    assert (tree_bytes(package), left_behind(tmp_path)) == (before, [])


def test_force_replaces_a_package_with_only_its_packaging_attestation(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    assert pack(tmp_path / "sources" / "description.yaml", package, "--force").code == 0


def test_the_old_package_is_kept_unchanged_and_the_new_provenance_names_it(tmp_path: Path) -> None:
    package = attested_package(tmp_path)
    before = tree_bytes(package)
    done = pack(tmp_path / "sources" / "description.yaml", package, "--keep-predecessor")
    assert done.code == 0
    assert "the old package is kept as package.predecessor-1" in done.said()
    assert tree_bytes(tmp_path / "package.predecessor-1") == before
    assert left_behind(tmp_path) == []
    provenance = json.loads((package / "metadata" / "provenance.json").read_text())
    old = provenance["entity"]["pkg:predecessor"]
    assert old["prov:label"] == "package.predecessor-1"
    assert old["arch:attestation-head"].startswith("0002-countersignature sha512:")
    assert old["arch:manifest-digest"].startswith("manifest-sha512.txt sha512:")
    kinds = [derived["arch:kind"] for derived in provenance["wasDerivedFrom"].values()]
    assert "replacement" in kinds
    trust = write_allowed_signers(tmp_path, ARCHIVIST, CURATOR)
    seen = archtool("verify", package, tmp_path / "package.predecessor-1", "--trust", trust, "--json")
    assert [one["verdict"]["content"] for one in seen.objects] == ["consistent", "consistent"]
    assert seen.objects[1]["verdict"]["trust"] == "trusted"


def test_each_kept_package_gets_the_next_number(tmp_path: Path) -> None:
    package = attested_package(tmp_path)
    description = tmp_path / "sources" / "description.yaml"
    for _ in range(2):
        assert pack(description, package, "--keep-predecessor").code == 0
    names = sorted(path.name for path in tmp_path.glob("package*"))
    assert names == ["package", "package.predecessor-1", "package.predecessor-2"]


def test_attestations_are_discarded_only_on_request(tmp_path: Path) -> None:
    package = attested_package(tmp_path)
    done = pack(tmp_path / "sources" / "description.yaml", package, "--discard-attestations", "--strict")
    assert done.code == 0
    assert "pack.attestations-discarded" in done.err
    assert not (package / "attestations").exists()


def test_keeping_and_discarding_contradict_each_other(tmp_path: Path) -> None:
    package = attested_package(tmp_path)
    wrong = pack(
        tmp_path / "sources" / "description.yaml", package, "--keep-predecessor", "--discard-attestations"
    )
    assert wrong.code == 2


@pytest.mark.parametrize(
    "path", ["tagmanifest-sha512.txt.asc", "evidence/0001.ers", "attestations/0001-packaging/more.txt"]
)
def test_evidence_that_was_added_later_prevents_replacement(tmp_path: Path, path: str) -> None:
    package = make_package(tmp_path)
    (package / path).parent.mkdir(exist_ok=True)
    (package / path).write_bytes(b"-----BEGIN PGP")
    refused = pack(tmp_path / "sources" / "description.yaml", package, "--force")
    assert refused.code == 2
    assert Path(path).name in refused.said()


def test_an_attestation_with_an_unreadable_statement_prevents_replacement(tmp_path: Path) -> None:
    package = attested_package(tmp_path)
    (package / "attestations" / "0002-countersignature" / "statement.json").write_text("{")
    refused = pack(tmp_path / "sources" / "description.yaml", package, "--force")
    assert (refused.code, "0002-countersignature (its statement cannot be read)" in refused.said()) == (
        2,
        True,
    )


def test_a_sidecar_is_kept_with_its_old_package(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    make_package(tmp_path)
    archive = tmp_path / "letter.tar"
    description = sources / "description.yaml"
    assert pack(description, archive, "--archive", "tar").code == 0
    countersign_archive = archtool(
        "attest", archive, "--event", "validation", "--sign", write_key(tmp_path, CURATOR), "--date", DATE
    )
    assert countersign_archive.code == 0
    assert pack(description, archive, "--archive", "tar", "--force").code == 2
    assert pack(description, archive, "--archive", "tar", "--keep-predecessor").code == 0
    kept = tmp_path / "letter.predecessor-1.tar"
    assert not (tmp_path / "letter.tar.attestations").exists()
    assert (tmp_path / "letter.predecessor-1.tar.attestations" / "0001-validation").is_dir()
    seen = archtool("verify", kept, archive, "--json")
    assert (seen.code, len(seen.objects[0]["facts"]["attestations"])) == (0, 1)


def test_the_fate_of_an_old_sidecar_is_reported(tmp_path: Path) -> None:
    package, beside = make_package(tmp_path), tmp_path / "package.attestations"
    countersign(package, "--sidecar", beside)
    description = tmp_path / "sources" / "description.yaml"
    refused = pack(description, package, "--force")
    assert (refused.code, "0002-countersignature by curator@example.org" in refused.said()) == (2, True)
    assert "in package.attestations" in refused.said()
    kept = "is kept as package.predecessor-1, its sidecar as package.predecessor-1.attestations"
    planned = pack(description, package, "--keep-predecessor", "--dry-run")
    assert kept.replace("is kept", "would be kept") in planned.said()
    signed = ["--sign", write_key(tmp_path)]
    assert kept in pack(description, package, "--keep-predecessor", *signed).said()
    countersign(package, "--sidecar", beside)
    given_up = pack(description, package, "--discard-attestations")
    assert "discarded with the replaced package: 0002-countersignature" in given_up.said()
    assert not beside.exists()


@pytest.mark.parametrize("options", [(), ("--force",), ("--keep-predecessor",)])
def test_a_new_package_does_not_adopt_the_sidecar_of_a_deleted_one(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    package, beside = make_package(tmp_path), tmp_path / "package.attestations"
    countersign(package, "--sidecar", beside)
    package.rename(tmp_path / "elsewhere")
    before = tree_bytes(beside)
    description = tmp_path / "sources" / "description.yaml"
    refused = pack(description, package, *options)
    assert (refused.code, package.exists(), tree_bytes(beside)) == (2, False, before)
    assert f"{beside} would become the sidecar of the new package" in refused.said()
    assert "0002-countersignature by curator@example.org" in refused.said()
    assert "--discard-attestations" in refused.said()
    done = pack(description, package, "--discard-attestations")
    assert (done.code, beside.exists()) == (0, False)
    assert "discarded with the sidecar of a package that is gone: 0002-countersignature" in done.said()
    assert archtool("verify", package).code == 0


def test_the_sidecar_of_a_discarded_package_is_deleted(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    countersign(package, "--sidecar", tmp_path / "package.attestations")
    done = pack(tmp_path / "sources" / "description.yaml", package, "--discard-attestations")
    assert (done.code, (tmp_path / "package.attestations").exists()) == (0, False)
    assert archtool("verify", package).code == 0


def test_a_batch_does_not_replace_a_countersigned_package_when_its_title_is_corrected(tmp_path: Path) -> None:
    source, output, key = tmp_path / "letters", tmp_path / "out", write_key(tmp_path)
    write_letters(source, "may", "june")
    assert batch(source, output, "--sign", key).code == 0
    countersign(output / "may")
    before = tree_bytes(output / "may")
    for name in ("may", "june"):
        path = source / name / "description.yaml"
        path.write_text(path.read_text().replace("Letter", "Corrected letter"))
    again = batch(source, output, "--sign", key)
    assert (again.code, endings(again)) == (6, {"may": ("failed", 2), "june": ("done", 0)})
    (told,) = [one for one in again.objects if one["job"] == "may"]
    assert "0002-countersignature by curator@example.org" in told["message"]
    assert tree_bytes(output / "may") == before
    # the same command with the option resumes, and recognises its own package
    kept = batch(source, output, "--sign", key, "--keep-predecessor")
    assert (kept.code, endings(kept)) == (0, {"may": ("done", 0), "june": ("left", 0)})
    assert tree_bytes(output / "may.predecessor-1") == before
    assert endings(batch(source, output, "--sign", key)) == {"may": ("left", 0), "june": ("left", 0)}


def test_a_package_that_a_batch_makes_again_has_its_own_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, output = tmp_path / "letters", tmp_path / "out"
    write_letters(source, "may", "june")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)

    def run_at(day: str) -> dict[str, tuple[str, int]]:
        monkeypatch.setattr("archtool.cli.options.clock.now", lambda: _moment(day))
        return endings(archtool("batch", source, "-o", output))

    assert run_at("2026-11-22") == {"may": ("done", 0), "june": ("done", 0)}
    (source / "may" / "letter.txt").write_text("To all sections.\n")
    assert run_at("2026-12-24") == {"may": ("done", 0), "june": ("left", 0)}
    assert "Bagging-Date: 2026-12-24" in (output / "may" / "bag-info.txt").read_text()
    assert "Bagging-Date: 2026-11-22" in (output / "june" / "bag-info.txt").read_text()
    assert run_at("2027-01-01") == {"may": ("left", 0), "june": ("left", 0)}


def _moment(day: str) -> object:
    from datetime import UTC, datetime

    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def test_a_failed_attempt_does_not_make_a_batch_forget_that_a_package_is_its_own(tmp_path: Path) -> None:
    source, output = tmp_path / "letters", tmp_path / "out"
    write_letters(source, "may")
    path = source / "may" / "description.yaml"
    sound = path.read_text()
    assert batch(source, output).code == 0
    path.write_text(sound.replace("date: 1932-05", "date: 1932-13"))
    assert endings(batch(source, output)) == {"may": ("failed", 3)}
    path.write_text(sound.replace("date: 1932-05", "date: 1932-06"))
    assert endings(batch(source, output)) == {"may": ("done", 0)}


KILLED_AFTER_EXCHANGE = """
import os, signal, sys
from archtool.files.writing import atomic_rename
exchange = atomic_rename.exchange
def killed(source, target):
    exchange(source, target)
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "before":
    atomic_rename.exchange = lambda source, target: os.kill(os.getpid(), signal.SIGKILL)
else:
    atomic_rename.exchange = killed
sys.argv[1:2] = []
from archtool.cli.main import run
run(sys.argv[1:])
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_during_the_exchange_loses_neither_package(tmp_path: Path, moment: str) -> None:
    package = attested_package(tmp_path)
    before = tree_bytes(package)
    description = tmp_path / "sources" / "description.yaml"
    command = [sys.executable, "-c", KILLED_AFTER_EXCHANGE, moment, "pack", str(description)]
    command += ["-o", str(package), "--keep-predecessor"]
    killed = subprocess.run(command, check=False, capture_output=True, env=dict(os.environ))
    assert killed.returncode == -9
    assert archtool("verify", package).code == 0
    # the next run for the same package cleans up after the kill and continues
    assert pack(description, package, "--keep-predecessor").code == 0
    kept = [tree_bytes(path) for path in sorted(tmp_path.glob("package.predecessor-*"))]
    assert before in kept
    assert left_behind(tmp_path) == []


def test_what_an_unreadable_statement_claims_is_not_guessed(tmp_path: Path) -> None:
    package = attested_package(tmp_path)
    (package / "attestations/0002-countersignature/statement.json").write_text("{")
    refused = pack(tmp_path / "sources" / "description.yaml", package, "--force")
    assert refused.code == 2
    assert "0002-countersignature (its statement cannot be read)" in refused.said()
    (package / "attestations/0002-countersignature/statement.json").unlink()
    refused = pack(tmp_path / "sources" / "description.yaml", package, "--force")
    assert (refused.code, "0002-countersignature" in refused.said()) == (2, True)


def test_an_empty_sidecar_prevents_the_replacement_of_its_package(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (tmp_path / "package.attestations").mkdir()
    (tmp_path / "package.attestations" / "notes.txt").write_text("somebody's")
    refused = pack(tmp_path / "sources" / "description.yaml", package, "--force")
    assert refused.code == 2
    assert "the sidecar package.attestations" in refused.said()
