"""The verbs of a batch (pack, verify, attest), and the options that belong to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from archtool import __version__
from archtool.attestations.signatures.cms_signing import CmsSigner
from archtool.attestations.statements.writer import Signer
from archtool.batch.job import Plan
from archtool.batch.tasks.pack import Existing, PackTask
from archtool.batch.tasks.task import Task
from archtool.canonical_json import format_json_line
from archtool.cli.batch.printers import is_for_people
from archtool.cli.batch.source import find_description_plan, find_package_plan
from archtool.cli.batch.table_options import OPTION_NAMES, table_reading_options
from archtool.cli.options import clock, common
from archtool.cli.options.algorithms import algorithm_option, parse_algorithms
from archtool.cli.options.claim import claim_options, cover_added_option, make_claim, missing_key_error
from archtool.cli.options.depth import complete_option, depth_of, fast_option, replay_option, replays
from archtool.cli.options.formats import formats_option, load_formats, uses_fido
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.replacing import pop_old_attestations, replacement_options
from archtool.cli.options.timestamping import make_timestamp_client, timestamp_options
from archtool.cli.signing.cms import cms_options, load_cms
from archtool.cli.signing.key_loading import load_signers
from archtool.errors import UsageError
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.writing.flush import FlushTogether
from archtool.operations.describe.inputs import read_input
from archtool.operations.limits import MAX_TRUST_FILE_BYTES

if TYPE_CHECKING:
    from archtool.operations.trust.timestamp_client import TimestampClient

VerbFor = Callable[[datetime], Task]
"""Makes a verb, given the date of the first run of the batch."""


@dataclass(frozen=True, slots=True)
class VerbChoice:
    """A verb on the command line: its options, its plan and how it is made."""

    label: str
    """The label of the progress bar."""
    find_plan: Callable[[Path, Path, dict[str, Any]], Plan]
    make: Callable[[dict[str, Any]], VerbFor]
    options: tuple[str, ...]
    """The options that it uses, besides those of every batch."""
    begins_anew: bool = False
    """Whether the same command starts again after a batch is complete."""


def verb_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of all verbs."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def choose_verb(given: dict[str, Any]) -> VerbChoice:
    """Return the verb that `--verb` names.

    Raises:
        UsageError: an option does not belong to this verb.
    """
    chosen = VERBS[given["verb"]]
    for name in _given_options():
        owners = [verb for verb, choice in VERBS.items() if name in choice.options]
        if owners and given["verb"] not in owners:
            option = next(p.opts[0] for p in click.get_current_context().command.params if p.name == name)
            raise UsageError(
                f"{option} does not belong to --verb {given['verb']}, only to {' and '.join(owners)}",
                hint="leave it out, or choose another --verb",
            )
    return chosen


def _given_options() -> Iterator[str]:
    """Yield the options from the command line itself, not from variables or the configuration."""
    context = click.get_current_context()
    for name in context.params:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            yield name


def _make_packing(given: dict[str, Any]) -> VerbFor:
    signers, cms, timestamp_client = _load_signing(given, ())
    profile, formats = common.load_target_profile(given["profile_path"]), load_formats(given["formats"])
    algorithms = parse_algorithms(given["algorithms"], profile=given["profile_path"])
    now, remade_at = clock.now(), clock.packaging_date(given["date"])
    old_attestations = pop_old_attestations(given)

    def verb(begun_at: datetime) -> PackTask:
        return PackTask(
            output=given["output"], packaged_at=begun_at, remade_at=remade_at, now=now,
            software_version=__version__, signers=signers, cms=cms, timestamp_client=timestamp_client,
            algorithms=algorithms, profile=profile, files_root=given["files_root"],
            library=given["library"], existing=Existing(given["existing"]),
            old_attestations=old_attestations,
            retry_failed=_retries(given), sync=not given["no_sync"],
            together=_flushing_together(given), strict=given["strict"],
            check_only=given["check_only"], describes_left=_describes_left(given),
            keep_times=given["keep_times"], has_crate=given["has_crate"],
            formats=formats, uses_fido=uses_fido(given["formats"]),
        )  # fmt: skip

    return verb


def _describes_left(given: dict[str, Any]) -> bool:
    """Whether a person will read about packages that need not be made again."""
    has_summary = given["csv_path"] is not None or given["html_path"] is not None
    return has_summary or is_for_people(given)


def _load_signing(
    given: dict[str, Any], bags: tuple[Path, ...]
) -> tuple[tuple[Signer, ...], CmsSigner | None, TimestampClient | None]:
    """Return the signers, the CMS signer and the timestamp client.

    Raises:
        InputError: a key, a certificate or a file of roots cannot be used.
        UsageError: a timestamp or a CMS signature is requested without --sign.
    """
    timestamp_client = make_timestamp_client(given, common.load_authorities(given["tsa_roots"], bags))
    if timestamp_client is not None and not given["keys"]:
        raise UsageError(
            "--timestamp requires --sign", hint="give --sign KEY; to make a key, run: archtool keys new"
        )
    signers = load_signers(given["keys"], given["names"], given["passphrase_file"])
    return signers, load_cms(given, is_signed=bool(signers)), timestamp_client


def _flushing_together(given: dict[str, Any]) -> FlushTogether | None:
    if given["no_sync"]:
        return None
    return FlushTogether()


def _make_verifying(given: dict[str, Any]) -> VerbFor:
    from archtool.batch.tasks.verify import VerifyTask  # lazy: 21 ms, only --verb verify needs it

    trust = common.load_trust(
        (given["source"],), given["allowed"], given["revoked"], given["tsa_roots"], given["policy_path"]
    )
    depth = depth_of(complete=given["complete"], fast=given["fast"])
    is_replayed = replays(depth, replay=given["replay"])
    settings = [depth.name, given["strict"], [_digest_of(given[name]) for name in _TRUST_FILES]]
    settings += ["replay"] if is_replayed else []  # without it, runs of earlier versions are resumed
    limits = common.pop_limits(given)
    now = clock.now()

    def verb(_begun_at: datetime) -> VerifyTask:
        return VerifyTask(
            at=now, trust=trust, options=format_json_line(settings), depth=depth, limits=limits,
            strict=given["strict"], retry_failed=_retries(given), replays_repairs=is_replayed,
        )  # fmt: skip

    return verb


def _retries(given: dict[str, Any]) -> bool:
    """Whether jobs that failed are done again although nothing changed; a check shows what they lack."""
    return given["retry"] is not None or given["check_only"]


def _digest_of(path: Path | None) -> str | None:
    if path is None:
        return None
    data = read_input(path, MAX_TRUST_FILE_BYTES, "the trust file")
    return str(digest_bytes(Algorithm.SHA512, data))


def _make_attesting(given: dict[str, Any]) -> VerbFor:
    from archtool.batch.tasks.attest import AttestTask  # lazy: 36 ms, only --verb attest needs it

    if not given["keys"]:
        raise missing_key_error()
    claim = make_claim(given)
    signers, cms, timestamp_client = _load_signing(given, (given["source"],))
    limits = common.pop_limits(given)
    now = clock.now()

    def verb(begun_at: datetime) -> AttestTask:
        return AttestTask(
            source=given["source"], claim=claim, signers=signers, cms=cms, timestamp_client=timestamp_client,
            claimed_at=begun_at, now=now,
            software_version=__version__, cover_added=given["cover_added"],
            read_payload=given["read_payload"],
            wait_seconds=given["wait_seconds"], limits=limits,
            retry_failed=_retries(given), check_only=given["check_only"],
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
        (*_SIGNING, "algorithms", "profile_path", "files_root", "library", "existing", "strict", "annexes",
         "defaults", "mapping", "keep_predecessor", "discard_attestations", "keep_times", "has_crate",
         "formats",
         *OPTION_NAMES),
    ),
    "verify": VerbChoice(
        "verifying", find_package_plan, _make_verifying,
        (*_TRUST_FILES, *_LIMITS, "complete", "fast", "replay", "strict"), begins_anew=True,
    ),
    "attest": VerbChoice(
        "attesting", find_package_plan, _make_attesting,
        (*_SIGNING, *_LIMITS, "event", "giver", "receiver", "note", "details", "cover_added",
         "read_payload"),
    ),
}  # fmt: skip
_OPTIONS = (
    click.option(
        "--verb", type=click.Choice(list(VERBS)), default="pack",
        help="What to do with each package: pack (default), verify or attest.",
    ),
    common.sign_option,
    click.option(
        "--signer", "names", multiple=True, metavar="NAME",
        help="Name of the signer; default: the key's comment."
    ),
    common.passphrase_file_option,
    cms_options,
    timestamp_options("--timestamp", "--timestamp-command"),
    algorithm_option,
    common.target_profile_option,
    common.files_option,
    common.library_option,
    common.keep_times_option,
    common.crate_option,
    formats_option,
    click.option(
        "--defaults", type=ANY_PATH, metavar="FILE",
        help="A partial description: values for every row of a table that gives no other.",
    ),
    click.option(
        "--annexes", type=ANY_PATH, metavar="FILE",
        help="Table of annexes and enclosures; in a workbook it is the sheet `annexes`.",
    ),
    table_reading_options,
    click.option(
        "--mapping", type=ANY_PATH, metavar="FILE",
        help="What the columns of the table mean; `archtool batch template --from TABLE` drafts it.",
    ),
    click.option(
        "--existing", type=click.Choice([one.value for one in Existing]), default=Existing.ERROR.value,
        help="What to do with an existing package that this batch did not make; default: error.",
    ),
    replacement_options,
    common.trust_option,
    common.revoked_option,
    common.tsa_roots_option,
    common.policy_option,
    complete_option,
    fast_option,
    replay_option,
    claim_options,
    cover_added_option,
    common.limits_options,
    common.strict_option,
)  # fmt: skip
