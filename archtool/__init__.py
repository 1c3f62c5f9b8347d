"""archtool: validated, signed BagIt packages for transcriptions of historical documents.

This module is the public API: the functions below, the results that they return and the errors that they
raise. Everything in the packages beside it is private and can change in any version.

    >>> import archtool
    >>> archtool.check("letter/description.yaml").exit_code
    <ExitCode.DONE: 0>
    >>> made = archtool.pack("letter/description.yaml", "letter-package", sign="archivist-key")
    >>> made.facts["title"]
    'Letter of the bureau to the sections'
    >>> verified = archtool.verify("letter-package", trust="allowed_signers")
    >>> dict(verified.verdict)
    {'bag': 'valid', 'content': 'consistent', 'trust': 'trusted'}
    >>> archtool.read_package("letter-package").citation
    'Cahiers, no 3 (1979), pp. 12-14.'

The state of a package, however damaged, is in the findings of a `Result`. An `ArchtoolError` says that
something could not be done: `message` says what and where, `hint` what to do, `exit_code` the exit code for a
script. Paths are text or `Path`; times are aware.

Importing this module imports nothing else of archtool: each name is imported when it is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` itself takes 2 ms to import
if TYPE_CHECKING:
    from archtool.api.attest import attest
    from archtool.api.audit import audit
    from archtool.api.check import check
    from archtool.api.cite import cite
    from archtool.api.export import export
    from archtool.api.pack import pack
    from archtool.api.read_package import read_package
    from archtool.api.verify import verify
    from archtool.errors import (
        ArchtoolError,
        InputError,
        MaterialRefusedError,
        MissingPartError,
        ReadFailedError,
        SourceChangedError,
        StorageError,
        UsageError,
    )
    from archtool.exit_codes import ExitCode
    from archtool.findings import Finding, Place, Severity
    from archtool.operations.cite import Citation
    from archtool.operations.export.export_packages import Export
    from archtool.report.package_view import PackageView
    from archtool.results import Result

__version__ = "0.1.0"
"""The only place where the version is written: the build reads it from here."""

__all__ = [
    "ArchtoolError", "Citation", "ExitCode", "Export", "Finding", "InputError", "MaterialRefusedError",
    "MissingPartError", "PackageView", "Place", "ReadFailedError", "Result", "Severity", "SourceChangedError",
    "StorageError", "UsageError", "__version__", "attest", "audit", "check", "cite", "export", "pack",
    "read_package", "verify",
]  # fmt: skip

_FUNCTIONS = ("attest", "audit", "check", "cite", "export", "pack", "read_package", "verify")
_ERRORS = (
    "ArchtoolError", "InputError", "MaterialRefusedError", "MissingPartError", "ReadFailedError",
    "SourceChangedError", "StorageError", "UsageError",
)  # fmt: skip
_MODULES = {
    **{name: f"archtool.api.{name}" for name in _FUNCTIONS},
    **dict.fromkeys(_ERRORS, "archtool.errors"),
    **dict.fromkeys(("Finding", "Place", "Severity"), "archtool.findings"),
    "Citation": "archtool.operations.cite",
    "ExitCode": "archtool.exit_codes",
    "Export": "archtool.operations.export.export_packages",
    "PackageView": "archtool.report.package_view",
    "Result": "archtool.results",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    import importlib  # lazy: a program that asks for the version needs no more

    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module 'archtool' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(module), name)
    return value


def __dir__() -> list[str]:
    """List the public names, for `help` and for completion at a prompt."""
    return sorted({*globals(), *__all__})
