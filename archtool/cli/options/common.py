"""Options that several commands share, with one name and one help text everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archtool.archives.limits import MAX_DEPTH, MAX_EXPANSION, MAX_MEMBERS, Limits
from archtool.cli import defaults
from archtool.cli.options.byte_size import SIZE_HELP, ByteSize
from archtool.cli.options.configuration.settings import configurable, trusting_configs
from archtool.cli.options.paths import ANY_PATH
from archtool.files.limits import MAX_WAIT_SECONDS
from archtool.files.lock import DEFAULT_WAIT_SECONDS
from archtool.files.paths import shown
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.describe.inputs import read_text_input
from archtool.operations.trust.trust_request import TrustRequest

if TYPE_CHECKING:
    from archtool.bagit.profile import Profile
    from archtool.timestamps.certificates import Authorities

PASSPHRASE_FILE_VARIABLE = "ARCHTOOL_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable

keep_times_option = click.option(
    "--keep-times", is_flag=True,
    help="Record the modification time of each payload file, and keep it in an archive.",
)  # fmt: skip
crate_option = click.option(
    "--crate", "has_crate", is_flag=True,
    help="Make the payload an RO-Crate: add ro-crate-metadata.json, which describes it in JSON-LD.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each result.")
strict_option = click.option("--strict", is_flag=True, help="Count warnings as problems.")
files_option = click.option(
    "--files", "files_root", type=ANY_PATH, metavar="DIR",
    help="Folder of the declared files; default: the folder of the description.",
)  # fmt: skip
passphrase_file_option = click.option(
    "--passphrase-file",
    type=ANY_PATH,
    envvar=PASSPHRASE_FILE_VARIABLE,
    help=f"Read the key's passphrase from the first line of FILE (also: {PASSPHRASE_FILE_VARIABLE})."
    " FILE is UTF-8, or UTF-16 with a byte-order mark.",
    metavar="FILE",
)
library_option = click.option(
    "--library",
    type=ANY_PATH,
    metavar="FILE",
    **configurable("library"),
    help="CSL-JSON library that `cite:` refers to.",
)
second_opinion_option = click.option(
    "--second-opinion", is_flag=True, help="Also check with the bagit library of the Library of Congress."
)
trust_option = click.option(
    "--trust", "allowed", type=ANY_PATH, **configurable("trust"),
    metavar="ALLOWED_SIGNERS",
    help="Trusted keys: an allowed_signers file of OpenSSH (also: ARCHTOOL_TRUST, config.toml).",
)  # fmt: skip
revoked_option = click.option(
    "--revoked", type=ANY_PATH, **configurable("revoked"),
    metavar="FILE",
    help="Revoked keys: keys, certificates or fingerprints, one per line, or an OpenSSH KRL "
    "(also: ARCHTOOL_REVOKED, config.toml).",
)  # fmt: skip
tsa_roots_option = click.option(
    "--tsa-roots", type=ANY_PATH, **configurable("tsa-roots"),
    metavar="FILE",
    help="Trusted timestamp authorities: root certificates in PEM (also: ARCHTOOL_TSA_ROOTS, config.toml).",
)  # fmt: skip
policy_option = click.option(
    "--policy", "policy_path", type=ANY_PATH, **configurable("policy"),
    metavar="FILE",
    help="Required claims, with their signers and maximum age: a policy.yaml "
    "(also: ARCHTOOL_POLICY, config.toml).",
)  # fmt: skip
KEY_HELP = "with a private key file; a key in the ssh-agent, by its .pub file or SHA256:…; or a certificate"
sign_option = click.option(
    "--sign", "keys", multiple=True, metavar="KEY", help=f"Sign {KEY_HELP}; repeatable."
)  # fmt: skip
profile_option = click.option(
    "--profile", "profile_path", type=ANY_PATH, metavar="FILE",
    help="Check the bag against this BagIt profile; a profile that the bag names is never fetched.",
)  # fmt: skip
target_profile_option = click.option(
    "--profile", "profile_path", type=ANY_PATH, metavar="FILE",
    help="The package must meet this BagIt profile; what is missing is reported before anything is written.",
)  # fmt: skip

sidecar_option = click.option(
    "--sidecar", type=ANY_PATH, metavar="DIR",
    help="Folder of attestations beside the bag; default: BAG.attestations, if it exists.",
)  # fmt: skip
wait_option = click.option(
    "--wait", "wait_seconds", type=click.FloatRange(0, MAX_WAIT_SECONDS), default=DEFAULT_WAIT_SECONDS,
    metavar="SECONDS", help="How long to wait for another run that has locked the bag; default: 10.",
)  # fmt: skip


def limits_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the limits for archives, as `max_members`, `max_expansion` and `max_depth`."""
    for name, quantity, default in _LIMITS:
        command = click.option(
            f"--max-{name}", type=click.IntRange(min=1), default=default, metavar="N",
            help=f"Limit for an archive: {quantity}; default: {default:,}.",
        )(command)  # fmt: skip
    return command


