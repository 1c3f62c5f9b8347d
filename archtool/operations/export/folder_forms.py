"""The forms of an export that are folders, and not one document: they contain the payload."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archtool.operations.export.request import FolderExport
from archtool.progress import Progress
from archtool.results import Result

FolderExporter = Callable[[FolderExport, Progress | None], Result]


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
    from archtool.operations.export.crate_folder import export_crate  # lazy: one form of many

    return export_crate(given, progress)


def _export_ocfl(given: FolderExport, progress: Progress | None) -> Result:
    from archtool.operations.export.ocfl.export_ocfl import export_ocfl  # lazy: one form of many

    return export_ocfl(given, progress)


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
