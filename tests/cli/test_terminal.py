"""Output, prompts and progress on a real pseudo-terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from batches import write_letters
from command_line import archtool
from packages import ARCHIVIST, make_package, write_key, write_letter
from terminals import Terminal, stderr_on_terminal
from unit.bagit.bag_builders import bag_files, write_bag


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
