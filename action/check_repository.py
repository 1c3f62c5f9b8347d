"""The GitHub Action: checks descriptions and verifies packages, and puts a note at the line of each fault.

It uses the public API only. Each finding is printed as a workflow command, which GitHub shows beside the line
of the file; the table of all results goes to the summary of the job. What comes from the material is escaped,
so no description can give commands to the workflow.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import archtool

COMMANDS = {
    archtool.Severity.ERROR: "error",
    archtool.Severity.WARNING: "warning",
    archtool.Severity.NOTE: "notice",
}
WORST_FIRST = (70, 5, 3, 2, 1, 4, 0)
NOTHING_TO_CHECK = 2


def main() -> int:
    """Check what the inputs name; return the worst exit code."""
    given = _parser().parse_args()
    if complaint := _complaint(given):
        _say("error", complaint)
        return NOTHING_TO_CHECK
    jobs = [*_descriptions(_lines(given.descriptions)), *_packages(_lines(given.packages))]
    if not jobs:
        _say("error", "nothing to check: set `descriptions` or `packages`")
        return NOTHING_TO_CHECK
    rows = [(path, is_package, _run(path, given, is_package=is_package)) for path, is_package in jobs]
    code = min((code for _, _, code in rows), key=WORST_FIRST.index)
    _append("GITHUB_STEP_SUMMARY", _summary(rows))
    outputs = {"exit-code": code, "checked": len(rows), "failed": sum(code != 0 for _, _, code in rows)}
    _append("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in outputs.items()))
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Check descriptions and verify packages of a repository.")
    for option in ("--descriptions", "--packages", "--trust", "--policy"):
        parser.add_argument(option, default="")
    parser.add_argument("--strict", choices=("true", "false"), default="false")
    return parser


def _complaint(given: argparse.Namespace) -> str | None:
    """Return what is wrong with the patterns: one that matches nothing would check nothing, silently."""
    for option in ("descriptions", "packages"):
        for pattern in _lines(getattr(given, option)):
            if Path(pattern).anchor or ".." in Path(pattern).parts:
                return f"{option}: {pattern} is not below the repository"
            if not any(Path().glob(pattern)):
                return f"{option}: nothing matches {pattern}"
    return None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _descriptions(patterns: Iterable[str]) -> Iterator[tuple[Path, bool]]:
    """Yield the descriptions; those in packages are copies, which `verify` checks."""
    found = {path for pattern in patterns for path in Path().glob(pattern) if path.is_file()}
    for path in sorted(found):
        if not any((folder / "bagit.txt").is_file() for folder in path.parents):
            yield path, False


def _packages(patterns: Iterable[str]) -> Iterator[tuple[Path, bool]]:
    yield from ((path, True) for path in sorted({p for pattern in patterns for p in Path().glob(pattern)}))


def _run(path: Path, given: argparse.Namespace, *, is_package: bool) -> int:
    """Check one subject and print what was found; return its exit code."""
    is_strict = given.strict == "true"
    try:
        if is_package:
            result = archtool.verify(
                path, trust=given.trust or None, policy=given.policy or None, strict=is_strict
            )
        else:
            result = archtool.check(path, strict=is_strict)
    except archtool.ArchtoolError as error:
        _say("error", f"{error.message}{_hint(error.hint)}", path)
        return int(error.exit_code)
    for finding in result.findings:
        place = _place(path, finding, is_package=is_package)
        message = f"{finding.message}{_hint(finding.hint)} [{finding.code}]"
        _say(COMMANDS[finding.severity], message, *place)
    verdict = " · ".join(f"{name} {answer}" for name, answer in result.verdict.items())
    # the first word keeps a path such as `::error` from beginning the line
    print(f"checked {_escaped(path.as_posix())}: exit code {int(result.exit_code)} {verdict}".rstrip())
    return int(result.exit_code)


def _hint(hint: str | None) -> str:
    return f"\n{hint}" if hint else ""


def _place(path: Path, finding: archtool.Finding, *, is_package: bool) -> tuple[Path, int | None, int | None]:
    """Return the file of the repository that a finding is about, with line and column."""
    place = finding.place
    if place is None:
        return path, None, None
    if Path(place.file) == path:
        return path, place.line, place.column
    file = (path if is_package else path.parent) / place.file
    return (file, place.line, place.column) if file.is_file() else (path, None, None)


def _say(
    command: str, message: str, file: Path | None = None, line: int | None = None, col: int | None = None
) -> None:
    """Print a workflow command of GitHub."""
    name = None if file is None else file.as_posix()
    values = (("file", name), ("line", line), ("col", col))
    properties = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in values if value is not None)
    print(f"::{command} {properties}::{_escaped(message)}")


def _escaped(text: str, others: str = "") -> str:
    """Escape what would end a workflow command or begin another one."""
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{others}" else char for char in text)


def _summary(rows: Iterable[tuple[Path, bool, int]]) -> str:
    lines = ["| | what | result |", "|---|---|---|"]
    for path, is_package, code in rows:
        name = path.as_posix().replace("|", "\\|").replace("`", "'").replace("\n", " ")
        result = "in order" if code == 0 else f"exit code {code}"
        kind, mark = "package" if is_package else "description", "✅" if code == 0 else "❌"
        lines.append(f"| {mark} | {kind} `{name}` | {result} |")
    return "\n".join(lines) + "\n"


def _append(variable: str, text: str) -> None:
    """Append to a file that GitHub names; without one, nothing happens."""
    if name := os.environ.get(variable):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main())
