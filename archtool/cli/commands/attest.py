"""`archtool attest`: one more signed claim about a package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool import __version__
from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.claim import claim_options, cover_added_option, make_claim, nobody_signs
from archtool.cli.options.timestamping import make_stamper, timestamp_options
from archtool.cli.signing.cms import cms_options, load_cms
from archtool.cli.signing.key_loading import load_signers
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.operations.attest.attest import attest
from archtool.operations.attest.merge_sidecar import MergeRequest, merge_sidecar
from archtool.operations.attest.request import AttestRequest
from archtool.report.result_json import result_object
from archtool.report.text.attest import format_attest_summary, format_merge_summary
from archtool.results import Result

_PATH = click.Path(path_type=Path)


@click.command("attest")
@click.argument("bag", type=_PATH, metavar="BAG")
@common.sign_option
@click.option(
    "--signer", "names", multiple=True, metavar="NAME", help="Who signs; default: the key's comment."
)
@common.passphrase_file_option
@timestamp_options("--timestamp", "--timestamp-command")
@common.tsa_roots_option
@cms_options
@claim_options
@click.option("--date", metavar="DATE", help="When it happened; default: SOURCE_DATE_EPOCH, or now.")
@cover_added_option
@common.sidecar_option
@click.option("--merge-sidecar", is_flag=True, help="Sign nothing: put what lies beside BAG into it.")
@common.wait_option
@common.limits_options
@common.json_option
def command(
    bag: Path, keys: tuple[str, ...], names: tuple[str, ...], passphrase_file: Path | None, **given: Any
) -> int:
    """Append a signed attestation to BAG: a folder, or an archive of one.

    TYPE is custody-transfer, countersignature, fixity-check, validation, repair (or packaging, for a bag
    that nobody attested yet), or one of your own that begins with x-.

    The attestation covers every tag file and every earlier attestation. A package whose tag files or
    attestations do not hold is refused. fixity-check, validation and repair are claims about the content: for
    them every payload file is read first, and a package that is not valid is refused. The others read the
    payload with --read-payload only; without it a sentence in the claim says that it was not read.

    Several --sign put several signatures under the one claim, for instance the giver's and the receiver's.
    Nobody can be added to it afterwards, for later attestations cover its files: countersign it with a new
    attestation, --event countersignature, which confirms all earlier ones.

    An archive, or a package that cannot be changed where it is, gets its attestations beside it, in
    BAG.attestations. With --merge-sidecar these are put into a package that can be changed.
    """
    if given["merge_sidecar"]:
        return _merge(bag, keys, given)
    if not keys:
        raise nobody_signs()
    timestamp_client = make_stamper(given, common.load_authorities(given["tsa_roots"], (bag,)))
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
        concurrency=defaults.default_effort(),
        wait_seconds=given["wait_seconds"],
        limits=common.take_limits(given),
        cms=load_cms(given, is_signed=True),
    )
    return _tell(attest(request, output.message, defaults.make_progress()), as_json=given["as_json"])


def _merge(bag: Path, keys: tuple[str, ...], given: dict[str, Any]) -> int:
    claiming = ("event", "cms_key", "timestamp_url", "timestamp_command")
    if keys or given["read_payload"] or any(given[name] is not None for name in claiming):
        raise UsageError(
            "--merge-sidecar claims nothing and signs nothing",
            hint="leave --sign, --cms-key, --event, --read-payload and --timestamp out, or do both apart",
        )
    request = MergeRequest(bag, clock.now(), given["sidecar"], given["wait_seconds"])
    result = merge_sidecar(request, output.message)
    if given["as_json"]:
        output.json_line(result_object(result))
    else:
        output.findings(result.findings)
        output.lines(format_merge_summary(result, output.width()))
    return result.exit_code


def _tell(result: Result, *, as_json: bool) -> int:
    if as_json:
        output.json_line(result_object(result))
    else:
        output.findings(result.findings)
        output.lines(format_attest_summary(result, output.width()))
    return result.exit_code
