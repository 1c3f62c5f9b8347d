"""Builds the model from values that were checked against the schema, so that every value has its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archtool.csl_dates import DATE_VARIABLES
from archtool.description.dates import csl_date
from archtool.description.model import (
    Agent,
    Annexe,
    AnnexeStatus,
    Attribution,
    Creator,
    CustodyEvent,
    Description,
    Original,
    OtherFile,
    RightsLayer,
    Source,
    TagFile,
    TextRepair,
    TranscriptionFile,
    Translation,
    Within,
)

Values = Mapping[str, Any]

# the description's names of CSL variables that have less plain names in CSL
CSL_NAMES = {"date": "issued", "place": "publisher-place", "pages": "page"}
_NOT_CSL = frozenset(["cite", "library", "container-title-translated"])
OWN_PREFIX = "x-"
"""The prefix of the archivist's own keys."""


def build_description(values: Values) -> Description:
    """Build the model from values that are valid under `description.schema.json`."""
    return Description(
        title=values["title"],
        source=build_source(values["source"]),
        transcription=_transcription(values["transcription"]),
        creators=tuple(map(_creator, values.get("creators", ()))),
        addressees=_agents(values.get("addressees", ())),
        original=_original(values["original"]) if "original" in values else None,
        translation=_translation(values["translation"]) if "translation" in values else None,
        annexes=tuple(map(_annexe, values.get("annexes", ()))),
        files=tuple(OtherFile(**_fields(item)) for item in values.get("files", ())),
        left_out=tuple(values.get("left-out", ())),
        custody=tuple(map(_custody_event, values.get("custody", ()))),
        rights=tuple(
            _rights_layer(layer, rights)
            for layer, rights in values.get("rights", {}).items()
            if not layer.startswith(OWN_PREFIX)
        ),
        packager=_agent(values.get("packager")),
        keeps_empty_folders="empty-folders" in values,
        tag_files=tuple(
            TagFile(item["file"], item.get("as", item["file"])) for item in values.get("tag-files", ())
        ),
        bag_info={label: _texts(value) for label, value in values.get("bag-info", {}).items()},
        extras=dict(_extras(values)),
        **_fields(values, _SIMPLE),
    )


_SIMPLE = (
    "id", "title-status", "genre", "language", "date", "place", "abstract", "collection", "note",
)  # fmt: skip


def _fields(values: Values, names: Sequence[str] | None = None) -> dict[str, Any]:
    """Return values under their names in the model, without the archivist's own keys."""
    chosen = values if names is None else {name: values[name] for name in names if name in values}
    return {name.replace("-", "_"): value for name, value in chosen.items() if name[:2] != OWN_PREFIX}


def _extras(values: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the archivist's own keys at any depth, with their paths; items of lists count from 1."""
    if isinstance(values, Mapping):
        for key, value in values.items():
            if key[:2] == OWN_PREFIX:
                yield f"{path}{key}", value
            elif path or key != "bag-info":  # there `x-…` is a label
                yield from _extras(value, f"{path}{key}.")
    elif isinstance(values, list):
        for number, item in enumerate(values, 1):
            yield from _extras(item, f"{path}{number}.")


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _without(values: Values, *names: str) -> dict[str, Any]:
    return _fields({name: value for name, value in values.items() if name not in names})


def _agent(value: Any) -> Agent | None:
    if value is None:
        return None
    return Agent(name=value) if isinstance(value, str) else Agent(**_fields(value))


def _agents(values: Sequence[Any]) -> tuple[Agent, ...]:
    return tuple(agent for agent in map(_agent, values) if agent is not None)


def _creator(values: Values) -> Creator:
    agent = Agent(**_fields(values, ("name", "type", "id", "note")))
    attribution = values.get("attribution")
    return Creator(agent, values["role"], _attribution(attribution) if attribution is not None else None)


def _attribution(values: Values) -> Attribution:
    basis = tuple(values.get("basis", ()))
    return Attribution(basis=basis, by=_agent(values.get("by")), **_without(values, "basis", "by"))


def _original(values: Values) -> Original:
    return Original(held_by=_agent(values.get("held-by")), **_without(values, "held-by"))


def _translation(values: Values) -> Translation:
    return Translation(
        to_language=values["to"],
        from_language=values.get("from"),
        translators=_agents(values.get("translators", ())),
        **_without(values, "to", "from", "translators"),
    )


def _transcription(value: Any) -> tuple[TranscriptionFile, ...]:
    if isinstance(value, str):
        return (TranscriptionFile(file=value),)
    parts = [value] if isinstance(value, Mapping) else value
    return tuple(
        TranscriptionFile(
            transcribers=_agents(part.get("transcribers", ())),
            repair=TextRepair(**_fields(part["repair"])) if "repair" in part else None,
            accept_text=tuple(part.get("accept-text", ())),
            **_without(part, "transcribers", "repair", "accept-text"),
        )
        for part in parts
    )


def _annexe(values: Values) -> Annexe:
    within = values.get("within")
    return Annexe(
        status=AnnexeStatus(values["status"]),
        creators=tuple(map(_creator, values.get("creators", ()))),
        addressees=_agents(values.get("addressees", ())),
        within=Within(**_fields(within)) if within is not None else None,
        enclosures=tuple(map(_annexe, values.get("enclosures", ()))),
        **_without(values, "status", "creators", "addressees", "within", "enclosures"),
    )


def _custody_event(values: Values) -> CustodyEvent:
    return CustodyEvent(
        by=_agent(values.get("by")),
        to=_agent(values.get("to")),
        evidence=tuple(values.get("evidence", ())),
        **_without(values, "by", "to", "evidence"),
    )


def _rights_layer(layer: str, value: Any) -> RightsLayer:
    if isinstance(value, str):
        return RightsLayer(layer, value)
    return RightsLayer(layer, **_fields(value))


def build_source(value: Any) -> Source:
    """Build the source from a verbatim citation, or from fields with the description's or CSL's names."""
    if isinstance(value, str):
        return Source(text=value)
    fields = {
        CSL_NAMES.get(name, name): _csl_value(CSL_NAMES.get(name, name), field)
        for name, field in value.items()
        if name not in _NOT_CSL and not name.startswith(OWN_PREFIX)
    }
    return Source(
        fields=fields,
        cite=value.get("cite"),
        library=value.get("library"),
        container_title_translated=value.get("container-title-translated"),
    )


def _csl_value(name: str, value: Any) -> Any:
    if name in DATE_VARIABLES:
        return csl_date(value) if isinstance(value, str) else value
    if isinstance(value, list):
        return [_csl_name(item) for item in value]
    return value


def _csl_name(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        return {"literal": value}
    return {("literal" if key == "name" else key): part for key, part in value.items()}
