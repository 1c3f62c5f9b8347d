"""`audit schedule`: the options of the audit are checked, and stand in the schedule with absolute paths."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from command_line import Run, archtool
from register_commands import make_bag


def schedule(*arguments: str | Path, cwd: Path | None = None) -> Run:
    """Run `audit schedule` in a folder."""
    with contextlib.chdir(cwd) if cwd is not None else contextlib.nullcontext():
        return archtool("audit", "schedule", *arguments)


def command_in(run: Run) -> list[str]:
    """Return the words after the program."""
    assert run.code == 0, run.err
    words: list[str] = json.loads(run.out)["command"]
    return words[words.index("audit") :]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register with the holding `letters-1` on the shelf `s`."""
    path = tmp_path / "archive.register"
    make_bag(tmp_path / "s" / "letters-1")
    assert archtool("holdings", "init", path).code == 0
    assert archtool("holdings", "adopt", tmp_path / "s", "--register", path).code == 0
    return path


def make_key(path: Path, *more: str) -> Path:
    """Make a signing key."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-C", "archivist@example.org", "-f", path, "-N", "", *more],
        check=True,
    )
    return path


@pytest.mark.usefixtures("register")
def test_paths_become_absolute_and_other_options_stay_as_they_were_given(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    run = schedule(
        "--print", "--at", "23:30", "--register", "archive.register", "--html=out/a.html",
        "--holding", "letters-1", "--shelf", "s", "--strict", "--metrics", "a.prom", "--json",
        cwd=tmp_path,
    )  # fmt: skip
    assert command_in(run) == [
        "audit", "--register", f"{tmp_path}/archive.register", "--html",
        f"{tmp_path}/out/a.html", "--holding", "letters-1",
        "--shelf", f"{tmp_path}/s", "--strict",
        "--metrics", f"{tmp_path}/a.prom",
    ]  # fmt: skip


def test_keys_media_and_folders_of_heads_become_absolute(tmp_path: Path, register: Path) -> None:
    make_key(tmp_path / "key")
    (tmp_path / "tapes" / "7").mkdir(parents=True)
    (tmp_path / "heads").mkdir()
    added = archtool(
        "holdings", "copies", "letters-1", "--medium", "TAPE 7", "--path", "letters-1",
        "--register", register,
    )  # fmt: skip
    assert added.code == 0, added.err
    run = schedule(
        "--register", register, "--sign", "key", "--mount", "TAPE 7=tapes/7", "--head-file", "heads",
        "--metrics", "m.prom", "--json", cwd=tmp_path,
    )  # fmt: skip
    assert command_in(run)[3:-2] == [
        "--sign", f"{tmp_path}/key", "--mount", f"TAPE 7={tmp_path}/tapes/7", "--head-file",
        f"{tmp_path}/heads",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        ["--trust", "nofile"], ["--shelf", "/nope"], ["--sign", "nokey"], ["--register", "nope.register"],
        ["--holding", "nothing"], ["--mount", "TAPE-9=s"], ["--mount", "TAPE-7=nowhere"],
        ["--html", "nowhere/a.html"], ["--cluster", "nofile"], ["--head-file", "nowhere/heads"],
        ["--policy", "nofile"], ["--passphrase-file", "nofile"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_every_night_would_refuse_is_refused_when_the_schedule_is_made(
    tmp_path: Path, register: Path, wrong: list[str]
) -> None:
    run = schedule("--register", register, *wrong, cwd=tmp_path)
    assert (run.code in {2, 3}, run.out) == (True, ""), run.err
    assert wrong[1].partition("=")[0] in run.err or "nowhere" in run.err


def test_a_key_whose_passphrase_nobody_types_at_night_is_refused(tmp_path: Path, register: Path) -> None:
    key = make_key(tmp_path / "key", "-N", "secret")
    run = schedule("--register", register, "--sign", key)
    assert (run.code, "passphrase" in run.err, run.out) == (3, True, "")


def test_the_heads_of_many_nights_need_a_folder(tmp_path: Path, register: Path) -> None:
    run = schedule("--register", register, "--head-file", tmp_path / "head.txt")
    assert (run.code, "every night has a head of its own" in run.err) == (2, True)


def test_commands_in_comments_are_on_one_line(register: Path) -> None:
    run = schedule("--register", register)
    command = "sudo systemctl daemon-reload && sudo systemctl enable --now archtool-audit.timer"
    assert f"\n# {command}\n" in run.out


def test_what_a_variable_or_the_configuration_names_stands_in_the_schedule(
    tmp_path: Path, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = (make_key(tmp_path / "key").with_suffix(".pub")).read_text()
    (tmp_path / "allowed_signers").write_text(f"archivist@example.org {key}")
    config = tmp_path / "config.toml"
    config.write_text('trust = "allowed_signers"\n')
    monkeypatch.setenv("ARCHTOOL_CONFIG", str(config))
    monkeypatch.setenv("ARCHTOOL_REGISTER", register.name)
    words = command_in(schedule("--json", cwd=tmp_path))
    assert words == [
        "audit", "--trust", f"{tmp_path}/allowed_signers", "--register", f"{tmp_path}/archive.register",
        "--metrics", f"{tmp_path}/archive.register.prom",
    ]  # fmt: skip


def test_a_wrong_option_of_the_audit_is_refused_tonight_and_not_every_night(register: Path) -> None:
    for wrong in (["--subset", "0/30"], ["--no-such-option"], ["--time-limit", "soon"]):
        run = schedule("--register", register, *wrong)
        assert run.code == 2, wrong
        assert run.out == ""
        assert "see: audit" not in run.err


def test_a_plan_is_not_scheduled_because_it_would_check_nothing(register: Path) -> None:
    run = schedule("--register", register, "--plan")
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
    path = tmp_path / "two\nlines"
    assert archtool("holdings", "init", path).code == 0
    run = schedule("--register", path)
    assert run.code == 2
    assert "control character" in run.err


def test_the_page_has_a_line_that_complains_when_the_audit_no_longer_runs(register: Path) -> None:
    run = schedule("--register", register, "--user", "archivist", "--watch-days", "3")
    assert f"echo 'archtool-audit: no audit has ended for 3 days: {register}.prom'" in run.out
    assert "User=archivist\n" in run.out
    first, second, *_ = run.out.splitlines()
    assert first.startswith("# before you install it, run this once as the user archivist")
    assert second.endswith(" --plan")
    assert "<UserId>archivist</UserId>" in run.out
    assert "ArchtoolAuditMissing" in run.out


def test_one_system_alone_is_printed_for_a_file(register: Path) -> None:
    run = schedule("--register", register, "--for", "prometheus")
    assert run.out.startswith("groups:\n")


def test_the_program_of_the_schedule_runs_from_any_folder(register: Path) -> None:
    run = schedule("--register", register, "--for", "cron")
    line = next(line for line in run.out.splitlines() if line.startswith("0 2 "))
    program = shlex.split(line.split(" ", 5)[5])[0]
    assert os.access(program, os.X_OK)
    assert Path(program).is_absolute()
