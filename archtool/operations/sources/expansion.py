"""Replaces the patterns of a description by the files that they declare, in its sources or in its package.

The text of the description keeps the pattern. `check` and `pack` expand it in the folder of the sources,
`verify` in the payload; both give the same files, because the payload has no others that it matches, except
those that are declared by their own names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from archtool.description.checks import annexe_path
from archtool.description.model import Annexe, Description, OtherFile
from archtool.files.paths import normal_form, shown
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.sources.left_out import LeftOutEntries, has_wildcard
from archtool.operations.sources.patterns import EMPTY, FolderListing, Lister, matching_paths
from archtool.report.numbers import counted
from archtool.schemas import SchemaPath

PACKAGE_NAME = "{package}"
"""Stands for the name of the package: in a description, for its id."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names that patterns are compared with."""

    exists: Callable[[str], bool]
    """Whether a path exists as it is written."""
    lister: Lister
    own: Collection[str] = frozenset()
    """Files that no pattern declares: the description itself, its library."""


@dataclass(slots=True)
class Expansion:
    """A description whose patterns are replaced."""

    description: Description
    origins: tuple[int, ...] | None = None
    """For each of its `files` the number of the item in the text; `None` if they are the same."""
    faults: list[tuple[SchemaPath, Finding]] = field(default_factory=list)
    """The patterns that cannot be used, with their paths in the text."""


def has_patterns(description: Description) -> bool:
    """Whether any path can be a pattern: the quick test before all others."""
    return any(map(_can_be_pattern, _paths(description)))


def _paths(description: Description) -> Iterator[str]:
    yield from (other.file for other in description.files)
    yield from (annexe.file for _, annexe in description.all_annexes() if annexe.file is not None)


def _can_be_pattern(path: str) -> bool:
    return has_wildcard(path) or PACKAGE_NAME in path


def names_in(paths: Iterable[str]) -> Names:
    """Return the names for a list of all files."""
    folders: dict[str, tuple[set[str], set[str]]] = {}
    existing = set()
    for path in paths:
        existing.add(normal_form(path))
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, (set(), set()))[0].add(name)
        while folder:
            folder, _, inner = folder.rpartition("/")
            folders.setdefault(folder, (set(), set()))[1].add(inner)
    listings = {folder: FolderListing.of(*names) for folder, names in folders.items()}
    return Names(
        lambda path: normal_form(path.removesuffix("/")) in existing or path.rstrip("/") in listings,
        lambda folder: listings.get(folder.rstrip("/"), EMPTY),
    )


def expand_patterns(description: Description, names: Names, *, keeps_unmatched: bool = False) -> Expansion:
    """Return a description in which each pattern is replaced by the files that it declares.

    A pattern that cannot be used is left out, unless `keeps_unmatched`.
    """
    expansion = Expansion(description)
    if not has_patterns(description):  # the usual case
        return expansion
    expander = _Expander(description, names, expansion, keeps_unmatched=keeps_unmatched)
    annexes = expander.annexes(description.annexes, ())
    with_annexes = replace(description, annexes=annexes)
    expander.declared |= set(with_annexes.payload_files())
    numbered = list(expander.files())
    expansion.description = replace(with_annexes, files=tuple(other for _, other in numbered))
    expansion.origins = tuple(number for number, _ in numbered)
    return expansion


class _Expander:
    def __init__(
        self, description: Description, names: Names, expansion: Expansion, *, keeps_unmatched: bool
    ) -> None:
        self._description = description
        self._names = names
        self._expansion = expansion
        self._keeps_unmatched = keeps_unmatched
        self.declared: set[str] = set()

    def annexes(self, annexes: Sequence[Annexe], place: tuple[int, ...]) -> tuple[Annexe, ...]:
        return tuple(self._annexe(annexe, (*place, i)) for i, annexe in enumerate(annexes))

    def _annexe(self, annexe: Annexe, place: tuple[int, ...]) -> Annexe:
        inner = self.annexes(annexe.enclosures, place)
        file = annexe.file
        if file is not None and _can_be_pattern(file):
            path = (*annexe_path(place), "file")
            matches = self._matches(file, path)
            if len(matches) > 1:
                message = f"{shown(file)} matches {counted(len(matches), 'file')}, and an annexe has one"
                hint = "name one of them here; declare the others under `files`, with the annexe's id in `of`"
                self._add(finding_kinds.PATTERN_MATCHES_SEVERAL.at(message, hint=hint), path)
            file = matches[0] if len(matches) == 1 else file
        return replace(annexe, file=file, enclosures=inner)

    def files(self) -> Iterator[tuple[int, OtherFile]]:
        for number, other in enumerate(self._description.files):
            if not _can_be_pattern(other.file):
                yield number, other
                continue
            path = ("files", number, "file")
            matches = self._matches(other.file, path)
            is_exact = matches == (other.file,)
            kept = matches if is_exact else tuple(self._kept(matches))
            if len(kept) > 1 and other.id is not None:
                message = f"the id `{other.id}` would be given to {counted(len(kept), 'file')}"
                hint = "delete the id, or declare each file by its name"
                self._add(finding_kinds.PATTERN_MATCHES_SEVERAL.at(message, hint=hint), path)
            self.declared.update(kept)
            yield from ((number, replace(other, file=file)) for file in kept)

    def _kept(self, matches: Sequence[str]) -> Iterator[str]:
        not_declared = [path for path in matches if path not in self.declared and path not in self._names.own]
        entries = LeftOutEntries(self._description.left_out, not_declared)
        yield from (path for path in not_declared if entries.matching_entry(path) is None)

    def _matches(self, text: str, path: SchemaPath) -> tuple[str, ...]:
        """Return the files that a text declares: itself if it exists; else those that it matches."""
        unmatched = (text,) if self._keeps_unmatched else ()
        if self._names.exists(text):
            return (text,)
        name = self._description.id
        if PACKAGE_NAME in text and name is None:
            message = f"`{PACKAGE_NAME}` stands for the id of the description, which has none: {shown(text)}"
            hint = "add `id:` to the description, or write the name itself"
            self._add(finding_kinds.PATTERN_MATCHES_NOTHING.at(message, hint=hint), path)
            return unmatched
        named = text.replace(PACKAGE_NAME, name or "")
        if not has_wildcard(named) or self._names.exists(named):
            return (named,)
        matches = matching_paths(named, self._names.lister)
        if matches.fault is not None:
            self._add(finding_kinds.PATTERN_MATCHES_NOTHING.at(matches.fault, hint=matches.hint), path)
            return unmatched
        return matches.paths

    def _add(self, finding: Finding, path: SchemaPath) -> None:
        self._expansion.faults.append((path, finding))


def expand_in_package(description: Description, paths: Iterable[str]) -> Description:
    """Replace the patterns of a packaged description by the payload paths that they declare.

    `paths` are those that exist and those that the manifests list: a file that is gone still counts as
    declared. A pattern that matches nothing stays.
    """
    if not has_patterns(description):
        return description
    names = names_in(path.removeprefix("data/") for path in paths)
    return expand_patterns(description, names, keeps_unmatched=True).description
