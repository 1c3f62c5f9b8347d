"""Recognises files and folders that archtool itself writes beside packages; they are not packages."""

from __future__ import annotations

import os
import re
from pathlib import Path

from archtool.operations.open_package.package_paths import SIDECAR_SUFFIX, may_be_by_product

_STAGED = ".archtool-"
_JOURNAL = re.compile(r"batch-journal(?:\.[1-9][0-9]*-of-[1-9][0-9]*)?\.jsonl")
_ATTESTATION = re.compile(r"[0-9]{4}-[a-z][a-z0-9-]*")
_REPLACED = re.compile(r".+\.replaced-[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[1-9][0-9]*)?", re.DOTALL)
REPLACED_NOTE, REPLACED_FILES = "REPAIR.txt", "files"
"""What a folder beside a package holds that keeps what a repair replaced."""
_HEAD_BYTES = 4096
# bytes at or near the beginning of the files that archtool writes for a run
_RESULTS, _PAGE = b'{"schema":"archtool/', b'content="archtool'
_TABLES = (b"job,ending,exit_code", b"package,path,id,title,date,files,bytes,counted")


def describe_by_product(path: Path) -> str | None:
    """Return in words what archtool wrote at a path beside packages; `None` for anything else."""
    name = path.name
    if not may_be_by_product(str(path)):
        return None
    if name.startswith(_STAGED):
        return "left over from an interrupted run of archtool"
    if is_replaced(path):
        return "what a repair replaced in a package"
    if path.is_dir():
        return f"the sidecar of {name.removesuffix(SIDECAR_SUFFIX)}" if _is_sidecar(path) else None
    if _JOURNAL.fullmatch(name):
        return "the journal of a batch" if path.is_file() else None
    return _describe_summary(path) if path.is_file() else None


def is_replaced(path: Path) -> bool:
    """Return whether a folder keeps what a repair replaced: damaged files of a package, which are none."""
    return _REPLACED.fullmatch(path.name) is not None and (path / REPLACED_NOTE).is_file()


def _is_sidecar(path: Path) -> bool:
    """Return whether a folder contains attestations and nothing else: a bag can have such a name too."""
    if not path.name.endswith(SIDECAR_SUFFIX):
        return False
    try:
        names = os.listdir(path)
    except OSError:
        return False
    return all(_ATTESTATION.fullmatch(name) for name in names)


def _describe_summary(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return None
    if head.startswith(_RESULTS):
        return "the results of a run"
    if head.removeprefix(b"\xef\xbb\xbf").startswith(_TABLES) or (_PAGE in head and b"<html" in head):
        return "the summary of a run"
    return None
