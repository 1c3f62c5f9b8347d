"""Makes the identifiers of the entities in an RO-Crate: relative paths, fragments and URIs.

Source: RO-Crate 1.2, Data Entities (file paths as relative IRIs), Appendix on relative URI references.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from archtool.exports.crate.model import METADATA_NAME
from archtool.provenance.model import EntityKind, History, ProvAgent, ProvEntity

ROOT = "./"
_PAYLOAD = "data/"
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")
_KEPT = "/-._~!$&'()*+,;=@"  # not `:`, because `a:b` is a URI with the scheme `a`
_RUN = re.compile("[\x21-\x7e]+|[^\x21-\x7e]")


def file_iri(path: str) -> str:
    """Return a path as a relative IRI: letters of all scripts stay, everything else is percent-encoded.

    Bytes of a name that are not UTF-8 are percent-encoded, so the name can be restored exactly.
    """
    return "".join(_encode(run) for run in _RUN.findall(path))


def _encode(run: str) -> str:
    if not run.isascii() and run.isalnum():
        return run
    is_byte = "\udc80" <= run <= "\udcff"
    return quote(run, safe=_KEPT, errors="surrogateescape" if is_byte else "surrogatepass")


def is_url(text: str) -> bool:
    """Return whether a text is a URL that can identify an entity."""
    return _URL.fullmatch(text) is not None


def make_identifiers(history: History) -> Mapping[str, str]:
    """Return the identifier in the crate of each entity, event and agent, by its id in the history."""
    made = {entity.id: _entity_identifier(entity) for entity in history.entities}
    made |= {event.id: f"#{event.id}" for event in history.events}
    taken = {METADATA_NAME, ROOT}
    for agent in history.agents:
        made[agent.id] = identifier = _agent_identifier(agent, taken)
        taken.add(identifier)
    return made


def _entity_identifier(entity: ProvEntity) -> str:
    match entity.kind:
        case EntityKind.PACKAGE:
            return ROOT
        case EntityKind.FILE:
            return file_iri(str(entity.facts["path"]).removeprefix(_PAYLOAD))
        case EntityKind.FOLDER:
            return file_iri(str(entity.facts["folder"]).removeprefix(_PAYLOAD))
        case _:
            return f"#{entity.id}"


def _agent_identifier(agent: ProvAgent, taken: set[str]) -> str:
    """Return the agent's own URL, unless another agent has the same."""
    own = agent.identifier
    return own if own is not None and is_url(own) and own not in taken else f"#{agent.id}"
