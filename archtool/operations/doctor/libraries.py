"""Checks Python, the libraries that archtool needs, and the optional parts."""

from __future__ import annotations

import importlib
import platform
import sqlite3
import sys
from collections.abc import Iterator
from importlib import metadata

from packaging.requirements import Requirement

from archtool import __version__
from archtool.installation import DISTRIBUTION, install_command, install_requirement_command
from archtool.operations.doctor.model import Check, failed, passed, warned

_MIN_PYTHON = (3, 11)
_LAST_TESTED_PYTHON = (3, 14)
_OPTIONAL = {
    "cluster": "batch --runner dask needs it",
    "cite": "cite --style and report --style need it",
    "fido": "pack --formats fido needs it",
}
# libraries with compiled parts, which can be installed and still not load: the module that loads them
_COMPILED = {
    "bcrypt": "bcrypt",
    "cryptography": "cryptography.hazmat.bindings._rust",
    "jsonschema-rs": "jsonschema_rs",
    "lxml": "lxml.etree",
    "pyyaml": "yaml",
}


def check_python() -> Iterator[Check]:
    """Check the version of the interpreter and of the SQLite in it."""
    version = f"Python {platform.python_version()} at {sys.executable}"
    if sys.version_info < _MIN_PYTHON:
        yield failed("python", f"{version}: archtool needs 3.11 or later", "install a newer Python")
    elif sys.version_info[:2] > _LAST_TESTED_PYTHON:
        yield warned("python", f"{version}: newer than any that archtool {__version__} was tested with")
    else:
        yield passed("python", f"{version}, archtool {__version__}, SQLite {sqlite3.sqlite_version}")


def check_libraries() -> Iterator[Check]:
    """Check that each required library is installed in a version that is allowed, and can be loaded."""
    requirements = _requirements()
    if requirements is None:
        yield warned(
            "libraries",
            f"{DISTRIBUTION} is not installed (run from a checkout): versions are not compared",
            "python -m pip install --editable .",
        )
        return
    found, problems = [], []
    for requirement in requirements:
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            problem = _problem_of(requirement)
            problems += [problem] if problem else []
            found.append(f"{requirement.name} {_version(requirement.name) or 'missing'}")
    yield from problems
    if not problems:
        yield passed("libraries", f"{len(found)} libraries: {', '.join(found)}")


def check_optional_parts() -> Iterator[Check]:
    """Check the optional parts: one that is not installed is in order, a broken one is not."""
    for extra, purpose in _OPTIONAL.items():
        wanted = [one for r in _requirements() or () if _is_only_for(r, extra) for one in _with_extras(r)]
        missing = [r.name for r in wanted if _version(r.name) is None]
        wrong = [r for r in wanted if r.name not in missing and not _is_allowed(r)]
        versions = ", ".join(f"{r.name} {_version(r.name)}" for r in wanted)
        if wrong or (missing and len(missing) < len(wanted)):
            names = ", ".join([*missing, *(f"{r.name} {_version(r.name)}" for r in wrong)])
            yield warned("optional", f"{extra}: incomplete ({names}); {purpose}", install_command(extra))
        elif missing or not wanted:
            yield passed("optional", f"{extra}: not installed; {purpose}", install_command(extra))
        else:
            yield passed("optional", f"{extra}: {versions}")


def _requirements() -> list[Requirement] | None:
    """Return what the installed archtool requires; `None` if it is not installed."""
    try:
        lines = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return None
    return [Requirement(line) for line in lines]


def _is_only_for(requirement: Requirement, extra: str) -> bool:
    marker = requirement.marker
    return marker is not None and marker.evaluate({"extra": extra}) and not marker.evaluate({"extra": ""})


def _with_extras(requirement: Requirement) -> Iterator[Requirement]:
    """Yield a requirement, as `dask[distributed]`, and what its own extras require."""
    yield requirement
    if requirement.extras and _version(requirement.name) is not None:
        inner = [Requirement(line) for line in metadata.requires(requirement.name) or ()]
        yield from (one for one in inner if any(_is_only_for(one, extra) for extra in requirement.extras))


def _problem_of(requirement: Requirement) -> Check | None:
    version, name = _version(requirement.name), requirement.name
    wanted = f"{name}{requirement.specifier}"
    if version is None:
        return failed("libraries", f"{name} is not installed", install_requirement_command(wanted))
    if not _is_allowed(requirement):
        return failed(
            "libraries", f"{name} {version}: archtool needs {wanted}", install_requirement_command(wanted)
        )
    module = _COMPILED.get(name.lower())
    if module is None:
        return None
    try:
        importlib.import_module(module)
    except ImportError as error:
        return failed(
            "libraries",
            f"{name} {version} is installed and cannot be loaded: {error}",
            install_requirement_command(wanted, again=True),
        )
    return None


def _is_allowed(requirement: Requirement) -> bool:
    return requirement.specifier.contains(_version(requirement.name) or "0", prereleases=True)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
