"""Sizes on the command line."""

from __future__ import annotations

import click
import pytest

from archtool.cli.main import cli
from archtool.cli.options.byte_size import ByteSize


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        ("7", 7), ("7B", 7), ("2k", 2_000), ("2KB", 2_000), ("2 kb", 2_000), ("50M", 50_000_000),
        ("50MB", 50_000_000), ("50MiB", 50 * 1024**2), ("50mi", 50 * 1024**2), ("3GiB", 3 * 1024**3),
        ("1TB", 10**12), ("1TiB", 1024**4), (" 5 ", 5),
    ],
)  # fmt: skip
def test_units_of_the_si_are_decimal_and_those_with_an_i_are_binary(text: str, size_bytes: int) -> None:
    assert ByteSize().convert(text, None, None) == size_bytes


@pytest.mark.parametrize("text", ["", "-1", "fast", "1.5M", "M", "MiB", "7i", "7iB", "\u0663", "1MBB", "1P"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="not a size"):
        ByteSize().convert(text, None, None)


def test_nothing_is_a_size_only_where_it_has_a_meaning() -> None:
    assert ByteSize(0).convert("0", None, None) == 0
    with pytest.raises(click.BadParameter, match="at least 1 byte"):
        ByteSize().convert("0", None, None)


def test_every_option_that_takes_a_size_reads_it_alike() -> None:
    context = click.Context(cli)
    options = [
        option
        for name in cli.list_commands(context)
        for option in cli.get_command(context, name).params  # type: ignore[union-attr]
        if isinstance(option, click.Option) and (option.metavar == "SIZE" or "size" in (option.name or ""))
    ]
    assert {option.opts[0] for option in options} == {"--bwlimit", "--max-size", "--max-total"}
    assert all(isinstance(option.type, ByteSize) for option in options)
