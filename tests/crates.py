"""Reads RO-Crates in the tests with other programs: the validator of the RO-Crate community, and `rocrate`.

The context of RO-Crate is on the web. The one that the library `rocrate` brings (1.3) stands for it: no test
reads from the web.
"""

from __future__ import annotations

import json
import warnings
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    import pytest

CONTEXT = "https://w3id.org/ro/crate/1.2/context"


def context_text() -> str:
    return (files("rocrate") / "data" / "ro-crate.jsonld").read_text(encoding="utf-8")


def offline(patch: pytest.MonkeyPatch) -> None:
    """Answer every request of the validator here: the context as it is on the disk, and nothing else."""
    from rocrate_validator.utils.http import HttpRequester

    def get(self: object, url: str, **given: Any) -> requests.Response:
        del self, given
        answer = requests.Response()
        answer.url, answer.status_code = url, 200 if url == CONTEXT else 404
        answer._content = context_text().encode() if url == CONTEXT else b""
        answer.headers["Content-Type"] = "application/ld+json"
        return answer

    for verb in ("get", "head", "fetch_fresh"):
        patch.setattr(HttpRequester, verb, get, raising=False)


def faults_of_crate(folder: Path, patch: pytest.MonkeyPatch, level: str = "REQUIRED") -> list[str]:
    """Return what the validator finds at a level of the RO-Crate 1.2 profile."""
    from rocrate_validator import services

    offline(patch)
    settings = services.ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="ro-crate-1.2",
        requirement_severity=level,
        no_cache=True,
    )
    with warnings.catch_warnings():  # pyshacl uses what rdflib is about to drop
        warnings.simplefilter("ignore", DeprecationWarning)
        result = services.validate(settings)
    return [
        f"{issue.check.identifier} {issue.violatingEntity}: {issue.message}" for issue in result.get_issues()
    ]


def read_crate(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the entities of a crate by their identifiers."""
    document = json.loads((folder / "ro-crate-metadata.json").read_bytes())
    return {entity["@id"]: entity for entity in document["@graph"]}


def unknown_terms(text: str) -> set[str]:
    """Return the names of properties and types that the context of a crate does not define."""
    document = json.loads(text)
    own = document["@context"][1] if isinstance(document["@context"], list) else {}
    known = {*json.loads(context_text())["@context"], *own, "@id", "@type"}
    used = {name for entity in document["@graph"] for name in entity}
    for entity in document["@graph"]:
        used |= {entity["@type"]} if isinstance(entity["@type"], str) else set(entity["@type"])
    return {name for name in used - known if name.partition(":")[0] not in known}


def statements_of(text: str) -> set[tuple[str, str, str]]:
    """Return the RDF statements of a crate whose folder is https://example.org/crate/."""
    from rdflib import Graph

    document = json.loads(text)
    given = document["@context"]
    own = given[1:] if isinstance(given, list) else []
    document["@context"] = [json.loads(context_text())["@context"], *own]
    with warnings.catch_warnings():  # rdflib uses what it is about to drop
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = Graph().parse(
            data=json.dumps(document), format="json-ld", publicID="https://example.org/crate/"
        )
    return {(str(subject), str(predicate), str(value)) for subject, predicate, value in graph}


def references_in(value: object) -> list[dict[str, str]]:
    """Return every reference in JSON-LD."""
    if isinstance(value, dict):
        inner = [one for member in value.values() for one in references_in(member)]
        return [value, *inner] if value.keys() == {"@id"} else inner
    return [one for member in value for one in references_in(member)] if isinstance(value, list) else []
