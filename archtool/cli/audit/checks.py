"""Checks the options of an audit against the register and the files that they name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from archtool.cli.audit.options import make_limits, make_selection
from archtool.cli.audit.signing import load_head_output
from archtool.cli.batch.runner import make_reading_runner, parse_shard
from archtool.cli.holdings.reports.report_files import check_report_files
from archtool.cli.options import common
from archtool.cli.options.configuration.settings import is_on_command_line
from archtool.cli.options.registers.mounts import parse_mounts
from archtool.cli.options.registers.register import open_to_read
from archtool.errors import InputError, UsageError
from archtool.files.paths import shown
from archtool.holdings.lookup.media import read_media_labels
from archtool.holdings.queries import find_copy_at
from archtool.holdings.register import Register, register_errors
from archtool.nearest_names import did_you_mean, nearest_name
from archtool.operations.trust.trust_request import TrustRequest

_SHOWN_LABELS = 10


def check_audit(given: dict[str, Any]) -> None:
    """Check all options without reading a package, prompting, or writing; for a schedule.

    Raises:
        ArchtoolError: the audit would refuse an option.
    """
    shard, mounts = parse_shard(given), parse_mounts(given)
    make_reading_runner(given, ())
    refuse_rates_of_a_cluster(given)
    load_head_output(given, can_prompt=False)
    if given["passphrase_file"] is not None:
        from archtool.cli.signing.key_loading import read_passphrase  # lazy: 25 ms, few schedules sign

        read_passphrase(given["passphrase_file"])
    check_report_files(given)
    make_limits(given)
    with open_to_read(given) as register, register_errors(register.path):
        make_selection(given, register, shard)
        check_labels(register, mounts)
        load_trust(given, register)


def refuse_rates_of_a_cluster(given: dict[str, Any]) -> None:
    """Refuse a limit of the rate together with a cluster.

    Raises:
        UsageError: both are given.
    """
    if given["cluster"] is not None and is_on_command_line("bwlimit"):
        raise UsageError(
            "--bwlimit and --cluster contradict each other: each machine has a rate of its own",
            hint="leave one of them out",
        )


def check_labels(register: Register, labels: Iterable[str]) -> None:
    """Refuse a medium that has no copies: its label is misspelt, and its copies would be left out.

    Raises:
        InputError: the register knows no copy on it.
    """
    wanted = list(labels)
    known = read_media_labels(register.connection) if wanted else []
    for label in wanted:
        if label not in known:
            raise InputError(
                f"no copy of the register is on a medium {shown(label)}", hint=_known_labels(label, known)
            )


def _known_labels(label: str, known: list[str]) -> str:
    nearest = nearest_name(label, known)
    if nearest is not None:
        return did_you_mean(shown(nearest))
    if not known:
        return "the register has no copies on media: leave --mount out"
    return f"media of the register: {', '.join(map(shown, known[:_SHOWN_LABELS]))}"


def load_trust(given: dict[str, Any], register: Register) -> TrustRequest:
    """Return the rules for trust; their files must not lie in a package that is audited by them.

    Raises:
        InputError: a file cannot be read.
        UsageError: a file lies in a registered package.
    """
    files = [given[name] for name in ("allowed", "revoked", "tsa_roots", "policy_path")]
    packages = []
    for file in filter(None, files):
        above = (find_copy_at(register.connection, str(folder)) for folder in file.absolute().parents)
        packages += [Path(found[1].place) for found in above if found is not None]
    return common.load_trust(packages, *files)
