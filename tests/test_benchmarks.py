"""The benchmarks: contestants are checked to do the same work, and the page reports the measurements."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archtool.holdings.lookup.totals import read_totals
from archtool.holdings.queries import records_of
from archtool.holdings.register import open_register
from benchmarks.chart import format_chart
from benchmarks.checks import require_same_work
from benchmarks.holdings.registers import kept_register
from benchmarks.holdings.table import HOLDINGS_WORKS
from benchmarks.model import Bar, Contestant, Outcome, Role, Run, Work
from benchmarks.results import WorkResult, judge, load, save
from benchmarks.table import format_page
from benchmarks.timing import FailedRunError, FinishedRun
from command_line import unmeasured
from packages import REPOSITORY


def run_benchmarks(folder: Path, *arguments: str) -> dict[str, Any]:
    """Run the benchmarks at the smallest scale; returns the saved results by work."""
    results = folder / "results.json"
    files = ["--json", results, "--table", folder / "page.md", "--chart", folder / "chart.svg"]
    command = [sys.executable, "-m", "benchmarks", "--folder", folder / "corpora", *files, *arguments]
    process = subprocess.run(
        command, cwd=REPOSITORY, check=False, capture_output=True, text=True, timeout=120
    )
    assert process.returncode == 0, process.stderr
    return {work["key"]: work for work in json.loads(results.read_text(encoding="utf-8"))["works"]}


def failures(work: dict[str, Any]) -> dict[str, str]:
    return {outcome["name"]: outcome["failure"] for outcome in work["outcomes"] if outcome["failure"]}


TRIAL = ("--scale", "0.0001", "--rounds", "1", "--cold", "advise")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_every_verifier_finds_the_planted_fault_and_the_page_names_the_work(tmp_path: Path) -> None:
    works = run_benchmarks(tmp_path, "--only", "verify-large-sha256", *TRIAL)
    measured = works["verify-large-sha256"]
    assert all("is not installed" in reason for reason in failures(measured).values())
    assert all(len(outcome["runs"]) == 1 for outcome in measured["outcomes"] if not outcome["failure"])
    names = {outcome["name"] for outcome in measured["outcomes"] if outcome["runs"]}
    assert {"archtool verify --jobs 2", "bagit.py --validate --processes 2", "sha256sum -c"} <= names
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert measured["title"] in page
    assert "| trial |" in page
    assert (tmp_path / "chart.svg").read_text(encoding="utf-8").count('class="ours"') == 1


def test_the_check_of_texts_is_timed_beside_programs_that_read_texts(tmp_path: Path) -> None:
    works = run_benchmarks(tmp_path, "--only", "text-check", *TRIAL)
    measured = works["text-check"]
    assert set(failures(measured)) <= {"ftfy"}
    assert {"archtool text check", "wc -m"} <= {o["name"] for o in measured["outcomes"] if o["runs"]}


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen (OpenSSH) is not installed")
def test_who_lists_packages_must_name_each_of_them(tmp_path: Path) -> None:
    work = run_benchmarks(tmp_path, "--only", "list", *TRIAL)["list"]
    assert failures(work) == {}
    assert [len(outcome["runs"]) for outcome in work["outcomes"]] == [1, 1, 1, 1]
    made = sorted((tmp_path / "corpora" / "bags" / "listed" / "made").glob("letter-*"))
    assert all((package / "attestations" / "0002-fixity-check").is_dir() for package in made)
    with pytest.raises(FailedRunError, match="named 1 packages, not 2"):
        require_same_work(
            Work("list", "list", ()),
            Contestant("find", ("find",), tmp_path, Role.LISTS, "find", entries=2),
            FinishedRun(Run(1.0, 1.0, 1), 0, "made/letter-0001/bagit.txt\n"),
        )


def result_of(*outcomes: Outcome, bar: Bar) -> WorkResult:
    """Return the result of a work at full scale."""
    return WorkResult(
        "letters", "verify letters", outcomes, (bar,), (), 1, 1.0, 5, "2026-11-22", {"cores": "2"}
    )


def outcome_of(name: str, *seconds: float) -> Outcome:
    return Outcome(name, 1, [Run(value, value, 10**7) for value in seconds])


@pytest.mark.parametrize(("theirs", "word"), [((9.0, 11.0, 10.0), "kept"), ((1.0, 1.0, 90.0), "missed")])
def test_a_bar_is_judged_by_medians(theirs: tuple[float, ...], word: str) -> None:
    bar = Bar("twice as fast", "archtool", ("peer",), 0.5, is_speedup=True)
    result = result_of(outcome_of("archtool", 5.0, 1.0, 9.0), outcome_of("peer", *theirs), bar=bar)
    assert judge(result, bar).word == word
    assert f"| {word} |" in format_page([result], "chart.svg")


@pytest.mark.parametrize(("ours", "word"), [(0.29, "kept"), (0.31, "missed")])
def test_a_bar_can_say_how_much_more_time_is_allowed(ours: float, word: str) -> None:
    bar = Bar("0.1 s more", "archtool", ("peer",), 0.1, is_difference=True)
    result = result_of(outcome_of("archtool", ours), outcome_of("peer", 0.2), bar=bar)
    assert judge(result, bar).word == word
    assert f"| +{ours - 0.2:.3f} s | {word} |" in format_page([result], "chart.svg")


def test_the_bar_of_a_missing_contestant_is_not_measured_and_its_row_has_the_reason(tmp_path: Path) -> None:
    bar = Bar("no slower", "archtool", ("peer",), 1.0)
    absent = Outcome("peer", 1, failure="peer is not installed")
    save(tmp_path / "results.json", [result_of(outcome_of("archtool", 1.0), absent, bar=bar)])
    results = load(tmp_path / "results.json")
    page = format_page(results, "chart.svg")
    assert "| – | not measured |" in page
    assert "| `peer` | peer is not installed |" in page
    assert "peer is not installed" in format_chart(results)


def test_the_launcher_reports_the_largest_process_that_a_command_started(tmp_path: Path) -> None:
    inner = "data = b'x' * 60_000_000"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    launcher = [sys.executable, "-I", "-S", REPOSITORY / "benchmarks" / "launch.py", "60", "/dev/null"]
    subprocess.run(
        [*launcher, tmp_path / "err", tmp_path / "report", sys.executable, "-c", outer],
        check=True,
        timeout=120,
    )
    _, _, peak_bytes, code, timed_out = (tmp_path / "report").read_text(encoding="ascii").split()
    assert (code, timed_out) == ("0", "0")
    assert int(peak_bytes) > 60_000_000


def test_a_new_work_is_merged_into_older_results(tmp_path: Path) -> None:
    bar = Bar("no slower", "archtool", ("peer",), 1.0)
    older = result_of(outcome_of("archtool", 1.0), outcome_of("peer", 1.0), bar=bar)
    save(tmp_path / "results.json", [older])
    works = run_benchmarks(tmp_path, "--only", "verify-one", *TRIAL)
    assert set(works) == {"letters", "verify-one"}
    corpus = tmp_path / "corpora" / "one"
    assert (corpus / "complete.json").is_file()
    manifest = (corpus / "bag" / "manifest-sha256.txt").read_text(encoding="utf-8")
    assert manifest == (corpus / "sha256.txt").read_text(encoding="utf-8")


def test_a_large_register_is_made_once_with_five_events_for_each_holding(tmp_path: Path) -> None:
    path = kept_register("large", tmp_path, seed=1, scale=0.002)
    with open_register(path, read_only=True) as register:
        totals = read_totals(register.connection, datetime.now(UTC))
        events = list(records_of(register.connection))
        months = register.connection.execute("SELECT sum(events) FROM month").fetchone()[0]
    assert (totals.holdings, len(events), months) == (2_000 - 10, 10_000, 10_000)  # ten were withdrawn
    assert any('"outcome":"failure"' in record for _, record in events)
    assert totals.overdue < totals.copies / 20
    made_at = path.stat().st_mtime_ns
    assert kept_register("large", tmp_path, seed=1, scale=0.002).stat().st_mtime_ns == made_at


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen (OpenSSH) is not installed")
def test_every_work_on_a_register_is_done(tmp_path: Path) -> None:
    works = run_benchmarks(tmp_path, "--only", ",".join(HOLDINGS_WORKS), *TRIAL)
    assert works.keys() == HOLDINGS_WORKS.keys()
    assert {name: failures(work) for name, work in works.items() if failures(work)} == {}


def test_the_register_of_a_killed_audit_is_whole_and_the_audit_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.holdings.kills", "--kills", "2", "--packages", "20"]
    environment = {**unmeasured(), "TMPDIR": str(tmp_path)}
    process = subprocess.run(
        command, cwd=REPOSITORY, check=True, capture_output=True, text=True, env=environment
    )
    report = json.loads(process.stdout)
    faults = ("unusable", "events_lost", "checked_twice", "not_checked")
    assert [report[name] for name in faults] == [0, 0, 0, 0]
    assert report["runs"] > 0


def test_kills_reports_the_packages_of_a_killed_batch(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.kills", "--kills", "2", "--packages", "20"]
    environment = {**unmeasured(), "TMPDIR": str(tmp_path)}
    process = subprocess.run(
        command, cwd=REPOSITORY, check=True, capture_output=True, text=True, env=environment
    )
    report = json.loads(process.stdout)
    assert (report["kills"], report["half_made"], report["made_twice"], report["is_same"]) == (2, 0, 0, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen (OpenSSH) is not installed")
def test_the_page_of_a_package_is_timed_beside_the_check_that_it_contains(tmp_path: Path) -> None:
    works = run_benchmarks(tmp_path, "--only", "report-one,report-many", *TRIAL)
    assert works.keys() == {"report-one", "report-many"}
    assert [failures(work) for work in works.values()] == [{}, {}]
    assert {outcome["name"] for outcome in works["report-one"]["outcomes"]} == {
        "archtool report",
        "archtool verify",
    }
