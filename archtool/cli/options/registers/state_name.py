"""The type of options that name the state of a copy."""

from __future__ import annotations

from typing import Any

import click

from archtool.holdings.copy_state import CopyState

_WORDS = {"in-order": CopyState.OK.value}


class StateName(click.Choice[str]):
    """A state by its name, `never-checked`, or in the words of the list, `never checked`, `in order`."""

    def __init__(self) -> None:
        super().__init__([state.value for state in CopyState])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the name of the state; a usage error if there is none."""
        name = "-".join(str(value).casefold().split())
        return super().convert(_WORDS.get(name, name), param, ctx)
