"""`archtool verify`: reports the verdicts (valid, consistent, trusted) and every finding of each package."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archtool import __version__
from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.depth import complete_option, depth_of, fast_option, replay_option, replays
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register_path import heads_options, pop_register
from archtool.cli.options.subjects import select_packages
from archtool.cli.options.timestamping import make_timestamp_client, timestamp_options
from archtool.cli.terminal import output
from archtool.cli.terminal.verify_output import print_results
from archtool.errors import InputError, UsageError
from archtool.operations.verify.selection import Selection
from archtool.operations.verify.verify import Depth, VerifyRequest
from archtool.operations.verify.verify_many import verify_many

if TYPE_CHECKING:
    from archtool.attestations.chain_head import ChainHead
    from archtool.files.workers.concurrency import Concurrency
    from archtool.operations.attest.verify_and_attest import Recording
    from archtool.results import Result
    from archtool.timestamps.certificates import Authorities


@click.command("verify")
@click.argument("bags", type=ANY_PATH, nargs=-1, required=True, metavar="BAG...")
@common.trust_option
@common.revoked_option
@common.tsa_roots_option
@common.policy_option
@common.strict_option
@common.concurrency_options
@complete_option
@fast_option
@click.option(
    "--only", multiple=True, metavar="CODE", help="Report only this finding, or this family of findings."
)
@click.option(
    "--ignore", multiple=True, metavar="CODE", help="Do not report this finding, or this family of findings."
)
@replay_option
@common.profile_option
@common.sidecar_option
@click.option(
    "--expect-head",
    "expected",
    metavar="HEAD",
    help="Attestation that the bag must have, as attest printed it: '0001-packaging sha512:…'.",
)
@click.option(
    "--attest",
    "keys",
    multiple=True,
    metavar="KEY",
    help=f"Record the check of each valid bag, as an attestation signed {common.KEY_HELP}.",
)
@click.option(
    "--signer", "names", multiple=True, metavar="NAME", help="Name of the signer; default: the key's comment."
)
@common.passphrase_file_option
@timestamp_options("--timestamp", "--timestamp-command")
@heads_options
@common.wait_option
@common.limits_options
@common.second_opinion_option
@common.json_option
def command(bags: tuple[Path, ...], allowed: Path | None, revoked: Path | None, **given: Any) -> int:
    """Check whether each BAG is valid, consistent and trusted.

    \b
    archtool verify letter-package
    archtool verify packages/* --trust allowed_signers --strict
    archtool verify letter-package --attest archivist-key

    A BAG is a folder, or an archive of one (tar, tar.gz, tar.bz2, tar.xz, zip); nothing is extracted.
    Every file is read and every finding is reported; after a bad bag the others are still checked.
    --complete and --fast read less, and never report a bag as valid. --only and --ignore choose the findings
    that are reported and counted in the exit code; the verdicts always count all findings.

    Attestations beside a bag, in BAG.attestations, are checked as if they were inside.
    A bag does not show whether its newest attestations were removed: give --expect-head the head that you
    recorded. If a register is configured and the bag is registered there, its head is taken from it;
    --expect-head precedes it. A policy requires more than a trusted signature, and has its own verdict:
    policy met or not-met.
    --replay applies the change log of each repaired text to its original and compares the result with the
    copy, applies it backwards, and judges each change by the rule set that it names.
    --attest KEY appends a fixity-check with the counts of this run to each valid bag, and writes the new head
    of a registered bag into the register.
    """  # noqa: D301 - `\b` keeps the lines
    started = time.monotonic()
    bags = select_packages(bags)
    untrusted = (*bags, *filter(None, [given["sidecar"]]))
    trust = common.load_trust(untrusted, allowed, revoked, given["tsa_roots"], given["policy_path"])
    trust = replace(trust, expected=expected_head(given["expected"]))
    depth = depth_of(complete=given["complete"], fast=given["fast"])
    is_replayed = replays(depth, replay=given["replay"])
    _check_combination(bags, depth, given)
    recording = _load_recording(given, trust.authorities)
    selection = Selection(_known_codes(given["only"]), _known_codes(given["ignore"]))
    profile = common.load_profile(given["profile_path"])
    limits = common.pop_limits(given)
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
            replays_repairs=is_replayed,
        )
        for bag in bags
    ]
    concurrency = common.pop_concurrency(given)
    register = pop_register(given)
    results = _verify(requests, recording, concurrency, register)
    return print_results(results, len(requests), started, as_json=given["as_json"])


def _verify(
    requests: list[VerifyRequest],
    recording: Recording | None,
    concurrency: Concurrency,
    register: Path | None,
) -> Iterable[Result]:
    progress = defaults.make_progress()
    if register is not None:
        return _verify_registered(requests, recording, concurrency, register)
    if recording is None:
        return verify_many(requests, concurrency, progress)
    # lazy: 200 ms, only --attest needs it
    from archtool.operations.attest.verify_and_attest import verify_and_attest

    return verify_and_attest(requests, recording, concurrency, progress, output.message)


def _verify_registered(
    requests: list[VerifyRequest], recording: Recording | None, concurrency: Concurrency, register: Path
) -> Iterable[Result]:
    """Verify bags of which a register knows the heads; new heads are written into it."""
    # lazy: 10 ms (SQLite), only a run with a register needs it
    from archtool.cli.holdings.heads.expected_heads import KnownHeads

    if recording is None:
        known = KnownHeads.read(register, requests)
        return known.add_to(_verify([*known.requests], None, concurrency, None))
    # lazy: 200 ms, only --attest needs it
    from archtool.cli.holdings.recording import record_checks, require_recorder

    recorder = require_recorder(register, requests[0].limits)
    known = KnownHeads.read(register, requests, is_attesting=True)
    results = known.add_to(_verify([*known.requests], recording, concurrency, None))
    return record_checks(known.requests, results, recorder, recording.signers)


def expected_head(text: str | None) -> ChainHead | None:
    """Return the attestation that --expect-head names; `None` without it.

    Raises:
        UsageError: it is not the head of a chain.
    """
    if text is None:
        return None
    from archtool.attestations.chain_head import ChainHead  # lazy: 2 ms, only --expect-head needs it

    try:
        return ChainHead.parse(text)
    except InputError as error:
        raise UsageError(error.message, hint=error.hint) from None


def _check_combination(bags: tuple[Path, ...], depth: Depth, given: dict[str, Any]) -> None:
    """Check that the options can be combined.

    Raises:
        UsageError: two options contradict each other, or one lacks another.
    """
    if given["keys"] and depth is not Depth.FULL:
        raise UsageError(
            f"--attest records a check of every file, but --{depth.name.lower()} does not read the payload",
            hint="give one of them",
        )
    if given["names"] and not given["keys"]:
        raise UsageError("--signer requires --attest", hint="give --attest KEY, or leave --signer out")
    is_timestamped = given["timestamp_url"] is not None or given["timestamp_command"] is not None
    if is_timestamped and not given["keys"]:
        raise UsageError(
            "--timestamp requires --attest",
            hint="give --attest KEY; to timestamp the existing signatures, run: archtool timestamp",
        )
    for option in ("sidecar", "expected"):
        if given[option] is not None and len(bags) > 1:
            name = "expect-head" if option == "expected" else option
            raise UsageError(
                f"--{name} requires a single bag: {len(bags)} were given", hint="verify each bag separately"
            )


def _load_recording(given: dict[str, Any], authorities: Authorities | None) -> Recording | None:
    """Return how `--attest` records the checks; `None` without it."""
    if not given["keys"]:
        return None
    # lazy: 200 ms, only --attest needs it
    from archtool.cli.signing.key_loading import load_signers
    from archtool.operations.attest.verify_and_attest import Recording

    signers = load_signers(given["keys"], given["names"], given["passphrase_file"])
    timestamp_client = make_timestamp_client(given, authorities)
    return Recording(signers, clock.fixed_date(), __version__, given["wait_seconds"], timestamp_client)


def _known_codes(names: tuple[str, ...]) -> frozenset[str]:
    """Return the named codes and families.

    Raises:
        UsageError: a name is unknown; it would silently have no effect.
    """
    if not names:
        return frozenset()
    # lazy: 2 ms (difflib), only --only and --ignore need it
    from archtool.cli.commands.explain import unknown_code
    from archtool.operations.catalogue import all_kinds

    kinds = all_kinds()
    known = {*kinds, *(code.partition(".")[0] for code in kinds)}
    for name in names:
        if name not in known:
            raise unknown_code(name, sorted(known))
    return frozenset(names)
