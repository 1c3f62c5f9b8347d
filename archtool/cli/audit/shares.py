"""Shares of all copies on the command line: `1/30`, `1%`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import click

_SHARE = re.compile(r"([0-9]{1,9})/([0-9]{1,9})", re.ASCII)
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%", re.ASCII)


class Share(click.ParamType[Fraction]):
    """A part of the whole, `1/30`."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        """Return the share; a usage error if the text is none."""
        if isinstance(value, Fraction):
            return value
        match = _SHARE.fullmatch(value)
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            self.fail(f"not a share: {value!r} (write 1/30)", param, ctx)
        return Fraction(int(match[1]), int(match[2]))


class Percentage(click.ParamType[Fraction]):
    """A part of a hundred, `1%` or `0.5%`, as a part of the whole."""

    name = "percentage"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        """Return the share; a usage error if the text is none."""
        if isinstance(value, Fraction):
            return value
        match = _PERCENT.fullmatch(value)
        share = Fraction(match[1]) / 100 if match is not None else Fraction(0)
        if not 0 < share <= 1:
            self.fail(f"not a sample: {value!r} (write 1% or 0.5%)", param, ctx)
        return share
