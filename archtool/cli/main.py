"""The command group: names all commands, and imports only the one that is run."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from archtool import __version__
from archtool.cli import error_boundary
from archtool.cli.help_format import HelpFormatter
from archtool.cli.lazy_group import LazyGroup
from archtool.cli.terminal import output

_COMMANDS = {
    "new": ("archtool.cli.commands.new", "Write a commented description to fill in."),
    "import": (
        "archtool.cli.importing.command",
        "Draft descriptions from pages, TEI, Dublin Core, BibTeX, RIS, CSL-JSON.",
    ),
    "check": ("archtool.cli.commands.check", "Check a description and its files; write nothing."),
    "pack": ("archtool.cli.commands.pack", "Make a package from a description."),
    "batch": ("archtool.cli.commands.batch", "Make many packages; an interrupted run can be resumed."),
    "verify": ("archtool.cli.commands.verify", "Check whether packages are valid, consistent and trusted."),
    "attest": (
        "archtool.cli.commands.attest",
        "Add a signed claim to a package, such as a countersignature.",
    ),
    "holdings": (
        "archtool.cli.holdings.group",
        "Keep a register of packages: what is held, where, when it was checked.",
    ),
    "audit": (
        "archtool.cli.audit.command",
        "Check what is due of a register, and record each check.",
    ),
    "repair": ("archtool.cli.repair.command", "Restore damaged or missing files of a package from a copy."),
    "fetch": ("archtool.cli.commands.fetch", "Download the files that a bag lists in fetch.txt."),
    "unpack": ("archtool.cli.commands.unpack", "Extract a package from its archive, safely."),
    "show": ("archtool.cli.commands.show", "Show the description and the attestations of a package."),
    "report": ("archtool.cli.pages.report", "Verify a package, and write a page about it to read."),
    "site": ("archtool.cli.pages.site", "Make a site about a collection of packages."),
    "list": ("archtool.cli.commands.list", "List the packages below folders as a table."),
    "cite": ("archtool.cli.commands.cite", "Print the citation of a document, or a bibliography of several."),
    "provenance": (
        "archtool.cli.provenance.command",
        "Tell or draw the history that a package records.",
    ),
    "export": (
        "archtool.cli.export.command",
        "Export packages for catalogues, repositories and bibliographies.",
    ),
    "diff": ("archtool.cli.commands.diff", "Compare two packages."),
    "text": ("archtool.cli.text.group", "Check, repair and compare transcriptions."),
    "timestamp": ("archtool.cli.commands.timestamp", "Timestamp a package's signatures."),
    "renew": ("archtool.cli.commands.renew", "Prove since when packages exist; renew the proof in time."),
    "keys": ("archtool.cli.commands.keys", "Make keys, show them, print lines for an allowed_signers file."),
    "explain": ("archtool.cli.commands.explain", "Explain the code of a finding, or an exit code."),
    "doctor": ("archtool.cli.setup.doctor", "Check this machine; name the line that mends it."),
    "config": ("archtool.cli.setup.config", "Show what variables and configuration files set."),
    "completion": ("archtool.cli.setup.completion", "Print the completion script of a shell."),
    "man": ("archtool.cli.setup.man", "Show or write the manual pages."),
}
click.Context.formatter_class = HelpFormatter  # of all commands, also of those inside a group
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


# other words for commands, without case and hyphens
_OTHER_WORDS = {
    "validate": "verify",
    "test": "verify",
    "create": "pack",
    "make": "pack",
    "build": "pack",
    "init": "new",
    "draft": "new",
    "ingest": "import",
    "extract": "unpack",
    "unzip": "unpack",
    "compare": "diff",
    "sign": "attest",
    "countersign": "attest",
    "restore": "repair",
    "recover": "repair",
    "heal": "repair",
    "download": "fetch",
    "info": "show",
    "view": "show",
    "citation": "cite",
    "history": "provenance",
    "prov": "provenance",
    "convert": "export",
    "key": "keys",
    "keygen": "keys",
    "help": "man",
    "manual": "man",
    "why": "explain",
    "diagnose": "doctor",
    "health": "doctor",
    "settings": "config",
    "configure": "config",
    "complete": "completion",
    "completions": "completion",
}


@click.group(cls=LazyGroup, modules=_COMMANDS, other_words=_OTHER_WORDS, context_settings=SETTINGS)
@click.version_option(__version__, prog_name=output.PROGRAM, message="%(prog)s %(version)s")
def cli() -> None:
    """Validated, signed packages for transcriptions of historical documents.

    \b
    archtool new letter
    archtool pack letter/description.yaml -o package --sign archivist-key
    archtool verify package --trust allowed_signers

    A package holds a transcription with its source citation, translation credit, annexe inventory and
    provenance. It is a BagIt bag (RFC 8493) with signed checksums, and can be checked without archtool.

    Exit codes: 0 done, 1 problems found, 2 wrong command line, 3 input unusable, 4 not trusted,
    5 system failure (disk, network, memory …), 6 some jobs of a batch failed, 70 bug in archtool,
    130 interrupted.
    """  # noqa: D301 - `\b` keeps the lines


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    output.prepare()
    sys.exit(error_boundary.guard(lambda: cli.main(given, output.PROGRAM, standalone_mode=False), given))
