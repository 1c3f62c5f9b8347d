"""Runs fido (the package `opf-fido`) on files, in a process of its own.

Its signatures are regular expressions, which a hostile file can make slow, and it reads containers with
libraries of its own: neither must stop or crash the making of a package.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from archtool.errors import InputError, MissingPartError, StorageError
from archtool.formats.limits import MAX_FIDO_SECONDS, MAX_REPORT_BYTES
from archtool.formats.model import FIDO, FormatReport, IdentifiedFormat, ReportedFile
from archtool.installation import install_command
from archtool.strict_json import JsonRules, parse_json

_RULES = JsonRules(MAX_REPORT_BYTES, allows_half_pairs=True)


def identify_with_fido(
    root: Path, paths: Sequence[str], timeout_seconds: float = MAX_FIDO_SECONDS
) -> FormatReport:
    """Identify files below a folder; a file that fido cannot read has no format.

    Raises:
        MissingPartError: fido is not installed.
        StorageError: it crashed, or took too long.
    """
    if find_spec("fido") is None:
        raise MissingPartError(
            "fido is not installed", hint=f"install it with: {install_command('fido')}; or {_HINT}"
        )
    command = [sys.executable, "-P", "-m", "archtool.formats.fido_process"]
    names = b"\0".join(str(root / path).encode("utf-8", "surrogateescape") for path in paths)
    try:
        run = subprocess.run(command, input=names, capture_output=True, timeout=timeout_seconds, check=False)
        result = parse_json(run.stdout, "the result of fido", _RULES)
        files = [
            ReportedFile(str(root / path), size, tuple(map(_format, formats)))
            for path, (size, formats) in zip(paths, result["files"], strict=True)
        ]
        return FormatReport.of(FIDO, result["tool"], files)
    except subprocess.TimeoutExpired:
        raise StorageError(f"fido took more than {timeout_seconds:,.0f} seconds", hint=_HINT) from None
    except (InputError, KeyError, TypeError, ValueError):
        last = run.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        reason = "".join(last) or f"it ended with {run.returncode}"
        raise StorageError(f"fido failed: {reason}", hint=_HINT) from None


_HINT = "leave --formats out, or give the report of siegfried or DROID"


def _format(entry: dict[str, Any]) -> IdentifiedFormat:
    return IdentifiedFormat(
        entry["key"], entry["name"], entry["version"], entry["media_type"], entry["basis"]
    )
