"""Reads what identifies a package as an edition: its payload manifests, and the package that it replaces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.description.model import Description
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.hashing.hash_file import hash_file
from archtool.operations.content.derived_history import stated_packaging_time, stated_predecessor
from archtool.operations.content.package_reader import OpenPackage, open_package
from archtool.operations.history.replacement import ReplacedPackage
from archtool.operations.open_package.package_paths import PROVENANCE_PATH
from archtool.operations.pack.compose import package_name
from archtool.operations.package_description import read_description
from archtool.operations.trust.trust_request import TrustRequest
from archtool.provenance.vocabulary import package_uri

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:[!-~]+")
Manifests = frozenset[tuple[str, Digest]]


@dataclass(frozen=True, slots=True)
class Edition:
    """A package, as far as it decides which version of which object it becomes."""

    root: Path
    identifier: str
    """The identifier of its object, a URI."""
    label: str
    made_at: datetime
    """Aware."""
    maker: str | None
    """The name of who packed it, if stated."""
    maker_uri: str | None
    manifests: Manifests
    """Its payload manifests by name, each with its SHA-512."""
    head: str | None
    """Its newest attestation, if it has one."""
    replaces: ReplacedPackage | None


def read_edition(root: Path, at: datetime, limits: Limits | None = None) -> Edition:
    """Read a package without its payload; `at` is the current time, aware.

    Raises:
        InputError: there is no package, or it cannot be read.
        ReadFailedError: the storage failed.
    """
    with open_package(root, limits) as package:
        description, document = read_description(package.metadata), _provenance(package)
        packager = description.packager if description is not None else None
        head = package.check_trust(TrustRequest(), at, None).head
        label = package_name(description) if description is not None else _foreign_name(root, package)
        return Edition(
            root,
            _identifier(root, package, description),
            label,
            stated_packaging_time(document) or _bagging_date(package) or at,
            packager.name if packager is not None else None,
            packager.id if packager is not None else None,
            frozenset(_manifests(package)),
            str(head) if head is not None else None,
            stated_predecessor(document),
        )


def _identifier(root: Path, package: OpenPackage, description: Description | None) -> str:
    if description is not None:
        return package_uri(package_name(description)).removesuffix(":")
    values = (value.strip() for value in package.bag.info.values("External-Identifier"))
    stated = next((value for value in values if value), None) or _foreign_name(root, package)
    return stated if _URI.fullmatch(stated) else package_uri(stated).removesuffix(":")


def _foreign_name(root: Path, package: OpenPackage) -> str:
    return package.source.folder_name or root.resolve().name


def _provenance(package: OpenPackage) -> Mapping[str, Any]:
    try:
        document = package.metadata.json(PROVENANCE_PATH)
    except InputError:  # a package whose metadata contradicts it is refused before it is copied
        return {}
    return document if isinstance(document, dict) else {}


def _bagging_date(package: OpenPackage) -> datetime | None:
    for value in package.bag.info.values("Bagging-Date"):
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            continue
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return None


def _manifests(package: OpenPackage) -> list[tuple[str, Digest]]:
    algorithm = Algorithm.SHA512
    return [
        (one.name, hash_file(package.source, one.name, (algorithm,)).digest(algorithm))
        for one in package.bag.manifests
    ]
