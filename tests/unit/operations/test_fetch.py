"""Which lines of fetch.txt are followed, and how the others are reported."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from archtool.bagit import bounded_findings
from archtool.download.partial_files import store_folder
from archtool.operations.fetch import FetchRequest, fetch
from unit.bagit.bag_builders import LETTER, bag_files, digest, judged, manifest, with_tag_manifest, write_bag
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
    """Records progress; fails if two threads report at the same time."""

    meter = None

    def __init__(self) -> None:
        self.stages: list[tuple[str, int | None]] = []
        self.bytes = 0
        self.is_finished = False
        self._busy = threading.Lock()

    def start(self, label: str, total_bytes: int | None) -> None:
        self.stages.append((label, total_bytes))
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


def test_names_with_spaces_and_escapes_are_kept(tmp_path: Path) -> None:
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


def test_a_file_gets_the_name_that_is_in_the_manifest(tmp_path: Path) -> None:
    """fetch.txt can name it in another Unicode form."""
    with serving({"/x": LETTER}) as store:
        bag = holey_bag(tmp_path / "bag", {"data/é.txt": LETTER}, f"{store.url('/x')} - data/e\u0301.txt\n")
        assert fill(bag).verdict == {"fetch": "complete"}
    assert os.listdir(bag / "data") == ["é.txt"]


def test_fetch_txt_is_not_changed(tmp_path: Path) -> None:
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
    result = fill(bag, replace(OPEN, resolve=no_resolver))
    assert codes(result) == [code]
    assert result.verdict == {"fetch": "incomplete"}
    assert payload_of(bag) == {}


def no_resolver(_host: str, _port: int) -> list[str]:
    raise AssertionError("a host name was resolved")


def test_a_file_that_one_manifest_omits_is_not_fetched(tmp_path: Path) -> None:
    bag = holey_bag(tmp_path / "bag", ONE, ELSEWHERE, algorithms=["sha256", "sha512"])
    (bag / "manifest-sha256.txt").write_bytes(b"")
    result = fill(bag, replace(OPEN, resolve=no_resolver))
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
def test_a_file_without_a_usable_digest_is_not_fetched(
    files: dict[str, bytes], message: str | None, tmp_path: Path
) -> None:
    bag = write_bag(
        tmp_path / "bag", {"bagit.txt": bag_files()["bagit.txt"], "fetch.txt": ELSEWHERE.encode(), **files}
    )
    result = fill(bag, replace(OPEN, resolve=no_resolver))
    assert codes(result) == ["remote.not-checkable" if message else "fetch.not-in-manifest"]
    assert message is None or message in result.findings[0].message


@pytest.mark.parametrize("what", ["folder", "link", "fifo"])
def test_a_path_that_is_not_free_is_not_fetched(what: str, tmp_path: Path) -> None:
    bag = holey_bag(tmp_path / "bag", ONE, ELSEWHERE)
    if what == "folder":
        (bag / NAME).mkdir()
    elif what == "link":
        (bag / NAME).symlink_to("/etc/passwd")
    else:
        os.mkfifo(bag / NAME)
    result = fill(bag, replace(OPEN, resolve=no_resolver))
    assert codes(result) == ["remote.no-place"]


@pytest.mark.parametrize("what", ["link", "file"])
def test_attack_a_payload_folder_that_is_a_link_or_a_file(what: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    bag = holey_bag(tmp_path / "bag", ONE, ELSEWHERE)
    (bag / "data").rmdir()
    if what == "link":
        (bag / "data").symlink_to(outside)
    else:
        (bag / "data").write_bytes(b"")
    result = fill(bag, replace(OPEN, resolve=no_resolver))
    assert codes(result) == ["remote.no-place"]
    assert list(outside.iterdir()) == []


def test_a_missing_payload_folder_is_made(tmp_path: Path) -> None:
    with serving({"/" + NAME: LETTER}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        (bag / "data").rmdir()
        assert fill(bag).verdict == {"fetch": "complete"}
    assert payload_of(bag) == ONE


def test_attack_a_path_longer_than_any_system_supports(tmp_path: Path) -> None:
    path = "data/" + "a/" * 30_000 + "x"
    bag = holey_bag(tmp_path / "bag", {path: LETTER}, f"http://example.org/x - {path}\n")
    assert codes(fill(bag, replace(OPEN, resolve=no_resolver))) == ["remote.no-place"]


def test_an_existing_file_that_differs_is_reported_and_not_changed(tmp_path: Path) -> None:
    bag = holey_bag(tmp_path / "bag", ONE, ELSEWHERE, present=[NAME])
    (bag / NAME).write_bytes(b"changed")
    progress = CountingProgress()
    result = fetch(FetchRequest(bag, replace(OPEN, resolve=no_resolver)), progress)
    assert codes(result) == ["fixity.digest-mismatch"]
    assert "move this file away" in str(result.findings[0].hint)
    assert result.facts["skipped"] == [{"path": NAME, "reason": "there-and-different"}]
    assert (bag / NAME).read_bytes() == b"changed"
    assert (progress.stages, progress.bytes) == ([("checking present files", 7)], 7)


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
    result = fill(bag, replace(OPEN, resolve=no_resolver))
    assert (codes(result), result.verdict) == ([code], {"fetch": "unreadable"})


def test_a_damaged_tag_file_that_fetch_does_not_need_does_not_stop_it(tmp_path: Path) -> None:
    with serving({"/" + NAME: LETTER}) as store:
        bag = served_bag(tmp_path / "bag", store, ONE)
        (bag / "bag-info.txt").write_bytes(b"\xff")
        (bag / "tagmanifest-sha512.txt").write_bytes(b"\xff")
        assert fill(bag).verdict == {"fetch": "complete"}


def test_a_folder_without_read_permission_is_reported() -> None:
    with public_folder() as folder:
        (folder / "bag").mkdir(mode=0o700)
        (folder / "bag").chmod(0)
        with as_nobody():
            result = fill(folder / "bag")
        (folder / "bag").chmod(0o700)
    assert (codes(result), result.exit_code) == (["bag.unreadable"], 3)


def test_a_read_only_parent_folder_ends_with_exit_code_5() -> None:
    with public_folder() as folder:
        bag = holey_bag(folder / "bag", ONE, ELSEWHERE)
        folder.chmod(0o555)
        with as_nobody():
            result = fill(bag, replace(OPEN, resolve=no_resolver))
        folder.chmod(0o755)
    assert (codes(result), result.exit_code) == (["remote.no-storage"], 5)


def test_leftovers_of_an_earlier_run_are_removed_if_nothing_is_missing(tmp_path: Path) -> None:
    bag = holey_bag(tmp_path / "bag", ONE, ELSEWHERE, present=[NAME])
    folder = store_folder(bag)
    folder.mkdir()
    (folder / "stray.part").write_bytes(b"x")
    assert fill(bag, replace(OPEN, resolve=no_resolver)).verdict == {"fetch": "complete"}
    assert leftovers(bag) == []


def test_a_bag_in_the_root_of_a_disk_needs_no_parent_folder_if_nothing_is_missing(
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
    assert progress.stages == [("checking present files", 0), ("fetching", total)]
    assert progress.bytes == sum(map(len, LETTERS.values()))
    assert progress.is_finished


def test_a_bag_whose_tag_manifest_lists_fetch_txt_stays_valid(tmp_path: Path) -> None:
    with serving({"/" + NAME: LETTER}) as store:
        files = with_tag_manifest(bag_files(ONE, extra={"fetch.txt": fetch_lines(ONE, store).encode()}))
        bag = write_bag(tmp_path / "bag", {path: data for path, data in files.items() if path != NAME})
        fill(bag)
    assert judged(bag) == ("valid", set())


def test_many_errors_of_one_server_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_findings, "MAX_OF_ONE_KIND", 5)
    payload = {f"data/{n}": b"x" for n in range(20)}
    with serving({"/data/19": Served(b"x")}) as store:
        bag = served_bag(tmp_path / "bag", store, payload)
        result = fill(bag)
    assert codes(result) == ["remote.not-there"] * 6
    assert len(result.facts["failed"]) == 19
