"""Moving a new attestation into place, and the errors if that is not possible."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from archtool.errors import StorageError
from archtool.operations.attest.place import AttestationTarget, stage_attestation

NEW = {"attestations/0001-validation/statement.json": b"{}\n"}
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a separate file system on Linux


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    return tmp_path / "package"


def test_a_folder_that_another_program_wrote_meanwhile_is_not_changed(root: Path) -> None:
    existing = root / "attestations" / "0001-validation" / "statement.json"
    with stage_attestation(AttestationTarget(root)) as stage:
        existing.parent.mkdir(parents=True)
        existing.write_text("other")
        with pytest.raises(StorageError, match="0001-validation appeared in") as refused:
            stage.commit(NEW, {})
    assert refused.value.hint is not None
    assert "archtool verify" in refused.value.hint
    assert existing.read_text() == "other"


def test_a_link_that_appeared_meanwhile_is_not_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    with stage_attestation(AttestationTarget(root)) as stage:
        (root / "attestations").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StorageError, match=r"cannot write .*attestations") as refused:
            stage.commit(NEW, {})
    assert refused.value.hint is not None
    assert "the package is as valid as it was" in refused.value.hint
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.skipif(not SHARED_MEMORY.is_dir(), reason="there is no second file system")
def test_a_folder_on_another_file_system_is_removed_as_well(root: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir=SHARED_MEMORY))
    (folder / "file").write_text("x")
    with stage_attestation(AttestationTarget(root)) as stage:
        stage.discard(folder)
    assert not folder.exists()
