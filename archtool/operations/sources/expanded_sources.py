"""Expands the patterns of a description in the folder of its sources."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path

from archtool.files.source import FileSource
from archtool.files.tree import FileKind, Tree
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.sources.expansion import Names, expand_patterns, has_patterns, names_in
from archtool.operations.sources.patterns import EMPTY, FolderListing
from archtool.operations.sources.survey import description_names


def with_expanded_patterns(
    described: DescribedDocument, source: FileSource, folder: Path | None = None
) -> DescribedDocument:
    """Return the description with the files that its patterns declare in the sources.

    `folder` is the folder of the sources if the description can be in it too.
    """
    if not has_patterns(described.description):  # the usual case
        return described
    if isinstance(source, Tree):
        names = _names_in_tree(source, frozenset(description_names(described, folder)))
    else:
        names = names_in(item.path for item in source.walk() if item.kind is FileKind.FILE)
    expansion = expand_patterns(described.description, names)
    faults = (described.loaded.placed(path, finding) for path, finding in expansion.faults)
    return replace(
        described,
        description=expansion.description,
        origins=expansion.origins,
        findings=(*described.findings, *faults),
    )


def _names_in_tree(tree: Tree, own: frozenset[str]) -> Names:
    def exists(path: str) -> bool:
        for form in dict.fromkeys((path, *(unicodedata.normalize(f, path) for f in ("NFC", "NFD")))):
            try:
                tree.stat(form.removesuffix("/"))
            except (OSError, ValueError):
                continue
            return True
        return False

    @cache
    def listing(folder: str) -> FolderListing:
        try:
            names = tree.list_names(folder.rstrip("/"))
        except (OSError, ValueError):
            return EMPTY
        others = [other.path.rpartition("/")[2] for other in names.others]
        return FolderListing.of((*names.files, *others), names.folders)

    return Names(exists, listing, own)
