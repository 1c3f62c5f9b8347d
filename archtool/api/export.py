"""`archtool.export`: the description of packages in a form of catalogues and repositories, as text."""

from __future__ import annotations

from collections.abc import Iterable

from archtool.api.arguments import AnyPath, moment, paths_of
from archtool.errors import UsageError
from archtool.nearest_names import nearest_name
from archtool.operations.export.export_packages import Export, export_packages
from archtool.operations.export.folder_forms import FOLDER_FORMS
from archtool.operations.export.forms import FORMS, OTHER_WORDS, Form


def export(packages: AnyPath | Iterable[AnyPath], form: str) -> Export:
    """Return the description of a package in another form, such as `tei`, `dc`, `mods`, `mets` or `ead3`.

    Several packages can be given for a form that puts them into one document. `archtool export --to list`
    describes all forms, and what each loses; those that are folders (`ro-crate`, `ocfl`) are made by the
    command only. `text` of the result is the document, or `None` if nothing could be exported; `findings`
    has, with the package, what contradicts the metadata and what the form requires and the package does not
    state.

    Raises:
        InputError: the only package cannot be read.
        UsageError: no package is given, there is no such form, or the form takes one package only.
    """
    chosen, roots = _find_form(form), paths_of(packages)
    if not roots:
        raise UsageError("no package is given", hint="give the path of a package")
    if len(roots) > 1 and not chosen.joins:
        raise UsageError(
            f"{chosen.name} makes one document of each package, and {len(roots)} are given",
            hint="call export for each package",
        )
    (made,) = export_packages(roots, chosen, moment(None))
    return made


def _find_form(name: str) -> Form:
    if name in FOLDER_FORMS:
        raise UsageError(
            f"{name} is a folder, not a text", hint=f"run: archtool export BAG --to {name} -o DIR"
        )
    if name not in FORMS:
        near = nearest_name(name, FORMS, OTHER_WORDS)
        raise UsageError(
            f"no such form: {name!r}", hint=f"did you mean {near!r}?" if near else ", ".join(FORMS)
        )
    return FORMS[name]
