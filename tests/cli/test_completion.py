"""Completion in real shells, and without importing what is not needed."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from command_line import archtool, archtool_process, unmeasured

DEADLINE_SECONDS = 60
SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def programs(tmp_path: Path) -> dict[str, str]:
    """An environment in which `archtool` is the tested one, and the home folder is empty."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "archtool"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m archtool "$@"\n')
    program.chmod(0o755)
    here = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(tmp_path), "TERM": "dumb", "PS1": "READY> "}
    return {**unmeasured(), **here, "PYTHONPATH": os.pathsep.join(sys.path)}


def script_of(shell: str, folder: Path) -> Path:
    made = archtool("completion", shell)
    assert made.code == 0
    path = folder / f"_archtool.{shell}"
    path.write_text(made.out)
    return path


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"needs {shell}")


def typed_in(command: list[str], setup: str, keys: bytes, wanted: str, environment: dict[str, str]) -> str:
    """Return what an interactive shell shows after these keys."""
    screen, inner = pty.openpty()
    shell = subprocess.Popen(
        command, stdin=inner, stdout=inner, stderr=inner, env=environment, start_new_session=True
    )
    os.close(inner)
    seen, until = "", time.monotonic() + DEADLINE_SECONDS
    os.write(screen, f"{setup}; echo RE''ADY\n".encode())
    is_ready = False
    while wanted not in seen:
        assert time.monotonic() < until, seen
        if select.select([screen], [], [], 1)[0]:
            seen += os.read(screen, 65536).decode("utf-8", "replace")
        if "READY" in seen and not is_ready:
            is_ready, seen = True, ""
            os.write(screen, keys)
    os.close(screen)
    shell.kill()
    shell.wait(timeout=DEADLINE_SECONDS)
    return seen


@needs("bash")
def test_bash_completes_commands_options_and_codes(tmp_path: Path, programs: dict[str, str]) -> None:
    bash = ["bash", "--norc", "--noprofile", "-i"]
    setup = f"source {script_of('bash', tmp_path)}"
    typed_in(bash, setup, b"archtool unp\t", "archtool unpack ", programs)
    typed_in(bash, setup, b"archtool verify --tru\t", "--trust ", programs)
    typed_in(bash, setup, b"archtool explain fixity.dig\t", "fixity.digest-mismatch ", programs)


@needs("zsh")
def test_zsh_completes_commands_and_says_what_they_do(tmp_path: Path, programs: dict[str, str]) -> None:
    functions = tmp_path / "functions"
    functions.mkdir()
    shutil.copy(script_of("zsh", tmp_path), functions / "_archtool")
    setup = f"fpath+={functions}; autoload -Uz compinit && compinit -u"
    typed_in(["zsh", "-f", "-i"], setup, b"archtool unp\t", "archtool unpack", programs)
    typed_in(
        ["zsh", "-f", "-i"], setup, b"archtool holdings ad\t\t", "Register packages that are named", programs
    )


@needs("fish")
def test_fish_completes_commands_options_and_files(tmp_path: Path, programs: dict[str, str]) -> None:
    script = script_of("fish", tmp_path)
    (tmp_path / "letter.yaml").write_text("")

    def completed(words: str) -> list[str]:
        done = subprocess.run(
            ["fish", "--no-config", "-c", f"source {script}; complete -C '{words}'"],
            cwd=tmp_path, env=programs, capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=True,
        )  # fmt: skip
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    assert completed("archtool unp") == ["unpack"]
    assert completed("archtool verify --tru") == ["--trust"]
    assert completed("archtool check let") == ["letter.yaml"]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_says_where_it_belongs(shell: str) -> None:
    script = archtool("completion", shell).out
    assert f"\n# To install it: archtool completion {shell} > ~/" in script
    assert script.startswith("#compdef archtool\n") or shell != "zsh"


def test_another_shell_is_refused_with_the_nearest_name() -> None:
    seen = archtool("completion", "zhs")
    assert (seen.code, "did you mean `zsh`?" in seen.err) == (2, True)


def test_completing_commands_imports_none_of_them() -> None:
    code = "import sys; from archtool.cli.main import run\ntry: run()\nexcept SystemExit: pass\n"
    code += "print([m for m in sys.modules if m.startswith('archtool.cli.commands.')])"
    words = {"_ARCHTOOL_COMPLETE": "bash_complete", "COMP_WORDS": "archtool ", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**unmeasured(), **words, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert {"plain,pack", "plain,verify", "plain,doctor"} <= set(lines)
    assert lines[-1] == "[]"


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("archtool explain fixity.dig", "plain,fixity.digest-mismatch\n"),
        ("archtool verify --jobs many --tru", "plain,--trust\n"),
        ("archtool nonsense x", "\n"),
        ("archtool holdings nonsense x", "\n"),
    ],
)
def test_what_is_wrong_on_the_line_puts_no_error_into_the_shell(
    words: str, completed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = str(len(words.split()) - 1)
    given = {"_ARCHTOOL_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    seen = archtool()
    assert (seen.code, seen.out, seen.err) == (0, completed, "")


def test_groups_in_groups_and_values_are_completed() -> None:
    def completed(words: str) -> list[str]:
        count = str(len(words.split()) - (0 if words.endswith(" ") else 1))
        given = {"_ARCHTOOL_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
        return archtool_process(env=given).out.split()

    assert completed("archtool holdings sh") == ["plain,show", "plain,shelf"]
    assert completed("archtool provenance --language ") == ["plain,en", "plain,fr", "plain,ru"]
