"""`archtool batch`: many packages in one run; an interrupted run can be resumed."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Any

import click

from archtool.batch.job import Plan
from archtool.batch.journal.shards import Shard, share_of
from archtool.batch.run import BatchRequest, run_batch
from archtool.batch.runner import Runner
from archtool.cli.batch.output import JobReporter
from archtool.cli.batch.printers import JobPrinter, JsonPrinter, TextPrinter, is_for_people
from archtool.cli.batch.runner import make_runner, parse_shard, runner_options
from archtool.cli.batch.summaries import open_summaries, summary_options
from archtool.cli.batch.verb import VerbChoice, choose_verb, verb_options
from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register_path import heads_options, pop_register
from archtool.cli.terminal import output
from archtool.operations.pack.targets import check_name

TEMPLATE = "template"
_RESUME = "to do the others, run the same command again"
_CHECK_AGAIN = "nothing was written; to check all jobs, run the same command again"


class BatchCommand(click.Command):
    """A command with a subcommand, `template`; a SOURCE of that name is written `./template`."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Return the context of this command, or of `template` if that is the first argument."""
        if args[:1] != [TEMPLATE]:
            return super().make_context(info_name, args, parent, **extra)
        # lazy: 31 ms, only the subcommand needs it
        from archtool.cli.commands.batch_template import template

        return template.make_context(f"{info_name} {TEMPLATE}", args[1:], parent, **extra)


@click.command("batch", cls=BatchCommand)
@click.argument("source", type=ANY_PATH, metavar="SOURCE")
@click.option(
    "-o",
    "--output",
    type=ANY_PATH,
    required=True,
    metavar="DIR",
    help="Folder for the journal and for new packages.",
)
@click.option("--match", "pattern", metavar="PATTERN", help="File name pattern, such as '*.yaml'.")
@verb_options
@click.option(
    "--date", metavar="DATE", help="Date of all packages and attestations; default: the first run's."
)
@click.option(
    "--retry",
    type=click.Choice(["failed"]),
    help="Retry jobs that failed, even if their inputs are unchanged.",
)
@runner_options
@click.option("--fail-fast", is_flag=True, help="Start no job after the first failure.")
@click.option(
    "--max-failures", type=click.IntRange(min=1), metavar="N", help="Start no job after N failures."
)
@click.option(
    "--check", "check_only", is_flag=True, help="Do everything but write: find all that would fail."
)
@click.option(
    "--no-sync", is_flag=True, help="Do not wait for the disk; after a power failure, files can be empty."
)
@summary_options
@heads_options
@common.wait_option
@common.json_option
def command(**given: Any) -> int:
    """Make a package in DIR from each description in SOURCE: a folder, a table or JSON Lines.

    \b
    archtool batch collection -o packages --sign archivist-key
    archtool batch letters.xlsx -o packages --check
    archtool batch packages -o checks --verb verify

    In a folder, a description is named description.yaml (or .yml, .json), and its package is named after the
    folder that contains it; or it is named NAME.description.yaml, for the package NAME.

    In a table (.csv, .tsv or .xlsx), each row is a description. Its columns are named after the keys
    (source.pages, creators.1.name); the column `package` names the package, `folder` the folder of its files.
    `archtool batch template -o DIR` writes tables to fill in; docs/tables.md lists all columns. Semicolons,
    tabs, other encodings, a title above the column names and blanks around cells are recognised and noted on
    stderr; what is in doubt is asked for (--encoding, --delimiter, --date-order).
    A table with columns of its own needs --mapping; `archtool batch template --from TABLE` drafts it.

    In JSON Lines (.jsonl, .ndjson, or - for standard input), each line is a description, and its package is
    named after its id.

    --verb verify and --verb attest run the command of that name on each package below SOURCE, folders and
    archives. DIR then contains only the journal.

    On a terminal, a line for each job is printed as it ends, and below the line of a failed job what is wrong
    and where. With --json, or if stdout is no terminal, one JSON object is printed for each job instead, with
    its own exit code. --csv and --html also write all of it to a file, in the order of SOURCE.

    The journal in DIR records each job: run the same command again to do what is left and what has changed. A
    failed job is retried when its inputs change, or with --retry failed. A job that crashes or hangs is one
    failed job. All packages and attestations have the date of the first run. A batch with --verb verify that
    is complete starts again from the beginning, because packages can have changed since.

    If a register is configured, --verb verify and attest require the head that it remembers, attest writes
    the new heads into it, and pack notes that a registered package was made again.

    --check does what the run would do except writing: it reads the files, compares the targets and signs, and
    requests no timestamp.

    Exit codes: 0 all jobs done, 6 some jobs failed (the JSON object of each has its own code).
    """  # noqa: D301 - `\b` keeps the lines
    started = time.monotonic()
    check_name(given["output"], None)
    chosen = choose_verb(given)
    register = pop_register(given)
    runner, shard = make_runner(given), parse_shard(given)
    if register is not None:
        # lazy: 10 ms (SQLite), only a batch with a register needs it
        from archtool.cli.holdings.heads.batch_heads import with_register

        runner = with_register(runner, register, given)
    plan = share_of(chosen.find_plan(given["source"], given["output"], given), shard)
    for note in plan.notes:
        output.message(f"{output.PROGRAM}: note: {note}")
    request = _make_request(given, chosen, plan, runner, shard)
    is_text, is_verifying = is_for_people(given), chosen.begins_anew
    is_check = given["check_only"] and not is_verifying  # a verification writes nothing anyway
    label = "checking" if is_check else chosen.label
    title = f"{label.capitalize()}: {given['source']}"
    with (
        open_summaries(given, title, plan.count, is_check=is_check) as summaries,
        closing(run_batch(request, output.message)) as outcomes,
    ):
        printer: JobPrinter = JsonPrinter()
        if is_text:
            printer = TextPrinter(is_check=is_check, corrects=not is_verifying)
        resuming = _CHECK_AGAIN if given["check_only"] else _RESUME
        reporter = JobReporter(plan.count, label, printer, summaries, started, resuming, is_text)
        return reporter.report(outcomes)


def _make_request(
    given: dict[str, Any], chosen: VerbChoice, plan: Plan, runner: Runner, shard: Shard | None
) -> BatchRequest:
    """Return the request that the options describe."""
    is_dated = "date" in chosen.options and (given["date"] is not None or clock.fixed_date() is not None)
    return BatchRequest(
        plan=plan,
        output=given["output"],
        make_task=chosen.make(given),
        runner=runner,
        shard=shard,
        packaged_at=clock.packaging_date(given["date"]),
        verb_name=given["verb"],
        is_dated=is_dated,
        begins_anew=chosen.begins_anew and given["retry"] is None,
        wait_seconds=given["wait_seconds"],
        max_failures=1 if given["fail_fast"] else given["max_failures"],
        sync=not given["no_sync"],
        check_only=given["check_only"],
    )
