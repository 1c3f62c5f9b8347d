"""`archtool repair`: restores damaged or missing files of a package from a copy."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from archtool import __version__
from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.mounts import mount_option, parse_mounts
from archtool.cli.options.registers.register import agent_option, event_source, open_to_read, open_to_write
from archtool.cli.options.registers.register_path import register_option
from archtool.cli.options.timestamping import make_timestamp_client, timestamp_options
from archtool.cli.signing.key_loading import load_signers
from archtool.cli.terminal import output
from archtool.errors import StorageError, UsageError
from archtool.exit_codes import ExitCode, worst_exit_code
from archtool.files.paths import shown
from archtool.holdings.register import Register
from archtool.operations.attest.locked_package import Lock
from archtool.operations.repair.after import Attesting
from archtool.operations.repair.model import RepairRequest
from archtool.operations.repair.registered.planning import (
    PlannedRepair,
    find_registered,
    other_copies_not_in_order,
    plan_repairs,
)
from archtool.operations.repair.registered.recording import record_repair
from archtool.operations.repair.repair import repair
from archtool.operations.repair.vouching.lost_attestations import with_lost_attestation
from archtool.report.result_json import result_object
from archtool.report.text.repair import findings_beside_table, format_repair
from archtool.results import Result

_REPEATED = ("allowed", "revoked", "tsa_roots", "register_path", "place", "copies", "mounts")
"""Options that the command to be run next repeats, where the user gave them."""


@click.command("repair")
@click.argument("subject", metavar="HOLDING|BAG")
@click.option(
    "--from", "copies", type=ANY_PATH, multiple=True, metavar="COPY",
    help="A copy of BAG, folder or archive; repeatable. Without it, the register knows the copies.",
)  # fmt: skip
@click.option("--apply", is_flag=True, help="Restore the files; otherwise nothing is written.")
@click.option(
    "--copy", "place", metavar="PLACE",
    help="Which copy of HOLDING to repair; default: those that are not in order.",
)  # fmt: skip
@mount_option
@register_option
@agent_option
@common.trust_option
@common.revoked_option
@common.tsa_roots_option
@common.sign_option
@click.option(
    "--signer", "names", multiple=True, metavar="NAME", help="Name of the signer; default: the key's comment."
)
@common.passphrase_file_option
@timestamp_options("--timestamp", "--timestamp-command")
@click.option("--date", metavar="DATE", help="Date of the attestation; default: SOURCE_DATE_EPOCH, or now.")
@common.concurrency_options
@common.wait_option
@common.limits_options
@common.json_option
def command(subject: str, **given: Any) -> int:
    """Show which files of a package are damaged or missing, and which copy has them; restore with --apply.

    \b
    archtool repair letter-package --from /mnt/copy/letter-package
    archtool repair letter-1932 --apply

    With a register, name a HOLDING: its copies are known; --mount says where media are connected. Without
    one, name the folder or archive BAG and its copies with --from.

    A file is used only if its digest is the one that the right manifest states. Which manifest is right is
    decided by the register, by the newest attestation with a good signature (with --trust: by a trusted key),
    and in an unsigned package by its own tag manifest; never by how many copies agree. Files of several
    damaged copies complete each other. A file that no manifest lists is left alone.

    Replaced files are kept beside the package, in BAG.replaced-DATE. What was written is read back from the
    disk, and then the whole package is verified. With a register the repair is recorded; --sign attests it in
    the package. A damaged archive is replaced as a whole, by an undamaged archive of the same kind; so is
    another package that stands in the place of a registered copy. Attestations that were added to one copy
    only are brought to the others.
    """  # noqa: D301 - `\b` keeps the lines
    given["concurrency"], given["limits"] = common.pop_concurrency(given), common.pop_limits(given)
    _check_combination(given)
    results = _from_copies(subject, given) if given["copies"] else _from_register(subject, given)
    codes = [ExitCode.DONE]
    for result in results:
        codes.append(result.exit_code)
        _print(result, _next_command(subject, given), as_json=given["as_json"])
    return worst_exit_code(codes)


def _check_combination(given: dict[str, Any]) -> None:
    """Check that the options can be combined.

    Raises:
        UsageError: two options contradict each other, or one lacks another.
    """
    if given["copies"] and given["place"] is not None:
        raise UsageError("--copy chooses a copy of a holding, and --from needs none", hint="leave one out")
    if given["keys"] and not given["apply"]:
        raise UsageError("--sign attests what was restored", hint="add --apply, or leave --sign out")
    stamped = given["timestamp_url"] is not None or given["timestamp_command"] is not None
    if (given["names"] or stamped) and not given["keys"]:
        option = "--signer" if given["names"] else "--timestamp"
        raise UsageError(f"{option} requires --sign", hint=f"add --sign KEY, or leave {option} out")


def _request(root: Path, copies: tuple[Path, ...], given: dict[str, Any]) -> RepairRequest:
    trust = common.load_trust((root, *copies), given["allowed"], given["revoked"], given["tsa_roots"])
    return RepairRequest(
        root=root,
        copies=copies,
        now=clock.now(),
        trust=trust,
        apply=given["apply"],
        lock=Lock(given["wait_seconds"], output.message),
        concurrency=given["concurrency"],
        limits=given["limits"],
    )


def _attesting(given: dict[str, Any], request: RepairRequest) -> Attesting | None:
    if not given["keys"]:
        return None
    client = make_timestamp_client({**given}, request.trust.authorities)
    signers = load_signers(given["keys"], given["names"], given["passphrase_file"])
    return Attesting(signers, clock.packaging_date(given["date"]), __version__, client)


def _from_copies(subject: str, given: dict[str, Any]) -> Iterator[Result]:
    """Repair a package from the copies that the user names; a register that knows it is kept up to date."""
    request = _request(Path(subject), given["copies"], given)
    if given["register_path"] is None:
        yield repair(request, _attesting(given, request), defaults.make_progress()).result
        return
    with _opened_register(given) as register:
        planned = find_registered(register, request.root, parse_mounts(given))
        if planned is None:
            yield repair(request, _attesting(given, request), defaults.make_progress()).result
        else:
            yield _repair_registered(register, planned, request, given)


def _from_register(subject: str, given: dict[str, Any]) -> Iterator[Result]:
    if given["register_path"] is None:
        raise UsageError(
            f"it is not said where copies of {shown(subject)} are",
            hint="name them with --from COPY, or name the register with --register FILE",
        )
    mounts = parse_mounts(given)
    with _opened_register(given) as register:
        plans = plan_repairs(register, subject, given["place"], mounts)
        for left_out in plans[0].left_out:
            output.message(f"left out: {shown(left_out.copy.place)} {left_out.reason}; {left_out.hint}")
        for planned in plans:
            copies = tuple(one.path for one in planned.sources)
            yield _repair_registered(register, planned, _request(planned.target.path, copies, given), given)


def _opened_register(given: dict[str, Any]) -> Register:
    return open_to_write(given) if given["apply"] else open_to_read(given)


def _repair_registered(
    register: Register, planned: PlannedRepair, request: RepairRequest, given: dict[str, Any]
) -> Result:
    """Repair one copy of a holding, and record it if anything was restored."""
    source = event_source(given)
    request = replace(request, registered=planned.facts)
    repaired = repair(request, _attesting(given, request), defaults.make_progress())
    result = with_lost_attestation(planned, repaired.result, request.limits)
    facts = {**result.facts, "holding": planned.holding.name}
    if given["apply"] and result.facts["counts"]["restored"]:
        try:
            is_recorded = record_repair(register, source, planned, repaired, clock.now())
        except StorageError as error:
            _print(result, "", as_json=given["as_json"])
            raise StorageError(f"restored, but not recorded: {error.message}", hint=_CHECK) from error
        if is_recorded:
            facts["recorded"] = str(register.path)
    if given["apply"]:
        others = other_copies_not_in_order(register, planned)
        facts["others"] = [{"place": copy.place, "state": copy.state.value} for copy in others]
    return replace(result, facts=facts)


_CHECK = "make the register writable, then record the state of the package with: archtool audit"


def _next_command(subject: str, given: dict[str, Any]) -> str:
    """Return the command that restores what this one has shown."""
    context = click.get_current_context()
    words = ["archtool", "repair", subject]
    for option in context.command.params:
        name = option.name or ""
        is_given = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if name in _REPEATED and is_given:
            values = given[name] if isinstance(given[name], tuple) else (given[name],)
            words += [word for value in values for word in (option.opts[0], str(value))]
    return shown(shlex.join([*words, "--apply"]))


def _print(result: Result, next_command: str, *, as_json: bool) -> None:
    if as_json:
        is_open = not result.facts["applied"] and result.facts["counts"]["restorable"]
        value = replace(result, facts={**result.facts, "command": next_command if is_open else None})
        output.json_line(result_object(value))
        return
    output.findings(findings_beside_table(result))
    output.lines(format_repair(result, next_command, output.width()))
