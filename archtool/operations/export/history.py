"""Formats the history of a package, from its provenance manifest."""

from __future__ import annotations

import json
from collections.abc import Sequence

from archtool.exports.catalogue.record import Record
from archtool.exports.provenance.prov_n import format_prov_n


def format_history_as_prov_json(records: Sequence[Record]) -> str:
    """Return the PROV-JSON of the package as it is."""
    return records[0].prov_json or ""


def format_history_as_prov_n(records: Sequence[Record]) -> str:
    """Return the history in PROV-N, the notation for people."""
    return format_prov_n(json.loads(records[0].prov_json or "{}"))
