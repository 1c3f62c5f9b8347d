"""The error boundary: every failure has one clear message and its exit code, never a traceback."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archtool.exit_codes import ExitCode, worst_exit_code
from command_line import archtool, archtool_process, unmeasured
from packages import left_behind, make_package, write_letter
from terminals import Terminal


def test_version_and_help_end_with_zero() -> None:
    assert archtool("--version").out.startswith("archtool ")
    assert "Commands:" in archtool("--help").out
    for command in ("new", "check", "pack", "verify", "show", "cite", "keys", "explain"):
        assert archtool(command, "--help").code == 0


@pytest.mark.parametrize("arguments", [[], ["keys"]])
def test_a_group_without_a_command_shows_its_help(arguments: list[str]) -> None:
    seen = archtool(*arguments)
    assert (seen.code, seen.out) == (2, "")
    assert seen.err.startswith("Usage: archtool")
    assert "error" not in seen.err


def test_the_nearest_command_is_suggested_for_a_misspelt_one() -> None:
    seen = archtool("verfy", "x")
    assert (seen.code, seen.out) == (2, "")
    assert "did you mean `verify`?" in seen.err
    assert "see: archtool --help" in archtool("zzz").err


def test_a_missing_argument_refers_to_the_help() -> None:
    seen = archtool("pack")
    assert seen.code == 2
    assert (
        seen.err
        == "archtool: error: missing argument 'DESCRIPTION'\narchtool: hint: see: archtool pack --help\n"
    )


def test_errors_are_json_objects_on_request(tmp_path: Path) -> None:
    seen = archtool("check", tmp_path / "missing.yaml", "--json")
    (error,) = seen.objects
    assert (error["schema"], error["exit_code"], seen.code) == ("archtool/error/1", 3, 3)
    assert error["message"] in seen.err


def test_the_json_of_a_refused_package_has_its_findings(tmp_path: Path, letters: Path) -> None:
    (letters / "stray.txt").write_text("x")
    seen = archtool("pack", write_letter(letters), "-o", tmp_path / "p", "--json")
    (error,) = seen.objects
    assert [f["code"] for f in error["findings"]] == ["payload.undeclared"]
    assert error["exit_code"] == seen.code == 1


def test_a_bug_asks_for_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("not thought of")

    monkeypatch.setattr("archtool.cli.commands.cite.cite", broken)
    seen = archtool("cite", tmp_path)
    assert seen.code == ExitCode.BUG
    assert "ZeroDivisionError: not thought of" in seen.err
    assert "Traceback" not in seen.err
    monkeypatch.setenv("ARCHTOOL_DEBUG", "1")
    assert "Traceback" in archtool("cite", tmp_path).err


def test_an_error_of_the_operating_system_is_not_reported_as_a_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path))

    monkeypatch.setattr("archtool.cli.commands.cite.cite", refused)
    seen = archtool("cite", tmp_path)
    assert (seen.code, "No space left on device" in seen.err) == (5, True)


@pytest.mark.parametrize("where", ["2>/dev/full", "2>&-", "2>/dev/null"])
def test_an_error_that_cannot_be_printed_keeps_its_exit_code(where: str, tmp_path: Path) -> None:
    assert by_shell(f"verify --strict nowhere {where}", tmp_path) == (3, "")
    assert by_shell(f"check nowhere {where}", tmp_path) == (3, "")


@pytest.mark.parametrize("options", ["", "--strict", "--json"])
@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
def test_a_verdict_that_could_not_be_printed_is_a_failure(where: str, options: str, tmp_path: Path) -> None:
    make_package(tmp_path)
    code, err = by_shell(f"verify {options} package {where}", tmp_path)
    assert (code, "Traceback" in err) == (5, False)


def by_shell(words: str, folder: Path) -> tuple[int, str]:
    """Return exit code and stderr of a command whose streams the shell redirects."""
    command = ["sh", "-c", f"exec {shlex.quote(sys.executable)} -m archtool {words}"]
    done = subprocess.run(command, cwd=folder, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    return done.returncode, done.stderr


def test_the_worst_code_wins() -> None:
    codes = [ExitCode.NOT_TRUSTED, ExitCode.PROBLEMS_FOUND, ExitCode.INPUT_UNUSABLE, ExitCode.DONE]
    assert worst_exit_code(codes) is ExitCode.INPUT_UNUSABLE
    assert worst_exit_code([ExitCode.NOT_TRUSTED, ExitCode.PROBLEMS_FOUND]) is ExitCode.PROBLEMS_FOUND
    assert worst_exit_code([]) is ExitCode.DONE


def test_a_closed_pipe_ends_the_command_without_a_message() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "archtool", "explain"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(writer)
    assert (done.returncode, done.stderr) == (ExitCode.SURROUNDINGS, b"")


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_a_narrow_locale_does_not_break_the_output(tmp_path: Path, locale: str) -> None:
    package = make_package(tmp_path)
    env = {"LC_ALL": locale, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    seen = archtool_process("verify", package, env=env)
    assert (seen.code, "Traceback" in seen.err) == (0, False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_pack_leaves_no_incomplete_output(tmp_path: Path, letters: Path, number: int) -> None:
    description = write_letter(letters)
    with (letters / "letter.txt").open("wb") as big:
        big.truncate(3 << 30)  # a sparse file of 3 GB: long enough to interrupt, and it takes no disk space
    command = [
        sys.executable,
        "-m",
        "archtool",
        "pack",
        str(description),
        "-o",
        str(tmp_path / "p"),
        "--no-sync",
    ]
    # without coverage: an interrupt while coverage holds its lock would never release the lock
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=unmeasured())
    while process.poll() is None and not left_behind(tmp_path):
        os.sched_yield()
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED, err
    assert b"no incomplete output was left" in err
    assert left_behind(tmp_path) == []
    assert not (tmp_path / "p").exists()


LOST = """
import signal, sys, time
from archtool.cli import error_boundary

