"""How a new attestation gets its place, and what is said where it cannot."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from archtool.errors import StorageError
from archtool.operations.attest.place import AttestationTarget, staged_for

NEW = {"attestations/0001-validation/statement.json": b"{}\n"}
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system of its own, wherever there is one


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    return tmp_path / "package"


def test_a_folder_that_another_program_wrote_meanwhile_is_left_as_it_is(root: Path) -> None:
    there = root / "attestations" / "0001-validation" / "statement.json"
    with staged_for(AttestationTarget(root)) as stage:
        there.parent.mkdir(parents=True)
        there.write_text("theirs")
        with pytest.raises(StorageError, match="0001-validation appeared in") as refused:
            stage.commit(NEW, {})
    assert refused.value.hint is not None
    assert "archtool verify" in refused.value.hint
    assert there.read_text() == "theirs"


def test_a_link_that_appeared_meanwhile_leads_nowhere(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    with staged_for(AttestationTarget(root)) as stage:
        (root / "attestations").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StorageError, match=r"cannot write .*attestations") as refused:
            stage.commit(NEW, {})
    assert refused.value.hint is not None
    assert "the package is as valid as it was" in refused.value.hint
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.skipif(not SHARED_MEMORY.is_dir(), reason="there is no second file system to try it on")
def test_a_folder_on_another_file_system_is_taken_away_too(root: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir=SHARED_MEMORY))
    (folder / "file").write_text("x")
    with staged_for(AttestationTarget(root)) as stage:
        stage.discard(folder)
    assert not folder.exists()
