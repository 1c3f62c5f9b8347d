"""`archtool report`: verifies a package and writes a page about it, for a browser and for paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from archtool import __version__
from archtool.cli import defaults
from archtool.cli.commands.verify import expected_head
from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register_path import heads_options, pop_register
from archtool.cli.output_file import check_output_file, write_output_file
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.operations.package_page.read_page import PageRequest, read_page
from archtool.operations.verify.verify import VerifyRequest
from archtool.report.numbers import format_size
from archtool.report.package_page.limits import MAX_TEXT_LINES, PAGE_LINES
from archtool.report.package_page.model import PackagePage
from archtool.report.result_json import result_object
from archtool.report.text.result import format_findings
from archtool.report.text.verify import format_verdict
from archtool.results import Result

RESULT_SCHEMA = "archtool/report/1"
_STANDARD_OUTPUT = Path("-")
_SUFFIXES = ("", ".html", ".htm", ".xhtml")


@click.command("report")
@click.argument("bag", type=ANY_PATH, metavar="BAG")
@click.option(
    "-o", "--output", "target", type=ANY_PATH, required=True, metavar="FILE", help="The page to write."
)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@click.option(
    "--images", "with_images", is_flag=True,
    help="Put the facsimiles into the page (PNG, JPEG, GIF, WebP); the page becomes as large as they are.",
)  # fmt: skip
@click.option(
    "--page-lines", type=click.IntRange(10, MAX_TEXT_LINES), default=PAGE_LINES, metavar="N",
    help=f"Divide a text into parts of N lines; default: {PAGE_LINES}.",
)  # fmt: skip
@click.option("--date", metavar="DATE", help="Date of the page; default: SOURCE_DATE_EPOCH, or now.")
@common.trust_option
@common.revoked_option
@common.tsa_roots_option
@common.policy_option
@common.strict_option
@common.concurrency_options
@common.profile_option
@common.sidecar_option
@click.option(
    "--expect-head", "expected", metavar="HEAD",
    help="Attestation that the bag must have, as attest printed it: '0001-packaging sha512:…'.",
)  # fmt: skip
@heads_options
@common.limits_options
@common.second_opinion_option
@common.json_option
def command(bag: Path, target: Path, *, force: bool, as_json: bool, **given: Any) -> int:
    """Verify BAG, and write a page about it that a browser opens and a printer prints.

    \b
    archtool report letter-package -o letter.html

    The page is one file that loads nothing and runs nothing: the document with its attribution, its citation
    and its annexes, the texts to read, the history, every file with its digests, what was checked,
    found and not checked, who attests it, and how to check it by hand. The exit code is that of verify.

    The same package and the same --date make the same page.
    """  # noqa: D301 - `\b` keeps the lines
    _check_target(target, force=force)
    request = _page_request(bag, given)
    page = _read(request, pop_register(given))
    size_bytes = _write(target, page, force=force)
    result = _result(page, target, size_bytes)
    if as_json:
        output.json_line(result_object(result))
    else:
        output.lines([format_verdict(result.subject, result.verdict)])
        output.lines(format_findings(result.findings, output.width()))
        output.lines([f"wrote {shown(str(target))} ({format_size(size_bytes)})"])
    return result.exit_code


def _check_target(target: Path, *, force: bool) -> None:
    """Refuse a target that cannot be written, before a long run begins.

    Raises:
        UsageError: it exists, is not a file, or is inside a package or its sidecar.
        InputError: its folder does not exist.
    """
    if target == _STANDARD_OUTPUT:
        raise UsageError(
            "a page is not written to standard output", hint="give the name of a file: -o page.html"
        )
    if target.suffix.lower() not in _SUFFIXES:
        raise UsageError(
            f"the page is HTML, and {shown(target.name)} has the suffix of another format",
            hint="let the name end in .html; a browser prints the page as a PDF file",
        )
    check_output_file(target, "the page", force=force)


def _page_request(bag: Path, given: dict[str, Any]) -> PageRequest:
    untrusted = (bag, *filter(None, [given["sidecar"]]))
    trust = common.load_trust(
        untrusted,
        given.pop("allowed"),
        given.pop("revoked"),
        given.pop("tsa_roots"),
        given.pop("policy_path"),
    )
    verify = VerifyRequest(
        root=bag,
        at=clock.now(),
        trust=replace(trust, expected=expected_head(given["expected"])),
        concurrency=common.pop_concurrency(given),
        strict=given["strict"],
        second_opinion=given["second_opinion"],
        profile=common.load_profile(given["profile_path"]),
        limits=common.pop_limits(given),
        sidecar=given["sidecar"],
    )
    is_date_given = given["date"] is not None or clock.fixed_date() is not None
    return PageRequest(
        verify,
        clock.packaging_date(given["date"]) if is_date_given else verify.at,
        __version__,
        is_date_given=is_date_given,
        with_images=given["with_images"],
        page_lines=given["page_lines"],
    )


def _read(request: PageRequest, register: Path | None) -> PackagePage:
    """Read the page; if the register knows the package, it must have the registered head."""
    progress = defaults.make_progress()
    if register is None:
        return read_page(request, progress)
    # lazy: 10 ms (SQLite), only a run with a register needs it
    from archtool.cli.holdings.heads.expected_heads import KnownHeads

    known = KnownHeads.read(register, [request.verify])
    page = read_page(replace(request, verify=known.requests[0]), progress)
    (result,) = known.add_to([page.result])
    return replace(page, result=result)


def _write(target: Path, page: PackagePage, *, force: bool) -> int:
    """Write the page; return its size in bytes."""
    from archtool.report.package_page.format_page import format_page  # lazy: 50 ms (jinja2), after the check

    data = "".join(format_page(page)).encode("utf-8")
    write_output_file(target, data, force=force)
    return len(data)


def _result(page: PackagePage, target: Path, size_bytes: int) -> Result:
    facts = {
        "page": str(target),
        "page_bytes": size_bytes,
        "made_at": page.made_at.isoformat() if page.made_at is not None else None,
        "texts": [
            {"file": f"data/{text.file}", "lines": len(text.lines), "is_whole": text.is_whole}
            for text in page.texts
        ],
        "facsimiles": {"files": page.facsimiles.files, "shown": len(page.facsimiles.images)},
    }
    return replace(page.result, schema=RESULT_SCHEMA, facts={**page.result.facts, **facts})
