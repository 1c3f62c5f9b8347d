"""A sidecar against its package: what is in both is the same, and only one of them continues the chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archtool.attestations import finding_kinds
from archtool.attestations.layout import AttestationFolder, read_layout
from archtool.findings import Finding

Files = Mapping[str, bytes]


def check_sidecar(inside: Files, beside: Files) -> Iterator[Finding]:
    """Compare the attestations in the package with those beside it, both by their paths in the package.

    A merge that was interrupted leaves some in both places; that is no fault, if they are the same.
    """
    if not beside:
        return
    own = {folder.number: folder for folder in read_layout(inside)[0]}
    for folder in read_layout(beside)[0]:
        there = own.get(folder.number)
        if there is not None and (there.name != folder.name or _differs(folder, inside, beside)):
            yield _grown_apart(there, folder)


def _differs(folder: AttestationFolder, inside: Files, beside: Files) -> bool:
    return any(inside.get(path) != beside[path] for path in folder.paths)


def _grown_apart(there: AttestationFolder, folder: AttestationFolder) -> Finding:
    if there.name == folder.name:
        message = f"{folder.name} is not the same in the package and beside it"
    else:
        message = f"{there.name} is in the package, and {folder.name} beside it"
    return finding_kinds.GROWN_APART.at(message, folder.path)
