"""Options that several commands share, so that they are called and explained alike everywhere."""

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
from archtool.cli.options.config import consulted, from_config
from archtool.files.lock import DEFAULT_WAIT_SECONDS, MAX_WAIT_SECONDS
from archtool.files.paths import shown
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.describe.inputs import read_text_input

if TYPE_CHECKING:
    from archtool.bagit.profile import Profile
    from archtool.operations.trust.trust_request import TrustRequest
    from archtool.timestamps.certificates import Authorities

PASSPHRASE_FILE_VARIABLE = "ARCHTOOL_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable
_PATH = click.Path(path_type=Path)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object per subject.")
strict_option = click.option("--strict", is_flag=True, help="Count warnings as problems.")
files_option = click.option(
    "--files", "files_root", type=_PATH, metavar="DIR",
    help="The folder of the declared files, if it is not the description's own.",
)  # fmt: skip
passphrase_file_option = click.option(
    "--passphrase-file",
    type=_PATH,
    envvar=PASSPHRASE_FILE_VARIABLE,
    help=f"Read the key's passphrase from the first line of FILE (also: {PASSPHRASE_FILE_VARIABLE})."
    " A byte-order mark is no part of it; UTF-16 is read.",
    metavar="FILE",
)
library_option = click.option(
    "--library", type=_PATH, metavar="FILE", help="The CSL-JSON library that `cite:` means."
)
second_opinion_option = click.option(
    "--second-opinion", is_flag=True, help="Ask the Library of Congress bagit library too."
)
trust_option = click.option(
    "--trust", "allowed", type=_PATH, envvar="ARCHTOOL_TRUST", default=from_config("trust"),
    metavar="ALLOWED_SIGNERS",
    help="Whose keys to believe: an allowed_signers file of OpenSSH (also: ARCHTOOL_TRUST, config.toml).",
)  # fmt: skip
revoked_option = click.option(
    "--revoked", type=_PATH, envvar="ARCHTOOL_REVOKED", default=from_config("revoked"),
    metavar="FILE",
    help="Keys not believed any more: keys, certificates or fingerprints, one a line, or a KRL of OpenSSH "
    "(also: ARCHTOOL_REVOKED, config.toml).",
)  # fmt: skip
tsa_roots_option = click.option(
    "--tsa-roots", type=_PATH, envvar="ARCHTOOL_TSA_ROOTS", default=from_config("tsa-roots"),
    metavar="FILE",
    help="Whose timestamps to believe: root certificates in PEM (also: ARCHTOOL_TSA_ROOTS, config.toml).",
)  # fmt: skip
policy_option = click.option(
    "--policy", "policy_path", type=_PATH, envvar="ARCHTOOL_POLICY", default=from_config("policy"),
    metavar="FILE",
    help="What must be claimed, by whom and how long ago at most: a policy.yaml "
    "(also: ARCHTOOL_POLICY, config.toml).",
)  # fmt: skip
KEY_HELP = (
    "with a private key's file; or one in the ssh-agent, by its .pub file or SHA256:…; or a certificate"
)
sign_option = click.option(
    "--sign", "keys", multiple=True, metavar="KEY", help=f"Sign {KEY_HELP}."
)  # fmt: skip
profile_option = click.option(
    "--profile", "profile_path", type=_PATH, metavar="FILE",
    help="Hold the bag against a BagIt profile; the one that a bag names is never fetched.",
)  # fmt: skip

sidecar_option = click.option(
    "--sidecar", type=_PATH, metavar="DIR",
    help="The folder of attestations that lie beside the bag; default: BAG.attestations, where it is there.",
)  # fmt: skip
wait_option = click.option(
    "--wait", "wait_seconds", type=click.FloatRange(0, MAX_WAIT_SECONDS), default=DEFAULT_WAIT_SECONDS,
    metavar="SECONDS", help="How long to wait for another run that holds the bag; default: 10.",
)  # fmt: skip


def limits_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """How far an archive may go; the three come as `max_members`, `max_expansion`, `max_depth`."""
    for name, what, default in _LIMITS:
        command = click.option(
            f"--max-{name}", type=click.IntRange(min=1), default=default, metavar="N",
            help=f"Of an archive: at most so many {what} [{default:,}].",
        )(command)  # fmt: skip
    return command


_LIMITS = (
    ("depth", "folders inside folders", MAX_DEPTH),
    ("expansion", "bytes out for each byte in", MAX_EXPANSION),
    ("members", "members", MAX_MEMBERS),
)


def effort_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """How hard to work; the three come as `jobs`, `bwlimit`, `nice`."""
    for option in (
        click.option(
            "--nice", type=click.IntRange(0, 19), metavar="N",
            help="Let others go first: 19 takes only what nobody else wants of the processors.",
        ),
        click.option(
            "--bwlimit", type=ByteSize(), metavar="SIZE",
            help="Read at most so much of the payload in a second, for instance 50M; "
            f"{SIZE_HELP}.",
        ),
        click.option(
            "--jobs", type=click.IntRange(1, defaults.MAX_JOBS), metavar="N",
            help="Files to read at a time; default: one for each core, and more where the storage is slow.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def take_effort(given: dict[str, Any]) -> Concurrency:
    """What the three options said; they are taken out of `given`. Being nice begins here."""
    jobs, limit, nice = given.pop("jobs"), given.pop("bwlimit"), given.pop("nice")
    if nice and hasattr(os, "nice"):  # Linux lets the storage follow the processors
        os.nice(nice)
    return defaults.effort_of(jobs, limit)


def take_limits(given: dict[str, Any]) -> Limits:
    """What the three options said; they are taken out of `given`."""
    return Limits(given.pop("max_members"), given.pop("max_expansion"), given.pop("max_depth"))


def load_trust(
    bags: Sequence[Path],
    allowed: Path | None,
    revoked: Path | None,
    tsa_roots: Path | None = None,
    policy: Path | None = None,
) -> TrustRequest:
    """Read the files that say whom to trust about these bags.

    Raises:
        InputError: one of them cannot be read.
        UsageError: one of them, or the configuration, lies in a bag that it is used for.
    """
    configuration = consulted()
    if not any((allowed, revoked, tsa_roots, policy, configuration)):
        from archtool.operations.trust.trust_request import TrustRequest

        return TrustRequest()
    # lazy: 30 ms, and most verifications have no such file
    from archtool.operations.trust import trust_files

    files = trust_files.TrustFiles(allowed, revoked, tsa_roots, policy, configuration)
    return trust_files.load_trust(bags, files, local_zone())


def load_authorities(path: Path | None, bags: Sequence[Path] = ()) -> Authorities | None:
    """Read the certificates that say whose timestamps to believe of these bags.

    Raises:
        InputError: they cannot be read, or none of them is a root.
        UsageError: they lie in one of the bags.
    """
    return load_trust(bags, None, None, path).authorities if path is not None else None


def load_profile(path: Path | None) -> Profile | None:
    """Read the BagIt profile that was named.

    Raises:
        InputError: it cannot be read, or is none.
    """
    if path is None:
        return None
    from archtool.bagit.profile import MAX_PROFILE_BYTES, parse_profile

    return parse_profile(
        read_text_input(path, MAX_PROFILE_BYTES, "the profile", reads_utf16=True), shown(str(path))
    )


def local_zone() -> tzinfo:
    """The zone of times without `Z` in allowed_signers: OpenSSH reads them as local time."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        if name := os.environ.get("TZ"):
            return ZoneInfo(name.removeprefix(":"))
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")
