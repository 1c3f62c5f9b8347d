"""`archtool pack`: makes a package from a description."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from archtool import __version__
from archtool.archives import FORMATS
from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.algorithms import algorithm_option, parse_algorithms
from archtool.cli.options.byte_size import SIZE_HELP
from archtool.cli.options.formats import formats_option, load_formats, uses_fido
from archtool.cli.options.from_bag import from_bag_option, refuse_files_and_bag
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register_path import heads_options, pop_register
from archtool.cli.options.replacing import pop_old_attestations, replacement_options
from archtool.cli.options.split_size import SplitSizeType
from archtool.cli.options.timestamping import make_timestamp_client, timestamp_options
from archtool.cli.signing.cms import cms_options, load_cms
from archtool.cli.signing.key_loading import load_signers
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.findings import in_reading_order
from archtool.operations.pack.pack import pack
from archtool.operations.pack.parts.split import SplitSize
from archtool.operations.pack.predecessor import OldAttestations
from archtool.operations.pack.request import PackRequest
from archtool.operations.pack.targets import choose_format
from archtool.report.result_json import result_object
from archtool.report.text.result import format_pack_summary, format_planned_files
from archtool.results import Result


@click.command("pack")
@click.argument("description", type=ANY_PATH, metavar="DESCRIPTION")
@click.option(
    "-o", "--output", "target", type=ANY_PATH, required=True, metavar="BAG", help="Path of the new package."
)
@click.option(
    "--archive",
    type=click.Choice(FORMATS),
    help="Make one archive file instead of a folder, reproducible byte for byte; default: by the ending of "
    "BAG (.tar, .zip), else a folder.",
)
@common.sign_option
@click.option(
    "--signer", "names", multiple=True, metavar="NAME", help="Name of the signer; default: the key's comment."
)
@common.passphrase_file_option
@cms_options
@timestamp_options("--timestamp", "--timestamp-command")
@common.tsa_roots_option
@algorithm_option
@common.target_profile_option
@click.option("--date", metavar="DATE", help="Date of the package; default: SOURCE_DATE_EPOCH, or now.")
@common.files_option
@from_bag_option("Use the payload of a bag that another tool made.")
@common.library_option
@formats_option
@common.keep_times_option
@common.crate_option
@click.option(
    "--split-size", "split", type=SplitSizeType(), metavar="SIZE",
    help="Divide a larger payload into a group of packages, BAG-1of3 …, each with at most SIZE of payload, "
    f"such as 50G ({SIZE_HELP}), or a number of files, such as 50000f.",
)  # fmt: skip
@click.option("--force", "replace", is_flag=True, help="Replace an old package when the new one is complete.")
@replacement_options
@click.option("--dry-run", is_flag=True, help="Check everything and list what would be made; write nothing.")
@click.option(
    "--no-sync", is_flag=True, help="Do not wait for the disk; after a power failure, files can be empty."
)
@heads_options
@common.concurrency_options
@common.second_opinion_option
@common.strict_option
@common.json_option
def command(keys: tuple[str, ...], names: tuple[str, ...], passphrase_file: Path | None, **given: Any) -> int:
    """Make the package BAG from DESCRIPTION and the files that it names.

    \b
    archtool pack letter/description.yaml -o package --sign archivist-key
    archtool pack letter/description.yaml -o package.tar --dry-run

    BAG is a folder, or one archive file if its name ends in .tar or .zip. Other endings of archives (.tar.gz,
    .7z …) are refused.

    BAG appears complete or not at all; the sources are never changed. The same description, files, keys and
    --date make the same bytes; only timestamps differ.

    With --from-bag, the declared files are the files below data/ in a bag (a folder or an archive). The bag
    is checked in the same read, and its own tag files are kept in metadata/adopted/.

    With --keep-times, the modification time that the file system states for each payload file is recorded in
    metadata/file-times.txt and in the provenance, and is the time of the file in an archive. Times are then
    part of what must be the same for the same bytes: a copy or a Git checkout often changes them.

    With --crate, the payload is an RO-Crate too: data/ro-crate-metadata.json describes it in JSON-LD for
    other programs. It is made from DESCRIPTION, is under the checksums and the signature, and verify compares
    it with the package. A payload with a file of this name is refused.

    With --split-size, a payload that fits into one package gives an ordinary package. A larger one is divided
    in its own order, and a file never is. Each part is a valid bag with the whole description, and lists the
    files of the others; all parts appear, or none.

    With --profile, the package names the profile and has the manifests that it requires. All its rules are
    checked before anything is written: labels of bag-info.txt, tag files, payload files, folder or archive.

    --force alone does not replace a package that has attestations beyond its packaging. --keep-predecessor
    keeps the old package unchanged beside the new one, as BAG.predecessor-1, and the provenance of the new
    one names it; --discard-attestations deletes it. Its sidecar, BAG.attestations, is kept or deleted with
    it. If only a sidecar exists, packing is refused unless the sidecar is discarded.

    If a register is configured and the package is registered there with another content, a warning says how
    to record the new one.
    """  # noqa: D301 - `\b` keeps the lines
    started = time.monotonic()
    refuse_files_and_bag(given["files_root"], given["from_bag"])
    as_json = given.pop("as_json")
    old_attestations = pop_old_attestations(given)
    split = given.pop("split")
    register = pop_register(given)
    request = _make_request(given, old_attestations, keys, names, passphrase_file)
    result = _pack(request, split)
    if register is not None and not request.dry_run:
        result = _note_replaced(result, register)
    if as_json:
        output.json_line(result_object(result))
        return result.exit_code
    output.findings(result.findings)
    if request.dry_run:
        output.lines(format_planned_files(result))
    output.lines(format_pack_summary(result, time.monotonic() - started))
    return result.exit_code


def _make_request(
    given: dict[str, Any],
    old_attestations: OldAttestations,
    keys: tuple[str, ...],
    names: tuple[str, ...],
    passphrase_file: Path | None,
) -> PackRequest:
    timestamp_client = make_timestamp_client(given, common.load_authorities(given["tsa_roots"]))
    if timestamp_client is not None and not keys:
        raise UsageError(
            "--timestamp requires --sign", hint="give --sign KEY; to make a key, run: archtool keys new"
        )
    return PackRequest(
        description_path=given["description"],
        target=given["target"],
        packaged_at=clock.packaging_date(given["date"]),
        software_version=__version__,
        archive=choose_format(given["target"], given["archive"]),
        files_root=given["files_root"],
        from_bag=given["from_bag"],
        library=given["library"],
        formats=load_formats(given["formats"]),
        uses_fido=uses_fido(given["formats"], given["from_bag"]),
        algorithms=parse_algorithms(given["algorithms"], profile=given["profile_path"]),
        profile=common.load_target_profile(given["profile_path"]),
        signers=load_signers(keys, names, passphrase_file),
        timestamp_client=timestamp_client,
        cms=load_cms(given, is_signed=bool(keys)),
        concurrency=common.pop_concurrency(given),
        keep_times=given["keep_times"],
        has_crate=given["has_crate"],
        replace=given["replace"] or old_attestations is not OldAttestations.REFUSE,
        old_attestations=old_attestations,
        sync=not given["no_sync"],
        dry_run=given["dry_run"],
        second_opinion=given["second_opinion"],
        strict=given["strict"],
    )


def _pack(request: PackRequest, split: SplitSize | None) -> Result:
    if split is None:
        return pack(request, defaults.make_progress())
    from archtool.operations.pack.parts.pack_parts import pack_parts  # lazy: only --split-size needs it

    return pack_parts(request, split, defaults.make_progress())


def _note_replaced(result: Result, register: Path) -> Result:
    """Add a warning if the package is registered and the register has its old content."""
    # lazy: 10 ms (SQLite), only a run with a register needs it
    from archtool.operations.holdings.registered_heads import HeadReader
    from archtool.operations.holdings.replaced_content import find_replaced

    facts = result.facts
    made = [part["package"] for part in facts["parts"]] if "parts" in facts else [facts["package"]]
    head = facts["head"] if "parts" not in facts else None
    with HeadReader(register) as reader:
        found = [find_replaced(reader, Path(package), head) for package in made]
    warnings = [finding for finding in found if finding is not None]
    return replace(result, findings=in_reading_order((*result.findings, *warnings)))
