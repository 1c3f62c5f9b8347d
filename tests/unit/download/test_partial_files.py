"""The folder beside a bag: what lies in it until it is whole, and whose it is."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

import pytest

from archtool.download import partial_files
from archtool.download.failures import FetchFailedError
from archtool.download.partial_files import (
    MAX_NOTE_BYTES,
    PartialFile,
    PartialFileStore,
    PartNote,
    open_store,
    store_folder,
)
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


def test_what_was_kept_is_found_again_and_gone_on_with(bag: Path) -> None:
    with open_store(bag) as store:
        part_of(store)
    with open_store(bag) as store:
        part = store.part("data/letter")
        assert part.kept() == (NOTE, 5)
        hasher = Algorithm.SHA256.hasher()
        part.go_on([hasher])
        part.write(b", end")
        part.close(sync=True)
        assert part.path.read_bytes() == b"begin, end"
        assert hasher.hexdigest() == digest_bytes(Algorithm.SHA256, b"begin").hex
        assert store.part("data/other").kept() is None


def test_a_new_beginning_forgets_the_old_one(bag: Path) -> None:
    with open_store(bag) as store:
        part_of(store)
        part = part_of(store, b"", PartNote("http://example.org/y", None, None))
        assert part.kept() == (PartNote("http://example.org/y", None, None), 0)


def test_what_no_later_run_can_use_is_cleared_away(bag: Path) -> None:
    with open_store(bag) as store:
        part = part_of(store)
        (store.folder / "stray").write_bytes(b"")
        store.clear(keep=["data/letter"])
        assert part.kept() == (NOTE, 5)
        assert len(list(store.folder.iterdir())) == 2
        store.clear(keep=["data/other"])
        assert not store.folder.exists()


def test_what_cannot_be_cleared_away_does_not_fail_the_run(bag: Path) -> None:
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
def test_a_note_that_cannot_be_read_means_that_nothing_is_kept(note: bytes, bag: Path) -> None:
    with open_store(bag) as store:
        part = part_of(store)
        part.path.with_suffix(".json").write_bytes(note)
        assert part.kept() is None


def test_attack_a_part_that_has_another_name_is_not_written_to(bag: Path) -> None:
    """A run that was killed between two steps left the file in its place and under its old name too."""
    with open_store(bag) as store:
        part = part_of(store)
        os.link(part.path, bag / "letter")
        assert part.kept() is None
        part_of(store, b"another")
    assert (bag / "letter").read_bytes() == b"begin"


def test_attack_a_link_in_the_place_of_a_part_is_not_followed(bag: Path) -> None:
    (bag / "letter").write_bytes(b"payload")
    with open_store(bag) as store:
        part = part_of(store)
        part.path.unlink()
        part.path.symlink_to(bag / "letter")
        with pytest.raises(StorageError):
            part.go_on([])
        part_of(store, b"another")
    assert (bag / "letter").read_bytes() == b"payload"


def test_one_run_at_a_time(bag: Path) -> None:
    with open_store(bag), pytest.raises(FetchFailedError) as refused, open_store(bag):
        pass
    assert refused.value.kind.code == "remote.locked"
    with open_store(bag / ".." / "bag"):
        pass


def test_a_folder_that_vanishes_before_it_is_held_is_made_again(
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


def test_where_folders_cannot_be_held_it_is_made_all_the_same(
    bag: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "IS_POSIX", False)
    with open_store(bag) as store:
        assert store.folder.is_dir()


def test_attack_a_link_in_the_place_of_the_folder(bag: Path) -> None:
    store_folder(bag).symlink_to(bag)
    with pytest.raises(StorageError, match="cannot write"), open_store(bag):
        pass
    assert list(bag.iterdir()) == []


def test_a_folder_of_somebody_else_is_left_alone(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_folder(bag).mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(StorageError, match="belongs to somebody else"), open_store(bag):
        pass


def test_a_bag_that_is_a_disk_of_its_own_has_no_place_beside_it() -> None:
    with pytest.raises(StorageError, match="no place beside"), open_store(Path("/")):
        pass


@pytest.mark.skipif(not os.path.ismount("/dev/shm"), reason="no second file system is here")  # noqa: S108
def test_a_bag_on_another_disk_than_its_folder_is_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = Path("/dev/shm")  # noqa: S108 - the one second file system that every Linux has
    monkeypatch.setattr(partial_files, "store_folder", lambda _root: tmp_path / "store")
    with pytest.raises(StorageError, match="another disk"), open_store(other):
        pass


def test_a_folder_that_cannot_be_made_is_the_surroundings_fault() -> None:
    with public_folder() as folder:
        (folder / "bag").mkdir()
        folder.chmod(0o555)
        with as_nobody(), pytest.raises(StorageError, match="cannot write"), open_store(folder / "bag"):
            pass
        folder.chmod(0o755)


def test_the_note_holds_no_more_than_it_must(bag: Path) -> None:
    with open_store(bag) as store:
        part = part_of(store)
        note = json.loads(part.path.with_suffix(".json").read_bytes())
    assert note == {"url": "http://example.org/x", "validator": '"1"', "total_bytes": 100}
    assert store.folder.name.startswith(".archtool-fetch-")
    assert store.folder.stat().st_mode & 0o777 == 0o700
