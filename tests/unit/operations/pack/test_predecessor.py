"""An old package is replaced only as it was read, and its sidecar is never lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archtool.errors import StorageError
from archtool.operations.limits import MAX_SIDECAR_BYTES
from archtool.operations.pack.predecessor import (
    OldAttestations,
    PackageReplacement,
    read_predecessor,
    read_stray_sidecar,
    report_discarded,
)
from command_line import DATE, archtool
from packages import make_package, tree_bytes, write_key


def attest(package: Path, *options: str | Path) -> None:
    words = ("--event", "validation", "--sign", write_key(package.parent), "--date", DATE)
    done = archtool("attest", package, *words, *options)
    assert done.code == 0, done.err


def replacement_of(package: Path) -> PackageReplacement:
    return PackageReplacement(read_predecessor(package), OldAttestations.KEEP)


def before_exchange(replacement: PackageReplacement) -> None:
    instructions = replacement.for_stage()
    assert instructions is not None
    assert instructions.before is not None
    instructions.before()


def test_a_package_that_cannot_be_read_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "package").write_bytes(b"no archive")
    with pytest.raises(StorageError, match="was not replaced: its attestations cannot be read"):
        read_predecessor(tmp_path / "package")


def test_a_package_that_was_attested_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    replacement = replacement_of(package)
    attest(package)
    with pytest.raises(StorageError, match="changed while the new package was being made"):
        before_exchange(replacement)


def test_the_sidecar_of_a_package_that_was_not_replaced_after_all_is_beside_it_again(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    attest(package, "--sidecar", package.with_name("package.attestations"))
    before = tree_bytes(tmp_path)
    replacement = replacement_of(package)
    before_exchange(replacement)
    assert tree_bytes(tmp_path) != before
    replacement.undo()
    assert tree_bytes(tmp_path) == before


def test_nothing_is_said_about_a_package_without_later_attestations(tmp_path: Path) -> None:
    assert report_discarded(read_predecessor(make_package(tmp_path))) == ()


def test_a_stray_sidecar_that_is_too_large_stops_the_run(tmp_path: Path) -> None:
    sidecar = tmp_path / "package.attestations"
    sidecar.mkdir()
    (sidecar / "scan.tif").touch()
    os.truncate(sidecar / "scan.tif", MAX_SIDECAR_BYTES + 1)
    with pytest.raises(StorageError, match=r"nothing was written: the sidecar .* is too large"):
        read_stray_sidecar(tmp_path / "package")
