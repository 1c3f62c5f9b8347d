"""`archtool new`: writes a commented description to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from archtool.cli.options.from_bag import from_bag_option
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shell_word, shown
from archtool.operations.describe.draft import Draft, DraftRequest, draft
from archtool.report.numbers import counted


@click.command("new")
@click.argument("folder", type=ANY_PATH, metavar="[DIR]", required=False)
@from_bag_option("Describe the payload of a bag that another tool made; its metadata is offered.")
@click.option(
    "-o",
    "--output",
    "target",
    type=ANY_PATH,
    metavar="FILE",
    help="Path of the description; default: DIR/description.yaml, or BAG.description.yaml beside the bag.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing description.")
def command(folder: Path | None, from_bag: Path | None, target: Path | None, *, force: bool) -> None:
    """Write a commented description to fill in, of the files in DIR or in a bag.

    \b
    archtool new letter
    archtool new --from-bag old-bag -o letter.description.yaml

    It lists the files. Nothing about the document is guessed. Where the text seems to contain annexes
    (after a row of asterisks, at a heading such as "Annexe:"), their lines are proposed as comments.

    With --from-bag, the files are the payload of a bag from another tool (a folder or an archive). What the
    bag's own metadata says (bag-info.txt and the like) is offered: as a value behind the word CONFIRM:, which
    check and pack refuse until you delete it, or as a comment. Nothing is written into a bag.

    DIR can be a bag too, or a folder in one: that is the same as --from-bag.
    """  # noqa: D301 - `\b` keeps the lines
    if folder is not None and from_bag is not None:
        raise UsageError("DIR and --from-bag contradict each other", hint="give one of them")
    place = from_bag if from_bag is not None else folder
    if place is None:
        raise UsageError(
            "nothing to describe is named",
            hint="name the folder with the document's files, or --from-bag BAG",
        )
    written = draft(DraftRequest(place, target, is_bag=from_bag is not None, force=force))
    output.data(f"wrote {shown(str(written.path))}\n")
    for line in _advice(written):
        output.message(line)


def _advice(written: Draft) -> list[str]:
    path = shell_word(str(written.path))
    offered = len(written.offers.by_key)
    lines = []
    if offered:
        lines.append(f"{counted(offered, 'value')} of the bag's metadata to confirm: each is marked CONFIRM:")
    if written.bag is not None:
        bag = shell_word(str(written.bag))
        lines.append(f"{bag} is a bag: nothing was written into it")
        lines.append(f"fill it in, then check it with: archtool check {path} --from-bag {bag}")
        lines.append(f"then make a package with: archtool pack {path} --from-bag {bag} -o PACKAGE")
    else:
        files = f" --files {shell_word(str(written.files_root))}" if written.files_root else ""
        lines.append(f"fill it in, then check it with: archtool check {path}{files}")
    return lines
