"""`archtool verify`: three answers for each package, and every finding."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archtool import __version__
from archtool.cli.commands.verify_output import verify_and_tell
from archtool.cli.options import clock, common
from archtool.cli.options.depth import complete_option, depth_of, fast_option
from archtool.cli.options.subjects import packages_among
from archtool.cli.options.timestamping import make_stamper, timestamp_options
from archtool.cli.terminal import output
from archtool.errors import InputError, UsageError
from archtool.operations.verify.selection import Selection
from archtool.operations.verify.verify import Depth, VerifyRequest
from archtool.operations.verify.verify_many import verify_many

if TYPE_CHECKING:
    from archtool.attestations.chain_head import ChainHead
    from archtool.cli.commands.verify_output import Verified
    from archtool.timestamps.certificates import Authorities


@click.command("verify")
@click.argument("bags", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="BAG...")
@common.trust_option
@common.revoked_option
@common.tsa_roots_option
@common.policy_option
@common.strict_option
@common.effort_options
@complete_option
@fast_option
@click.option("--only", multiple=True, metavar="CODE", help="Report only this finding, or family of them.")
@click.option("--ignore", multiple=True, metavar="CODE", help="Do not report this finding, or family.")
@common.profile_option
@common.sidecar_option
@click.option(
    "--expect-head",
    "expected",
    metavar="HEAD",
    help="An attestation that must be there, as attest printed it: '0001-packaging sha512:…'.",
)
@click.option(
    "--attest",
    "keys",
    multiple=True,
    metavar="KEY",
    help=f"Record the check of each valid bag, as an attestation signed {common.KEY_HELP}.",
)
@click.option(
    "--signer", "names", multiple=True, metavar="NAME", help="Who records it; default: the key's comment."
)
@common.passphrase_file_option
@timestamp_options("--timestamp", "--timestamp-command")
@common.wait_option
@common.limits_options
@common.second_opinion_option
@common.json_option
def command(bags: tuple[Path, ...], allowed: Path | None, revoked: Path | None, **given: Any) -> int:
    """Say of each BAG whether it is valid, consistent and trusted.

    A BAG is a folder, or an archive of one (tar, tar.gz, tar.bz2, tar.xz, zip); nothing is extracted.
    Every file is read and every finding reported; one bad bag does not keep the others from being looked at.
    --complete and --fast read less, and never say valid. --only and --ignore choose what is reported and
    counted in the exit code; the verdicts are made from everything all the same.

    Attestations that lie beside a bag, in BAG.attestations, are looked at as if they were inside.
    That the newest attestations were cut off cannot be seen in a bag: give --expect-head what you wrote down.
    A policy asks for more than a trusted signature, and has an answer of its own: policy met, or not-met.
    --attest KEY appends a fixity-check with the counted facts to each bag that was found valid.
    """
    started = time.monotonic()
    bags = packages_among(bags)
    judged = (*bags, *filter(None, [given["sidecar"]]))
    believed = common.load_trust(judged, allowed, revoked, given["tsa_roots"], given["policy_path"])
    trust = replace(believed, expected=_expected(given["expected"]))
    depth = depth_of(complete=given["complete"], fast=given["fast"])
    _check_together(bags, depth, given)
    verified = _recording(given, believed.authorities)
    selection = Selection(_known_codes(given["only"]), _known_codes(given["ignore"]))
    profile = common.load_profile(given["profile_path"])
    limits = common.take_limits(given)
    at = clock.now()
    requests = [
        VerifyRequest(
            root=bag,
            at=at,
            trust=trust,
            strict=given["strict"],
            second_opinion=given["second_opinion"],
            depth=depth,
            selection=selection,
            profile=profile,
            limits=limits,
            sidecar=given["sidecar"],
        )
        for bag in bags
    ]
    concurrency = common.take_effort(given)
    return verify_and_tell(requests, concurrency, started, as_json=given["as_json"], verified=verified)


def _expected(text: str | None) -> ChainHead | None:
    if text is None:
        return None
    from archtool.attestations.chain_head import ChainHead

    try:
        return ChainHead.parse(text)
    except InputError as error:
        raise UsageError(error.message, hint=error.hint) from None


def _check_together(bags: tuple[Path, ...], depth: Depth, given: dict[str, Any]) -> None:
    """Refuse options that cannot be meant together.

    Raises:
        UsageError: see above.
    """
    if given["keys"] and depth is not Depth.FULL:
        raise UsageError(
            f"--attest records a check of every file, and --{depth.name.lower()} leaves the payload out",
            hint="give one of them",
        )
    if given["names"] and not given["keys"]:
        raise UsageError("--signer names who records the check, and nobody does", hint="give --attest KEY")
    is_stamped = given["timestamp_url"] is not None or given["timestamp_command"] is not None
    if is_stamped and not given["keys"]:
        raise UsageError(
            "a timestamp is of a signature, and nobody signs",
            hint="record the check: --attest KEY; a signature that is there gets one by: archtool timestamp",
        )
    for option in ("sidecar", "expected"):
        if given[option] is not None and len(bags) > 1:
            name = "expect-head" if option == "expected" else option
            raise UsageError(f"--{name} is about one bag, and {len(bags)} were given", hint="verify it alone")


def _recording(given: dict[str, Any], authorities: Authorities | None) -> Verified:
    """How to verify: with `--attest` what was found is recorded, while other processes verify other bags."""
    if not given["keys"]:
        return verify_many
    from archtool.cli.signing.key_loading import load_signers
    from archtool.operations.attest.verify_and_attest import Recording, verify_and_attest

    signers = load_signers(given["keys"], given["names"], given["passphrase_file"])
    timestamp_client = make_stamper(given, authorities)
    recording = Recording(signers, clock.fixed_date(), __version__, given["wait_seconds"], timestamp_client)
    return lambda requests, concurrency, progress: verify_and_attest(
        requests, recording, concurrency, progress, output.message
    )


def _known_codes(names: tuple[str, ...]) -> frozenset[str]:
    """The codes and families that were named; a misspelt one would silently do nothing."""
    if not names:
        return frozenset()
    from archtool.cli.commands.explain import unknown_code
    from archtool.operations.catalogue import all_kinds

    kinds = all_kinds()
    known = {*kinds, *(code.partition(".")[0] for code in kinds)}
    for name in names:
        if name not in known:
            raise unknown_code(name, sorted(known))
    return frozenset(names)
