"""Output, prompts and progress on a real pseudo-terminal."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from batches import write_letters
from command_line import archtool
from packages import ARCHIVIST, make_package, write_key, write_letter
from unit.bagit.bag_builders import bag_files, write_bag

DEADLINE_SECONDS = 60


class Terminal:
    """A terminal of a given width that runs archtool and answers its prompts."""

    def __init__(self, *arguments: str | Path, columns: int = 80) -> None:
        self.screen, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        command = [sys.executable, "-m", "archtool", *map(str, arguments)]
        # the environment is passed explicitly: readline sets COLUMNS without Python's knowledge
        self.process = subprocess.Popen(
            command, stdin=inner, stdout=inner, stderr=inner, start_new_session=True, env=dict(os.environ)
        )
        os.close(inner)
        self.text = ""

    def wait_for(self, words: str, times: int = 1) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self.text.count(words) < times:
            assert time.monotonic() < deadline, f"never said {words!r}:\n{self.text}"
            assert self._read(), f"ended without saying {words!r}:\n{self.text}"

    def answer(self, words: str) -> None:
        os.write(self.screen, words.encode() + b"\n")

    def interrupt(self) -> None:
        """Press Ctrl-C until it is heard: what comes just before a wait, Python hears after it."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            self.process.send_signal(signal.SIGINT)
            if select.select([self.screen], [], [], 2)[0]:
                return

    def end(self) -> int:
        """Read to the end and give the exit code."""
        while self._read():
            pass
        os.close(self.screen)
        return self.process.wait(timeout=DEADLINE_SECONDS)

    def _read(self) -> bool:
        if not select.select([self.screen], [], [], DEADLINE_SECONDS)[0]:
            return False
        try:
            data = os.read(self.screen, 65536)
        except OSError:  # the other end is closed
            return False
        self.text += data.decode("utf-8", "replace")
        return bool(data)


def test_the_passphrase_of_a_new_key_is_prompted_for_twice_and_not_shown(tmp_path: Path) -> None:
    terminal = Terminal("keys", "new", tmp_path / "key", "--name", ARCHIVIST)
    terminal.wait_for("Passphrase for key: ")
    terminal.answer("correct horse")
    terminal.wait_for("Repeat for confirmation: ")
    terminal.answer("correct horse")
    assert terminal.end() == 0
    assert "correct horse" not in terminal.text
    assert "private key: " in terminal.text


def test_the_passphrase_is_prompted_for_when_a_key_is_used(tmp_path: Path, letters: Path) -> None:
    key = write_key(tmp_path, passphrase=b"correct horse")
    terminal = Terminal("pack", write_letter(letters), "-o", tmp_path / "package", "--sign", key)
    terminal.wait_for("Passphrase of archivist-key: ")
    terminal.answer("correct horse")
    assert terminal.end() == 0
    assert archtool("verify", tmp_path / "package").code == 0


def test_an_interrupt_at_the_prompt_leaves_no_file(tmp_path: Path, letters: Path) -> None:
    key = write_key(tmp_path, passphrase=b"correct horse")
    terminal = Terminal("pack", write_letter(letters), "-o", tmp_path / "package", "--sign", key)
    terminal.wait_for("Passphrase of archivist-key: ")
    terminal.interrupt()
    assert terminal.end() == 130
    assert "no incomplete output was left" in terminal.text
    assert not (tmp_path / "package").exists()


@pytest.mark.parametrize("columns", [60, 100])
def test_show_fits_the_window(tmp_path: Path, columns: int) -> None:
    terminal = Terminal("show", make_package(tmp_path), columns=columns)
    assert terminal.end() == 0
    fingerprint_chars = 16 + len("SHA256:") + 43  # one word, which is never wrapped
    too_wide = [line for line in terminal.text.splitlines() if len(line) > max(columns, fingerprint_chars)]
    assert too_wide == []


def test_progress_counts_bytes_on_a_terminal_only(letters: Path) -> None:
    description = write_letter(letters)
    with (letters / "letter.txt").open("wb") as big:
        big.truncate(64 * 1024 * 1024)
    terminal = Terminal("check", description)
    assert terminal.end() == 0
    assert "checking" in terminal.text
    assert "100%" in terminal.text
    assert "checking" not in archtool("check", description).err


def stderr_on_terminal(*arguments: str | Path, file: Path, code: int) -> str:
    """Return what stderr shows on a terminal while stdout goes to a file."""
    screen, inner = pty.openpty()
    command = [sys.executable, "-m", "archtool", *map(str, arguments)]
    with file.open("wb") as lines:
        process = subprocess.Popen(command, stdout=lines, stderr=inner, env=dict(os.environ))
    os.close(inner)
    seen = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while data := os.read(screen, 65536):
            seen += data
    os.close(screen)
    assert process.wait(timeout=DEADLINE_SECONDS) == code
    return seen.decode()


def test_a_batch_shows_jobs_and_failures_if_stdout_is_a_file(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a", "b", "c")
    (source / "b" / "letter.txt").unlink()
    lines = tmp_path / "results.jsonl"
    shown = stderr_on_terminal("batch", source, "-o", tmp_path / "out", file=lines, code=6)
    assert "packing" in shown
    assert "3/3" in shown
    assert "1 failed" in shown
    assert "3 jobs · 2 done · 1 failed" in shown
    assert len(lines.read_text().splitlines()) == 3


@pytest.mark.parametrize("options", [(), ("--strict",), ("--json",)])
def test_verify_counts_bags_on_a_terminal_if_stdout_is_a_file(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    bags = [write_bag(tmp_path / name, bag_files({"data/a": b"abc"})) for name in "abc"]
    (bags[1] / "data/a").write_bytes(b"xyz")
    lines = tmp_path / "results.txt"
    shown = stderr_on_terminal("verify", *options, *bags, file=lines, code=1)
    assert "verifying" in shown
    assert "3/3" in shown
    assert "1 failed" in shown
    assert "invalid" in lines.read_text()
    drawn = [re.sub(r"\x1b\[[?0-9]*[a-zA-Z]", "", line) for line in re.split(r"[\r\n]+", shown)]
    assert max(map(len, drawn)) <= 80
    assert "/1" not in stderr_on_terminal("verify", *options, bags[0], file=lines, code=0)


def test_the_comment_of_another_persons_key_is_used_only_if_confirmed(tmp_path: Path) -> None:
    key = write_key(tmp_path)
    key.unlink()
    for answer, code in (("n", 2), ("y", 0)):
        terminal = Terminal("keys", "trust", f"{key}.pub")
        terminal.wait_for(f"belong to '{ARCHIVIST}'?")
        terminal.answer(answer)
        assert terminal.end() == code
        assert (f'{ARCHIVIST} namespaces="archtool" ssh-ed25519' in terminal.text) == (code == 0)
