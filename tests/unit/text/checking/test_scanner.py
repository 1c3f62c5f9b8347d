"""One pass over a text that arrives in blocks, with the same places however it is cut."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest

from archtool.text.checking.finding_kinds import KINDS
from archtool.text.checking.limits import CHUNK_BYTES, FIRST_PLACES
from archtool.text.checking.scanner import TextScanner
from packages import REPOSITORY
from text_scans import fault, kinds, places, scan

LINE = "Une ligne de texte avec un\u00adtrait et une ré\u200bunion à l’été.\n"


@pytest.mark.parametrize("piece", [1000, 4096, 65536, 10_000_000])
def test_the_size_of_the_blocks_changes_nothing(piece: int) -> None:
    text = (LINE * 20 + "\n") * 900
    whole = scan(text)
    assert scan(text, piece=piece) == whole
    assert kinds(whole) == {"zero-width": 18_000, "soft-hyphens": 18_000}
    assert whole.lines == 900 * 21


def test_the_first_places_are_kept_and_all_where_they_are_asked_for() -> None:
    text = LINE * 40_000
    assert len(text.encode()) > 3 * CHUNK_BYTES
    assert len(places(scan(text), "soft-hyphens")) == FIRST_PLACES
    found = places(scan(text, most=True), "soft-hyphens")
    assert found[-1] == (40_000, 27, "\u00ad")
    assert [line for line, _, _ in found] == list(range(1, 40_001))


def test_places_that_do_not_fit_are_said_to_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archtool.text.checking.scanner.MAX_PLACES", 7)
    report = scan(LINE * 9, most=True)
    assert report.fault_places_left_out
    assert (fault(report, "zero-width").count, len(places(report, "zero-width"))) == (9, 7)
    assert not scan(LINE * 7, most=True).fault_places_left_out


def test_columns_are_right_in_a_line_that_is_longer_than_any_chunk() -> None:
    text = "é" * 3_000_000 + "\u00ad" + "é" * 2_000_000 + "\nfin\u00ad"
    assert places(scan(text, piece=100_000), "soft-hyphens") == [(1, 3_000_001, "\u00ad"), (2, 4, "\u00ad")]


def test_lines_of_wide_encodings_are_counted_across_chunks() -> None:
    text = (LINE * 20 + "\n") * 600
    report = scan(text.encode("utf-16-le"), encoding="utf-16-le", most=True)
    assert report.lines == 600 * 21
    assert places(report, "soft-hyphens") == places(scan(text, most=True), "soft-hyphens")


def test_different_forms_of_one_kind_are_not_all_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archtool.text.checking.tally.MAX_VARIANTS", 3)
    found = fault(scan("\ue000\ue001\ue002\ue003\ue004\n"), "private-use")
    assert (found.count, dict(found.variants)["…"]) == (5, 2)


def test_kinds_are_reported_in_one_order() -> None:
    report = scan("Sous  la di\u00adrection\nfin-\r\ndu mot\n")
    assert list(kinds(report)) == [name for name in KINDS if name in kinds(report)]


def test_a_scanner_without_bytes_reports_an_empty_text() -> None:
    assert TextScanner().finish().lines == 0


def test_memory_does_not_grow_with_the_text() -> None:
    program = (
        "import resource, sys\nfrom archtool.text.checking.scanner import TextScanner\n"
        "line = 'Une ligne avec un\\u00adtrait et une ré\\u200bunion à l’été, eé teé.\\n'.encode() * 4000\n"
        "for blocks in (4, 60):\n"
        "    scanner = TextScanner(None, 'fr')\n"
        "    for _ in range(blocks):\n        scanner.update(line)\n"
        "    scanner.finish()\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    few, many = map(int, done.stdout.split())
    assert many - few < 4 * 1024, "kilobytes" if resource.RLIMIT_AS else ""


def test_the_kinds_that_a_description_can_accept_are_those_of_the_check() -> None:
    schema = json.loads((REPOSITORY / "schemas" / "description.schema.json").read_text(encoding="utf-8"))
    accepted = schema["$defs"]["transcription-file"]["properties"]["accept-text"]["items"]["enum"]
    assert accepted == [name for name in KINDS if name not in ("encoding", "mixed-encodings")]
