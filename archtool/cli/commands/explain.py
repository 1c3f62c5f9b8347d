"""`archtool explain`: explains the code of a finding, or an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.exit_codes import ExitCode
from archtool.findings import Kind
from archtool.nearest_names import did_you_mean, nearest_name
from archtool.operations.catalogue import all_kinds
from archtool.report.exit_code_words import EXIT_CODE_WORDS, explain_signal_status, format_exit_code
from archtool.report.text.page import wrap

_EXIT_CODES = {str(int(code)): code for code in ExitCode}
_CODE_WIDTH = 32
_SEVERITY_WIDTH = 8
_HANGING = 4


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the codes that begin with what was typed."""
    return [code for code in [*all_kinds(), *_EXIT_CODES] if code.startswith(incomplete)]


@click.command("explain")
@click.argument("code", required=False, metavar="[CODE]", shell_complete=_complete)
def command(code: str | None) -> None:
    """Explain the finding or exit code CODE; without CODE, list all codes.

    \b
    archtool explain fixity.digest-mismatch
    archtool explain 5
    """  # noqa: D301 - `\b` keeps the lines
    kinds = all_kinds()
    if code is None:
        output.lines(_list(kinds.values(), output.width() if output.is_data_shown() else None))
    elif code in _EXIT_CODES:
        output.lines(format_exit_code(_EXIT_CODES[code]))
    elif code in kinds:
        output.lines(_explanation(kinds[code]))
    else:
        raise unknown_code(code, list(kinds))


def unknown_code(code: str, known: list[str]) -> UsageError:
    """Return the error for an unknown code; its hint names the nearest code."""
    if code.isascii() and code.isdigit():
        names = ", ".join(_EXIT_CODES)
        hint = explain_signal_status(int(code)) or f"the exit codes are {names}"
        return UsageError(f"archtool has no exit code {code[:20]}", hint=hint)
    nearest = nearest_name(code, known)
    hint = did_you_mean(nearest) if nearest is not None else "to list all codes, run: archtool explain"
    return UsageError(f"no finding has the code {code!r}", hint=hint)


def _list(kinds: Iterable[Kind], width: int | None) -> Iterator[str]:
    """Yield a line for each code; in a window, as many lines as its summary needs."""
    rows = [(kind.code, kind.severity.value, kind.summary) for kind in kinds]
    rows += [(number, "exit", EXIT_CODE_WORDS[code].summary) for number, code in _EXIT_CODES.items()]
    for code, severity, summary in rows:
        lead = f"{code:<{_CODE_WIDTH}} {severity:<{_SEVERITY_WIDTH}} "
        if width is None:
            yield lead + summary
        else:
            yield from wrap(summary, width, lead, hanging=_HANGING)


def _explanation(kind: Kind) -> list[str]:
    lines = [f"{kind.code} ({kind.severity.value})", "", kind.summary, f"What to do: {kind.advice}."]
    lines += [f"Source: {kind.clause}"] if kind.clause else []
    return [*lines, f"Exit code: {int(kind.exit_code) if kind.severity.value == 'error' else 0}"]
