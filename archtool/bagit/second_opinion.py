"""Runs the Library of Congress `bagit` library on a bag and compares its verdict with archtool's.

Its verdict never replaces archtool's: where the library is known to be wrong, the finding says so.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archtool.bagit import finding_kinds
from archtool.errors import InputError
from archtool.findings import Finding
from archtool.strict_json import JsonRules, parse_json

TIMEOUT_SECONDS = 24 * 3600  # it reads the whole payload in one thread, and must end at some time
_MAX_MESSAGES = 3
_RULES = JsonRules(256 * 1024 * 1024, allows_half_pairs=True)  # it names each file with a fault


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """The library's verdict; `is_valid` is `None` where it crashed or returned none."""

    version: str
    is_valid: bool | None
    messages: tuple[str, ...]


def run_second_opinion(root: Path, timeout_seconds: float = TIMEOUT_SECONDS) -> SecondOpinion:
    """Run the library on a bag in a folder."""
    command = [sys.executable, "-P", "-m", "archtool.bagit.loc_opinion", str(root)]
    try:
        run = subprocess.run(command, capture_output=True, timeout=timeout_seconds, check=False)
        result = parse_json(run.stdout, "the result", _RULES)
        return SecondOpinion(result["version"], result["is_valid"], tuple(result["messages"]))
    except subprocess.TimeoutExpired:
        return SecondOpinion("", None, (f"no result within {timeout_seconds:,.0f} seconds",))
    except (InputError, KeyError, TypeError):
        last = run.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        return SecondOpinion("", None, tuple(last) or (f"ended with {run.returncode}",))


def compare_verdicts(opinion: SecondOpinion, *, is_valid: bool, paths: Iterable[str]) -> tuple[Finding, ...]:
    """Return one finding: both verdicts agree, or how and why they differ. `is_valid` is archtool's."""
    name = f"bagit {opinion.version}".strip()
    verdict = {True: "valid", False: "not valid", None: "no verdict"}[opinion.is_valid]
    if opinion.is_valid is is_valid:
        return (finding_kinds.SECOND_OPINION_SAME.at(f"{name} says: {verdict}"),)
    messages = "; ".join(opinion.messages[:_MAX_MESSAGES])
    others = len(opinion.messages) - _MAX_MESSAGES
    more = f" (and {others} more)" if others > 0 else ""
    faults = known_faults(paths)
    reason = f"; known fault of that library: {'; '.join(faults)}" if faults else ""
    message = f"{name} says: {verdict}" + (f": {messages}{more}" if messages else "") + reason
    return (finding_kinds.SECOND_OPINION.at(message),)


def known_faults(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the faults of bagit 1.9.0 that concern names in this bag."""
    names = list(paths)
    faults = (
        ("it does not decode %25", any("%" in n for n in names)),
        ("it drops blanks at the end of a name", any(n != n.rstrip() for n in names)),
        ("it splits names at U+2028, U+0085 and similar", any(len(n.splitlines()) > 1 for n in names)),
        ("it decodes at most two line ends in a name", any(n.count("\n") + n.count("\r") > 1 for n in names)),
    )
    return tuple(fault for fault, applies in faults if applies)
