"""Returns a range of lines as facts for the inventory of a package."""

from __future__ import annotations

from typing import Any

from archtool.text.line_spans import LineSpan


def line_facts(span: LineSpan) -> dict[str, Any]:
    """Return a range of lines as facts for the inventory."""
    return {
        "from-line": span.from_line,
        "to-line": span.to_line,
        "offset-bytes": span.offset_bytes,
        "size-bytes": span.size_bytes,
        "digest": {span.digest.algorithm.value: span.digest.hex},
    }
