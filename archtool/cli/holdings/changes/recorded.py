"""Prints the events that a command has recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archtool.cli.options import clock
from archtool.cli.options.registers.register import event_source
from archtool.cli.terminal import output
from archtool.operations.holdings.changes.recording import Recorded, Recorder
from archtool.operations.holdings.results import event_result
from archtool.report.result_json import result_object
from archtool.report.text.page import wrap


def recorder_of(given: dict[str, Any]) -> Recorder:
    """Return what makes and appends the events of a command."""
    return Recorder(event_source(given), clock.now)


def print_recorded(recorded: Recorded, sentences: Iterable[str], *, as_json: bool) -> None:
    """Print one event as JSON, or sentences about it."""
    if as_json:
        output.json_line(result_object(event_result(*recorded)))
        return
    width = output.width()
    output.lines(line for sentence in sentences for line in wrap(sentence, width, hanging=2))
