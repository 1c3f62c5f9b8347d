"""A short, repeatable run of the fuzzer, and tests that the fuzzer detects faulty verifiers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archtool.operations.verify.verify import VerifyRequest, verify
from archtool.results import Result
from budgets import budget
from fuzz import runner
from fuzz.folder import write_folder
from fuzz.oracle import why_not_valid
from fuzz.runner import VerifyTotals, make_case, run_cases, verify_case
from fuzz.seeds import Seed, seeds, signed_seed

CASES = budget(600, 1500)
SEED = 1


def test_no_mutated_bag_gives_a_traceback_takes_long_or_is_wrongly_called_valid(tmp_path: Path) -> None:
    tally = run_cases(SEED, range(1, CASES + 1), tmp_path)
    assert (tally.crashes, tally.accepted) == ([], [])
    assert tally.cases == CASES
    assert tally.slowest[0] < runner.LIMIT_SECONDS
    assert all(tally.verdicts[verdict] > CASES // 50 for verdict in ("valid", "incomplete", "invalid"))


@pytest.mark.parametrize("seed", [*seeds(), signed_seed()[0]], ids=lambda seed: seed.name)
def test_an_unchanged_bag_is_valid_and_the_oracle_agrees(seed: Seed, tmp_path: Path) -> None:
    write_folder(tmp_path / "bag", seed.items)
    result = verify_case(tmp_path / "bag", seed)
    is_holey = "fetch.txt" in seed.items
    assert result.verdict["bag"] == ("incomplete" if is_holey else "valid")
    assert (why_not_valid(tmp_path / "bag") is None) is not is_holey
    assert result.verdict["trust"] == ("trusted" if seed.is_signed else "not-asked")


def test_a_case_is_the_same_bag_each_time() -> None:
    assert make_case(SEED, 17) == make_case(SEED, 17)
    assert make_case(SEED, 17) != make_case(SEED + 1, 17)


def broken(change: Callable[[Result], Result]) -> Callable[[VerifyRequest], Result]:
    return lambda request: change(verify(request))


def run_with(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    judge: Callable[[VerifyRequest], Result],
    seconds: float = 10,
) -> VerifyTotals:
    monkeypatch.setattr(runner, "verify", judge)
    return run_cases(SEED, range(1, 50), folder, limit_seconds=seconds)


def test_a_verifier_that_calls_everything_valid_is_detected(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lenient = broken(lambda result: replace(result, verdict={**result.verdict, "bag": "valid"}))
    tally = run_with(monkeypatch, tmp_path, lenient)
    assert len(tally.accepted) > 25
    assert tally.accepted[0].startswith("case ")


def test_a_verifier_that_trusts_every_signer_is_detected(tmp_path: Path) -> None:
    seed = signed_seed()[0]
    write_folder(tmp_path / "bag", {name: d for name, d in seed.items.items() if name != "VERIFY.txt"})
    result = verify_case(tmp_path / "bag", seed)
    trusting = replace(result, verdict={"bag": "valid", "trust": "trusted"}, findings=())
    sound = replace(runner.FOLDERS, why_not_valid=lambda *_, **__: None)
    reason = runner.why_wrongly_accepted(trusting, tmp_path / "bag", seed, sound)
    assert reason == "trusted, but changed: ['VERIFY.txt']"


def test_a_verifier_that_raises_an_error_is_detected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def breaks_down(_request: VerifyRequest) -> Result:
        raise ZeroDivisionError

    tally = run_with(monkeypatch, tmp_path, breaks_down)
    assert len(tally.crashes) == tally.cases == 49
    assert "ZeroDivisionError" in tally.crashes[0]


def test_a_verifier_that_opens_a_file_outside_the_bag_is_detected(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def opens_outside(request: VerifyRequest) -> Result:
        (request.root.parent / "outside").read_bytes()
        return verify(request)

    monkeypatch.setattr(runner, "verify", opens_outside)
    tally = run_cases(SEED, [1], tmp_path, limit_seconds=0.2)
    assert "TooSlowError" in tally.crashes[0]
