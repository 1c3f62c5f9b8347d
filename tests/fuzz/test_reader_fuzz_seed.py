"""A short run of the fuzzer over the readers of single files, and tests that it detects faulty readers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgets import budget
from fuzz.reader_cases import readers
from fuzz.reader_runner import run_reader_cases

CASES = budget(500, 1400)
SEED = 1


def test_no_changed_file_gives_a_traceback_takes_long_or_is_read_in_two_ways() -> None:
    tally = run_reader_cases(SEED, range(CASES))
    assert tally.faults == []
    assert tally.read.keys() | tally.refused.keys() == readers().keys()


@pytest.mark.parametrize("name", readers())
def test_each_reader_reads_its_good_files(name: str) -> None:
    reader = readers()[name]
    assert [reader.read(reader.pack(start)) for start in reader.starts] == [None] * len(reader.starts)


def test_a_reader_that_raises_an_error_is_detected() -> None:
    def breaks_down(_data: bytes) -> None:
        raise RecursionError

    reader = replace(readers()["policy"], read=breaks_down)
    tally = run_reader_cases(SEED, range(5), {"policy": reader})
    assert len(tally.faults) == 5


def test_a_reader_that_accepts_a_key_twice_is_detected() -> None:
    reader = replace(readers()["json"], read=lambda _data: "read in two ways")
    assert "read in two ways" in run_reader_cases(SEED, [1], {"json": reader}).faults[0]
