"""The forms of an export that are folders, and not one document: they contain the payload."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.progress import Progress
from archtool.results import Result

FolderExporter = Callable[["FolderExport", Progress | None], Result]


@dataclass(frozen=True, slots=True)
class FolderExport:
    """Which packages to export into which folder."""

    packages: tuple[Path, ...]
    target: Path
    at: datetime
    """Aware: the current time."""
    software_version: str
    limits: Limits | None = None
    sync: bool = True


@dataclass(frozen=True, slots=True)
class FolderForm:
    """A form of an export that is a folder."""

    name: str
    title: str
    target: str
    """What the option for the output names, in a usage line."""
    joins: bool
    """Whether several packages go into one folder."""
    loses: str
    """What of a package is not in the export."""
    export: FolderExporter


def _export_crate(given: FolderExport, progress: Progress | None) -> Result:
    from archtool.operations.export.crate_folder import CrateRequest, export_crate  # lazy: one form of many

    package = _only(given.packages)
    return export_crate(CrateRequest(package, given.target, given.at, given.limits, given.sync), progress)


def _export_ocfl(given: FolderExport, progress: Progress | None) -> Result:
    from archtool.operations.export.ocfl.export_ocfl import OcflRequest, export_ocfl  # lazy: one form of many

    request = OcflRequest(
        given.packages, given.target, given.at, given.software_version, given.limits, given.sync
    )
    return export_ocfl(request, progress)


def _only(packages: Sequence[Path]) -> Path:
    if len(packages) != 1:
        names = ", ".join(shown(str(package)) for package in packages[:3])
        raise UsageError(
            f"an RO-Crate is made of one package, and {len(packages)} were given: {names}",
            hint="export them one by one, each into its own folder",
        )
    return packages[0]


FOLDER_FORMS = {
    form.name: form
    for form in (
        FolderForm(
            "ro-crate", "RO-Crate 1.2: the payload in a folder, with ro-crate-metadata.json", "DIR", False,
            "signatures, tag files and evidence, which stay in the package; whether the original is signed,"
            " the status of its title, own keys and labels",
            _export_crate,
        ),
        FolderForm(
            "ocfl", "OCFL 1.1: packages as objects of a storage root, their predecessors as versions",
            "STORAGE_ROOT", True,
            "empty folders, times of files; attestations that lie beside a package",
            _export_ocfl,
        ),
    )
}  # fmt: skip
"""The forms by their names."""
