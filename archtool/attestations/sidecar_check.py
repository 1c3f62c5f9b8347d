"""Checks that a sidecar and its package agree on shared attestations and do not continue the chain twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archtool.attestations import finding_kinds
from archtool.attestations.layout import AttestationFolder, read_layout
from archtool.findings import Finding

Files = Mapping[str, bytes]


def check_sidecar(package_files: Files, sidecar_files: Files) -> Iterator[Finding]:
    """Compare the attestations in the package with those in the sidecar, both by their paths in the package.

    An interrupted merge leaves attestations in both places; that is no fault if they are identical.
    """
    if not sidecar_files:
        return
    packaged_by_number = {folder.number: folder for folder in read_layout(package_files)[0]}
    for folder in read_layout(sidecar_files)[0]:
        packaged = packaged_by_number.get(folder.number)
        if packaged is not None and (
            packaged.name != folder.name or _differs(folder, package_files, sidecar_files)
        ):
            yield _diverged(packaged, folder)


def _differs(folder: AttestationFolder, package_files: Files, sidecar_files: Files) -> bool:
    return any(package_files.get(path) != sidecar_files[path] for path in folder.paths)


def _diverged(packaged: AttestationFolder, folder: AttestationFolder) -> Finding:
    if packaged.name == folder.name:
        message = f"{folder.name} differs between the package and the sidecar"
    else:
        message = f"the package has {packaged.name} where the sidecar has {folder.name}"
    return finding_kinds.DIVERGED.at(message, folder.path)
