"""`audit schedule`: the options of the audit are checked, and stand in the schedule with absolute paths."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
from pathlib import Path

import pytest

from command_line import Run, archtool


def schedule(*arguments: str | Path, cwd: Path | None = None) -> Run:
    """Run `audit schedule` in a folder."""
    with contextlib.chdir(cwd) if cwd is not None else contextlib.nullcontext():
        return archtool("audit", "schedule", *arguments)


def command_in(run: Run) -> list[str]:
    """Return the words after the program."""
    assert run.code == 0, run.err
    words: list[str] = json.loads(run.out)["command"]
    return words[words.index("audit") :]


def test_paths_become_absolute_and_other_options_stay_as_they_were_given(tmp_path: Path) -> None:
    run = schedule(
        "--print", "--at", "23:30", "--register", "archive.register", "--subset", "1/30", "--html=out/a.html",
        "--holding", "a", "--holding", "b", "--shelf", "s", "--strict", "--metrics", "a.prom", "--json",
        cwd=tmp_path,
    )  # fmt: skip
    assert command_in(run) == [
        "audit", "--register", f"{tmp_path}/archive.register", "--subset", "1/30", "--html",
        f"{tmp_path}/out/a.html", "--holding", "a", "--holding", "b",
        "--shelf", f"{tmp_path}/s", "--strict",
        "--metrics", f"{tmp_path}/a.prom",
    ]  # fmt: skip


def test_keys_and_folders_of_media_become_absolute_but_not_a_key_of_the_agent(tmp_path: Path) -> None:
    (tmp_path / "key").touch()
    run = schedule(
        "--register", "/r", "--sign", "key", "--sign", "SHA256:abc", "--mount", "TAPE 7=tapes/7",
        "--metrics", "/m", "--json", cwd=tmp_path,
    )  # fmt: skip
    assert command_in(run)[3:-2] == [
        "--sign", f"{tmp_path}/key", "--sign", "SHA256:abc", "--mount", f"TAPE 7={tmp_path}/tapes/7",
    ]  # fmt: skip


def test_what_a_variable_or_the_configuration_names_stands_in_the_schedule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "allowed_signers").touch()
    config = tmp_path / "config.toml"
    config.write_text('trust = "allowed_signers"\n')
    monkeypatch.setenv("ARCHTOOL_CONFIG", str(config))
    monkeypatch.setenv("ARCHTOOL_REGISTER", "archive.register")
    words = command_in(schedule("--json", cwd=tmp_path))
    assert words == [
        "audit", "--trust", f"{tmp_path}/allowed_signers", "--register", f"{tmp_path}/archive.register",
        "--metrics", f"{tmp_path}/archive.register.prom",
    ]  # fmt: skip


def test_a_wrong_option_of_the_audit_is_refused_tonight_and_not_every_night(tmp_path: Path) -> None:
    for wrong in (["--subset", "0/30"], ["--no-such-option"], ["--time-limit", "soon"]):
        run = schedule("--register", tmp_path / "a.register", *wrong)
        assert run.code == 2, wrong
        assert run.out == ""


def test_a_plan_is_not_scheduled_because_it_would_check_nothing(tmp_path: Path) -> None:
    run = schedule("--register", tmp_path / "a.register", "--plan")
    assert run.code == 2
    assert "leave --plan out" in run.err


@pytest.mark.parametrize("at", ["24:00", "2", "2:5", "noon", ""])
def test_a_time_that_is_none_is_refused(at: str) -> None:
    run = schedule("--at", at, "--register", "a.register")
    assert run.code == 2
    assert "write --at 02:00" in run.err


def test_without_a_register_there_is_nothing_to_schedule() -> None:
    run = schedule("--at", "02:00")
    assert run.code == 2
    assert "no register is named" in run.err


def test_a_path_with_a_line_end_is_refused_because_no_crontab_can_hold_it(tmp_path: Path) -> None:
    run = schedule("--register", f"{tmp_path}/two\nlines")
    assert run.code == 2
    assert "control character" in run.err


def test_the_page_has_a_line_that_complains_when_the_audit_no_longer_runs(tmp_path: Path) -> None:
    run = schedule("--register", tmp_path / "a.register", "--user", "archivist", "--watch-days", "3")
    assert f"echo 'archtool-audit: no audit has ended for 3 days: {tmp_path}/a.register.prom'" in run.out
    assert "User=archivist\n" in run.out
    first, second, *_ = run.out.splitlines()
    assert first.startswith("# before you install it, run this once as the user archivist")
    assert second.endswith(" --plan")
    assert "<UserId>archivist</UserId>" in run.out
    assert "ArchtoolAuditMissing" in run.out


def test_one_system_alone_is_printed_for_a_file(tmp_path: Path) -> None:
    run = schedule("--register", tmp_path / "a.register", "--for", "prometheus")
    assert run.out.startswith("groups:\n")


def test_the_program_of_the_schedule_runs_from_any_folder(tmp_path: Path) -> None:
    run = schedule("--register", tmp_path / "a.register", "--for", "cron")
    line = next(line for line in run.out.splitlines() if line.startswith("0 2 "))
    program = shlex.split(line.split(" ", 5)[5])[0]
    assert os.access(program, os.X_OK)
    assert Path(program).is_absolute()
