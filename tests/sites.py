"""Makes sites about small collections for the tests, and reads their pages as machines do."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html

from command_line import Run, archtool
from packages import pack, write_description

BASE_URL = "https://archive.example.org/letters/"
AUTHOR = "creators: [{ name: Christian Rakovsky, type: person, role: author }]"
CHAPTER = """\
source:
  type: chapter
  container-title: Documents of the year 1932
  publisher: Institute
  place: Prague
  date: 2013
  pages: 3-16
"""
VERBATIM = 'source: "Cahiers, no 3 (1979), pp. 12-14."\n'


def describe(name: str, more: str = "", source: str = VERBATIM, title: str | None = None) -> str:
    """Return the description of a letter."""
    return (
        f"archtool: 1\nid: {json.dumps(name)}\ntitle: {json.dumps(title or f'Letter {name}')}\n"
        f"transcription: letter.txt\n{source}rights: {{ original: UND, package: CC0-1.0 }}\n{more}"
    )


def add_package(
    collection: Path, name: str, description: str | None = None, text: str = "To all.\n", *options: str | Path
) -> Path:
    """Pack one letter into the collection."""
    sources = collection.parent / "sources" / name
    sources.mkdir(parents=True)
    (sources / "letter.txt").write_text(text, encoding="utf-8")
    collection.mkdir(exist_ok=True)
    made = pack(write_description(sources, description or describe(name)), collection / name, *options)
    assert made.code == 0, made.err
    return collection / name


def make_collection(folder: Path) -> Path:
    """Make three letters: of a year, of a decade, and without a date; one is part of a book."""
    collection = folder / "collection"
    dated = f"date: 1932-04-02\nlanguage: fr\ngenre: letter\nplace: Barnaul\ncollection: Papers\n{AUTHOR}\n"
    add_package(collection, "appeal", describe("appeal", dated, CHAPTER, title="À tous"))
    add_package(collection, "reply", describe("reply", "date: 193X\nlanguage: ru\n", title="Ответ"))
    add_package(collection, "note")
    return collection


@dataclass(frozen=True)
class Site:
    """A site that was made."""

    path: Path
    run: Run

    def tree(self, page: str) -> html.HtmlElement:
        return html.fromstring((self.path / page).read_bytes())

    def words(self, page: str) -> str:
        """All words of a page, without its style."""
        tree = self.tree(page)
        for one in tree.body.iter():
            one.tail = f" {one.tail or ''}"
        return " ".join(tree.body.text_content().split())

    def links(self, page: str) -> list[str]:
        """The addresses that a page links to, in order."""
        return [str(address) for address in self.tree(page).xpath("//main//a/@href")]

    @property
    def pages(self) -> list[str]:
        return sorted(str(path.relative_to(self.path)) for path in self.path.rglob("*.html"))

    @property
    def search_index(self) -> list[list[str]]:
        text = (self.path / "search-index.js").read_text(encoding="utf-8")
        found = re.fullmatch(r'"use strict";\nvar archtoolSearchIndex = (\[.*\]);\n', text, re.DOTALL)
        assert found is not None
        rows: list[list[str]] = json.loads(found[1])
        return rows

    @property
    def facts(self) -> dict[str, Any]:
        """What `--json` said."""
        (result,) = self.run.objects
        facts: dict[str, Any] = result["facts"]
        return facts


def make_site(*arguments: str | Path, target: Path, json_wanted: bool = False) -> Site:
    """Run `archtool site`."""
    more = ["--json"] if json_wanted else []
    return Site(target, archtool("site", *arguments, "-o", target, *more))


def meta(tree: html.HtmlElement, name: str) -> list[str]:
    """Return the contents of the `<meta>` elements with a name, in order."""
    return [str(content) for content in tree.xpath("//head/meta[@name=$name]/@content", name=name)]
