"""The option that names the digest algorithms of a package."""

from __future__ import annotations

from pathlib import Path

import click

from archtool.cli.options.configuration.settings import configured_text
from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm

algorithm_option = click.option(
    "--algorithm",
    "algorithms",
    multiple=True,
    metavar="A",
    help="Digest algorithm; default: sha512, or what --profile requires.",
)


def parse_algorithms(names: tuple[str, ...], *, profile: Path | None = None) -> tuple[Algorithm, ...]:
    """Return the named digest algorithms, each once; without any name, the configured or default one.

    With a profile it is none: the profile decides.

    Raises:
        InputError: a name is unknown.
    """
    parsed = tuple(dict.fromkeys(Algorithm.parse(name) for name in names))
    if parsed or profile is not None:
        return parsed
    configured = configured_text("algorithm")
    return (Algorithm.parse(configured) if configured is not None else DEFAULT_ALGORITHM,)
