"""`check` reports every fault that `pack` would report, and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archtool.errors import SourceChangedError
from archtool.operations.pack import payload_faults
from archtool.operations.pack.check import CheckRequest, check
from archtool.progress import NoProgress
from packages import tree_bytes, write_description, write_letter


class Counted(NoProgress):
    """Records the calls about progress."""

    meter = None

    def __init__(self) -> None:
        self.calls: list[object] = []

    def start(self, label: str, total_bytes: int | None) -> None:
        self.calls += [label, total_bytes]

    def advance(self, size_bytes: int) -> None:
        self.calls.append(size_bytes)

    def finish(self) -> None:
        self.calls.append("finished")


def test_check_summarises_a_valid_letter_and_writes_nothing(letters: Path) -> None:
    description, progress = write_letter(letters), Counted()
    before = tree_bytes(letters)
    result = check(CheckRequest(description), progress)
    assert (result.findings, result.facts) == (
        (),
        {
            "id": None,
            "title": "Letter of the bureau to the sections",
            "citation": "Cahiers, no 3 (1979), pp. 12-14.",
            "annexes": {},
            "left_out": [],
            "tag_files": [],
            "placeholders": [],
            "profile": None,
            "files": 1,
            "bytes": 17,
            "line_ranges": [],
            "repairs": [],
        },
    )
    assert tree_bytes(letters) == before
    assert progress.calls == ["checking", 17, 17, "finished"]


def test_a_description_of_which_nothing_can_be_read_has_no_facts(letters: Path) -> None:
    result = check(CheckRequest(write_description(letters, "- archtool\n")))
    assert (len(result.findings), result.facts, result.exit_code) == (1, {"files": 0}, 3)


def test_faults_of_description_folder_and_text_are_reported_together(letters: Path) -> None:
    description = write_letter(letters, "files: [{ file: scan.tif, role: facsimile }]\n")
    description.write_text(description.read_text().replace("UND", "free"))
    (letters / "letter.txt").write_bytes(b"\xff")
    codes = [f.code for f in check(CheckRequest(description)).findings]
    assert codes == ["rights.unknown", "payload.missing", "payload.encoding"]


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (SourceChangedError("letter.txt changed"), "payload.changed-while-read", "letter.txt changed"),
        (
            OSError(5, "Input/output error"),
            "payload.unreadable",
            "letter.txt cannot be read: Input/output error",
        ),
        (OSError("odd"), "payload.unreadable", "letter.txt cannot be read: odd"),
    ],
)
def test_a_file_that_fails_while_it_is_read_is_a_finding(
    letters: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str, message: str
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(payload_faults, "hash_file", fail)
    (finding,) = check(CheckRequest(write_letter(letters))).findings
    assert (finding.code, finding.message) == (code, message)


def test_nothing_is_quoted_from_a_file_that_fails_while_it_is_read(
    letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    annexe = "{ title: List, status: reproduced, within: { file: letter.txt, from-line: 1 } }"
    description = write_letter(letters, f"annexes: [{annexe}]\n")

    def fail(_source: Any, _path: str, _algorithms: Any, sinks: Any) -> None:
        for sink in sinks:
            sink.update(memoryview(b"To the"))
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(payload_faults, "hash_file", fail)
    result = check(CheckRequest(description))
    assert [finding.code for finding in result.findings] == ["payload.unreadable"]
    assert result.facts["line_ranges"] == []
