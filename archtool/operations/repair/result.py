"""The facts of a repair, as JSON values."""

from __future__ import annotations

from typing import Any

from archtool.operations.repair.limits import MAX_LISTED
from archtool.operations.repair.model import BadFile, RepairRequest
from archtool.operations.repair.places import Places
from archtool.operations.repair.restore import Restored
from archtool.operations.repair.survey import Survey
from archtool.operations.repair.vouching.reference import Reference

RESULT_SCHEMA = "archtool/repair/1"


def repair_facts(
    request: RepairRequest, places: Places, reference: Reference, found: Survey, restored: Restored
) -> dict[str, Any]:
    """Return what was found and done; at most `MAX_LISTED` files, all of them are counted.

    If there are more, the restored ones come first: what was written is what must be known.
    """
    bad = found.bad
    if len(bad) > MAX_LISTED:
        bad = tuple(sorted(bad, key=lambda file: not file.is_restored))
    return {
        "applied": request.apply,
        "vouched_by": reference.voucher or None,
        "copies": [
            {"number": number, "path": str(path), "problem": places.closed.get(number)}
            for number, path in enumerate(request.copies, 1)
        ],
        "files": [_file_facts(file) for file in bad[:MAX_LISTED]],
        "unlisted": len(found.unlisted),
        "counts": {
            "judged": found.files,
            "bad": len(bad),
            "restorable": sum(1 for f in bad if f.source is not None and f.problem is None),
            "restored": len(restored.files),
        },
        "whole_from": restored.whole_from,
        "replaced": str(restored.kept_in) if restored.kept_in is not None else None,
    }


def _file_facts(file: BadFile) -> dict[str, Any]:
    return {
        "path": file.path,
        "state": file.state.value,
        "expected": [str(e.digest) for e in file.expected],
        "listed_in": [e.manifest for e in file.expected],
        "observed": file.observed,
        "copies": {str(number): state.value for number, state in sorted(file.copies.items())},
        "source": file.source,
        "restored": file.is_restored,
        "problem": file.problem,
    }
