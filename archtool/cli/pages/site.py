"""`archtool site`: makes a site about a collection of packages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from archtool import __version__
from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.configuration.settings import configurable
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.subjects import select_packages
from archtool.cli.terminal import output
from archtool.cli.terminal.count_bar import CountBar
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.operations.site.request import SiteRequest
from archtool.operations.trust.trust_request import TrustRequest
from archtool.report.numbers import counted
from archtool.report.package_page.limits import MAX_TEXT_LINES, PAGE_LINES
from archtool.report.result_json import result_object
from archtool.report.site.model import Frame
from archtool.report.text.result import format_findings
from archtool.results import Result

if TYPE_CHECKING:
    from archtool.operations.site.make_site import SiteReport

RESULT_SCHEMA = "archtool/site/1"
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:/[!$-;=@-Z_a-z~%]*)?"
)
_OF_VERIFY = ("allowed", "revoked", "tsa_roots", "policy_path", "date")


@click.command("site")
@click.argument("folders", type=ANY_PATH, nargs=-1, required=True, metavar="DIR...")
@click.option(
    "-o", "--output", "target", type=ANY_PATH, required=True, metavar="SITE",
    help="Folder of the site: a new one, an empty one, or that of an earlier run.",
)  # fmt: skip
@click.option("--title", metavar="TEXT", help="Title of the site; default: the name of the first DIR.")
@click.option(
    "--base-url", metavar="URL",
    help="Address that the site will have on the web; needed for sitemap.xml, the feed and full addresses.",
)  # fmt: skip
@click.option(
    "--verify", "is_verified", is_flag=True,
    help="Verify every package in full on each run; without it, payload files are not compared with digests.",
)  # fmt: skip
@click.option(
    "--date", metavar="DATE",
    help="With --verify: date of the checks; default: SOURCE_DATE_EPOCH, or now.",
)  # fmt: skip
@click.option(
    "--images", "with_images", is_flag=True,
    help="Put the facsimiles into the pages (PNG, JPEG, GIF, WebP).",
)  # fmt: skip
@click.option(
    "--page-lines", type=click.IntRange(10, MAX_TEXT_LINES), default=PAGE_LINES, metavar="N",
    help=f"Divide a text into parts of N lines; default: {PAGE_LINES}.",
)  # fmt: skip
@click.option(
    "--all", "makes_all", is_flag=True, help="Make every page again, also those that nothing changed for."
)
@common.trust_option
@common.revoked_option
@common.tsa_roots_option
@common.policy_option
@click.option(
    "--jobs", type=click.IntRange(1, defaults.MAX_JOBS), metavar="N", **configurable("jobs"),
    help="Packages to read in parallel; default: one per core.",
)  # fmt: skip
@common.limits_options
@common.json_option
def command(folders: tuple[Path, ...], target: Path, *, as_json: bool, **given: Any) -> int:
    """Make a site about the packages below each DIR: indexes, a page for each package, a bibliography.

    \b
    archtool site packages -o site --title "Letters of the bureau"
    archtool site packages -o site --base-url https://archive.example.org/letters/

    The site can be opened from the disk, or copied to any web server. Pages load nothing from elsewhere, and
    nothing runs in them but the search. Zotero and other reference managers find the citation of each page.

    A later run with the same SITE makes again only what changed, and removes the pages of packages that are
    gone. Files in SITE that archtool did not write are never touched. The same packages and options make the
    same bytes.

    Packages that cannot be read are listed in problems.html, and the exit code is 3. Damaged ones have a page
    that says so, and the exit code is 1.
    """  # noqa: D301 - the escape keeps the lines of the examples apart
    _check_options(given)
    request = _request(select_packages(folders), target, given)
    bar = _Bar()
    # lazy: 150 ms (jinja2, anyascii), after the options were checked
    from archtool.operations.site.make_site import make_site

    try:
        report = make_site(replace(request, count=bar.count))
    finally:
        bar.close()
    facts = {
        "site": str(target),
        "packages": report.packages,
        "problems": report.problems,
        "pages_made": report.made,
        "files_written": report.written,
        "files_removed": report.removed,
        "is_verified": request.frame.is_verified,
    }
    result = Result(RESULT_SCHEMA, str(target), report.findings, {}, facts)
    if as_json:
        output.json_line(result_object(result))
    else:
        output.lines(format_findings(result.findings, output.width()))
        output.lines([_summary(report, target)])
        output.lines(_notes(request))
    return result.exit_code


def _check_options(given: dict[str, Any]) -> None:
    """Refuse options that have no effect, and an address that is none.

    Raises:
        UsageError: an option needs --verify, or the address cannot be that of a site.
    """
    context = click.get_current_context()
    if not given["is_verified"]:
        for option in context.command.params:
            name = option.name or ""
            if name in _OF_VERIFY and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                flag = option.opts[0]
                raise UsageError(
                    f"{flag} requires --verify",
                    hint=f"add --verify, which reads every file, or leave {flag} out",
                )
    address = given["base_url"]
    if address is not None and not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"not the address of a site: {shown(address)!r}",
            hint="write it like https://archive.example.org/letters/, without ? and #",
        )


def _request(roots: tuple[Path, ...], target: Path, given: dict[str, Any]) -> SiteRequest:
    is_verified = given["is_verified"]
    names = [given.pop(name) for name in ("allowed", "revoked", "tsa_roots", "policy_path")]
    trust = common.load_trust(roots, *names) if is_verified else TrustRequest()
    base_url = given["base_url"]
    title = (given["title"] or "").strip() or shown(roots[0].name or roots[0].resolve().name)
    frame = Frame(title, f"{base_url.rstrip('/')}/" if base_url else None, __version__, is_verified)
    return SiteRequest(
        roots,
        target,
        frame,
        clock.now(),
        clock.packaging_date(given["date"]) if is_verified else None,
        is_date_given=is_verified and (given["date"] is not None or clock.fixed_date() is not None),
        trust=trust,
        with_images=given["with_images"],
        page_lines=given["page_lines"],
        makes_all=given["makes_all"],
        limits=common.pop_limits(given),
        concurrency=defaults.concurrency_of(given["jobs"]),
    )


class _Bar:
    """A progress line on a terminal, from the moment at which the number of packages is known."""

    def __init__(self) -> None:
        self._bar: CountBar | None = None

    def count(self, _done: int, total: int) -> None:
        """Count one package."""
        if self._bar is None:
            self._bar = CountBar("making pages", "packages", total).__enter__()
        self._bar.count()

    def close(self) -> None:
        """Remove the line."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)


def _summary(report: SiteReport, target: Path) -> str:
    parts = [
        counted(report.packages, "package"),
        f"{counted(report.made, 'page')} made",
        f"{counted(report.written, 'file')} written",
    ]
    parts += [f"{counted(report.removed, 'file')} removed"] if report.removed else []
    parts += [f"{report.problems:,} not readable"] if report.problems else []
    return f"{shown(str(target / 'index.html'))}: {' · '.join(parts)}"


def _notes(request: SiteRequest) -> list[str]:
    """Return what the site does not have, and what was not checked for it."""
    notes = []
    if not request.frame.is_verified:
        notes.append("not verified: payload files were not compared with their digests (use --verify)")
    if request.frame.base_url is None:
        notes.append("without --base-url: no sitemap.xml, no feed, and no full addresses in the pages")
    return notes
