"""`archtool show`: what is in a package, for a person."""

from __future__ import annotations

from pathlib import Path

import click

from archtool.cli import clock, options, screen
from archtool.operations.show import RESULT_SCHEMA, show, view_facts
from archtool.report.result_json import result_object
from archtool.report.show_text import format_view
from archtool.results import Result


@click.command("show")
@click.argument("bag", type=click.Path(path_type=Path), metavar="BAG")
@options.trust_option
@options.revoked_option
@options.json_option
def command(bag: Path, allowed: Path | None, revoked: Path | None, *, as_json: bool) -> None:
    """Show what is in BAG: title, attribution, citation, credit, annexes, who signed.

    The metadata is checked against its digests and signatures; the payload is not read (see verify).
    """
    view = show(bag, options.load_trust(allowed, revoked), clock.now())
    if as_json:
        verdict = {"trust": view.trust.verdict.value}
        screen.json_line(result_object(Result(RESULT_SCHEMA, str(bag), (), verdict, view_facts(view))))
    else:
        screen.data(format_view(view, screen.width()))