_LIMITS = (
    ("depth", "levels of nested folders", MAX_DEPTH),
    ("expansion", "bytes extracted per byte of the archive", MAX_EXPANSION),
    ("members", "number of members", MAX_MEMBERS),
)


nice_option = click.option(
    "--nice", type=click.IntRange(0, 19), metavar="N", **configurable("nice"),
    help="Lower the priority: 19 uses only processor time that no other program needs.",
)  # fmt: skip
bwlimit_option = click.option(
    "--bwlimit", type=ByteSize(), metavar="SIZE", **configurable("bwlimit"),
    help=f"Read at most SIZE of the payload per second, such as 50M; {SIZE_HELP}.",
)  # fmt: skip


def concurrency_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that limit the use of the machine, as `jobs`, `bwlimit` and `nice`."""
    for option in (
        nice_option,
        bwlimit_option,
        click.option(
            "--jobs", type=click.IntRange(1, defaults.MAX_JOBS), metavar="N", **configurable("jobs"),
            help="Files to read in parallel; default: one per core, and more if the storage is slow.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def pop_concurrency(given: dict[str, Any]) -> Concurrency:
    """Return the concurrency that the options choose, and remove them from `given`.

    `--nice` takes effect here, for this process and those that it starts.
    """
    jobs, limit = given.pop("jobs"), given.pop("bwlimit")
    lower_priority(given.pop("nice"))
    return defaults.concurrency_of(jobs, limit)


def lower_priority(nice: int | None) -> None:
    """Let `--nice` take effect, for this process and those that it starts."""
    if nice and hasattr(os, "nice"):  # on Linux the priority of storage access follows
        os.nice(nice)


def pop_limits(given: dict[str, Any]) -> Limits:
    """Return the limits for archives that the options set, and remove them from `given`."""
    return Limits(given.pop("max_members"), given.pop("max_expansion"), given.pop("max_depth"))


def load_trust(
    bags: Sequence[Path],
    allowed: Path | None,
    revoked: Path | None,
    tsa_roots: Path | None = None,
    policy: Path | None = None,
) -> TrustRequest:
    """Read the files that decide which signers of these bags to trust.

    Raises:
        InputError: a file cannot be read.
        UsageError: a file, or the configuration, lies in a bag that it is used for.
    """
    configurations = trusting_configs()
    if not any((allowed, revoked, tsa_roots, policy, configurations)):
        return TrustRequest()
    # lazy: 55 ms, and most verifications use no trust file
    from archtool.operations.trust import trust_files

    files = trust_files.TrustFiles(allowed, revoked, tsa_roots, policy, configurations=configurations)
    return trust_files.load_trust(bags, files, local_zone())


def load_authorities(path: Path | None, bags: Sequence[Path] = ()) -> Authorities | None:
    """Read the root certificates that decide which timestamps of these bags to trust.

    Raises:
        InputError: they cannot be read, or none of them is a root.
        UsageError: they lie in one of the bags.
    """
    return load_trust(bags, None, None, path).authorities if path is not None else None


def load_profile(path: Path | None) -> Profile | None:
    """Read a BagIt profile; return `None` without a path.

    Raises:
        InputError: it cannot be read, or is not a BagIt profile.
    """
    if path is None:
        return None
    # lazy: 7 ms, only --profile needs it
    from archtool.bagit.limits import MAX_PROFILE_BYTES
    from archtool.bagit.profile import parse_profile

    return parse_profile(
        read_text_input(path, MAX_PROFILE_BYTES, "the profile", reads_utf16=True), shown(str(path))
    )


def load_target_profile(path: Path | None) -> Profile | None:
    """Read the BagIt profile that a package must meet; return `None` without a path.

    Raises:
        InputError: it cannot be read, is not a BagIt profile, or has no identifier.
    """
    if path is None:
        return None
    # lazy: 7 ms, only --profile needs it
    from archtool.operations.pack.profile.target_profile import read_target_profile

    return read_target_profile(path)


def local_zone() -> tzinfo:
    """Return the zone of times without `Z` in allowed_signers: OpenSSH reads them as local time."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # lazy: 3 ms, only trust files need it

    try:
        if name := os.environ.get("TZ"):
            return ZoneInfo(name.removeprefix(":"))
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")
