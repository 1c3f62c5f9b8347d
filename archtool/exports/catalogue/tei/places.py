"""Names the parts of a TEI document, so that the text and the header can point at each other."""

from __future__ import annotations


def annexe_id(place: tuple[int, ...]) -> str:
    """Return the id of an annexe by its place in the tree: `annexe-1-2` is the second in the first."""
    return "annexe-" + "-".join(str(number + 1) for number in place)
