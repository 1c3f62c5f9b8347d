"""What `holdings add` and `holdings adopt` share: options, and what they print."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.configuration.settings import configurable
from archtool.cli.options.registers.event_text import EVENT_TEXT
from archtool.cli.options.registers.register import event_source, writing_options
from archtool.cli.terminal import output
from archtool.exit_codes import ExitCode, worst_exit_code
from archtool.files.paths import shown
from archtool.findings import Finding, FindingBound, Severity
from archtool.operations.holdings.intake.adopt import Intake
from archtool.operations.holdings.intake.registration import Arrival, Registration, RegistrationEnding
from archtool.operations.holdings.intake.registration_result import registration_result
from archtool.report.numbers import counted, format_size
from archtool.report.result_json import result_object

_WORDS = {
    RegistrationEnding.REGISTERED: "{name}: registered, {place} ({size})",
    RegistrationEnding.REGISTERED_AGAIN: "{name}: registered again, {place} ({size}); it was withdrawn",
    RegistrationEnding.FURTHER_COPY: "{name}: registered a further copy, {place}",
    RegistrationEnding.MOVED: "{name}: moved to {place}",
    RegistrationEnding.KNOWN: "{name}: registered already, {place}",
}
_REGISTERED = (RegistrationEnding.REGISTERED, RegistrationEnding.FURTHER_COPY, RegistrationEnding.MOVED)
_REHEARSED_WORDS = _WORDS | {
    RegistrationEnding.REGISTERED: "{name}: would be registered, {place} ({size})",
    RegistrationEnding.FURTHER_COPY: "{name}: would be registered as a further copy, {place}",
    RegistrationEnding.MOVED: "{name}: would be recorded as moved to {place}",
}


def intake_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a command that registers packages."""
    for option in (
        common.json_option,
        common.limits_options,
        click.option(
            "--jobs", type=click.IntRange(1, defaults.MAX_JOBS), metavar="N", **configurable("jobs"),
            help="Packages to read in parallel; default: one per core.",
        ),
        writing_options,
        click.option(
            "--dry-run", "is_rehearsal", is_flag=True,
            help="Show what would be registered, and write nothing: events can never be deleted.",
        ),
        click.option(
            "--moved", "records_moves", is_flag=True,
            help="Where the registered copy of a package is gone from its place, record that it was moved;"
            " otherwise a further copy is registered, with a warning.",
        ),
        click.option(
            "--from", "received_from", type=EVENT_TEXT, metavar="NAME",
            help="Who gave the packages to the archive.",
        ),
        click.option(
            "--custodian", type=EVENT_TEXT, metavar="NAME", help="Who answers for the packages from now on."
        ),
        click.option(
            "--accession", type=EVENT_TEXT, metavar="NUMBER", help="Number of the accession they belong to."
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def intake_of(given: dict[str, Any], *, readmits: bool) -> Intake:
    """Return how the packages are registered; all events of the command get the same run id."""
    arrival = Arrival(
        given["accession"], given["custodian"], given["received_from"], given["records_moves"], readmits
    )
    events = event_source(given, run=str(uuid.uuid4()))
    return Intake(events, clock.now, arrival, common.pop_limits(given), given["is_rehearsal"])


class IntakePrinter:
    """Prints what became of each package, and counts."""

    def __init__(self, *, as_json: bool, names_each: bool, is_rehearsal: bool) -> None:
        self._as_json, self._is_rehearsal = as_json, is_rehearsal
        self._names_each = names_each or is_rehearsal
        self._started = time.monotonic()
        self._endings: Counter[RegistrationEnding] = Counter()
        self._codes: set[ExitCode] = set()
        self._bound, self._problems = FindingBound(), 0
        self._findings: list[Finding] = []

    def add(self, done: Registration) -> None:
        """Print one package, or keep its finding for the end."""
        self._endings[done.ending] += 1
        if done.problem is not None:
            self._codes.add(done.problem.exit_code)
            self._problems += done.problem.severity is not Severity.NOTE
        if self._as_json:
            output.json_line(result_object(registration_result(done)))
            return
        if self._names_each and done.ending in _WORDS:
            output.lines([_line(done, _REHEARSED_WORDS if self._is_rehearsal else _WORDS)])
        if done.problem is not None:
            self._findings += self._bound.kept([done.problem])

    @property
    def has_new(self) -> bool:
        """Whether a holding or a copy was registered."""
        return any(self._endings[ending] for ending in _REGISTERED)

    def finish(self, *, skipped: int = 0) -> int:
        """Print the findings and the counts; return the exit code."""
        output.findings([*self._findings, *self._bound.others()])
        counts = self._endings
        known = counts[RegistrationEnding.KNOWN] + skipped
        registered = "would be registered" if self._is_rehearsal else "registered"
        parts = [f"{counted(counts[RegistrationEnding.REGISTERED], 'holding')} {registered}"]
        parts += [f"{n:,} registered again"] if (n := counts[RegistrationEnding.REGISTERED_AGAIN]) else []
        parts += (
            [f"{n:,} further {'copy' if n == 1 else 'copies'}"]
            if (n := counts[RegistrationEnding.FURTHER_COPY])
            else []
        )
        parts += [f"{n:,} moved"] if (n := counts[RegistrationEnding.MOVED]) else []
        parts += [f"{known:,} registered already"] if known else []
        parts += [counted(self._problems, "problem")] if self._problems else []
        defaults.note(
            " · ".join([*parts, f"{time.monotonic() - self._started:.1f} s"]), as_json=self._as_json
        )
        if self._is_rehearsal:
            defaults.note("dry run: nothing was written into the register", as_json=self._as_json)
        return worst_exit_code(self._codes)


def _line(done: Registration, words: Mapping[RegistrationEnding, str]) -> str:
    facts = done.offer.facts
    size = f"{counted(facts.files, 'file')}, {format_size(facts.size_bytes)}" if facts is not None else ""
    return words[done.ending].format(name=shown(done.name or ""), place=shown(done.offer.place), size=size)
