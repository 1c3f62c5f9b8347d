"""Which lines of fetch.txt are followed, and what a run says of the others."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from archtool.download.partial_files import store_folder
from archtool.operations.fetch import FetchRequest, fetch
from unit.bagit.bag_builders import LETTER, bag_files, digest, manifest, with_tag_manifest, write_bag
from unit.download.holey import (
    LETTERS,
    OPEN,
    codes,
    fetch_lines,
    fill,
    holey_bag,
    leftovers,
    payload_of,
    served_bag,
)
from unit.download.servers import Served, serving
from unit.files.folders import as_nobody, public_folder

NAME = "data/letter.txt"
ONE = {NAME: LETTER}
ELSEWHERE = f"http://example.org/letter {len(LETTER)} {NAME}\n"


class CountingProgress:
    """Keeps what it is told; fails if two threads tell it at once."""

    def __init__(self) -> None:
        self.stretches: list[tuple[str, int | None]] = []
        self.bytes = 0
        self.is_finished = False
        self._busy = threading.Lock()

    def start(self, label: str, total_bytes: int | None) -> None:
        self.stretches.append((label, total_bytes))
        self.bytes = 0

    def advance(self, size_bytes: int) -> None:
        assert self._busy.acquire(blocking=False)
        self.bytes += size_bytes
        self._busy.release()

    def finish(self) -> None:
        self.is_finished = True


@pytest.mark.parametrize("jobs", [1, 4])
def test_one_line_that_fails_does_not_stop_the_others(jobs: int, tmp_path: Path) -> None:
    payload = {f"data/{n}.txt": f"letter {n}".encode() for n in range(12)}
    with serving({"/" + path: data for path, data in payload.items() if "3" not in path}) as store:
        bag = served_bag(tmp_path / "bag", store, payload)
        result = fill(bag, jobs=jobs)
    assert [(f.code, f.place.line if f.place else 0) for f in result.findings] == [("remote.not-there", 4)]
    assert [item["path"] for item in result.facts["fetched"]] == [p for p in payload if "3" not in p]
    assert set(payload_of(bag)) == {p for p in payload if "3" not in p}


def test_names_with_spaces_and_codes_are_kept(tmp_path: Path) -> None:
    payload = {
        "data/letter one.txt": b"1",
        "data/100%.txt": b"2",
        "data/line\nend.txt": b"3",
        "data/é.txt": b"4",
    }
    written = {
        "data/letter one.txt": b"1",
        "data/100%25.txt": b"2",
        "data/line%0Aend.txt": b"3",
        "data/é.txt": b"4",
    }
    with serving({f"/{n}": data for n, data in enumerate(payload.values())}) as store:
        lines = "".join(f"{store.url(f'/{n}')} 1 {path}\n" for n, path in enumerate(written))
        bag = write_bag(
            tmp_path / "bag",
            {
                "bagit.txt": bag_files()["bagit.txt"],
                "manifest-sha512.txt": manifest(written),
                "fetch.txt": lines.encode(),
            },
        )
        result = fill(bag)
    assert codes(result) == []
    assert payload_of(bag) == payload


def test_a_file_gets_the_name_that_the_manifest_gives_it(tmp_path: Path) -> None:
    """fetch.txt may spell it in another Unicode form."""
    with serving({"/x": LETTER}) as store:
        bag = holey_bag(tmp_path / "bag", {"data/é.txt": LETTER}, f"{store.url('/x')} - data/e\u0301.txt\n")
        assert fill(bag).verdict == {"fetch": "complete"}
    assert os.listdir(bag / "data") == ["é.txt"]


def test_fetch_txt_is_left_as_it_is(tmp_path: Path) -> None:
    with serving({"/" + NAME: LETTER}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        before = (bag / "fetch.txt").read_bytes()
        fill(bag)
        assert (bag / "fetch.txt").read_bytes() == before


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("https://example.org/x - ../outside\n", "fetch.unsafe-path"),
        ("https://example.org/x - /etc/passwd\n", "fetch.unsafe-path"),
        ("https://example.org/x - bagit.txt\n", "fetch.not-payload"),
        ("https://example.org/x - data/unlisted\n", "fetch.not-in-manifest"),
        ("/etc/passwd - data/letter.txt\n", "fetch.url-malformed"),
        ("s3://bucket/x - data/letter.txt\n", "remote.scheme-unknown"),
        ("ark:/12148/x - data/letter.txt\n", "remote.scheme-unknown"),
        ("file:///etc/passwd - data/letter.txt\n", "remote.scheme-refused"),
    ],
)
def test_attack_a_line_that_must_not_be_followed(lines: str, code: str, tmp_path: Path) -> None:
    bag = holey_bag(tmp_path / "bag", ONE, lines)
    result = fill(bag, replace(OPEN, resolve=nobody))
    assert codes(result) == [code]
    assert result.verdict == {"fetch": "incomplete"}
    assert payload_of(bag) == {}


def nobody(_host: str, _port: int) -> list[str]:
    raise AssertionError("somebody was asked")


def test_a_file_that_one_manifest_omits_is_not_fetched(tmp_path: Path) -> None:
    bag = holey_bag(tmp_path / "bag", ONE, ELSEWHERE, algorithms=["sha256", "sha512"])
    (bag / "manifest-sha256.txt").write_bytes(b"")
    result = fill(bag, replace(OPEN, resolve=nobody))
    assert codes(result) == ["fetch.not-in-manifest"]
    assert result.facts["skipped"] == [{"path": NAME, "reason": "fetch.not-in-manifest"}]


def test_before_the_first_standard_one_manifest_is_enough(tmp_path: Path) -> None:
    with serving({"/" + NAME: LETTER}) as store:
        bag = holey_bag(
            tmp_path / "bag", ONE, fetch_lines(ONE, store), algorithms=["md5", "sha512"], version="0.97"
        )
        (bag / "manifest-md5.txt").write_bytes(b"")
        assert fill(bag).verdict == {"fetch": "complete"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {
                "manifest-sha512.txt": manifest({"data/other": b""}),
                "manifest-crc.txt": f"ab  {NAME}\n".encode(),
            },
            None,
        ),
        ({"manifest-sha512.txt": f"zz  {NAME}\n".encode()}, "no manifest has a digest"),
        (
            {"manifest-sha512.txt": f"{digest(b'1')}  {NAME}\n{digest(b'2')}  {NAME}\n".encode()},
            "contradicts itself",
        ),
    ],
)
def test_what_could_not_be_checked_is_not_fetched(
    files: dict[str, bytes], message: str | None, tmp_path: Path
) -> None:
    bag = write_bag(
        tmp_path / "bag", {"bagit.txt": bag_files()["bagit.txt"], "fetch.txt": ELSEWHERE.encode(), **files}
    )
    result = fill(bag, replace(OPEN, resolve=nobody))
    assert codes(result) == ["remote.not-checkable" if message else "fetch.not-in-manifest"]
    assert message is None or message in result.findings[0].message


@pytest.mark.parametrize("what", ["folder", "link", "fifo"])
def test_something_else_stands_in_the_place(what: str, tmp_path: Path) -> None:
    bag = holey_bag(tmp_path / "bag", ONE, ELSEWHERE)
    if what == "folder":
        (bag / NAME).mkdir()
    elif what == "link":
        (bag / NAME).symlink_to("/etc/passwd")
    else:
        os.mkfifo(bag / NAME)
    result = fill(bag, replace(OPEN, resolve=nobody))
    assert codes(result) == ["remote.no-place"]


@pytest.mark.parametrize("what", ["link", "file"])
def test_attack_the_payload_folder_leads_elsewhere(what: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    bag = holey_bag(tmp_path / "bag", ONE, ELSEWHERE)
    (bag / "data").rmdir()
    if what == "link":
        (bag / "data").symlink_to(outside)
    else:
        (bag / "data").write_bytes(b"")
    result = fill(bag, replace(OPEN, resolve=nobody))
    assert codes(result) == ["remote.no-place"]
    assert list(outside.iterdir()) == []


def test_a_missing_payload_folder_is_made(tmp_path: Path) -> None:
    with serving({"/" + NAME: LETTER}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        (bag / "data").rmdir()
        assert fill(bag).verdict == {"fetch": "complete"}
    assert payload_of(bag) == ONE


def test_attack_a_path_that_no_system_has(tmp_path: Path) -> None:
    path = "data/" + "a/" * 30_000 + "x"
    bag = holey_bag(tmp_path / "bag", {path: LETTER}, f"http://example.org/x - {path}\n")
    assert codes(fill(bag, replace(OPEN, resolve=nobody))) == ["remote.no-place"]


def test_a_file_that_is_there_and_differs_is_reported_and_left(tmp_path: Path) -> None:
    bag = holey_bag(tmp_path / "bag", ONE, ELSEWHERE, present=[NAME])
    (bag / NAME).write_bytes(b"changed")
    progress = CountingProgress()
    result = fetch(FetchRequest(bag, replace(OPEN, resolve=nobody)), progress)
    assert codes(result) == ["fixity.digest-mismatch"]
    assert "move this file away" in str(result.findings[0].hint)
    assert result.facts["skipped"] == [{"path": NAME, "reason": "there-and-different"}]
    assert (bag / NAME).read_bytes() == b"changed"
    assert (progress.stretches, progress.bytes) == ([("checking what is there", 7)], 7)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        (
            "bagit.txt",
            b"BagIt-Version: 9.0\nTag-File-Character-Encoding: UTF-8\n",
            "declaration.version-unknown",
        ),
        ("bagit.txt", None, "declaration.missing"),
        ("manifest-sha512.txt", None, "manifest.none"),
        ("manifest-sha512.txt", b"\xff\xfe  data/letter.txt\n", "bag.tag-file-encoding"),
        ("fetch.txt", b"http://example.org/\xff - data/letter.txt\n", "bag.tag-file-encoding"),
    ],
)
def test_a_bag_that_cannot_be_read_is_not_filled(
    name: str, data: bytes | None, code: str, tmp_path: Path
) -> None:
    bag = holey_bag(tmp_path / "bag", ONE, ELSEWHERE)
    (bag / name).unlink()
    if data is not None:
        (bag / name).write_bytes(data)
    result = fill(bag, replace(OPEN, resolve=nobody))
    assert (codes(result), result.verdict) == ([code], {"fetch": "unreadable"})


def test_a_damaged_tag_file_of_no_concern_does_not_keep_a_bag_from_being_filled(tmp_path: Path) -> None:
    with serving({"/" + NAME: LETTER}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        (bag / "bag-info.txt").write_bytes(b"\xff")
        (bag / "tagmanifest-sha512.txt").write_bytes(b"\xff")
        assert fill(bag).verdict == {"fetch": "complete"}


def test_a_folder_that_may_not_be_opened_is_no_bug() -> None:
    with public_folder() as folder:
        (folder / "bag").mkdir(mode=0o700)
        (folder / "bag").chmod(0)
        with as_nobody():
            result = fill(folder / "bag")
        (folder / "bag").chmod(0o700)
    assert (codes(result), result.exit_code) == (["bag.unreadable"], 3)


def test_a_bag_beside_which_nothing_can_be_written_is_the_surroundings_fault() -> None:
    with public_folder() as folder:
        bag = holey_bag(folder / "bag", ONE, ELSEWHERE)
        folder.chmod(0o555)
        with as_nobody():
            result = fill(bag, replace(OPEN, resolve=nobody))
        folder.chmod(0o755)
    assert (codes(result), result.exit_code) == (["remote.no-storage"], 5)


def test_what_an_earlier_run_left_is_cleared_away_when_nothing_is_missing(tmp_path: Path) -> None:
    bag = holey_bag(tmp_path / "bag", ONE, ELSEWHERE, present=[NAME])
    folder = store_folder(bag)
    folder.mkdir()
    (folder / "stray.part").write_bytes(b"x")
    assert fill(bag, replace(OPEN, resolve=nobody)).verdict == {"fetch": "complete"}
    assert leftovers(bag) == []


def test_the_root_of_a_disk_without_anything_to_fetch_needs_no_place_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bag = write_bag(tmp_path / "bag", bag_files())
    monkeypatch.setattr(Path, "resolve", lambda _self: Path("/"))
    assert fill(bag).verdict == {"fetch": "complete"}


@pytest.mark.parametrize(("lengths", "total"), [(True, sum(map(len, LETTERS.values()))), (False, None)])
def test_progress_counts_bytes_as_they_arrive(lengths: bool, total: int | None, tmp_path: Path) -> None:
    progress = CountingProgress()
    with serving({"/" + path: data for path, data in LETTERS.items()}) as store:
        bag = served_bag(tmp_path / "bag", store, LETTERS, lengths=lengths)
        fetch(FetchRequest(bag, OPEN, jobs=4), progress)
    assert progress.stretches == [("checking what is there", 0), ("fetching", total)]
    assert progress.bytes == sum(map(len, LETTERS.values()))
    assert progress.is_finished


def test_a_bag_whose_tag_manifest_lists_fetch_txt_stays_valid(tmp_path: Path) -> None:
    from unit.bagit.bag_builders import judged

    with serving({"/" + NAME: LETTER}) as store:
        files = with_tag_manifest(bag_files(ONE, extra={"fetch.txt": fetch_lines(ONE, store).encode()}))
        bag = write_bag(tmp_path / "bag", {path: data for path, data in files.items() if path != NAME})
        fill(bag)
    assert judged(bag) == ("valid", set())


def test_a_server_in_trouble_does_not_fill_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archtool.bagit import bounded_findings

    monkeypatch.setattr(bounded_findings, "MAX_OF_ONE_KIND", 5)
    payload = {f"data/{n}": b"x" for n in range(20)}
    with serving({"/data/19": Served(b"x")}) as store:
        bag = served_bag(tmp_path / "bag", store, payload)
        result = fill(bag)
    assert codes(result) == ["remote.not-there"] * 6
    assert len(result.facts["failed"]) == 19
