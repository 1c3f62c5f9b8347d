"""Kinds of findings about exports: what a package lacks for a form, and what a form cannot carry."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

EXPORT_NOT_DESCRIBED = Kind(
    "export.not-described", Severity.ERROR,
    "The package has no description, or none that can be read: there is nothing to export.",
    "run archtool verify on it; a bag of another tool gets a description with archtool new --from-bag",
    exit_code=ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
EXPORT_NOT_CITED = Kind(
    "export.not-cited", Severity.ERROR,
    "The package has no citation, or none that can be read, so a bibliography cannot list it.",
    "run archtool verify on it", exit_code=ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
EXPORT_UNREADABLE = Kind(
    "export.unreadable", Severity.ERROR, "One of several packages cannot be read; the others are exported.",
    "run archtool verify on it", exit_code=ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
EXPORT_ESCAPED = Kind(
    "export.characters-escaped", Severity.WARNING,
    "Characters that XML cannot carry are written as codes such as `\\u{1}`; so is a backslash before `u{`.",
    "check the text in the package; such characters are usually remains of a word processor",
    "XML 1.0 §2.2",
)  # fmt: skip
EXPORT_REMOVED = Kind(
    "export.characters-removed", Severity.WARNING,
    "Control characters or invisible characters are left out of a form that has no escapes for them.",
    "see them with: archtool show",
)  # fmt: skip
EXPORT_TEXT_LEFT_OUT = Kind(
    "export.text-left-out", Severity.WARNING, "A text of the package is not in the export.",
    "read the file in the package itself: the export has what is plain text and agrees with the manifest",
)  # fmt: skip
EXPORT_VALUE_MISSING = Kind(
    "export.value-missing", Severity.WARNING,
    "The form requires a value that the package does not state; the export says that it is not available.",
    "add the value where the export is used, or describe it and pack again",
)  # fmt: skip
