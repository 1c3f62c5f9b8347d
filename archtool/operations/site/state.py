"""Reads and writes what a site knows about itself: the file `archtool-site.json` in its folder.

It lists every file that archtool wrote there: no other file is replaced or removed. For each package it has
the digest of what its page was made from, and what the indexes list. It names no path outside of the site,
so that it can be published, and no time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archtool.description.citing.model import Entry
from archtool.errors import InputError
from archtool.operations.site.limits import MAX_STATE_BYTES, MAX_STATE_DEPTH
from archtool.report.site.model import SiteAuthor, SiteEntry
from archtool.strict_json import JsonRules, parse_json

STATE_NAME = "archtool-site.json"
SCHEMA = "archtool/site-state/1"
OWN_FILE = re.compile(r"(?:packages/)?[a-z0-9][a-z0-9-]*\.(?:html|bib|ris|json|js|xml)")
"""The names that files of a site have: nothing outside of the site can be named so."""
_RULES = JsonRules(MAX_STATE_BYTES, max_values=50_000_000, max_depth=MAX_STATE_DEPTH, allows_half_pairs=True)


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that archtool wrote into the site."""

    digest: str
    """SHA-256; empty while a run that was interrupted may or may not have written it."""
    size_bytes: int


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """What the site knows about one package."""

    entry: SiteEntry
    fingerprint: str
    """Of everything that its page was made from."""
    shown_files: tuple[str, ...] = ()
    """The payload files that its page shows, by their paths."""
    exit_code: int = 0
    trouble: str | None = None
    """Why the exit code is not 0."""


@dataclass(frozen=True, slots=True)
class SiteState:
    """Everything that a site knows about itself."""

    settings: str = ""
    """A digest of what all pages depend on: options, version."""
    collection: str = ""
    """A digest of what the pages about the collection depend on."""
    packages: Mapping[str, PackageRecord] = field(default_factory=dict)
    """By the name of the package."""
    files: Mapping[str, WrittenFile] = field(default_factory=dict)
    """By the path in the site."""


def format_state(state: SiteState) -> bytes:
    """Return the text of the state file; the same state gives the same bytes."""
    files = {path: [file.digest, file.size_bytes] for path, file in sorted(state.files.items())}
    packages = {name: _record_object(record) for name, record in sorted(state.packages.items())}
    lines = [
        f'{{"schema": "{SCHEMA}", "settings": "{state.settings}", "collection": "{state.collection}",',
        '"files": {',
        ",\n".join(f"{_json(path)}: {_json(file)}" for path, file in files.items()),
        '},\n"packages": {',
        ",\n".join(f"{_json(name)}: {_json(record)}" for name, record in packages.items()),
        "}}",
    ]
    return ("\n".join(lines) + "\n").encode("ascii")


def parse_state(data: bytes, name: str) -> SiteState:
    """Return the state; `name` is the file's, for errors.

    Raises:
        InputError: it is no such file.
    """
    try:
        stated = parse_json(data, name, _RULES)
        if stated["schema"] != SCHEMA:
            raise ValueError(stated["schema"])
        files = {
            path: WrittenFile(str(digest), int(size)) for path, (digest, size) in stated["files"].items()
        }
        if not all(map(OWN_FILE.fullmatch, files)):
            raise ValueError("files")
        packages = {name: _record(record) for name, record in stated["packages"].items()}
        return SiteState(str(stated["settings"]), str(stated["collection"]), packages, files)
    except (InputError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{name} cannot be read: it is damaged, or of another version of archtool",
            hint="make the site again in a new folder, then delete this one",
        ) from error


def entry_object(entry: SiteEntry) -> dict[str, Any]:
    """Return an entry as JSON values; facts that are not stated are left out."""
    cited = entry.entry
    facts = {
        "slug": entry.slug,
        "name": entry.name,
        "title": entry.title,
        "title_language": entry.title_language,
        "id": entry.id,
        "authors": [[author.sorted_as, author.status] for author in entry.authors],
        "date": entry.date,
        "languages": [list(language) for language in entry.languages],
        "series": entry.series,
        "genre": entry.genre,
        "place": entry.place,
        "part": entry.part,
        "is_described": entry.is_described,
        "fault": entry.fault,
        "packaged_on": entry.packaged_on,
        "words": entry.words,
        "entry": None if cited is None else _citation_object(cited),
    }
    return {key: value for key, value in facts.items() if value not in (None, "", [])}


def _citation_object(cited: Entry) -> dict[str, Any]:
    return {
        "item": cited.item,
        "source": cited.source,
        "attributions": list(cited.attributions),
        "issuer": cited.issuer,
        "credit": cited.credit,
        "part_title": cited.part_title,
        "source_text": cited.source_text,
    }


def _record_object(record: PackageRecord) -> dict[str, Any]:
    return {
        "fingerprint": record.fingerprint,
        "shown": list(record.shown_files),
        "exit_code": record.exit_code,
        "trouble": record.trouble,
        **entry_object(record.entry),
    }


def _record(stated: dict[str, Any]) -> PackageRecord:
    entry = SiteEntry(
        slug=stated["slug"],
        name=stated["name"],
        title=stated.get("title", ""),
        title_language=stated.get("title_language"),
        id=stated.get("id"),
        authors=tuple(SiteAuthor(name, status) for name, status in stated.get("authors", ())),
        date=stated.get("date"),
        languages=tuple((tag, name) for tag, name in stated.get("languages", ())),
        series=stated.get("series"),
        genre=stated.get("genre"),
        place=stated.get("place"),
        part=stated.get("part"),
        is_described=stated["is_described"],
        fault=stated.get("fault"),
        packaged_on=stated.get("packaged_on"),
        words=stated.get("words", ""),
        entry=_citation(stated.get("entry")),
    )
    shown_files, code = tuple(stated["shown"]), int(stated["exit_code"])
    return PackageRecord(entry, stated["fingerprint"], shown_files, code, stated["trouble"])


def _citation(stated: dict[str, Any] | None) -> Entry | None:
    if stated is None:
        return None
    return Entry(
        stated["item"],
        stated["source"],
        tuple(stated["attributions"]),
        stated["issuer"],
        stated["credit"],
        stated["part_title"],
        stated["source_text"],
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
