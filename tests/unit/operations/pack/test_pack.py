"""`pack` makes a complete package or nothing; every fault is reported before the package appears."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archtool.bagit import second_opinion
from archtool.errors import InputError, MaterialRefusedError, ReadFailedError, StorageError, UsageError
from archtool.exit_codes import ExitCode
from archtool.files.writing.bulk_copy import BulkCopier
from archtool.operations.pack import pack as packing
from archtool.operations.pack.pack import pack
from archtool.operations.pack.request import PackRequest
from packages import left_behind, tree_bytes, write_description, write_letter

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def request_(tmp_path: Path, letters: Path) -> PackRequest:
    """A request to pack one valid letter."""
    return PackRequest(write_letter(letters), tmp_path / "package", AT, "1.0")


def refused(request: PackRequest) -> list[str]:
    with pytest.raises(MaterialRefusedError, match="nothing was written") as error:
        pack(request)
    assert not request.target.exists()
    assert left_behind(request.target.parent) == []
    return [finding.code for finding in error.value.findings]


def test_a_valid_letter_is_packed_and_reported(request_: PackRequest) -> None:
    result = pack(request_)
    assert result.findings == ()
    assert result.facts["dry_run"] is False
    assert [file["path"] for file in result.facts["payload"]] == ["data/letter.txt"]
    assert set(result.facts["tag_files"]) | {"data/letter.txt"} == set(tree_bytes(request_.target))


def test_a_dry_run_reports_the_same_files_and_writes_nothing(request_: PackRequest) -> None:
    result = pack(replace(request_, dry_run=True))
    assert not request_.target.exists()
    made = pack(request_)
    assert {**result.facts, "dry_run": False} == made.facts


def test_an_invalid_description_is_refused_with_every_finding(request_: PackRequest) -> None:
    write_description(request_.description_path.parent, "archtool: 1\n")
    assert refused(request_) == ["rights.missing", *["description.missing-key"] * 3]


def test_a_missing_file_is_refused(request_: PackRequest) -> None:
    (request_.description_path.parent / "letter.txt").unlink()
    assert refused(request_) == ["payload.missing"]


def test_a_fault_found_while_reading_is_refused(request_: PackRequest) -> None:
    (request_.description_path.parent / "letter.txt").write_bytes(b"\xff")
    assert refused(request_) == ["payload.encoding"]


def test_a_warning_is_refused_only_with_strict(request_: PackRequest) -> None:
    (request_.description_path.parent / "letter.txt").write_bytes(b"")
    with pytest.raises(MaterialRefusedError) as error:
        pack(replace(request_, strict=True))
    assert error.value.exit_code is ExitCode.PROBLEMS_FOUND
    assert [f.code for f in pack(request_).findings] == ["payload.empty"]


def test_the_second_opinion_is_requested_before_the_package_appears(
    request_: PackRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    target_exists: list[bool] = []
    run_second_opinion = second_opinion.run_second_opinion

    def record(root: Path) -> Any:
        target_exists.append(request_.target.exists())
        return run_second_opinion(root)

    monkeypatch.setattr(second_opinion, "run_second_opinion", record)
    result = pack(replace(request_, second_opinion=True))
    assert (target_exists, [f.code for f in result.findings]) == ([False], ["second-opinion.agrees"])


@pytest.mark.parametrize(
    ("place", "replace_", "message"),
    [
        ("letters/package", False, "inside the folder of its own sources"),
        ("letters", False, "inside the folder of its own sources"),
        ("there", False, "the target already exists"),
        ("there", True, "it has no bagit.txt"),
        ("link", True, "it has no bagit.txt"),
        ("link", False, "already"),
    ],
)
def test_a_target_that_would_destroy_something_is_refused(
    tmp_path: Path, request_: PackRequest, place: str, replace_: bool, message: str
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=message):
        pack(replace(request_, target=tmp_path / place, replace=replace_))
    assert list((tmp_path / "there").iterdir()) == []


@pytest.mark.parametrize(
    ("error", "kind"), [(OSError(5, "Input/output error"), ReadFailedError), (OSError("odd"), InputError)]
)
def test_a_source_that_fails_while_it_is_copied_leaves_nothing(
    request_: PackRequest, monkeypatch: pytest.MonkeyPatch, error: OSError, kind: type[Exception]
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(BulkCopier, "copy", fail)
    with pytest.raises(kind, match=r"letter.txt cannot be read: (Input/output error|odd)"):
        pack(request_)
    assert not request_.target.exists()
    assert left_behind(request_.target.parent) == []


def test_a_tag_file_that_cannot_be_written_leaves_nothing(
    request_: PackRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "compose_package", lambda *_: {"data/letter.txt": b"twice"})
    with pytest.raises(StorageError, match="cannot write"):
        pack(request_)
    assert not request_.target.exists()
    assert left_behind(request_.target.parent) == []


def test_an_old_package_is_replaced_only_on_request(request_: PackRequest) -> None:
    pack(request_)
    (request_.description_path.parent / "letter.txt").write_text("Another.\n")
    pack(replace(request_, replace=True))
    assert (request_.target / "data" / "letter.txt").read_text() == "Another.\n"
    assert left_behind(request_.target.parent) == []
