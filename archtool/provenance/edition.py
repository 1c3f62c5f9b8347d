"""Converts a citation (one CSL-JSON item) to facts about the source, verbatim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archtool.canonical_json import format_json_line
from archtool.provenance.ids import readable_id

VERBATIM = "archtool-verbatim"
"""The key in an item's `custom` that marks a citation given as text only; the text is in `note`."""

_UNDATED_BY_PUBLICATION = frozenset({"", "collection", "document", "interview", "manuscript"}) | {
    "personal_communication"
}


def edition_facts(item: Mapping[str, Any]) -> dict[str, str]:
    """Return every variable of the item as `csl-NAME`, or only `citation` for a citation given as text."""
    if is_verbatim(item):
        return {"citation": str(item["note"])}
    facts: dict[str, str] = {}
    for name, value in item.items():
        if name == "custom" and isinstance(value, Mapping):
            facts |= {_fact_name("custom-", key): _text(part) for key, part in value.items()}
        else:
            facts[_fact_name("", name)] = _text(value)
    return facts


def _fact_name(prefix: str, variable: str) -> str:
    return f"csl-{prefix}{readable_id(variable, 'unnamed')}"


def is_verbatim(item: Mapping[str, Any]) -> bool:
    """Whether the source was given as a citation in text form, which is not parsed."""
    custom = item.get("custom")
    text = custom.get(VERBATIM) if isinstance(custom, Mapping) else None
    return isinstance(text, str) and text == item.get("note")


def edition_label(item: Mapping[str, Any]) -> str:
    """Return a label for the source: its title in the citation, or the citation as text."""
    for name in ("container-title", "title", "note", "archive", "URL", "id"):
        if item.get(name):
            return str(item[name])
    return "source"


def is_publication(item: Mapping[str, Any]) -> bool:
    """Whether the citation states a publication: a publisher, its place, or a date of issue.

    The date of a manuscript or a letter is not a date of issue.
    """
    if item.get("publisher") or item.get("publisher-place"):
        return True
    return bool(item.get("issued")) and str(item.get("type", "")) not in _UNDATED_BY_PUBLICATION


def issued_edtf(item: Mapping[str, Any]) -> str | None:
    """Return the date of issue as EDTF, or `None` if it cannot be converted safely.

    Source: CSL-JSON date-variable; EDTF levels 0 and 1.
    """
    issued = item.get("issued")
    if not isinstance(issued, Mapping) or "season" in issued:
        return None
    parts = issued.get("date-parts")
    if not isinstance(parts, Sequence) or isinstance(parts, str) or not 1 <= len(parts) <= 2:
        return None
    days = [_edtf_day(part) for part in parts]
    if None in days:
        return None
    qualifier = "~" if issued.get("circa") else ""
    return "/".join(f"{day}{qualifier}" for day in days)


def _edtf_day(part: Any) -> str | None:
    """Format `[1932, 11, 3]` as `1932-11-03`; CSL allows numbers as text."""
    if not isinstance(part, Sequence) or isinstance(part, str) or not 1 <= len(part) <= 3:
        return None
    try:
        year, *rest = (int(number) for number in part)
    except (TypeError, ValueError):
        return None
    if not 0 <= year <= 9999 or not all(1 <= number <= 31 for number in rest):
        return None
    return "-".join([f"{year:04d}", *(f"{number:02d}" for number in rest)])


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence) and all(_is_name(part) for part in value):
        return "; ".join(_format_name(part) for part in value)
    if isinstance(value, Mapping):
        return issued_edtf({"issued": value}) or _stated_date(value) or format_json_line(value)
    return format_json_line(value)


def _stated_date(value: Mapping[str, Any]) -> str | None:
    for name in ("literal", "raw"):
        if set(value) == {name}:
            return str(value[name])
    return None


def _is_name(value: Any) -> bool:
    known = {"family", "given", "literal", "suffix", "dropping-particle", "non-dropping-particle"}
    return isinstance(value, Mapping) and bool(value) and known.issuperset(value)


def _format_name(name: Mapping[str, Any]) -> str:
    """Format a name as `Staël-Holstein, Germaine de`, with the parts in this order."""
    if "literal" in name:
        return str(name["literal"])
    family = " ".join(str(name[key]) for key in ("non-dropping-particle", "family") if name.get(key))
    given = " ".join(str(name[key]) for key in ("given", "dropping-particle") if name.get(key))
    suffix = str(name.get("suffix", ""))
    return ", ".join(part for part in (family, given, suffix) if part)
