"""Downloading one file of a bag from a real server: complete and checked, or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from archtool.download import download as download_module
from archtool.download.failures import FetchFailedError, StoppedError
from archtool.download.local_file import FileReply
from archtool.download.partial_files import PartialFileStore, PartNote, open_store, store_folder
from unit.download.holey import OPEN, codes, fetch_lines, fill, holey_bag, leftovers, payload_of, served_bag
from unit.download.servers import LONG_AGO, Served, Store, serving

NAME = "data/letter.txt"
DATA = bytes(range(256)) * 40
ONE = {NAME: DATA}
HALF = 5000


def keep_part(bag: Path, store: Store, data: bytes = DATA[:HALF], **note: object) -> None:
    """Store the part that a killed run left next to the bag."""
    fields = {"url": store.url("/" + NAME), "validator": '"1"', "total_bytes": len(DATA)} | note
    with open_store(bag) as parts:
        part = parts.part(NAME)
        part.begin(PartNote(**fields))  # type: ignore[arg-type]
        part.write(data)
        part.close()


def kept_bytes(bag: Path) -> int | None:
    """Return the size of the kept part."""
    kept = PartialFileStore(store_folder(bag)).part(NAME).kept()
    return kept[1] if kept else None


def ranges(store: Store) -> list[str | None]:
    """Return the Range header of each request."""
    return [request.headers["Range"] for request in store.requests]


@pytest.mark.parametrize("served", [Served(DATA), Served(DATA, chunked=True), Served(DATA, length=False)])
@pytest.mark.parametrize("lengths", [True, False])
def test_a_file_is_downloaded_with_and_without_a_known_length(
    served: Served, lengths: bool, tmp_path: Path
) -> None:
    with serving({"/" + NAME: served}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE, lengths=lengths)
        assert fill(bag).verdict == {"fetch": "complete"}
    assert payload_of(bag) == ONE
    assert leftovers(bag) == []


@pytest.mark.parametrize("algorithms", [["md5"], ["sha256", "sha512"], ["sha512", "unknownhash"]])
def test_a_file_is_compared_with_every_manifest(algorithms: list[str], tmp_path: Path) -> None:
    with serving({"/" + NAME: DATA}) as store:
        known = [a for a in algorithms if a != "unknownhash"]
        bag = holey_bag(tmp_path / "bag", ONE, fetch_lines(ONE, store), algorithms=known)
        for name in set(algorithms) - set(known):
            (bag / f"manifest-{name}.txt").write_text(f"abcdef  {NAME}\n")
        assert fill(bag).verdict == {"fetch": "complete"}


def test_attack_file_that_matches_only_one_of_two_manifests_is_refused(tmp_path: Path) -> None:
    with serving({"/" + NAME: DATA}) as store:
        bag = holey_bag(tmp_path / "bag", ONE, fetch_lines(ONE, store), algorithms=["md5", "sha512"])
        (bag / "manifest-sha512.txt").write_text(f"{'0' * 128}  {NAME}\n")
        result = fill(bag)
    assert codes(result) == ["remote.digest-mismatch"]
    assert "(manifest-sha512.txt line 1): expected 00000000…0000, found" in result.findings[0].message
    assert payload_of(bag) == {}


WRONG: Mapping[str, tuple[Served, str]] = {
    "other bytes": (Served(DATA[:-1] + b"x"), "remote.digest-mismatch"),
    "announced too long": (Served(DATA + b"x"), "remote.too-long"),
    "announced too short": (Served(DATA[:-1]), "remote.too-short"),
    "too long in chunks": (Served(DATA + b"x", chunked=True), "remote.too-long"),
    "too short in chunks": (Served(DATA[:-1], chunked=True), "remote.too-short"),
    "too long without an end": (Served(DATA + b"x" * 100_000, length=False), "remote.too-long"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_never_put_in_place(case: str, tmp_path: Path) -> None:
    served, code = WRONG[case]
    with serving({"/" + NAME: served}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        result = fill(bag)
    assert codes(result) == [code]
    assert result.exit_code == 1
    assert payload_of(bag) == {}
    assert kept_bytes(bag) is None


def test_the_connection_is_closed_at_the_first_byte_above_the_length(tmp_path: Path) -> None:
    with serving({"/" + NAME: Served(DATA + b"x" * 50_000_000, length=False)}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        assert codes(fill(bag)) == ["remote.too-long"]
    assert store.sent_bytes == 0  # the server counts only complete bodies


@pytest.mark.parametrize("served", [Served(DATA), Served(DATA, chunked=True)])
def test_a_file_of_unknown_length_must_not_exceed_the_limit(served: Served, tmp_path: Path) -> None:
    with serving({"/" + NAME: served}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE, lengths=False)
        result = fill(bag, replace(OPEN, max_size_bytes=len(DATA) - 1))
        assert codes(result) == ["remote.over-limit"]
        assert fill(bag, replace(OPEN, max_size_bytes=len(DATA))).verdict == {"fetch": "complete"}


def test_the_bytes_of_all_files_of_a_bag_are_limited(tmp_path: Path) -> None:
    payload = {f"data/{n}": DATA for n in range(4)}
    with serving({"/" + path: data for path, data in payload.items()}) as store:
        bag = served_bag(tmp_path / "bag", store, payload, lengths=False)
        result = fill(bag, replace(OPEN, max_total_bytes=2 * len(DATA)))
        assert len(store.requests) == 3  # the third exceeded the limit, the fourth was not requested
    assert codes(result) == ["remote.over-total", "remote.over-total"]
    assert len(payload_of(bag)) == 2


# --- resuming ----------------------------------------------------------------------------------


def test_an_interrupted_download_is_resumed(tmp_path: Path) -> None:
    with serving({"/" + NAME: Served(DATA, stops_after=HALF)}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        broken = fill(bag)
        assert (codes(broken), broken.exit_code) == (["remote.broken-off"], 5)
        assert payload_of(bag) == {}
        assert kept_bytes(bag) == HALF
        store.files["/" + NAME] = Served(DATA)
        store.sent_bytes = 0
        result = fill(bag)
        assert ranges(store) == [None, f"bytes={HALF}-"]
        assert store.requests[1].headers["If-Range"] == '"1"'
        assert store.sent_bytes == len(DATA) - HALF
    assert result.facts["fetched"] == [
        {"path": NAME, "url": store.url("/" + NAME), "bytes": len(DATA), "resumed": True}
    ]
    assert payload_of(bag) == ONE
    assert leftovers(bag) == []


@pytest.mark.parametrize(
    "served", [Served(DATA[:HALF], length=False), Served(DATA, chunked=True, stops_after=HALF)]
)
def test_the_bytes_of_an_incomplete_answer_are_kept(served: Served, tmp_path: Path) -> None:
    with serving({"/" + NAME: served}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        assert codes(fill(bag)) == ["remote.broken-off"]
    assert kept_bytes(bag) == HALF


def test_a_date_can_identify_a_version(tmp_path: Path) -> None:
    dated = {"Last-Modified": LONG_AGO}
    with serving({"/" + NAME: Served(DATA, etag=None, headers=dated, stops_after=HALF)}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        fill(bag)
        store.files["/" + NAME] = Served(DATA, etag=None, headers=dated)
        assert fill(bag).verdict == {"fetch": "complete"}
        assert ranges(store) == [None, f"bytes={HALF}-"]
        assert store.requests[1].headers["If-Range"] == LONG_AGO


@pytest.mark.parametrize("served", [Served(DATA, etag='"2"'), Served(DATA, supports_ranges=False)])
def test_the_whole_file_is_received_if_the_server_sends_no_part(served: Served, tmp_path: Path) -> None:
    with serving({"/" + NAME: served}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        keep_part(bag, store, b"x" * HALF)
        result = fill(bag)
        assert ranges(store) == [f"bytes={HALF}-"]
    assert result.facts["fetched"][0]["resumed"] is False
    assert payload_of(bag) == ONE


def test_the_whole_file_is_requested_if_the_server_refuses_the_range(tmp_path: Path) -> None:
    def refuse_once(handler: object) -> None:
        store.files["/" + NAME] = Served(DATA)
        handler.send_error(416)  # type: ignore[attr-defined]

    with serving({"/" + NAME: Served(raw=refuse_once)}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        keep_part(bag, store)
        assert fill(bag).verdict == {"fetch": "complete"}
        assert ranges(store) == [f"bytes={HALF}-", None]


@pytest.mark.parametrize(
    "note",
    [
        {"validator": None},
        {"url": "http://example.org/other"},
        {"total_bytes": len(DATA) + 1},
    ],
)
def test_a_part_of_a_possibly_different_file_is_downloaded_again(
    note: dict[str, object], tmp_path: Path
) -> None:
    with serving({"/" + NAME: DATA}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        keep_part(bag, store, **note)
        assert fill(bag).verdict == {"fetch": "complete"}
        assert ranges(store) == [None]
    assert payload_of(bag) == ONE


@pytest.mark.parametrize("data", [b"", DATA + b"x"])
def test_an_empty_or_oversized_part_is_downloaded_again(data: bytes, tmp_path: Path) -> None:
    with serving({"/" + NAME: DATA}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        keep_part(bag, store, data)
        assert fill(bag).verdict == {"fetch": "complete"}
        assert ranges(store) == [None]


@pytest.mark.parametrize("lengths", [True, False])
def test_a_complete_part_is_put_in_place_without_a_request(lengths: bool, tmp_path: Path) -> None:
    """The earlier run was killed between the last byte and the rename."""
    with serving({"/" + NAME: DATA}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE, lengths=lengths)
        keep_part(bag, store, DATA, validator=None)
        assert fill(bag).verdict == {"fetch": "complete"}
        assert store.requests == []
    assert payload_of(bag) == ONE


@pytest.mark.parametrize("size_bytes", [HALF, len(DATA)])
def test_a_part_that_was_damaged_on_the_disk_is_downloaded_again(size_bytes: int, tmp_path: Path) -> None:
    """After a power cut a file can have its full length but only zeros."""
    with serving({"/" + NAME: DATA}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        keep_part(bag, store, bytes(size_bytes))
        assert fill(bag).verdict == {"fetch": "complete"}
        assert ranges(store)[-1] is None
    assert payload_of(bag) == ONE


def test_a_file_of_unknown_length_is_resumed(tmp_path: Path) -> None:
    with serving({"/" + NAME: DATA}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE, lengths=False)
        keep_part(bag, store, total_bytes=None)
        assert fill(bag).verdict == {"fetch": "complete"}
        assert ranges(store) == [f"bytes={HALF}-"]


@pytest.mark.parametrize(
    "served",
    [None, Served(status=503), Served(b"<p>log in, please"), Served(DATA + b"x")],
    ids=["gone", "busy", "a login page", "longer"],
)
def test_a_failing_server_does_not_discard_the_kept_part(served: Served | None, tmp_path: Path) -> None:
    files = {} if served is None else {"/" + NAME: replace(served, supports_ranges=False)}
    with serving(files) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        keep_part(bag, store)
        assert fill(bag).verdict == {"fetch": "incomplete"}
        assert kept_bytes(bag) == HALF
        store.files["/" + NAME] = Served(DATA)
        assert fill(bag).verdict == {"fetch": "complete"}
        assert ranges(store)[-1] == f"bytes={HALF}-"


# --- local files -------------------------------------------------------------------------------


LOCAL = replace(OPEN, schemes=frozenset(("file",)))


def local_bag(tmp_path: Path, url: str) -> Path:
    return holey_bag(tmp_path / "bag", ONE, f"{url} {len(DATA)} {NAME}\n")


def test_a_local_file_is_copied_and_resumed(tmp_path: Path) -> None:
    source = tmp_path / "letter one.txt"
    source.write_bytes(DATA)
    status = source.stat()
    bag = local_bag(tmp_path, source.as_uri())
    with open_store(bag) as parts:
        part = parts.part(NAME)
        part.begin(PartNote(source.as_uri(), f"{status.st_ino}-{len(DATA)}-{status.st_mtime_ns}", len(DATA)))
        part.write(DATA[:HALF])
        part.close()
    (fetched,) = fill(bag, LOCAL).facts["fetched"]
    assert fetched["resumed"] is True
    assert payload_of(bag) == ONE


def test_a_changed_local_file_is_copied_again(tmp_path: Path) -> None:
    source = tmp_path / "letter.txt"
    source.write_bytes(DATA)
    bag = local_bag(tmp_path, f"file://localhost{source}")
    with open_store(bag) as parts:
        part = parts.part(NAME)
        part.begin(PartNote(f"file://localhost{source}", "1-2-3", len(DATA)))
        part.write(DATA[:HALF])
        part.close()
    (fetched,) = fill(bag, LOCAL).facts["fetched"]
    assert fetched["resumed"] is False


def irregular_sources(folder: Path) -> dict[str, str]:
    """Return addresses of things that are no plain files; opening the FIFO would block the test."""
    (folder / "letter.txt").write_bytes(DATA)
    (folder / "link").symlink_to("letter.txt")
    (folder / "way").symlink_to(".")
    os.mkfifo(folder / "fifo")
    return {
        "a link": (folder / "link").as_uri(),
        "over a link": (folder / "way" / "letter.txt").as_uri(),
        "a FIFO": (folder / "fifo").as_uri(),
        "a folder": folder.as_uri(),
        "the root": "file:///",
        "a device": "file:///dev/zero",
        "another machine": f"file://example.org{folder}/letter.txt",
        "no path": "file:letter.txt",
        "climbing": f"file://{folder}/../{folder.name}/letter.txt",
        "invalid host": "file://[::1/x",
    }


@pytest.mark.parametrize(
    "case",
    ["a link", "over a link", "a FIFO", "a folder", "the root", "a device", "another machine", "no path",
     "climbing", "invalid host"],
)  # fmt: skip
def test_attack_local_address_that_is_no_plain_file_is_refused(case: str, tmp_path: Path) -> None:
    bag = local_bag(tmp_path, irregular_sources(tmp_path)[case])
    assert codes(fill(bag, LOCAL)) == ["remote.url-unusable"]
    assert payload_of(bag) == {}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("nowhere", "remote.not-there"),
        ("x" * 300, "remote.file-unreadable"),
        ("%00", "remote.file-unreadable"),
    ],
)
def test_a_local_file_that_cannot_be_opened_is_reported(name: str, code: str, tmp_path: Path) -> None:
    assert codes(fill(local_bag(tmp_path, f"file://{tmp_path}/{name}"), LOCAL)) == [code]


def test_reading_a_local_file_can_fail_or_be_stopped(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)  # can be opened but not read, like a file on a failing disk
    stop = Event()
    reply = FileReply(folder, 0, 1, "", stop)
    with pytest.raises(FetchFailedError, match="reading failed"):
        reply.read()
    stop.set()
    with pytest.raises(StoppedError):
        reply.read()
    reply.close()


# --- placing the file --------------------------------------------------------------------------


def test_a_file_that_another_program_creates_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    def appear(handler: object) -> None:
        (bag / NAME).write_bytes(b"of another program")
        store.files["/" + NAME] = Served(DATA)
        handler.do_GET()  # type: ignore[attr-defined]

    with serving({"/" + NAME: Served(raw=appear)}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        result = fill(bag)
    assert codes(result) == ["remote.no-place"]
    assert result.findings[0].message == f"{NAME} was created by another program and was not replaced"
    assert payload_of(bag) == {NAME: b"of another program"}


def test_attack_folder_replaced_by_a_link_during_the_download_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()

    def swap(handler: object) -> None:
        (bag / "data").rmdir()
        (bag / "data").symlink_to(outside)
        store.files["/" + NAME] = Served(DATA)
        handler.do_GET()  # type: ignore[attr-defined]

    with serving({"/" + NAME: Served(raw=swap)}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        assert codes(fill(bag)) == ["remote.no-place"]
    assert list(outside.iterdir()) == []


def test_a_file_with_an_impossible_name_is_not_requested(tmp_path: Path) -> None:
    payload = {f"data/{'x' * 300}": DATA, NAME: DATA}
    with serving({"/x": DATA}) as store:
        lines = "".join(f"{store.url('/x')} - {path}\n" for path in payload)
        bag = holey_bag(tmp_path / "bag", payload, lines, present=())
        result = fill(bag)
        assert len(store.requests) == 1
    assert codes(result) == ["remote.no-place"]
    assert payload_of(bag) == ONE


def test_a_permission_error_fails_only_this_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_source: Path, _root: Path, _path: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(download_module, "place_new", refuse)
    with serving({"/" + NAME: DATA}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        result = fill(bag)
    assert (codes(result), result.exit_code) == (["remote.no-storage"], 5)
    assert kept_bytes(bag) == len(DATA)
