"""A short, repeatable run of the fuzzer over archives, and tests that it detects faulty readers."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from archtool.operations.unpack import UnpackRequest, unpack
from archtool.operations.verify.verify import VerifyRequest, verify
from archtool.results import Result
from budgets import budget
from fuzz import archive_subject, runner
from fuzz.archive_cases import PACKERS, TAR_FORMS, ZIP_FORMS, compress
from fuzz.archive_oracle import why_not_a_valid_archive, why_readings_differ
from fuzz.archive_programs import PROGRAMS
from fuzz.archive_subject import ARCHIVES
from fuzz.runner import VerifyTotals, make_case, run_cases, verify_case
from fuzz.seeds import seeds
from fuzz.tar_form import tar_of_items
from fuzz.zip_form import zip_of_items
from packages import tree_bytes

CASES = budget(300, 600)
SEED = 77
FORMS = [*(f"{form} {packer}" for form in TAR_FORMS for packer in sorted({*PACKERS})), *ZIP_FORMS]
SEED_BAG = next(seed for seed in seeds() if seed.name == "1.0")


def test_no_mutated_archive_gives_a_traceback_takes_long_or_is_read_differently_by_others(
    tmp_path: Path,
) -> None:
    tally = run_cases(SEED, range(1, CASES + 1), tmp_path, ARCHIVES)
    assert (tally.crashes, tally.accepted) == ([], [])
    assert tally.cases == CASES
    assert tally.slowest[0] < runner.LIMIT_SECONDS
    verdicts = ("valid", "incomplete", "invalid", "unreadable")
    assert all(tally.verdicts[verdict] > CASES // 50 for verdict in verdicts)
    assert tally.refused.total() < CASES // 5
    assert [line.partition(": ")[2].partition(" (case ")[0] for line in tally.reasons()]


def good_archive(form: str, path: Path) -> Path:
    items = SEED_BAG.items
    if form in ZIP_FORMS:
        path.write_bytes(zip_of_items(items, "bag", form, with_folders=True).to_bytes())
        return path
    name, _, packer = form.partition(" ")
    data = tar_of_items(items, "bag", name, with_folders=True).to_bytes()
    path.write_bytes(compress(Random(3), data, packer) if packer else data)  # noqa: S311 - not a secret
    return path


@pytest.mark.parametrize("form", FORMS)
def test_an_unchanged_archive_is_valid_and_all_programs_agree(form: str, tmp_path: Path) -> None:
    path, scratch = good_archive(form, tmp_path / "bag"), tmp_path / "scratch"
    assert verify_case(path, SEED_BAG).verdict["bag"] == "valid"
    assert why_not_a_valid_archive(path, scratch) is None
    unpack(UnpackRequest(path, tmp_path / "out", sync=False))
    assert list(why_readings_differ(path, tree_bytes(tmp_path / "out"), scratch)) == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_reads_differently_is_named(program: str, tmp_path: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed: the fuzz run does not ask it")
    path = good_archive("stored" if program == "unzip" else "gnu ", tmp_path / "bag")
    found = list(why_readings_differ(path, {"bagit.txt": b"another"}, tmp_path / "scratch"))
    assert any(line.startswith(f"{program} extracts differently: [('bag") for line in found)


def run_with(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, stand_in: object) -> VerifyTotals:
    monkeypatch.setattr(archive_subject if name == "unpack" else runner, name, stand_in)
    return run_cases(SEED, range(1, 40), folder, ARCHIVES)


def test_a_verifier_that_calls_every_archive_valid_is_detected(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def lenient(request: VerifyRequest) -> Result:
        result = verify(request)
        return replace(result, verdict={**result.verdict, "bag": "valid"})

    tally = run_with(monkeypatch, tmp_path, "verify", lenient)
    assert any("valid, but not unpacked" in report for report in tally.accepted)
    assert any("the standard library: " in report for report in tally.accepted)


def test_an_unpacker_that_changes_a_file_or_leaves_one_behind_is_detected(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def careless(request: UnpackRequest) -> Result:
        result = unpack(request)
        (request.target / "bagit.txt").write_bytes(b"another\n")
        (request.target.parent / "left").touch()
        return result

    tally = run_with(monkeypatch, tmp_path, "unpack", careless)
    assert any("extracts differently: [('bagit.txt', 'bytes')]" in report for report in tally.accepted)
    assert any("left behind: 'left'" in report for report in tally.accepted)


def test_an_unpacker_that_raises_an_error_is_detected(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def breaks_down(_request: UnpackRequest) -> Result:
        raise ZeroDivisionError

    tally = run_with(monkeypatch, tmp_path, "unpack", breaks_down)
    assert len(tally.crashes) == tally.cases == 39


def test_a_verifier_that_refuses_good_archives_is_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def strict(request: VerifyRequest) -> Result:
        return replace(verify(request), verdict={"bag": "invalid", "trust": "not-asked"})

    before = run_cases(SEED, range(1, 40), tmp_path, ARCHIVES)
    after = run_with(monkeypatch, tmp_path, "verify", strict)
    assert after.refused.total() == before.refused.total() + before.verdicts["valid"]


def test_a_case_is_the_same_archive_each_time() -> None:
    assert make_case(SEED, 17, ARCHIVES) == make_case(SEED, 17, ARCHIVES)
    assert make_case(SEED, 17, ARCHIVES) != make_case(SEED + 1, 17, ARCHIVES)
