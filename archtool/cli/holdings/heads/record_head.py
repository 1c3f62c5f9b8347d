"""`archtool holdings record-head`: records the newest attestation of a package that is in place already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli.holdings.recording import make_recorder
from archtool.cli.options import common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register import agent_option, register_path_of
from archtool.cli.options.registers.register_path import register_option
from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.operations.attest.locked_package import Lock
from archtool.operations.holdings.record_later import record_newest
from archtool.report.result_json import result_object


@click.command("record-head")
@click.argument("bag", type=ANY_PATH, metavar="BAG")
@common.sidecar_option
@register_option
@agent_option
@common.wait_option
@common.limits_options
@common.json_option
def command(bag: Path, **given: Any) -> int:
    """Record the newest attestation of BAG as the head of its holding.

    \b
    archtool holdings record-head packages/letter-1932

    attest, verify --attest and batch record each new head themselves. This command is for a head that they
    could not record, and for attestations that were made without the register, for instance on another
    machine. BAG must be free of errors and must contain the attestation that the register remembers; the
    payload is not read.
    """  # noqa: D301 - `\b` keeps the lines
    limits = common.pop_limits(given)
    recorder = make_recorder(register_path_of(given), limits, given["agent"])
    recorder.check()
    result = record_newest(
        bag, recorder, Lock(given["wait_seconds"], output.message), given["sidecar"], limits
    )
    if given["as_json"]:
        output.json_line(result_object(result))
        return result.exit_code
    output.findings(result.findings)
    head, holding = result.facts["register"]["head"], result.facts["register"]["holding"]
    if head is not None:
        output.lines([f"the head of {shown(holding)} is recorded: {head}"])
    return result.exit_code
