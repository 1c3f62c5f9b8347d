"""With which digest algorithms a package is made: the option, and what it said."""

from __future__ import annotations

import click

from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm

algorithm_option = click.option(
    "--algorithm", "algorithms", multiple=True, metavar="A", help="Digest algorithm; default: sha512."
)


def parse_algorithms(names: tuple[str, ...]) -> tuple[Algorithm, ...]:
    """The digest algorithms that were named, or the one that is taken where none was.

    Raises:
        InputError: one of them is not known.
    """
    parsed = tuple(dict.fromkeys(Algorithm.parse(name) for name in names))
    return parsed or (DEFAULT_ALGORITHM,)
