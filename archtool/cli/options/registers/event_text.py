"""The type of options whose text is kept in events: names, reasons, notes."""

from __future__ import annotations

from typing import Any

import click

from archtool.files.paths import shown

MAX_CHARACTERS = 10_000  # some pages; an event with more is a document, and belongs into a package


class EventText(click.ParamType[str]):
    """A text that can stand in an event: not empty, UTF-8, and not too long."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text; a usage error if no event can keep it."""
        text = str(value)
        if not text.strip():
            self.fail("the text is empty; leave the option out, or write something", param, ctx)
        if len(text) > MAX_CHARACTERS:
            self.fail(f"the text has {len(text):,} characters, at most {MAX_CHARACTERS:,}", param, ctx)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            self.fail(f"the text is not UTF-8: {shown(text[:80])}", param, ctx)
        return text


EVENT_TEXT = EventText()
