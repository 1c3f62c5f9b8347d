"""Kinds of findings about packages that become OCFL objects."""

from __future__ import annotations

from archtool.findings import Kind, Severity

OCFL_PREDECESSOR_MISSING = Kind(
    "ocfl.predecessor-missing", Severity.WARNING,
    "A package replaces an older one, which is not at hand: the object begins with a later version.",
    "name the older package as well; versions before the first one cannot be added to an object",
)  # fmt: skip
OCFL_SIDECAR_LEFT = Kind(
    "ocfl.sidecar-left-behind", Severity.WARNING,
    "Attestations beside a package, in its sidecar, are not in the object.",
    "to have them in the object, copy them into the package first: archtool attest --merge-sidecar",
)  # fmt: skip
OCFL_NAME = Kind(
    "ocfl.name-not-unicode", Severity.ERROR,
    "A file has a name that is not Unicode: an OCFL inventory, which is JSON, cannot list it.",
    "rename the file in the sources and pack them again", "OCFL 1.1 §3.5",
)  # fmt: skip
