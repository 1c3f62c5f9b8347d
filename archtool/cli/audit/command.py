"""`archtool audit`: checks the copies of a register that are due, and records what it found."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any

import click

from archtool.batch.audit.request import AuditRequest
from archtool.batch.audit.run import run_audit
from archtool.batch.journal.shards import Shard
from archtool.cli import defaults
from archtool.cli.audit.audit_command import AuditCommand
from archtool.cli.audit.checks import check_labels, load_trust, refuse_rates_of_a_cluster
from archtool.cli.audit.options import make_limits, make_selection, selection_options
from archtool.cli.audit.progress import AuditProgress
from archtool.cli.audit.signing import WrittenHead, load_head_output, signing_options
from archtool.cli.batch.runner import make_reading_runner, parse_shard, runner_options
from archtool.cli.holdings.reports.report_files import (
    check_report_files,
    report_file_options,
    write_report_files,
)
from archtool.cli.options import clock, common
from archtool.cli.options.registers.mounts import parse_mounts
from archtool.cli.options.registers.register import event_source, open_to_read, open_to_write, writing_options
from archtool.cli.terminal import output
from archtool.exit_codes import ExitCode
from archtool.files.workers.concurrency import Concurrency
from archtool.holdings.audit_report import AuditReport
from archtool.holdings.queries import read_shelves
from archtool.holdings.register import Register, register_errors
from archtool.operations.audit.check_copy import CheckRules
from archtool.operations.verify.request import Depth
from archtool.report.holdings.audit_json import audit_object, exit_code_of_audit, plan_object
from archtool.report.holdings.audit_text import format_audit, format_plan


@click.command("audit", cls=AuditCommand)
@selection_options
@click.option(
    "--plan", "is_plan", is_flag=True, help="Say what would be read and how long; read and write nothing."
)
@click.option(
    "--no-shelves", is_flag=True, help="Do not search the shelves for packages that are not registered."
)
@common.trust_option
@common.revoked_option
@common.tsa_roots_option
@common.policy_option
@common.strict_option
@runner_options
@common.bwlimit_option
@common.nice_option
@signing_options
@report_file_options
@common.limits_options
@writing_options
@common.json_option
def command(**given: Any) -> int:
    """Check the copies of a register that are due, and record each check.

    \b
    archtool audit
    archtool audit --subset 1/30 --time-limit 5h
    archtool audit --plan

    Copies that were never checked come first, then those whose last check is oldest. At most one of four
    copies is known to be bad while others are due: a lost disk does not delay the other copies. A copy is due
    if it was not checked for the interval of the register (`archtool holdings policy`), less a margin of
    36 hours: a nightly run comes a day later, and can last some hours. A copy that is known to be bad is due
    again after a tenth of the interval, at least a day; until it is repaired, each run names it.

    Each copy is verified, and its manifests and its newest attestation are compared with those that were
    registered. Files that differ are read twice; copies that are missing or unreadable are tried again at the
    end. If a whole shelf is not there, or empty, nothing is known about its copies. Then the shelves are
    searched for packages that are not registered, by their names only.

    --subset 1/30 takes the most urgent thirtieth of all copies each night, so that no night is long; copies
    that are known to be bad are tried in addition, a quarter of it at most. A run that was stopped is
    resumed by the same command: what is recorded is not read again.

    A check that is dated later than now, by a clock that was wrong, counts as none: the copy is overdue.

    --sign prints the signed head of the register; --head-file writes it, best to where this machine cannot
    rewrite it, for `archtool holdings verify --expect-head`.

    With --trust, a copy can be in order and its signers not accepted: that is exit code 4, until a check
    accepts them. An unsigned bag is only noted, unless --policy or --strict asks for more.

    Exit codes: 0 nothing wrong, 1 faults found, or known from before; 2 no register is named; 3 there is none
    at its path; 4 in order, but not trusted; 5 the register is locked or its disk full.
    """  # noqa: D301 - `\b` keeps the lines
    shard, mounts = parse_shard(given), parse_mounts(given)
    if given["is_plan"]:
        return _plan(given, shard, mounts)
    make_reading_runner(given, ())  # contradictions are reported before anything is written
    refuse_rates_of_a_cluster(given)
    head_output = load_head_output(given)
    check_report_files(given)
    common.lower_priority(given["nice"])
    with open_to_write(given) as register, register_errors(register.path):
        check_labels(register, mounts)
        with AuditProgress() as progress:
            report = _run(_request(given, register, shard, mounts, progress))
        head: WrittenHead | None = None
        try:
            head = head_output.write(register, clock.now())
        finally:  # what was found is printed, also if the head cannot be signed
            exit_code = _finish(report, given, head)
        write_report_files(register, clock.now(), given, report.run)
    return exit_code


def _request(
    given: dict[str, Any],
    register: Register,
    shard: Shard | None,
    mounts: dict[str, Path],
    progress: AuditProgress,
) -> AuditRequest:
    return AuditRequest(
        register=register,
        selection=make_selection(given, register, shard),
        rules=_rules(given, register),
        source_of=lambda run: event_source(given, run),
        make_runner=lambda meter, jobs: make_reading_runner(
            given, _folders(register, mounts), meter, jobs_per_process=jobs
        ),
        new_id=lambda: str(uuid.uuid4()),
        now=clock.now,
        jobs=given["jobs"] or defaults.default_jobs(),
        shares_jobs=given["timeout"] is None,
        mounts=mounts,
        limits=make_limits(given),
        searches=not given["no_shelves"],
        say=output.message,
        started=progress.started,
        ended=progress.ended,
    )


def _run(request: AuditRequest) -> AuditReport:
    try:
        return run_audit(request)
    except KeyboardInterrupt as interrupt:
        interrupt.add_note("what was checked is recorded; to go on, run the same command again")
        raise


def _plan(given: dict[str, Any], shard: Shard | None, mounts: dict[str, Path]) -> int:
    from archtool.batch.audit.plan import plan_audit  # lazy: only --plan needs it

    with open_to_read(given) as register, register_errors(register.path):
        check_labels(register, mounts)
        selection = make_selection(given, register, shard)
        depth = _depth(given).name.lower()
        plan = plan_audit(register, selection, make_limits(given), depth, list(mounts), clock.now())
    if given["as_json"]:
        output.json_line(plan_object(plan))
    else:
        output.styled_lines(format_plan(plan, output.width()))
    return ExitCode.DONE


def _depth(given: dict[str, Any]) -> Depth:
    return Depth.COMPLETE if given["quick"] else Depth.FULL


def _rules(given: dict[str, Any], register: Register) -> CheckRules:
    """Return how each copy is checked, by one of several processes."""
    limit = given["bwlimit"]
    jobs = given["jobs"] or defaults.default_jobs()
    return CheckRules(
        at=clock.now(),
        trust=load_trust(given, register),
        depth=_depth(given),
        strict=given["strict"],
        concurrency=Concurrency(1, 1, None if limit is None else max(1, limit // jobs)),
        limits=common.pop_limits(given),
    )


def _folders(register: Register, mounts: dict[str, Path]) -> tuple[Path, ...]:
    """Return the folders that every worker of a cluster must be able to read."""
    shelves = [Path(shelf) for shelf in read_shelves(register.connection)]
    return tuple(folder for folder in (*shelves, *mounts.values()) if os.path.isdir(folder))  # noqa: PTH112 - `is_dir` raises for a closed folder


def _finish(report: AuditReport, given: dict[str, Any], head: WrittenHead | None) -> int:
    """Write the report, to stdout and to the files that are asked for; return the exit code."""
    exit_code = exit_code_of_audit(report, strict=given["strict"])
    if given["as_json"]:
        output.json_line(audit_object(report, exit_code) | {"head": None if head is None else head.facts()})
    else:
        output.styled_lines(format_audit(report, output.width()))
        output.lines([] if head is None else head.lines())
    return exit_code