class Finalised:
    def __del__(self):
        signal.raise_signal(signal.{name})  # no code can catch what is raised here

def command():
    Finalised()
    time.sleep(30)

sys.exit(error_boundary.guard(command, []))
"""
FROM_TEXT = """
import sys
from archtool.cli import error_boundary
sys.exit(error_boundary.guard(lambda: exec("import signal; signal.raise_signal(signal.{name})"), []))
"""

WHILE_IMPORTING = """
import signal, sys
from archtool.cli.entry import run

class Finder:
    def find_spec(self, module, path, target=None):
        if module == "archtool.operations.verify.verify_bag":
            signal.raise_signal(signal.{name})

sys.meta_path.insert(0, Finder())
sys.argv = ["archtool", "verify", "bag"]
run()
"""


def run_program(program: str, folder: Path) -> tuple[int, bytes]:
    """Run a program as `python -m` does: run from a file, Python exits differently and hides the fault."""
    (folder / "program.py").write_text(program)
    command = [sys.executable, "-m", "program"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=20, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize(
    "program",
    [LOST, FROM_TEXT, WHILE_IMPORTING],
    ids=["in a finaliser", "in code that is run from text", "while modules are imported"],
)
def test_an_interrupt_at_any_point_ends_the_command(program: str, name: str, tmp_path: Path) -> None:
    said = b"archtool: interrupted; no incomplete output was left\n"
    code, err = run_program(program.format(name=name), tmp_path)
    assert (code, err.lstrip(b"\n")) == (ExitCode.INTERRUPTED, said)


def test_another_exception_in_a_finaliser_is_still_reported(tmp_path: Path) -> None:
    program = LOST.replace("signal.raise_signal(signal.{name})", "1 / 0").replace("time.sleep(30)", "pass")
    code, said = run_program(program, tmp_path)
    assert (code, b"ZeroDivisionError" in said) == (0, True)


def test_an_interrupt_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    assert run_program(ignoring + FROM_TEXT.format(name="SIGINT"), tmp_path) == (0, b"")


def test_explain_knows_every_code_and_the_nearest_of_an_unknown_one() -> None:
    listed = archtool("explain").out
    assert "fixity.digest-mismatch" in listed
    explained = archtool("explain", "fixity.digest-mismatch").out
    assert "RFC 8493 §3" in explained
    assert "Exit code: 1" in explained
    assert "did you mean `fixity.digest-mismatch`?" in archtool("explain", "fixity.digest-mismach").err
    assert "archtool explain" in archtool("explain", "zzz").err


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("verify", "--trsut", "x"), "--trust"),
        (("pack", "--sing", "k"), "--sign"),
        (("--versoin",), "--version"),
        (("verfy",), "verify"),
        (("keys", "shwo"), "show"),
        (("holdings", "shelf", "mvoe"), "move"),
        (("batch", "x", "-o", "y", "--verb", "verfy"), "verify"),
        (("help",), "man"),
    ],
)
def test_a_misspelt_command_option_or_choice_is_answered_with_the_nearest(
    words: tuple[str, ...], name: str
) -> None:
    seen = archtool(*words)
    assert (seen.code, f"did you mean `{name}`?" in seen.err) == (2, True)


def test_a_name_that_is_like_no_other_is_answered_with_the_help() -> None:
    assert "hint: see: archtool verify --help" in archtool("verify", "-x").err
    assert "hint: see: archtool keys --help" in archtool("keys", "qqq").err


def test_the_list_of_codes_fits_into_the_window() -> None:
    screen = Terminal("explain")
    assert screen.end() == 0
    assert max(map(len, screen.lines)) <= 80
    assert any(line.startswith("    ") for line in screen.lines)
