"""`archtool explain`: explains the code of a finding."""

from __future__ import annotations

import click

from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.findings import Kind
from archtool.nearest_names import did_you_mean, nearest_name
from archtool.operations.catalogue import all_kinds


@click.command("explain")
@click.argument("code", required=False, metavar="[CODE]")
def command(code: str | None) -> None:
    """Explain the finding CODE; without CODE, list all codes."""
    kinds = all_kinds()
    if code is None:
        output.lines(f"{kind.code:<32} {kind.severity.value:<8} {kind.summary}" for kind in kinds.values())
        return
    if code not in kinds:
        raise unknown_code(code, list(kinds))
    output.lines(_explanation(kinds[code]))


def unknown_code(code: str, known: list[str]) -> UsageError:
    """Return the error for an unknown code; its hint names the nearest code."""
    nearest = nearest_name(code, known)
    hint = did_you_mean(nearest) if nearest is not None else "to list all codes, run: archtool explain"
    return UsageError(f"no finding has the code {code!r}", hint=hint)


def _explanation(kind: Kind) -> list[str]:
    lines = [f"{kind.code} ({kind.severity.value})", "", kind.summary, f"What to do: {kind.advice}."]
    lines += [f"Source: {kind.clause}"] if kind.clause else []
    return [*lines, f"Exit code: {int(kind.exit_code) if kind.severity.value == 'error' else 0}"]
