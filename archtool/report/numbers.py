"""Formats sizes and counts for people."""

from __future__ import annotations

_UNITS = ("bytes", "KB", "MB", "GB", "TB", "PB")


def format_size(size_bytes: int) -> str:
    """Format a size in decimal units: `17.4 KB`."""
    size, unit = float(size_bytes), 0
    while size >= 999.95 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return counted(size_bytes, "byte") if unit == 0 else f"{size:.1f} {_UNITS[unit]}"


def counted(number: int, noun: str) -> str:
    """Format a number with its noun: `1 file`, `1,204 files`."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"
