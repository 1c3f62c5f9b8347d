"""`archtool holdings verify`: proves the chain of events, and that all else follows from it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from archtool.attestations.signatures.signature_check import TrustRules
from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.registers.register import register_path_of
from archtool.cli.options.registers.register_path import register_option
from archtool.cli.terminal import output
from archtool.cli.terminal.count_bar import CountBar
from archtool.operations.holdings.known_heads import read_known_heads
from archtool.operations.holdings.verify_register import VerifyRegisterRequest, verify_register
from archtool.report.result_json import result_object
from archtool.report.text.register_verify import format_register_verdict
from archtool.report.text.result import format_findings


@click.command("verify")
@register_option
@click.option(
    "--expect-head", "heads", multiple=True, metavar="HEAD|FILE|DIR",
    help="A head that was kept elsewhere: `NUMBER sha256:…`, the file of one, or a folder of such files;"
    " repeatable.",
)  # fmt: skip
@common.trust_option
@common.revoked_option
@common.tsa_roots_option
@click.option(
    "--chain-only", is_flag=True, help="Leave out the tables and the database: check events and heads."
)
@common.json_option
def command(
    heads: tuple[str, ...], allowed: Path | None, revoked: Path | None, tsa_roots: Path | None,
    *, chain_only: bool, as_json: bool, **given: Any,
) -> int:  # fmt: skip
    """Prove that no event of the register was changed, removed or added, and that all else follows from them.

    \b
    archtool holdings verify
    archtool holdings verify --expect-head HEAD

    Every event contains the digest of the one before. All events are read, and their digests computed again;
    the list of holdings and copies is made again from them and compared; the database file is checked. The
    comparison needs space for temporary files (SQLITE_TMPDIR), up to half of the size of the register.

    The chain alone cannot show that its last events were cut off, that the file is an older copy, or that
    somebody who can write it has computed the whole chain anew. Heads can: keep them elsewhere (archtool
    holdings head), or sign them (--sign), and compare with --expect-head and --trust.
    """  # noqa: D301 - `\b` keeps the lines
    started = time.monotonic()
    trust = common.load_trust((), allowed, revoked, tsa_roots)
    rules = TrustRules(trust.allowed, trust.revoked, clock.now(), trust.authorities)
    request = VerifyRegisterRequest(
        register_path_of(given), rules, read_known_heads(heads), chain_only, defaults.default_jobs(),
        lambda events: CountBar("verifying", "events", events),
    )  # fmt: skip
    result = verify_register(request)
    if as_json:
        output.json_line(result_object(result))
    else:
        width = output.width()
        seconds = time.monotonic() - started
        output.lines(
            (*format_findings(result.findings, width), *format_register_verdict(result, seconds, width))
        )
    return result.exit_code
