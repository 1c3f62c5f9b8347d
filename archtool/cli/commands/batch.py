"""`archtool batch`: many packages in one run, which can be interrupted and gone on with."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from archtool.batch.journal.shards import share_of
from archtool.batch.run import BatchRequest, run_batch
from archtool.cli.batch.output import JobReporter
from archtool.cli.batch.runner import make_runner, runner_options, take_shard
from archtool.cli.batch.summaries import open_summaries, summary_options
from archtool.cli.batch.verb import choose_verb, verb_options
from archtool.cli.options import clock, common
from archtool.cli.terminal import output
from archtool.operations.pack.targets import check_name

_PATH = click.Path(path_type=Path)


TEMPLATE = "template"


class BatchCommand(click.Command):
    """A command whose first word may be that of another: a folder of that name is called `./template`."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """See click: here it is decided which command the words are for."""
        if args[:1] != [TEMPLATE]:
            return super().make_context(info_name, args, parent, **extra)
        from archtool.cli.commands.batch_template import template

        return template.make_context(f"{info_name} {TEMPLATE}", args[1:], parent, **extra)


@click.command("batch", cls=BatchCommand)
@click.argument("source", type=_PATH, metavar="SOURCE")
@click.option(
    "-o",
    "--output",
    type=_PATH,
    required=True,
    metavar="DIR",
    help="Where the journal is kept, and where new packages go.",
)
@click.option("--match", "pattern", metavar="PATTERN", help="How what is looked for is called, as '*.yaml'.")
@verb_options
@click.option("--date", metavar="DATE", help="The date of all that is made; default: that of the first run.")
@click.option("--retry", type=click.Choice(["failed"]), help="Try again what failed with the same inputs.")
@runner_options
@click.option("--fail-fast", is_flag=True, help="Begin no further job after the first failure.")
@click.option(
    "--max-failures", type=click.IntRange(min=1), metavar="N", help="Begin no further job after N failures."
)
@click.option("--check", "check_only", is_flag=True, help="Look at everything, write nothing.")
@click.option("--no-sync", is_flag=True, help="Do not wait for the disk: a power cut may leave empty files.")
@summary_options
@common.wait_option
def command(**given: Any) -> int:
    """Make a package below DIR from each description in SOURCE: a folder, a table, JSON Lines.

    In a folder a description is called description.yaml (or .yml, .json): its package is called like the
    folder that it lies in. Or it is called NAME.description.yaml, for the package NAME.

    In a table, .csv, .tsv or .xlsx, each row is a description: its columns are called like the keys
    (source.pages, creators.1.name), the column `package` says what the package is called, `folder` where its
    files are. `archtool batch template -o DIR` writes tables to start from; docs/tables.md has all columns.

    In JSON Lines, .jsonl, .ndjson or - for standard input, each line is a description, and its package is
    called like its id.

    --verb verify and --verb attest take the packages that lie below SOURCE, folders and archives, and do to
    each what the command of that name does. DIR keeps the journal then, and nothing else.

    One JSON object for each job goes to stdout as the job ends, with its own exit code. DIR keeps a journal:
    the same command again does what is left and what has changed since. What failed is tried again once its
    inputs change, or with --retry failed. A job that crashes or hangs is one failed job. All packages and
    attestations bear the date of the first run. A batch that verified everything begins anew: what was valid
    once says nothing of today.

    Exit codes: 0 all is done, 6 some jobs failed (each has its own code in its line).
    """
    started = time.monotonic()
    check_name(given["output"], None)
    chosen = choose_verb(given)
    runner, shard = make_runner(given), take_shard(given)
    plan = share_of(chosen.find_plan(given["source"], given["output"], given), shard)
    for note in plan.notes:
        output.message(f"{output.PROGRAM}: note: {note}")
    is_dated = "date" in chosen.own and (given["date"] is not None or clock.fixed_date() is not None)
    request = BatchRequest(
        plan=plan,
        output=given["output"],
        verb=chosen.make(given),
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
    with (
        open_summaries(given, f"{chosen.label.capitalize()}: {given['source']}", plan.count) as summaries,
        closing(run_batch(request, output.message)) as outcomes,
    ):
        return JobReporter(plan.count, chosen.label, summaries, started).tell(outcomes)
