"""What a batch does with each package: the verbs, and the options that belong to each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from archtool import __version__
from archtool.batch.job import Plan
from archtool.batch.tasks.pack import Existing, PackEach
from archtool.batch.tasks.task import Verb
from archtool.canonical_json import format_json_line
from archtool.cli.batch.source import find_description_plan, find_package_plan
from archtool.cli.options import clock, common
from archtool.cli.options.algorithms import algorithm_option, parse_algorithms
from archtool.cli.options.claim import claim_options, cover_added_option, make_claim, nobody_signs
from archtool.cli.options.depth import complete_option, depth_of, fast_option
from archtool.cli.options.replacing import replacement_options, take_old_attestations
from archtool.cli.options.timestamping import make_stamper, timestamp_options
from archtool.cli.signing.cms import cms_options, load_cms
from archtool.cli.signing.key_loading import load_signers
from archtool.errors import UsageError
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.operations.describe.inputs import read_input
from archtool.operations.trust.trust_files import MAX_TRUST_FILE_BYTES

if TYPE_CHECKING:
    from archtool.attestations.signatures.cms_signing import CmsSigner
    from archtool.attestations.statements.writer import Signer
    from archtool.files.writing.flush import FlushTogether
    from archtool.operations.trust.timestamp_client import TimestampClient

VerbFor = Callable[[datetime], Verb]
"""Makes a verb, for the date that the batch was begun with."""


@dataclass(frozen=True, slots=True)
class VerbChoice:
    """One verb, as it is chosen and made."""

    label: str
    """What is going on, for the bar."""
    find_plan: Callable[[Path, Path, dict[str, Any]], Plan]
    make: Callable[[dict[str, Any]], VerbFor]
    own: tuple[str, ...]
    """The options that mean something to it, besides those that every batch has."""
    begins_anew: bool = False
    """Whether a batch that was done to its end is done again by the same command."""


def verb_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that the verbs understand."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def choose_verb(given: dict[str, Any]) -> VerbChoice:
    """The verb that was named.

    Raises:
        UsageError: an option was given that means nothing to it.
    """
    chosen = VERBS[given["verb"]]
    for name in _given_options():
        owners = [verb for verb, choice in VERBS.items() if name in choice.own]
        if owners and given["verb"] not in owners:
            called = next(p.opts[0] for p in click.get_current_context().command.params if p.name == name)
            raise UsageError(
                f"{called} means nothing to --verb {given['verb']}: it belongs to {' and '.join(owners)}",
                hint="leave it out, or choose another --verb",
            )
    return chosen


def _given_options() -> Iterator[str]:
    """What was said on this command line, and not in a variable or the configuration."""
    context = click.get_current_context()
    for name in context.params:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            yield name


def _make_packing(given: dict[str, Any]) -> VerbFor:
    signers, cms, timestamp_client = _take_signing(given, ())
    algorithms = parse_algorithms(given["algorithms"])
    now, remade_at = clock.now(), clock.packaging_date(given["date"])
    old_attestations = take_old_attestations(given)

    def verb(begun_at: datetime) -> PackEach:
        return PackEach(
            output=given["output"], packaged_at=begun_at, remade_at=remade_at, now=now,
            software_version=__version__, signers=signers, cms=cms, timestamp_client=timestamp_client,
            algorithms=algorithms, files_root=given["files_root"],
            library=given["library"], existing=Existing(given["existing"]),
            old_attestations=old_attestations,
            retry_failed=given["retry"] is not None, sync=not given["no_sync"],
            together=_flushing_together(given), strict=given["strict"],
            check_only=given["check_only"],
        )  # fmt: skip

    return verb


def _take_signing(
    given: dict[str, Any], bags: tuple[Path, ...]
) -> tuple[tuple[Signer, ...], CmsSigner | None, TimestampClient | None]:
    """Who signs, who signs in CMS too, and who gives timestamps of the signatures.

    Raises:
        InputError: a key, a certificate or a file of roots cannot be used.
        UsageError: a timestamp or a CMS signature is asked for without --sign.
    """
    timestamp_client = make_stamper(given, common.load_authorities(given["tsa_roots"], bags))
    if timestamp_client is not None and not given["keys"]:
        raise UsageError("--timestamp requires --sign", hint="give --sign KEY; make a key: archtool keys new")
    signers = load_signers(given["keys"], given["names"], given["passphrase_file"])
    return signers, load_cms(given, is_signed=bool(signers)), timestamp_client


def _flushing_together(given: dict[str, Any]) -> FlushTogether | None:
    if given["no_sync"]:
        return None
    from archtool.files.writing.flush import FlushTogether

    return FlushTogether()


def _make_verifying(given: dict[str, Any]) -> VerbFor:
    from archtool.batch.tasks.verify import VerifyEach

    judged = (given["source"],)
    believed = common.load_trust(
        judged, given["allowed"], given["revoked"], given["tsa_roots"], given["policy_path"]
    )
    depth = depth_of(complete=given["complete"], fast=given["fast"])
    asked = [depth.name, given["strict"], [_digest_of(given[name]) for name in _TRUST_FILES]]
    limits = common.take_limits(given)
    now = clock.now()

    def verb(_begun_at: datetime) -> VerifyEach:
        return VerifyEach(
            at=now, trust=believed, asked=format_json_line(asked), depth=depth, limits=limits,
            strict=given["strict"], retry_failed=given["retry"] is not None,
        )  # fmt: skip

    return verb


def _digest_of(path: Path | None) -> str | None:
    if path is None:
        return None
    data = read_input(path, MAX_TRUST_FILE_BYTES, "the file that says whom to believe")
    return str(digest_bytes(Algorithm.SHA512, data))


def _make_attesting(given: dict[str, Any]) -> VerbFor:
    from archtool.batch.tasks.attest import AttestEach

    if not given["keys"]:
        raise nobody_signs()
    claim = make_claim(given)
    signers, cms, timestamp_client = _take_signing(given, (given["source"],))
    limits = common.take_limits(given)
    now = clock.now()

    def verb(begun_at: datetime) -> AttestEach:
        return AttestEach(
            source=given["source"], claim=claim, signers=signers, cms=cms, timestamp_client=timestamp_client,
            claimed_at=begun_at, now=now,
            software_version=__version__, cover_added=given["cover_added"],
            read_payload=given["read_payload"],
            wait_seconds=given["wait_seconds"], limits=limits,
            retry_failed=given["retry"] is not None, check_only=given["check_only"],
        )  # fmt: skip

    return verb


_SIGNING = (
    "keys",
    "names",
    "passphrase_file",
    "date",
    "cms_key",
    "cms_cert",
    "cms_passphrase_file",
    "timestamp_url",
    "timestamp_command",
    "tsa_roots",
)
_LIMITS = ("max_members", "max_expansion", "max_depth")
_TRUST_FILES = ("allowed", "revoked", "tsa_roots", "policy_path")
VERBS = {
    "pack": VerbChoice(
        "packing", find_description_plan, _make_packing,
        (*_SIGNING, "algorithms", "files_root", "library", "existing", "strict", "annexes", "defaults",
         "keep_predecessor", "discard_attestations"),
    ),
    "verify": VerbChoice(
        "verifying", find_package_plan, _make_verifying,
        (*_TRUST_FILES, *_LIMITS, "complete", "fast", "strict"), begins_anew=True,
    ),
    "attest": VerbChoice(
        "attesting", find_package_plan, _make_attesting,
        (*_SIGNING, *_LIMITS, "event", "giver", "receiver", "note", "details", "cover_added",
         "read_payload"),
    ),
}  # fmt: skip
_PATH = click.Path(path_type=Path)
_OPTIONS = (
    click.option(
        "--verb", type=click.Choice(list(VERBS)), default="pack",
        help="What to do with each: pack (default), verify or attest.",
    ),
    common.sign_option,
    click.option(
        "--signer", "names", multiple=True, metavar="NAME", help="Who signs; default: the key's comment."
    ),
    common.passphrase_file_option,
    cms_options,
    timestamp_options("--timestamp", "--timestamp-command"),
    algorithm_option,
    common.files_option,
    common.library_option,
    click.option(
        "--defaults", type=_PATH, metavar="FILE",
        help="What holds for every row of a table that says nothing else: a partial description.",
    ),
    click.option(
        "--annexes", type=_PATH, metavar="FILE",
        help="The table of annexes and enclosures; in a workbook it is the sheet `annexes`.",
    ),
    click.option(
        "--existing", type=click.Choice([one.value for one in Existing]), default=Existing.ERROR.value,
        help="What to do with a package that is there and is not of this batch; default: error.",
    ),
    replacement_options,
    common.trust_option,
    common.revoked_option,
    common.tsa_roots_option,
    common.policy_option,
    complete_option,
    fast_option,
    claim_options,
    cover_added_option,
    common.limits_options,
    common.strict_option,
)  # fmt: skip
