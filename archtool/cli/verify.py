"""`archtool verify`: three answers for each package, and every finding."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from archtool.cli import clock, options
from archtool.cli.verifying import verify_and_tell
from archtool.errors import UsageError
from archtool.operations.selection import Selection
from archtool.operations.verify import Depth, VerifyRequest


@click.command("verify")
@click.argument("bags", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="BAG...")
@options.trust_option
@options.revoked_option
@options.tsa_roots_option
@options.strict_option
@options.effort_options
@click.option("--complete", is_flag=True, help="Presence and sizes only: the payload's bytes are not read.")
@click.option("--fast", is_flag=True, help="Structure and oxum only: no file is held against a digest.")
@click.option("--only", multiple=True, metavar="CODE", help="Report only this finding, or family of them.")
@click.option("--ignore", multiple=True, metavar="CODE", help="Do not report this finding, or family.")
@options.profile_option
@options.limits_options
@options.second_opinion_option
@options.json_option
def command(bags: tuple[Path, ...], allowed: Path | None, revoked: Path | None, **given: Any) -> int:
    """Say of each BAG whether it is valid, consistent and trusted.

    A BAG is a folder, or an archive of one (tar, tar.gz, tar.bz2, tar.xz, zip); nothing is extracted.
    Every file is read and every finding reported; one bad bag does not keep the others from being looked at.
    --complete and --fast read less, and never say valid. --only and --ignore choose what is reported and
    counted in the exit code; the verdicts are made from everything all the same.
    """
    started = time.monotonic()
    trust = options.load_trust(allowed, revoked, given["tsa_roots"])
    depth = _depth(complete=given["complete"], fast=given["fast"])
    selection = Selection(_known_codes(given["only"]), _known_codes(given["ignore"]))
    profile = options.load_profile(given["profile_path"])
    limits = options.take_limits(given)
    requests = (
        VerifyRequest(
            root=bag,
            at=clock.now(),
            trust=trust,
            strict=given["strict"],
            second_opinion=given["second_opinion"],
            depth=depth,
            selection=selection,
            profile=profile,
            limits=limits,
        )
        for bag in bags
    )
    return verify_and_tell(requests, options.take_effort(given), started, as_json=given["as_json"])


def _depth(*, complete: bool, fast: bool) -> Depth:
    if complete and fast:
        raise UsageError("--complete and --fast contradict each other", hint="give one of them")
    return Depth.COMPLETE if complete else Depth.FAST if fast else Depth.FULL


def _known_codes(names: tuple[str, ...]) -> frozenset[str]:
    """The codes and families that were named; a misspelt one would silently do nothing."""
    if not names:
        return frozenset()
    from archtool.cli.explain import unknown_code
    from archtool.operations.catalogue import all_kinds

    kinds = all_kinds()
    known = {*kinds, *(code.partition(".")[0] for code in kinds)}
    for name in names:
        if name not in known:
            raise unknown_code(name, sorted(known))
    return frozenset(names)
