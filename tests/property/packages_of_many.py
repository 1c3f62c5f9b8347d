"""A signed package with many kinds of files, and helpers that change it."""

from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

from archtool.exit_codes import ExitCode
from command_line import Run, archtool
from packages import pack, write_allowed_signers, write_description, write_key

DESCRIPTION = """\
archtool: 1
title: Letters of the bureau
date: 1932
transcription:
  - { file: letter.txt, id: one, language: en }
  - { file: box/Tchécoslovaquie.txt, id: two, language: fr }
  - { file: box/deep/last.txt, id: three, language: en }
  - { file: 100% empty.txt, id: four, language: en }
source: "Cahiers, no 3 (1979), pp. 12-14."
rights: { original: UND, package: CC0-1.0 }
"""
TAG_MANIFEST = "tagmanifest-sha512.txt"


def make_letters(folder: Path) -> tuple[Path, Path]:
    """Make the package; return it and its allowed_signers file."""
    sources = folder / "sources"
    (sources / "box" / "deep").mkdir(parents=True)
    for number, name in enumerate(("letter.txt", "box/Tchécoslovaquie.txt", "box/deep/last.txt")):
        (sources / name).write_text(f"Letter {number}.\n", encoding="utf-8")
    (sources / "100% empty.txt").write_bytes(b"")
    target = folder / "package"
    made = pack(write_description(sources, DESCRIPTION), target, "--sign", write_key(folder))
    assert made.code == 0, made.err
    return target, write_allowed_signers(folder, "archivist@example.org")


def verified(package: Path, trust: Path) -> Run:
    return archtool("verify", package, "--trust", trust, "--json")


def is_found(run: Run) -> bool:
    """Report whether verification found the change: not valid, not trusted, or any error."""
    # one line, although a name can contain line ends of Python
    result = json.loads(run.out)
    is_accepted = (result["verdict"]["bag"], result["verdict"]["trust"]) == ("valid", "trusted")
    assert "Traceback" not in run.err
    return run.code in (ExitCode.PROBLEMS_FOUND, ExitCode.NOT_TRUSTED) or not is_accepted


def copied(package: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(package, to)
    return to


def is_equivalent(one: bytes, other: bytes) -> bool:
    """Report whether two tag manifests differ only in the case of their digits and in their blanks.

    No signature covers a tag manifest: another program may rewrite it.
    """

    def lines(data: bytes) -> list[tuple[bytes, ...]]:
        split = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n").split(b"\n")
        words = [line.replace(b"\t", b" ").split(b" ", 1) for line in split]
        return sorted((first.lower(), *(part.lstrip(b" ") for part in rest)) for first, *rest in words)

    return lines(one) == lines(other)


RENAMES: dict[str, Callable[[str], str]] = {
    "case": lambda path: path.swapcase(),
    "case of the last part": lambda path: str(Path(path).with_name(Path(path).name.upper())),
    "a space at the end": lambda path: path + " ",
    "a backup": lambda path: path + "~",
    "another folder": lambda path: f"moved/{Path(path).name}",
    "into the payload": lambda path: f"data/moved/{Path(path).name}",
    "up": lambda path: Path(path).name,
    "another ending": lambda path: path + ".txt",
}


def decomposed(path: str) -> str:
    return unicodedata.normalize("NFD", path)
