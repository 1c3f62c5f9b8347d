from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archtool.bagit import second_opinion
from archtool.bagit.loc_opinion import main
from archtool.bagit.second_opinion import SecondOpinion, compare_verdicts, known_faults, run_second_opinion
from archtool.bagit.tag_files.path_encoding import encode_name
from unit.bagit.bag_builders import (
    LETTER,
    LETTER_NAME,
    bag_files,
    codes,
    look,
    manifest,
    with_tag_manifest,
    write_bag,
)


def test_a_valid_bag_is_valid_for_the_library(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", with_tag_manifest(bag_files(algorithms=("sha256", "sha512"))))
    result = look(root, second_opinion=True)
    assert codes(result) == ["second-opinion.agrees"]
    assert "bagit 1." in result.findings[0].message


def test_a_damaged_bag_is_invalid_for_the_library(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files())
    (root / LETTER_NAME).write_bytes(LETTER.upper())
    assert codes(look(root, second_opinion=True)) == ["second-opinion.agrees", "fixity.digest-mismatch"]


@pytest.mark.parametrize("name", ["100%.txt", "a\nb\nc\nd", "end ", "line\u2028end"])
def test_where_the_library_is_known_to_be_wrong_the_finding_says_so(name: str, tmp_path: Path) -> None:
    files = bag_files({f"data/{name}": LETTER})
    files["manifest-sha512.txt"] = manifest({encode_name(f"data/{name}"): LETTER})
    result = look(write_bag(tmp_path / "bag", files), second_opinion=True)
    assert (result.verdict["bag"], codes(result)) == ("valid", ["second-opinion.differs"])
    assert "known fault of that library: it " in result.findings[0].message


def test_a_library_that_hangs_is_stopped(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files())
    (root / LETTER_NAME).unlink()
    os.mkfifo(root / LETTER_NAME)
    opinion = run_second_opinion(root, timeout_seconds=3)
    assert opinion == SecondOpinion("", None, ("no result within 3 seconds",))
    (finding,) = compare_verdicts(opinion, is_valid=False, paths=())
    assert finding.message == "bagit says: no verdict: no result within 3 seconds"


def test_a_library_that_crashes_has_no_verdict(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files(info="Payload-Oxum: 6\n"))
    opinion = run_second_opinion(root)
    assert (opinion.is_valid, opinion.messages[0].split(":")[0]) == (None, "ValueError")


@pytest.mark.parametrize(("stderr", "said"), [(b"one\nlast words\n", "last words"), (b"", "ended with -9")])
def test_a_process_that_dies_has_no_verdict(
    stderr: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = subprocess.CompletedProcess([], -9, b"", stderr)
    monkeypatch.setattr(second_opinion.subprocess, "run", lambda *_, **__: died)
    assert run_second_opinion(tmp_path) == SecondOpinion("", None, (said,))


def test_many_messages_of_the_library_are_cut_and_counted() -> None:
    opinion = SecondOpinion("1.9.0", is_valid=False, messages=tuple("abcde"))
    (finding,) = compare_verdicts(opinion, is_valid=True, paths=["data/plain"])
    assert finding.message == "bagit 1.9.0 says: not valid: a; b; c (and 2 more)"


def test_plain_names_have_no_known_fault() -> None:
    assert known_faults(["data/letter.txt", "data/Tchécoslovaquie"]) == ()


def test_the_library_returns_one_line_of_json_for_every_bag(tmp_path: Path) -> None:
    assert '"is_valid": false' in main(str(tmp_path))
    command = [sys.executable, "-m", "archtool.bagit.loc_opinion", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert run.stdout.count(b"\n") == 1
