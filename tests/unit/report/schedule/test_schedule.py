"""Schedules keep every path as it is, through the quoting of systemd, cron, the shell, XML and Prometheus."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from archtool.report.schedule.crontab import cron_line, cron_pieces
from archtool.report.schedule.crontab import watch_command as shell_watch
from archtool.report.schedule.model import Schedule
from archtool.report.schedule.page import SYSTEMS, format_schedule, schedule_pieces
from archtool.report.schedule.prometheus import prometheus_piece
from archtool.report.schedule.systemd import quote, systemd_pieces
from archtool.report.schedule.windows import task_xml
from archtool.report.schedule.windows import watch_command as windows_watch

# what quoting can lose: blanks, percent signs, both quotes, dollars, backslashes, ends of commands
NAMES = (
    "plain", "two words", "100% safe", "%h %n", 'the "old" shelf', "l'été", "$HOME and ${USER}",
    "back\\slash", "a;b & c | d", "#not a comment", "*?[x]", "`id`", "-dash", "~tilde", "Архив",
)  # fmt: skip
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
_ECHO = "import json, sys; print(json.dumps(sys.argv[1:]))"


def schedule_of(name: str = "plain", folder: str = "/srv") -> Schedule:
    register = f"{folder}/{name}/archive.register"
    command = (f"{folder}/{name}/bin/archtool", "audit", "--register", register, "--subset", "1/30")
    return Schedule(command, 2, 5, "archivist", register, f"{register}.prom", 2)


def as_cron_runs_it(line: str) -> tuple[list[str], str]:
    """Return the five fields of a line, and the command that cron gives to the shell (crontab(5))."""
    fields = line.split(" ", 5)
    command = re.split(r"(?<!\\)%", fields[5])[0]
    return fields[:5], command.replace("\\%", "%")


@pytest.mark.parametrize("name", NAMES)
def test_the_crontab_line_runs_the_command_with_its_arguments(name: str) -> None:
    planned = schedule_of(name)
    echo = (sys.executable, "-c", _ECHO, *planned.command)
    (line, _) = cron_pieces(replace(planned, command=echo))
    fields, command = as_cron_runs_it(line.text.rstrip("\n"))
    assert fields == ["5", "2", "*", "*", "*"]
    printed = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True).stdout
    assert printed.decode() == subprocess.run(echo, capture_output=True, check=True).stdout.decode()


def test_a_percent_sign_does_not_end_the_command_of_a_crontab_line() -> None:
    assert cron_line(2, 0, "audit '100%'") == "0 2 * * * audit '100\\%'"


@pytest.mark.parametrize("name", NAMES)
def test_the_watching_line_is_silent_after_an_audit_and_complains_without_one(
    name: str, tmp_path: Path
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    planned = replace(schedule_of(), metrics=str(folder / "archive.prom"))

    def said() -> str:
        _, command = as_cron_runs_it(cron_line(9, 0, shell_watch(planned)))
        return subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False).stdout.decode()

    complaint = f"archtool-audit: no audit has ended for 2 days: {planned.metrics}\n"
    assert said() == complaint
    Path(planned.metrics).touch()
    assert said() == ""
    subprocess.run(["touch", "-d", "3 days ago", planned.metrics], check=True)
    assert said() == complaint


@needs_systemd
@pytest.mark.parametrize("name", NAMES)
def test_systemd_accepts_the_service_and_the_timer(name: str, tmp_path: Path) -> None:
    planned = schedule_of(name, str(tmp_path))
    program = Path(planned.command[0])
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = [tmp_path / piece.name for piece in systemd_pieces(replace(planned, user="root"))]
    for unit, piece in zip(units, systemd_pieces(replace(planned, user="root")), strict=True):
        unit.write_text(piece.text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units],
        capture_output=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stderr.decode()) == (0, "")


@pytest.mark.parametrize("name", NAMES)
def test_quoting_for_systemd_can_be_undone(name: str) -> None:
    """The quotes and backslashes that are used mean the same to `shlex`; `%%` is a percent sign."""
    assert shlex.split(quote(name).replace("%%", "%")) == [name]


@needs_systemd
def test_systemd_notices_a_program_that_is_not_there(tmp_path: Path) -> None:
    """Proves that the check above looks at the path after the quoting."""
    unit = tmp_path / "archtool-audit.service"
    unit.write_text(systemd_pieces(replace(schedule_of("100% gone", str(tmp_path)), user="root"))[0].text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, check=False
    )  # fmt: skip
    assert checked.returncode != 0
    assert f"{tmp_path}/100% gone/bin/archtool" in checked.stderr.decode()


def test_the_timer_catches_up_with_a_night_when_the_machine_was_off() -> None:
    timer = configparser.ConfigParser(interpolation=None)
    timer.read_string(systemd_pieces(schedule_of())[1].text)
    assert timer["Timer"]["OnCalendar"] == "*-*-* 02:05:00"
    assert timer["Timer"]["Persistent"] == "true"


def test_the_service_waits_until_the_disk_of_the_register_is_mounted() -> None:
    service = configparser.ConfigParser(interpolation=None)
    service.read_string(systemd_pieces(schedule_of("100% safe"))[0].text)
    assert service["Unit"]["RequiresMountsFor"] == '"/srv/100%% safe"'
    assert service["Service"]["User"] == "archivist"


@pytest.mark.parametrize("name", NAMES)
def test_the_windows_task_is_xml_with_the_program_and_its_arguments(name: str) -> None:
    planned = schedule_of(name)
    (task,) = etree.fromstring(task_xml(planned)).iterfind(".//{*}Exec")
    assert task.findtext("{*}Command") == planned.command[0]
    assert windows_arguments(task.findtext("{*}Arguments") or "") == [*planned.command[1:]]


def windows_arguments(line: str) -> list[str]:
    """Return the arguments as a program on Windows gets them (Parsing C command-line arguments)."""
    arguments, current, is_quoted, has_word, position = [], "", False, False, 0
    while position < len(line):
        slashes = len(line[position:]) - len(line[position:].lstrip("\\"))
        position += slashes
        following = line[position] if position < len(line) else ""
        if following == '"':
            current += "\\" * (slashes // 2)
            has_word, position = True, position + 1
            if slashes % 2:
                current += '"'
            else:
                is_quoted = not is_quoted
            continue
        current += "\\" * slashes
        if slashes:
            has_word = True
        if following in (" ", "\t", "") and not (is_quoted and following):
            if has_word:
                arguments.append(current)
            current, has_word = "", False
        else:
            current, has_word = current + following, True
        position += 1
    return [*arguments, current] if has_word else arguments


def test_the_windows_task_names_no_encoding_because_schtasks_refuses_most() -> None:
    assert task_xml(schedule_of()).startswith('<?xml version="1.0"?>\n<Task version="1.2" ')


def test_the_watching_command_of_windows_quotes_the_path_for_powershell() -> None:
    planned = replace(schedule_of(), metrics="C:\\l'été 100%\\archive.prom")
    assert "-LiteralPath 'C:\\l''été 100%%\\archive.prom'" in windows_watch(planned)


def test_the_alert_rule_watches_the_time_of_the_metrics_file() -> None:
    yaml = pytest.importorskip("yaml")
    planned = replace(schedule_of(), metrics="/srv/l'été 100%/archive.prom", watch_days=3)
    (group,) = yaml.safe_load(prometheus_piece(planned).text)["groups"]
    (rule,) = group["rules"]
    assert rule["expr"] == (
        'time() - node_textfile_mtime_seconds{file=~"(.*[/])?archive\\\\.prom"} > 259200'
        ' or absent(node_textfile_mtime_seconds{file=~"(.*[/])?archive\\\\.prom"})'
    )


def test_one_piece_alone_is_printed_without_a_comment_so_that_it_can_be_saved() -> None:
    (piece,) = schedule_pieces(schedule_of(), ["prometheus"])
    assert "\n".join(format_schedule(schedule_of(), ["prometheus"])) + "\n" == piece.text


def test_all_pieces_together_say_where_each_of_them_belongs() -> None:
    page = list(format_schedule(schedule_of()))
    titles = [line.split(",")[0] for line in page if line.startswith("# ") and ": " in line]
    assert {title.removeprefix("# ") for title in titles} >= set(SYSTEMS)
    assert any("systemctl enable --now archtool-audit.timer" in line for line in page)
