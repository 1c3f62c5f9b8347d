"""The benchmarks: contestants are seen to do the same work, and the page says what was measured."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from packages import REPOSITORY


def run_benchmarks(folder: Path, *arguments: str, path: str | None = None) -> dict[str, Any]:
    """Run it at the smallest scale; the answer is what it kept, work by work."""
    results = folder / "results.json"
    files = ["--json", results, "--table", folder / "page.md", "--chart", folder / "chart.svg"]
    command = [sys.executable, "-m", "benchmarks", "--folder", folder / "corpora", *files, *arguments]
    environment = {**os.environ, **({"PATH": path} if path is not None else {})}
    told = subprocess.run(
        command, cwd=REPOSITORY, env=environment, check=False, capture_output=True, text=True, timeout=120
    )
    assert told.returncode == 0, told.stderr
    return {work["key"]: work for work in json.loads(results.read_text(encoding="utf-8"))["works"]}


def failures(work: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["failure"] for one in work["outcomes"] if one["failure"]}


TRIAL = ("--scale", "0.0001", "--rounds", "1", "--cold", "advise")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_every_verifier_finds_the_planted_fault_and_the_page_names_the_work(tmp_path: Path) -> None:
    works = run_benchmarks(tmp_path, "--only", "verify-large-sha256", *TRIAL)
    measured = works["verify-large-sha256"]
    assert all("not there" in why for why in failures(measured).values())
    assert all(len(one["runs"]) == 1 for one in measured["outcomes"] if not one["failure"])
    names = {one["name"] for one in measured["outcomes"] if one["runs"]}
    assert {"archtool verify --jobs 2", "bagit.py --validate --processes 2", "sha256sum -c"} <= names
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert measured["title"] in page
    assert "| trial |" in page
    assert (tmp_path / "chart.svg").read_text(encoding="utf-8").count('class="ours"') == 1


def test_a_work_is_merged_into_what_was_measured_before(tmp_path: Path) -> None:
    run_benchmarks(tmp_path, "--only", "start", *TRIAL)
    works = run_benchmarks(tmp_path, "--only", "verify-one", *TRIAL)
    assert list(works) == ["start", "verify-one"]
    corpus = tmp_path / "corpora" / "one"
    assert (corpus / "complete.json").is_file()
    manifest = (corpus / "bag" / "manifest-sha256.txt").read_text(encoding="utf-8")
    assert manifest == (corpus / "sha256.txt").read_text(encoding="utf-8")
