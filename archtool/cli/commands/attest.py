"""`archtool attest`: appends a signed claim to a package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from archtool import __version__
from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.claim import claim_options, cover_added_option, make_claim, missing_key_error
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register_path import heads_options, pop_register
from archtool.cli.options.timestamping import make_timestamp_client, timestamp_options
from archtool.cli.signing.cms import cms_options, load_cms
from archtool.cli.signing.key_loading import load_signers
from archtool.cli.terminal import output
from archtool.errors import MaterialRefusedError, StorageError, UsageError
from archtool.operations.attest.attest import attest
from archtool.operations.attest.merge_sidecar import MergeRequest, merge_sidecar
from archtool.operations.attest.request import AttestRequest
from archtool.report.result_json import result_object
from archtool.report.text.attest import format_attest_summary, format_merge_summary
from archtool.results import Result


@click.command("attest")
@click.argument("bag", type=ANY_PATH, metavar="BAG")
@common.sign_option
@click.option(
    "--signer", "names", multiple=True, metavar="NAME", help="Name of the signer; default: the key's comment."
)
@common.passphrase_file_option
@timestamp_options("--timestamp", "--timestamp-command")
@common.tsa_roots_option
@cms_options
@claim_options
@click.option("--date", metavar="DATE", help="Date of the event; default: SOURCE_DATE_EPOCH, or now.")
@cover_added_option
@common.sidecar_option
@click.option("--merge-sidecar", is_flag=True, help="Sign nothing; merge attestations beside BAG into it.")
@heads_options
@common.wait_option
@common.limits_options
@common.json_option
def command(
    bag: Path, keys: tuple[str, ...], names: tuple[str, ...], passphrase_file: Path | None, **given: Any
) -> int:
    """Append a signed attestation to BAG: a folder, or an archive of one.

    \b
    archtool attest letter --sign my-key --event countersignature
    archtool attest letter --sign my-key --event custody-transfer --from A --to B

    TYPE is custody-transfer, countersignature, fixity-check, validation, repair (or packaging, for a bag
    without attestations), or a type of your own that begins with x-.

    The attestation covers every tag file and every earlier attestation. A package with a damaged tag file or
    attestation is refused. fixity-check, validation and repair are claims about the content: for them every
    payload file is read first, and a package that is not valid is refused. The other events read the payload
    only with --read-payload; without it, a sentence in the claim states that it was not read.

    Give --sign several times to put several signatures under one claim, such as the giver's and the
    receiver's. A signature cannot be added later, because later attestations cover the files of the claim:
    countersign it with a new attestation, --event countersignature, which confirms all earlier ones.

    For an archive, or a package in a place that cannot be changed, the attestations are written beside it, in
    BAG.attestations. --merge-sidecar merges them into a package that can be changed.

    If a register is configured and the package is registered, the attestation that the register remembers
    must be there, and the new head is written into the register. If the register cannot be written by then,
    the attestation stands, the exit code is 5, and `archtool holdings record-head BAG` records it later.
    """  # noqa: D301 - `\b` keeps the lines
    register = pop_register(given)
    if given["merge_sidecar"]:
        return _merge(bag, keys, given)
    if not keys:
        raise missing_key_error()
    timestamp_client = make_timestamp_client(given, common.load_authorities(given["tsa_roots"], (bag,)))
    request = AttestRequest(
        root=bag,
        claim=make_claim(given),
        signers=load_signers(keys, names, passphrase_file),
        claimed_at=clock.packaging_date(given["date"]),
        now=clock.now(),
        software_version=__version__,
        timestamp_client=timestamp_client,
        sidecar=given["sidecar"],
        cover_added=given["cover_added"],
        read_payload=given["read_payload"],
        concurrency=defaults.default_concurrency(),
        wait_seconds=given["wait_seconds"],
        limits=common.pop_limits(given),
        cms=load_cms(given, is_signed=True),
    )
    result = _attest(request) if register is None else _attest_registered(request, register)
    return _print_result(result, as_json=given["as_json"])


def _attest(request: AttestRequest) -> Result:
    return attest(request, output.message, defaults.make_progress())


def _attest_registered(request: AttestRequest, register: Path) -> Result:
    """Attest a package that must have the head that the register remembers; record the new one.

    Raises:
        MaterialRefusedError: the remembered attestation is not in the package; nothing was written.
        StorageError: the register cannot be written; nothing was attested.
    """
    # lazy: 10 ms (SQLite), only a run with a register needs it
    from archtool.attestations.finding_kinds import HEAD_MISSING
    from archtool.cli.holdings.recording import require_recorder
    from archtool.operations.holdings.record_heads import new_head_of
    from archtool.operations.holdings.registered_heads import explain_missing, read_known_heads

    recorder = require_recorder(register, request.limits)
    (known,) = read_known_heads(register, (request.root,))
    if known.problem is not None:
        hint = f"{known.hint}; " if known.hint else ""
        raise StorageError(
            f"nothing was attested: {known.problem}", hint=f"{hint}to attest without it, give --no-register"
        )
    try:
        result = _attest(replace(request, expected=known.required))
    except MaterialRefusedError as error:
        error.findings = explain_missing(error.findings, known, is_attested=True)
        if known.newest is not None and {finding.code for finding in error.findings} == {HEAD_MISSING.code}:
            error.hint = None  # the finding says what to do; `verify` shows no more
        raise
    (recorded,) = recorder.record([new_head_of(result.facts, request.root, known.required)])
    return recorded.add_to(result)


def _merge(bag: Path, keys: tuple[str, ...], given: dict[str, Any]) -> int:
    claiming = ("event", "cms_key", "timestamp_url", "timestamp_command")
    if keys or given["read_payload"] or any(given[name] is not None for name in claiming):
        raise UsageError(
            "--merge-sidecar cannot be combined with options for a new claim",
            hint="leave out --sign, --cms-key, --event, --read-payload and --timestamp, or run two commands",
        )
    request = MergeRequest(bag, clock.now(), given["sidecar"], given["wait_seconds"])
    result = merge_sidecar(request, output.message)
    if given["as_json"]:
        output.json_line(result_object(result))
    else:
        output.findings(result.findings)
        output.lines(format_merge_summary(result, output.width()))
    return result.exit_code


def _print_result(result: Result, *, as_json: bool) -> int:
    if as_json:
        output.json_line(result_object(result))
    else:
        output.findings(result.findings)
        output.lines(format_attest_summary(result, output.width()))
    return result.exit_code
