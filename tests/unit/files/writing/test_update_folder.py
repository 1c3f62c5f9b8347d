"""A folder in use is changed by renames: nothing is incomplete, and nothing is overwritten by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.files.file_kinds import NotAFileError
from archtool.files.writing import update_folder
from archtool.files.writing.update_folder import add_folder, can_be_changed, replace_file
from unit.files.folders import as_nobody, public_folder


@pytest.fixture(params=[True, False], ids=["with-handles", "without"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a subfolder, on a system with and without folder handles."""
    monkeypatch.setattr(update_folder, "HAS_HANDLES", request.param)
    (tmp_path / "root" / "above").mkdir(parents=True)
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "file").write_text("new")
    return tmp_path / "root"


def test_a_finished_folder_is_moved_into_place(root: Path) -> None:
    add_folder(root.parent / "made", root, "above", "new")
    assert (root / "above" / "new" / "file").read_text() == "new"
    assert not (root.parent / "made").exists()


def test_a_folder_never_replaces_anything(root: Path) -> None:
    (root / "above" / "new").mkdir()
    (root / "above" / "new" / "other").write_text("old")
    with pytest.raises(FileExistsError) as refused:
        add_folder(root.parent / "made", root, "above", "new")
    assert Path(refused.value.filename).name == "new"
    assert (root / "above" / "new" / "other").read_text() == "old"
    assert (root.parent / "made" / "file").exists()


def test_a_folder_is_never_moved_through_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotAFileError):
        add_folder(root.parent / "made", root, "link", "new")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_that_is_missing_on_the_way_is_an_error(root: Path) -> None:
    with pytest.raises(FileNotFoundError):
        add_folder(root.parent / "made", root, "none", "new")


def test_a_file_replaces_another_and_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    (tmp_path / "old").chmod(0o640)
    for name in ("old", "new"):
        (tmp_path / "made").write_text("made")
        replace_file(tmp_path / "made", tmp_path, name)
        assert (tmp_path / name).read_text() == "made"
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o640


def test_a_link_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "made").write_text("made")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(NotAFileError):
        replace_file(tmp_path / "made", tmp_path, "link")
    assert (tmp_path / "link").is_symlink()


def test_a_read_only_folder_cannot_be_changed() -> None:
    with public_folder() as folder, as_nobody():
        assert not can_be_changed(folder)
