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
def test_si_units_are_decimal_and_iec_units_are_binary(text: str, size_bytes: int) -> None:
    assert ByteSize().convert(text, None, None) == size_bytes


@pytest.mark.parametrize("text", ["", "-1", "fast", "1.5M", "M", "MiB", "7i", "7iB", "\u0663", "1MBB", "1P"])
def test_a_text_that_is_not_a_size_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="not a size"):
        ByteSize().convert(text, None, None)


def test_zero_is_a_size_only_if_the_option_allows_it() -> None:
    assert ByteSize(0).convert("0", None, None) == 0
    with pytest.raises(click.BadParameter, match="at least 1 byte"):
        ByteSize().convert("0", None, None)


def test_every_size_option_parses_sizes_alike() -> None:
    context = click.Context(cli)
    options = [
        option
        for name in cli.list_commands(context)
        for option in cli.get_command(context, name).params  # type: ignore[union-attr]
        if isinstance(option, click.Option) and (option.metavar == "SIZE" and option.name != "split")
    ]
    assert {option.opts[0] for option in options} == {
        "--bwlimit", "--max-size", "--max-total", "--bytes-limit",
    }  # fmt: skip
    assert all(isinstance(option.type, ByteSize) for option in options)
