"""`archtool timestamp`: adds timestamps of an authority to a package's signatures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.timestamping import make_timestamp_client, timestamp_options
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shell_word, shown
from archtool.operations.attest.locked_package import Lock
from archtool.operations.describe.inputs import read_input
from archtool.operations.timestamp.timestamp import (
    TimestampRequest,
    add_response,
    add_timestamps,
    make_request,
)
from archtool.report.result_json import result_object
from archtool.report.text.timestamp import format_timestamps
from archtool.results import Result
from archtool.timestamps.certificates import Authorities
from archtool.timestamps.limits import MAX_TIMESTAMP_BYTES


@click.command("timestamp")
@click.argument("bag", type=ANY_PATH, metavar="BAG")
@timestamp_options("--url", "--command")
@click.option(
    "--request", type=ANY_PATH, metavar="FILE", help="Write the request to FILE, for another machine to send."
)
@click.option(
    "--response", type=ANY_PATH, metavar="FILE", help="Read the response to that request from FILE."
)
@click.option(
    "--signer", metavar="NAME", help="Signer to request the timestamp for, if several signatures lack one."
)
@common.tsa_roots_option
@common.sidecar_option
@common.wait_option
@common.limits_options
@common.json_option
def command(bag: Path, tsa_roots: Path | None, *, as_json: bool, **given: Any) -> int:
    """Add timestamps to the signatures of BAG that have none.

    \b
    archtool timestamp letter-package --url https://tsa.example.org/

    A timestamp proves since when a signature exists: verification then checks the key at that time, even
    after the key has expired. Each signature of the newest attestation gets a timestamp; these signatures
    cover the earlier attestations. With --tsa-roots, only timestamps that lead to one of these roots are
    accepted. Nothing is written unless every response is a timestamp of these signatures.

    If the newest attestation lies beside BAG, in BAG.attestations, its timestamps are also written there: BAG
    can then be an archive, or a folder that cannot be changed.

    For a machine without a network: --request FILE writes a request, and --response FILE reads the response
    (openssl ts -reply makes one; curl --data-binary @FILE -H "Content-Type: application/timestamp-query"
    URL fetches one).
    """  # noqa: D301 - `\b` keeps the lines
    authorities = common.load_authorities(tsa_roots, (bag,))
    query, response, signer = given.pop("request"), given.pop("response"), given.pop("signer")
    timestamp_client = make_timestamp_client(given, authorities)
    if sum(source is not None for source in (timestamp_client, query, response)) != 1:
        raise UsageError(
            "exactly one source of the timestamp is required",
            hint="give one of --url URL, --command CMD, --request FILE and --response FILE",
        )
    lock = Lock(given["wait_seconds"], output.message)
    request = TimestampRequest(bag, clock.now(), lock, given["sidecar"], common.pop_limits(given))
    if query is not None:
        return _write_request(request, query, signer)
    if response is not None:
        result = _add_response(request, response, authorities, signer)
    elif signer is not None:
        raise UsageError(
            "--signer requires --request or --response", hint="leave it out: every signature gets a timestamp"
        )
    else:
        assert timestamp_client is not None  # noqa: S101 - exactly one of the three is given
        result = add_timestamps(request, timestamp_client)
    if as_json:
        output.json_line(result_object(result))
    else:
        output.lines(format_timestamps(result, output.width()))
    return result.exit_code


def _write_request(request: TimestampRequest, target: Path, signer: str | None) -> int:
    query = make_request(request, signer)
    try:
        with target.open("xb") as file:
            file.write(query)
    except FileExistsError:
        raise UsageError(f"{shown(str(target))} exists", hint="give another file for the request") from None
    defaults.note(
        f"the request is in {shown(str(target))}; when you have the response, run: "
        f"archtool timestamp {shell_word(str(request.root))} --response FILE",
        as_json=False,
    )
    return 0


def _add_response(
    request: TimestampRequest, path: Path, authorities: Authorities | None, signer: str | None
) -> Result:
    response = read_input(path, MAX_TIMESTAMP_BYTES, "the response")
    return add_response(request, response, shown(str(path)), authorities, signer)
