"""`archtool show`: shows what a package contains, for a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.operations.show import RESULT_SCHEMA, show
from archtool.operations.show_facts import view_facts
from archtool.report.result_json import result_object
from archtool.report.text.show.page_of_package import format_view
from archtool.results import Result


@click.command("show")
@click.argument("bag", type=ANY_PATH, metavar="BAG")
@common.trust_option
@common.revoked_option
@common.sidecar_option
@common.tsa_roots_option
@common.limits_options
@common.json_option
def command(bag: Path, allowed: Path | None, revoked: Path | None, *, as_json: bool, **given: Any) -> int:
    """Show what BAG contains: all that is described, and the attestations; codes are given in words.

    \b
    archtool show letter-package

    The metadata is checked against its digests and signatures. Of the payload, only texts that contain
    annexes as ranges of lines are read, to quote the first and last words of each (verify reads all of it).
    """  # noqa: D301 - `\b` keeps the lines
    trust = common.load_trust(
        (bag, *filter(None, [given["sidecar"]])), allowed, revoked, given.pop("tsa_roots")
    )
    limits = common.pop_limits(given)
    view = show(bag, trust, clock.now(), limits, given["sidecar"])
    findings, verdict = view.findings, {"trust": view.trust.verdict.value}
    result = Result(RESULT_SCHEMA, str(bag), findings, verdict, view_facts(view))
    if as_json:
        output.json_line(result_object(result))
    else:
        output.data(format_view(view, output.width()))
        output.findings(findings)
    return result.exit_code
