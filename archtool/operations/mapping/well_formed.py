"""Keeps the parts of a mapping that have their shape, so that a fault in one part does not hide others."""

from __future__ import annotations

from typing import Any

from archtool.description.table.date_order import DateOrder

_ORDERS = {order.value for order in DateOrder}


def has_columns(values: Any) -> bool:
    """Whether the mapping of a table has columns, without which nothing else can be checked."""
    return isinstance(values, dict) and isinstance(values.get("columns"), dict)


def well_formed_table(values: dict[str, Any]) -> dict[str, Any]:
    """Return the columns and the constants of one table; what has another shape is left out.

    A column whose key cannot be read is kept without a key.
    """
    return {
        "columns": {name: _rule(value) for name, value in _fields(values.get("columns")).items()},
        "constants": {
            key: text
            for key, text in _fields(values.get("constants")).items()
            if text is None or isinstance(text, str)
        },
    }


def _fields(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _rule(value: Any) -> Any:
    if not isinstance(value, dict):
        return _texts(value)
    rule = {"to": _texts(value.get("to")), "split": _texts(value.get("split"))}
    if value.get("date-order") in _ORDERS:
        rule["date-order"] = value["date-order"]
    rule["values"] = {
        text: meaning
        for text, meaning in _fields(value.get("values")).items()
        if meaning is None or isinstance(meaning, str)
    }
    return rule


def _texts(value: Any) -> Any:
    """Return a text that is not empty, or a list of such texts; otherwise `None`."""
    texts = value if isinstance(value, list) else [value]
    return value if texts and all(isinstance(text, str) and text for text in texts) else None
