"""Packages and registers that earlier code made are read, verified and continued by today's code."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import archtool
from command_line import archtool as command
from packages import ARCHIVIST, REPOSITORY, write_key

FOLDER = REPOSITORY / "tests" / "compatibility"
TRUST = FOLDER / "allowed_signers"
EXPECTED: dict[str, list[str]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
SIGNED = [name for name, events in EXPECTED.items() if events]
HEAD = "sha256:01aaf66634e946159b2bdb602d1a93d40c9ff446312ab238b3e41d4db9c0c4ce"


def test_every_earlier_package_has_an_expected_answer() -> None:
    files = {
        path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in (".zip", ".tar")
    }
    assert files == set(EXPECTED)


def test_this_version_has_packages_in_the_series() -> None:
    assert (FOLDER / archtool.__version__).is_dir(), "add packages of this version; README.md there says how"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_earlier_package_is_verified(name: str) -> None:
    events = EXPECTED[name]
    result = archtool.verify(FOLDER / name, trust=TRUST if events else None)
    trust = "trusted" if events else "not-asked"
    assert dict(result.verdict) == {"bag": "valid", "content": "consistent", "trust": trust}
    assert [f.code for f in result.findings if f.severity is archtool.Severity.ERROR] == []
    package = archtool.read_package(FOLDER / name, trust=TRUST)
    assert [attestation.event for attestation in package.trust.attestations] == events
    assert package.description is not None
    assert package.citation


def test_an_earlier_repair_of_a_text_is_replayed_and_undone() -> None:
    seen = command("verify", FOLDER / "0.1.0" / "repaired.zip", "--trust", TRUST, "--replay")
    assert seen.code == 0, seen.said()
    assert "replayed and undone, both byte for byte" in " ".join(seen.out.split())


@pytest.mark.parametrize("name", sorted(SIGNED))
def test_an_earlier_package_is_continued_with_an_attestation_of_today(name: str, tmp_path: Path) -> None:
    assert command("unpack", FOLDER / name, "-o", tmp_path / "package").code == 0
    archtool.attest(
        tmp_path / "package",
        sign=write_key(tmp_path, ARCHIVIST),
        event="countersignature",
        date=datetime(2027, 1, 2, tzinfo=UTC),
    )
    result = archtool.verify(tmp_path / "package", trust=TRUST, at=datetime(2027, 1, 3, tzinfo=UTC))
    assert dict(result.verdict) == {"bag": "valid", "content": "consistent", "trust": "trusted"}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_flipped_byte_of_an_earlier_package_is_found(name: str, tmp_path: Path) -> None:
    command("unpack", FOLDER / name, "-o", tmp_path / "package")
    file = next(path for path in sorted((tmp_path / "package" / "data").rglob("*.txt")) if path.is_file())
    data = file.read_bytes()
    file.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    assert archtool.verify(tmp_path / "package").verdict["bag"] == "invalid"


def test_an_earlier_description_still_makes_a_package(tmp_path: Path) -> None:
    for name in ("2026-11-22", archtool.__version__):
        command("unpack", FOLDER / name / "letter.zip", "-o", tmp_path / name)
        source = tmp_path / name / "data"
        (source / "description.yaml").write_bytes(
            (tmp_path / name / "metadata/description.yaml").read_bytes()
        )
        made = archtool.pack(source / "description.yaml", tmp_path / f"{name}-again")
        assert made.exit_code is archtool.ExitCode.DONE


def test_an_earlier_register_is_proved_and_continued(tmp_path: Path) -> None:
    register = tmp_path / "archive.register"
    register.write_bytes(gzip.decompress((FOLDER / "0.1.0" / "archive.register.gz").read_bytes()))
    proof = command("holdings", "verify", "--register", register, "--expect-head", f"8 {HEAD}")
    assert proof.code == 0, proof.said()
    assert command("holdings", "note", "moved house", "--register", register, "--agent", "Jane Doe").code == 0
    assert command("holdings", "verify", "--register", register).code == 0
    listed = command("holdings", "list", "--register", register, "--json").objects
    assert {one["subject"] for one in listed} == {"letter", "rakovsky-1932-appel"}


def test_an_earlier_export_of_a_register_is_imported(tmp_path: Path) -> None:
    export = FOLDER / "0.1.0" / "register.jsonl"
    made = command("holdings", "import", export, "--register", tmp_path / "archive.register")
    assert made.code == 0, made.said()
    assert HEAD in command("holdings", "head", "--register", tmp_path / "archive.register").said()
