"""The folder of incomplete files next to a bag: its content, lock and owner."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

import pytest

from archtool.download import partial_files
from archtool.download.failures import FetchFailedError
from archtool.download.limits import MAX_NOTE_BYTES
from archtool.download.partial_files import PartialFile, PartialFileStore, PartNote, open_store, store_folder
from archtool.errors import StorageError
from archtool.files import lock
from archtool.files.hashing.digests import Algorithm, digest_bytes
from unit.files.folders import as_nobody, public_folder

NOTE = PartNote("http://example.org/x", '"1"', 100)


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    folder = tmp_path / "bag"
    folder.mkdir()
    return folder


def part_of(store: PartialFileStore, data: bytes = b"begin", note: PartNote = NOTE) -> PartialFile:
    part = store.part("data/letter")
    part.begin(note)
    part.write(data)
    part.close()
    return part


def test_a_kept_part_is_found_and_resumed(bag: Path) -> None:
    with open_store(bag) as store:
        part_of(store)
    with open_store(bag) as store:
        part = store.part("data/letter")
        assert part.kept() == (NOTE, 5)
        hasher = Algorithm.SHA256.hasher()
        part.resume([hasher])
        part.write(b", end")
        part.close(sync=True)
        assert part.path.read_bytes() == b"begin, end"
        assert hasher.hexdigest() == digest_bytes(Algorithm.SHA256, b"begin").hex
        assert store.part("data/other").kept() is None


def test_begin_replaces_an_old_part(bag: Path) -> None:
    with open_store(bag) as store:
        part_of(store)
        part = part_of(store, b"", PartNote("http://example.org/y", None, None))
        assert part.kept() == (PartNote("http://example.org/y", None, None), 0)


def test_clear_removes_everything_except_the_kept_parts(bag: Path) -> None:
    with open_store(bag) as store:
        part = part_of(store)
        (store.folder / "stray").write_bytes(b"")
        store.clear(keep=["data/letter"])
        assert part.kept() == (NOTE, 5)
        assert len(list(store.folder.iterdir())) == 2
        store.clear(keep=["data/other"])
        assert not store.folder.exists()


def test_a_failure_of_clear_is_ignored(bag: Path) -> None:
    with open_store(bag) as store:
        (store.folder / "folder").mkdir()
        store.clear(keep=[])
        assert store.folder.exists()


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"[" * 50_000,
        b'{"url": "x", "validator": null}',
        b'{"url": "x", "validator": 1, "total_bytes": 1}',
        b'{"url": "x", "validator": null, "total_bytes": "1"}',
        b'"' + b"x" * MAX_NOTE_BYTES,
    ],
)
def test_a_part_with_a_damaged_note_is_ignored(note: bytes, bag: Path) -> None:
    with open_store(bag) as store:
        part = part_of(store)
        part.path.with_suffix(".json").write_bytes(note)
        assert part.kept() is None


def test_attack_part_with_a_second_hard_link_is_not_written_to(bag: Path) -> None:
    """A run killed between two steps leaves the file both in its place and under its old name."""
    with open_store(bag) as store:
        part = part_of(store)
        os.link(part.path, bag / "letter")
        assert part.kept() is None
        part_of(store, b"another")
    assert (bag / "letter").read_bytes() == b"begin"


def test_attack_link_with_the_name_of_a_part_is_not_followed(bag: Path) -> None:
    (bag / "letter").write_bytes(b"payload")
    with open_store(bag) as store:
        part = part_of(store)
        part.path.unlink()
        part.path.symlink_to(bag / "letter")
        with pytest.raises(StorageError):
            part.resume([])
        part_of(store, b"another")
    assert (bag / "letter").read_bytes() == b"payload"


def test_a_second_run_is_refused(bag: Path) -> None:
    with open_store(bag), pytest.raises(FetchFailedError) as refused, open_store(bag):
        pass
    assert refused.value.kind.code == "remote.locked"
    with open_store(bag / ".." / "bag"):
        pass


def test_a_folder_removed_before_it_is_locked_is_made_again(
    bag: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = lock.locked_folder, []

    @contextlib.contextmanager
    def vanish(folder: Path):  # type: ignore[no-untyped-def]
        calls.append(folder)
        if len(calls) == 1:
            folder.rmdir()
        with real(folder) as status:
            if len(calls) == 2:
                folder.rmdir()
            yield status

    monkeypatch.setattr(partial_files, "locked_folder", vanish)
    with open_store(bag) as store:
        assert store.folder.is_dir()
    assert len(calls) == 3


def test_the_folder_is_used_without_a_lock_where_folders_cannot_be_locked(
    bag: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "IS_POSIX", False)
    with open_store(bag) as store:
        assert store.folder.is_dir()


def test_attack_link_with_the_name_of_the_folder_is_refused(bag: Path) -> None:
    store_folder(bag).symlink_to(bag)
    with pytest.raises(StorageError, match="cannot write"), open_store(bag):
        pass
    assert list(bag.iterdir()) == []


def test_a_folder_of_another_user_is_refused(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_folder(bag).mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(StorageError, match="belongs to another user"), open_store(bag):
        pass


def test_a_bag_at_the_root_of_a_disk_is_refused() -> None:
    with pytest.raises(StorageError, match="no folder can be made next to"), open_store(Path("/")):
        pass


@pytest.mark.skipif(not os.path.ismount("/dev/shm"), reason="there is no second file system")  # noqa: S108
def test_a_bag_on_another_disk_than_its_parent_folder_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = Path("/dev/shm")  # noqa: S108 - a second file system of every Linux
    monkeypatch.setattr(partial_files, "store_folder", lambda _root: tmp_path / "store")
    with pytest.raises(StorageError, match="another disk"), open_store(other):
        pass


def test_a_folder_that_cannot_be_made_is_a_storage_error() -> None:
    with public_folder() as folder:
        (folder / "bag").mkdir()
        folder.chmod(0o555)
        with as_nobody(), pytest.raises(StorageError, match="cannot write"), open_store(folder / "bag"):
            pass
        folder.chmod(0o755)


def test_the_note_contains_only_the_necessary_fields(bag: Path) -> None:
    with open_store(bag) as store:
        part = part_of(store)
        note = json.loads(part.path.with_suffix(".json").read_bytes())
    assert note == {"url": "http://example.org/x", "validator": '"1"', "total_bytes": 100}
    assert store.folder.name.startswith(".archtool-fetch-")
    assert store.folder.stat().st_mode & 0o777 == 0o700
