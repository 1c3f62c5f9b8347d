"""Formats help so that no name with hyphens, such as `ro-crate`, is broken over two lines."""

from __future__ import annotations

from collections.abc import Iterable

import click

_KEPT_HYPHEN = "\u2011"  # the non-breaking hyphen, only while lines are broken


class HelpFormatter(click.HelpFormatter):
    """Breaks lines at spaces only: a name must stay whole to be found and copied."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, _kept(args), prefix)

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        super().write_text(_kept(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names with their explanations in two columns."""
        super().write_dl([(name, _kept(text)) for name, text in rows], col_max, col_spacing)

    def write(self, string: str) -> None:
        """Write a text whose lines were broken."""
        super().write(string.replace(_KEPT_HYPHEN, "-"))


def _kept(text: str) -> str:
    return text.replace("-", _KEPT_HYPHEN)
