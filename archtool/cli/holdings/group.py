"""`archtool holdings`: the register of what is kept."""

from __future__ import annotations

import click

from archtool.cli.lazy_group import LazyGroup

_CHANGES = "archtool.cli.holdings.changes"
_COMMANDS = {
    "init": ("archtool.cli.holdings.init", "Create a register."),
    "adopt": ("archtool.cli.holdings.adopt", "Register all packages below a folder."),
    "add": ("archtool.cli.holdings.add", "Register packages that are named."),
    "list": ("archtool.cli.holdings.list", "List the holdings, with their states."),
    "show": ("archtool.cli.holdings.show", "Show everything about one holding."),
    "events": ("archtool.cli.holdings.events", "List what happened, the newest first."),
    "copies": (f"{_CHANGES}.copies", "List, register or remove copies of a holding."),
    "move": (f"{_CHANGES}.move", "Record that a copy is at another place."),
    "shelf": (f"{_CHANGES}.shelf", "List, move or remove the folders whose packages are registered."),
    "update": (f"{_CHANGES}.update", "Register the new content of a holding."),
    "custody": (f"{_CHANGES}.custody", "Record who answers for holdings from now on."),
    "withdraw": (f"{_CHANGES}.withdraw", "Record that a holding is not kept any more."),
    "note": (f"{_CHANGES}.note", "Record an event of the archive's own."),
    "policy": (f"{_CHANGES}.policy", "Show or change how often copies must be checked."),
    "report": ("archtool.cli.holdings.reports.report", "Report what is held, not in order or overdue."),
    "record-head": ("archtool.cli.holdings.heads.record_head", "Record the newest attestation of a package."),
    "verify": ("archtool.cli.holdings.chain.verify", "Prove that no event was changed, removed or added."),
    "head": ("archtool.cli.holdings.chain.head", "Print, sign and export the head of the chain of events."),
    "export": (
        "archtool.cli.holdings.chain.export",
        "Write all events to a file, or to a folder with tables.",
    ),
    "import": ("archtool.cli.holdings.chain.import_", "Rebuild a register from an export."),
}
_OTHER_WORDS = {
    "create": "init", "new": "init", "register": "add", "scan": "adopt", "ls": "list",
    "search": "list", "find": "list", "history": "events", "log": "events", "copy": "copies",
    "replicate": "copies", "relocate": "move", "remove": "withdraw", "delete": "withdraw",
    "deaccession": "withdraw", "transfer": "custody", "interval": "policy", "record": "note",
    "refresh": "update",
    "check": "verify", "prove": "verify", "sign": "head", "dump": "export",
    "rebuild": "import", "restore": "import",
}  # fmt: skip


@click.group("holdings", cls=LazyGroup, modules=_COMMANDS, other_words=_OTHER_WORDS)
def command() -> None:
    """Keep a register of packages: what is held, where, and when it was checked.

    \b
    archtool holdings init archive.register --archive "City archive"
    archtool holdings adopt packages
    archtool holdings list

    The register is one file. Each command takes it from --register, from ARCHTOOL_REGISTER, or from
    `register` in config.toml.
    """  # noqa: D301 - `\b` keeps the lines
