"""A job is left out only if an earlier run ended it with the same inputs."""

from __future__ import annotations

from pathlib import Path

from archtool.batch.job import Job
from archtool.batch.journal.skip_unchanged import inputs_digest, unchanged_outcome
from archtool.batch.journal.state import KnownJob


def test_a_job_that_has_no_ending_is_done(tmp_path: Path) -> None:
    inputs = inputs_digest("options", tmp_path)
    known = KnownJob(None, inputs, is_begun=False)
    assert unchanged_outcome(Job("a", tmp_path), known, inputs, retry_failed=False) is None


def test_a_package_that_is_there_now_changes_the_inputs(tmp_path: Path) -> None:
    before = inputs_digest("options", tmp_path / "package")
    assert before == inputs_digest("options", tmp_path / "package")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "bagit.txt").write_text("x")
    assert inputs_digest("options", tmp_path / "package") != before
