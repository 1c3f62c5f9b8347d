"""`archtool timestamp`: since when a signature is there, on the word of an authority."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.timestamping import make_stamper, timestamp_options
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.operations.describe.inputs import read_input
from archtool.report.result_json import result_object
from archtool.report.text.timestamp import format_timestamps
from archtool.results import Result

if TYPE_CHECKING:
    from archtool.operations.timestamp.timestamp import TimestampRequest
    from archtool.timestamps.certificates import Authorities

_PATH = click.Path(path_type=Path)


@click.command("timestamp")
@click.argument("bag", type=_PATH, metavar="BAG")
@timestamp_options("--url", "--command")
@click.option("--request", type=_PATH, metavar="FILE", help="Write the request to FILE, to be carried.")
@click.option("--response", type=_PATH, metavar="FILE", help="Take the answer that was carried here.")
@click.option("--signer", metavar="NAME", help="Which signature is meant, if several have no timestamp.")
@common.tsa_roots_option
@common.sidecar_option
@common.wait_option
@common.limits_options
@common.json_option
def command(bag: Path, tsa_roots: Path | None, *, as_json: bool, **given: Any) -> int:
    """Add timestamps to the signatures of BAG that have none.

    A timestamp proves since when a signature is there: its key is then judged at that time, also when it
    has expired. The signatures of the newest attestation get one each; they cover the earlier ones. With
    --tsa-roots only an authority that these vouch for is taken. Nothing is written unless every answer is a
    timestamp of these signatures.

    Where the newest attestation lies beside BAG, in BAG.attestations, its timestamps are put there too: BAG
    can then be an archive, or a folder that cannot be changed.

    For a machine without a network: --request FILE writes a request, and --response FILE takes the answer
    (openssl ts -reply makes one; curl --data-binary @FILE -H "Content-Type: application/timestamp-query"
    URL fetches one).
    """
    authorities = common.load_authorities(tsa_roots, (bag,))
    query, response, signer = given.pop("request"), given.pop("response"), given.pop("signer")
    timestamp_client = make_stamper(given, authorities)
    if sum(way is not None for way in (timestamp_client, query, response)) != 1:
        raise UsageError(
            "it must be said who gives the timestamp, in one way",
            hint="give one of --url URL, --command CMD, --request FILE and --response FILE",
        )
    from archtool.operations.attest.locked_package import Lock
    from archtool.operations.timestamp.timestamp import TimestampRequest, add_timestamps

    lock = Lock(given["wait_seconds"], output.message)
    request = TimestampRequest(bag, clock.now(), lock, given["sidecar"], common.take_limits(given))
    if query is not None:
        return _write_request(request, query, signer)
    if response is not None:
        result = _take_response(request, response, authorities, signer)
    elif signer is not None:
        raise UsageError("--signer goes with --request and --response", hint="leave it out: all are stamped")
    else:
        assert timestamp_client is not None  # noqa: S101 - one of the three was given
        result = add_timestamps(request, timestamp_client)
    if as_json:
        output.json_line(result_object(result))
    else:
        output.lines(format_timestamps(result, output.width()))
    return result.exit_code


def _write_request(request: TimestampRequest, target: Path, signer: str | None) -> int:
    from archtool.operations.timestamp.timestamp import make_request

    query = make_request(request, signer)
    try:
        with target.open("xb") as file:
            file.write(query)
    except FileExistsError:
        raise UsageError(f"{shown(str(target))} exists", hint="name another file for the request") from None
    defaults.note(
        f"the request is in {shown(str(target))}; with the answer: "
        f"archtool timestamp {shown(str(request.root))} --response FILE",
        as_json=False,
    )
    return 0


def _take_response(
    request: TimestampRequest, path: Path, authorities: Authorities | None, signer: str | None
) -> Result:
    from archtool.operations.timestamp.timestamp import add_response
    from archtool.timestamps.token import MAX_TIMESTAMP_BYTES

    answer = read_input(path, MAX_TIMESTAMP_BYTES, "the answer")
    return add_response(request, answer, shown(str(path)), authorities, signer)
