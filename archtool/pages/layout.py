"""Turns a page into lines, as a reader sees them: paragraphs, headings, line breaks, lists, tables, notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from archtool.pages.elements import PICTURES, hidden_text, is_hidden, is_of_data, picture_text, remarks_on
from archtool.pages.head import read_head
from archtool.pages.line_buffer import CELL, LineBuffer
from archtool.pages.model import Line, LineKind, ParsedPage, Remark
from archtool.pages.tree import Event, events_of, parse_tree

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hgroup", "html", "legend", "li", "listing", "main", "menu", "nav",
    "ol", "p", "plaintext", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
    "xmp",
))  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LABELS = frozenset(["b", "strong", "i", "em", "u", "span", "th", "dt", "cite"])
_FORMATTING = {
    "i": "italics", "em": "italics", "b": "bold", "strong": "bold", "u": "underlined text",
    "ins": "inserted text", "sub": "lowered letters", "small": "small print",
}  # fmt: skip
_AROUND = {"q": ("“", "”"), "del": ("[struck out: ", "]"), "s": ("[struck out: ", "]"),
           "strike": ("[struck out: ", "]")}  # fmt: skip
_SKIPPED = frozenset(["script", "style", "template"])
_VERBATIM = frozenset(["pre", "listing", "xmp", "plaintext"])
_INDENT = "    "
_MAX_DEPTH_SHOWN = 8  # of quotations and lists: deeper ones are indented no further


def parse_page(text: str, where: str) -> ParsedPage:
    """Return the lines of a page.

    Raises:
        InputError: its HTML cannot be parsed completely.
    """
    root = parse_tree(text, where)
    layout = _Layout()
    if root is not None:
        for event in events_of(root, where):
            layout.receive(event)
    layout.end_block()
    return ParsedPage(read_head(root), layout.lines, layout.remarks, sorted(layout.formatting.items()))


class _Layout:
    """The lines that were read so far, and the elements that are open.

    The groups of methods follow the page: text and elements, lines and blocks, lists and tables, links.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.remarks: list[Remark] = []
        self.formatting: Counter[str] = Counter()
        self._buffer = LineBuffer()
        self._block = 0
        self._heading = 0
        self._verbatim = 0
        self._navigation = 0
        self._skipped: list[str] = []
        self._in_head = False
        self._head_element = ""
        self._hidden: object = None
        self._quotes = 0
        self._lists: list[int | None] = []
        self._bullet = ""
        self._terms = 0
        self._tables: list[bool] = []
        """For each open table, whether it is a table of data."""
        self._table_block: int | None = None
        self._cells = 0
        self._starts: Mapping[str, Callable[[Event], None]] = {
            **dict.fromkeys(PICTURES, self._add_picture),
            "br": self._break_line, "hr": self._add_rule, "table": self._open_table, "tr": self._open_row,
            "td": self._open_cell, "th": self._open_cell, "li": self._open_item, "ul": self._open_list,
            "ol": self._open_list, "a": self._open_link, "sup": self._open_raised, "dt": self._open_term,
        }  # fmt: skip
        self._ends: Mapping[str, Callable[[Event], None]] = {
            "a": lambda event: self._buffer.close_link(event.number),
            "sup": lambda _: self._buffer.close_raised(),
            "table": self._close_table, "ul": self._close_list, "ol": self._close_list,
            "dt": self._close_term,
        }  # fmt: skip

    def receive(self, event: Event) -> None:
        """Process the next part of the page."""
        if event.what == "text":
            self._text(event)
        elif event.what == "comment":
            if event.value.strip():
                self.remarks.append(Remark("comment", event.value, event.number))
        elif event.what == "start":
            self._start(event)
        else:
            self._end(event)

    def _text(self, event: Event) -> None:
        if self._skipped:
            return
        if self._in_head:
            if self._head_element != "title" and event.value.strip():
                self.remarks.append(Remark("text in the head", event.value.strip(), event.number))
            return
        if not self._verbatim:
            self._buffer.add(event.value, event.number)
            return
        number = event.number
        for i, line in enumerate(event.value.split("\n")):
            if i:
                self._end_line()
            self._buffer.add(line.rstrip("\r"), None if number is None else number + i)

    def _start(self, event: Event) -> None:
        name = event.value
        if self._skipped or name in _SKIPPED:
            self._skip(event)
            return
        self._head_element = name
        if name == "head":
            self._in_head = True
        if name in _BLOCKS:
            self.end_block()
        if event.attributes:
            self._note_attributes(event)
        if name in _HEADINGS:
            self._heading = _HEADINGS[name]
        self._verbatim += name in _VERBATIM
        self._navigation += name == "nav"
        self._quotes += name in ("blockquote", "dd")
        self.formatting.update([_FORMATTING[name]] if name in _FORMATTING else [])
        if name in _LABELS:
            self._buffer.open_label()
        if name in _AROUND:
            self._buffer.add(_AROUND[name][0], event.number)
        start = self._starts.get(name)
        if start is not None:
            start(event)

    def _end(self, event: Event) -> None:
        name = event.value
        if self._skipped:
            if self._skipped[-1] == name:
                self._skipped.pop()
            return
        if event.element is self._hidden:
            self._hidden = None
        if name in _AROUND:
            self._buffer.add(_AROUND[name][1], event.number)
        if name in _LABELS:
            self._close_label(event)
        end = self._ends.get(name)
        if end is not None:
            end(event)
        if name in _BLOCKS:
            self.end_block()
        if name in _HEADINGS:
            self._heading = 0
        self._verbatim -= name in _VERBATIM
        self._navigation -= name == "nav"
        self._quotes -= name in ("blockquote", "dd")
        if name == "head":
            self._in_head = False

    def _skip(self, event: Event) -> None:
        if not self._skipped and event.value != "style":
            text = "".join(event.element.itertext()) if event.value != "script" else event.element.text or ""
            self.remarks.append(Remark(event.value, event.attributes.get("src", "") or text, event.number))
        self._skipped.append(event.value)

    def _note_attributes(self, event: Event) -> None:
        self.remarks += remarks_on(event)
        if self._hidden is None and is_hidden(event):
            self._hidden = event.element  # what is inside of it is hidden with it
            self.remarks.append(hidden_text(event))

    # lines and blocks

    def _close_label(self, event: Event) -> None:
        text = self._buffer.close_label()
        if text:  # `Source: …; Transcription: …` on one line of the page
            self._end_line()
            self._buffer.open_label()
            self._buffer.add(text, event.number)
            self._buffer.close_label()

    def end_block(self) -> None:
        """End a paragraph."""
        self._end_line()
        self._block += 1

    def _end_line(self) -> None:
        kind = LineKind.VERBATIM if self._verbatim else LineKind.HEADING if self._heading else LineKind.TEXT
        number = self._buffer.number
        text, label = self._buffer.take(is_verbatim=bool(self._verbatim))
        links = self._buffer.take_links()
        if not text.strip():
            if self._verbatim:
                self._block += 1
            return
        if self._terms:
            kind = LineKind.TERM
        elif "\t" in text and not self._verbatim:
            kind = LineKind.CELLS
        self.lines.append(
            Line(
                text,
                number,
                self._block,
                kind,
                self._heading,
                label,
                links,
                self._navigation > 0,
                self._indent(),
            )
        )

    def _indent(self) -> str:
        depth = min(self._quotes + max(0, len(self._lists) - 1), _MAX_DEPTH_SHOWN)
        bullet, self._bullet = self._bullet, " " * len(self._bullet)
        return _INDENT * depth + bullet

    def _break_line(self, event: Event) -> None:
        if self._tables and self._tables[-1] and self._cells > 1:
            self._buffer.add(" / ", event.number)
        elif self._buffer.is_blank:
            self._block += 1
            self._buffer.take()
        else:
            self._end_line()

    def _add_rule(self, event: Event) -> None:
        self.end_block()
        self.lines.append(Line("", event.number, self._block, LineKind.RULE))
        self.end_block()

    # lists and tables

    def _open_list(self, event: Event) -> None:
        start = event.attributes.get("start", "1")
        first = int(start) if start.isascii() and start.isdecimal() and len(start) < 8 else 1
        self._lists.append(first if event.value == "ol" else None)

    def _close_list(self, _event: Event) -> None:
        if self._lists:
            self._lists.pop()
        self._bullet = ""

    def _open_item(self, _event: Event) -> None:
        number = self._lists[-1] if self._lists else None
        self._bullet = "- " if number is None else f"{number}. "
        if number is not None:
            self._lists[-1] = number + 1

    def _open_term(self, _event: Event) -> None:
        self._terms += 1

    def _close_term(self, _event: Event) -> None:
        self._end_line()
        self._terms -= 1

    def _open_table(self, event: Event) -> None:
        self._tables.append(is_of_data(event.element, _BLOCKS))

    def _close_table(self, _event: Event) -> None:
        self.end_block()
        self._table_block = None
        if self._tables:
            self._tables.pop()

    def _open_row(self, event: Event) -> None:
        self._cells = sum(1 for child in event.element if child.tag in ("td", "th"))
        if self._tables and self._tables[-1] and self._cells > 1:
            self._table_block = self._block = self._table_block or self._block  # its rows are one block

    def _open_cell(self, event: Event) -> None:
        if not (self._tables and self._tables[-1] and self._cells > 1):
            self.end_block()
        elif event.element.getprevious() is not None:
            self._buffer.add(CELL, event.number)

    # links, images, frames

    def _open_link(self, event: Event) -> None:
        self._buffer.open_link(event.attributes.get("href"))

    def _open_raised(self, _event: Event) -> None:
        self._buffer.open_raised()

    def _add_picture(self, event: Event) -> None:
        self._buffer.add(picture_text(event), event.number)
