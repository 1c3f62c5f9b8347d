"""A folder that others may be reading changes by renames: nothing half-made, nothing over what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.files.file_kinds import NotAFileError
from archtool.files.writing import update_folder
from archtool.files.writing.update_folder import add_folder, can_be_changed, replace_file
from unit.files.folders import as_nobody, public_folder


@pytest.fixture(params=[True, False], ids=["with-handles", "without"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one in it, on a system that has handles of folders, and on one that has none."""
    monkeypatch.setattr(update_folder, "HAS_HANDLES", request.param)
    (tmp_path / "root" / "above").mkdir(parents=True)
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "file").write_text("new")
    return tmp_path / "root"


def test_a_finished_folder_gets_its_place(root: Path) -> None:
    add_folder(root.parent / "made", root, "above", "new")
    assert (root / "above" / "new" / "file").read_text() == "new"
    assert not (root.parent / "made").exists()


def test_a_folder_is_never_put_over_what_is_there(root: Path) -> None:
    (root / "above" / "new").mkdir()
    (root / "above" / "new" / "other").write_text("old")
    with pytest.raises(FileExistsError) as refused:
        add_folder(root.parent / "made", root, "above", "new")
    assert Path(refused.value.filename).name == "new"
    assert (root / "above" / "new" / "other").read_text() == "old"
    assert (root.parent / "made" / "file").exists()


def test_no_link_leads_a_folder_elsewhere(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotAFileError):
        add_folder(root.parent / "made", root, "link", "new")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_that_is_missing_on_the_way_is_an_error(root: Path) -> None:
    with pytest.raises(FileNotFoundError):
        add_folder(root.parent / "made", root, "none", "new")


def test_a_file_takes_the_place_of_another_with_its_permissions(tmp_path: Path) -> None:
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


def test_a_folder_that_nobody_may_write_to_cannot_be_changed() -> None:
    with public_folder() as folder, as_nobody():
        assert not can_be_changed(folder)
