"""What the Library of Congress `bagit` library says of a bag, held against our own verdict.

It is asked, never obeyed: where it is known to be wrong, the finding says so.
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

TIMEOUT_SECONDS = 24 * 3600  # it reads the whole payload in one thread; it must still end some day
_SAID_SHOWN = 3
_RULES = JsonRules(256 * 1024 * 1024, allows_half_pairs=True)  # it names each file that is wrong


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What the library said; `is_valid` is `None` where it crashed or gave no answer."""

    version: str
    is_valid: bool | None
    says: tuple[str, ...]


def ask_second_opinion(root: Path, timeout_seconds: float = TIMEOUT_SECONDS) -> SecondOpinion:
    """Run the library on a bag in a folder."""
    command = [sys.executable, "-P", "-m", "archtool.bagit.loc_opinion", str(root)]
    try:
        run = subprocess.run(command, capture_output=True, timeout=timeout_seconds, check=False)
        answer = parse_json(run.stdout, "the answer", _RULES)
        return SecondOpinion(answer["version"], answer["is_valid"], tuple(answer["says"]))
    except subprocess.TimeoutExpired:
        return SecondOpinion("", None, (f"no answer within {timeout_seconds:,.0f} seconds",))
    except (InputError, KeyError, TypeError):
        last = run.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        return SecondOpinion("", None, tuple(last) or (f"ended with {run.returncode}",))


def compare_opinion(
    opinion: SecondOpinion, *, ours_is_valid: bool, paths: Iterable[str]
) -> tuple[Finding, ...]:
    """One finding: both agree, or where and why they differ."""
    name = f"bagit {opinion.version}".strip()
    theirs = {True: "valid", False: "not valid", None: "no verdict"}[opinion.is_valid]
    if opinion.is_valid is ours_is_valid:
        return (finding_kinds.SECOND_OPINION_SAME.at(f"{name} says: {theirs}"),)
    said = "; ".join(opinion.says[:_SAID_SHOWN])
    more = f" (and {len(opinion.says) - _SAID_SHOWN} more)" if len(opinion.says) > _SAID_SHOWN else ""
    faults = known_faults(paths)
    because = f"; known fault of that library: {'; '.join(faults)}" if faults else ""
    message = f"{name} says: {theirs}" + (f": {said}{more}" if said else "") + because
    return (finding_kinds.SECOND_OPINION.at(message),)


def known_faults(paths: Iterable[str]) -> tuple[str, ...]:
    """Names in this bag that bagit 1.9.0 is known to read wrongly."""
    names = list(paths)
    faults = (
        ("it does not decode %25", any("%" in n for n in names)),
        ("it drops blanks at the end of a name", any(n != n.rstrip() for n in names)),
        ("it splits names at U+2028, U+0085 and the like", any(len(n.splitlines()) > 1 for n in names)),
        ("it decodes at most two line ends in a name", any(n.count("\n") + n.count("\r") > 1 for n in names)),
    )
    return tuple(fault for fault, applies in faults if applies)
