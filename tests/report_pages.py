"""Makes pages of packages for the tests, and reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lxml import html

from command_line import DATE, Run, archtool
from packages import pack, write_description, write_key

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe\u2066{{ 7*7 }}{% raw %}"
"""A text that tries to be markup, an attribute, a right-to-left text and a template."""


@dataclass(frozen=True)
class Page:
    """A page that was written."""

    path: Path
    run: Run

    @property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.source)

    @property
    def text(self) -> str:
        """All words of the page, with blanks reduced to one."""
        return _words(self.tree.body)

    def section(self, name: str) -> str:
        """The words of the section with this heading."""
        (found,) = self.tree.xpath(f"//section[@aria-labelledby='{name}']")
        return _words(found)


def _words(element: html.HtmlElement) -> str:
    """Return the words of an element; those of different blocks are apart, as they are seen."""
    for one in element.iter():
        if one.tag in _BLOCKS or one.get("class") == "digest":
            one.text, one.tail = f" {one.text or ''}", f" {one.tail or ''}"
    return " ".join(element.text_content().split())


_BLOCKS = frozenset(
    ["p", "dt", "dd", "td", "th", "li", "h1", "h2", "h3", "div", "summary", "caption", "br", "text"]
)


def report(package: Path, *options: str | Path, name: str = "page.html") -> Page:
    """Write the page of a package beside it."""
    target = package.parent / name
    return Page(target, archtool("report", package, "-o", target, "--date", DATE, *options))


def make(folder: Path, description: str, files: dict[str, bytes], *options: str | Path) -> Path:
    """Make a signed package of these files."""
    sources = folder / "sources"
    sources.mkdir()
    for name, data in files.items():
        path = sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    package = folder / "package"
    made = pack(write_description(sources, description), package, "--sign", write_key(folder), *options)
    assert made.code == 0, made.err
    return package
