"""Formats EDTF dates as TEI: the attributes for machines, the text as it was written.

An approximate or uncertain date has a `precision` or `certainty` inside, so that no machine takes it as
exact.

Source: TEI P5, att.datable.w3c; chapter 21 (certainty, precision).
"""

from __future__ import annotations

from archtool.exports.catalogue.dates import DateRange, read_edtf
from archtool.exports.catalogue.elements import Verbatim
from archtool.xml_text import format_attributes, format_text


def date_attributes(text: str | None) -> dict[str, str | None]:
    """Return the attributes of a date that TEI can say without doubt; none for any other."""
    if text is None:
        return {}
    date = read_edtf(text)
    return {} if date.is_doubtful else _attributes(date)


def date_element(text: str | None) -> Verbatim | None:
    """Return the date as an element with the EDTF as its text."""
    if text is None:
        return None
    date = read_edtf(text)
    attributes = {name: day for name, day in _attributes(date).items() if day}
    doubts = "".join(_doubts(date)) if attributes else ""
    return Verbatim(f"<date{format_attributes(attributes)}>{format_text(text)}{doubts}</date>")


def _attributes(date: DateRange) -> dict[str, str | None]:
    if date.is_interval:
        return {"from": date.begin, "to": date.end}
    if date.is_span:
        return {"notBefore": date.begin, "notAfter": date.end}
    return {"when": date.begin}


def _doubts(date: DateRange) -> list[str]:
    doubts = ['<precision precision="low"/>'] if date.is_approximate else []
    return doubts + (['<certainty locus="value" cert="low"/>'] if date.is_uncertain else [])
