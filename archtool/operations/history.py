"""Tells the history of a document from its description: from the original to the package.

Each step adds what the description states and nothing else. Where the description leaves an order open
(was the translation made from this source, or found in it?) the history leaves it open too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from archtool.description.model import (
    Agent,
    Annexe,
    AnnexeStatus,
    Attribution,
    Creator,
    Description,
    OtherFile,
    TranscriptionFile,
)
from archtool.fixity.records import FileRecord
from archtool.provenance import model as prov
from archtool.provenance.edition import edition_facts, edition_label, is_publication, issued_edtf
from archtool.provenance.gathering import Gathering, told
from archtool.provenance.ids import readable_id
from archtool.provenance.model import EntityKind, History, ProvEvent
from archtool.provenance.terms import event_type_uri

_PAYLOAD = "data/"
_SOFTWARE = "archtool"


@dataclass(slots=True)
class _Telling:
    """What the steps share: the material, and the ids that one step gives and another uses."""

    description: Description
    citation: Mapping[str, Any]
    files: Mapping[str, FileRecord]
    """By name, relative to the payload folder."""
    history: Gathering
    own_ids: dict[str, str] = field(default_factory=dict)
    """The description's ids, and ours."""
    annexe_ids: dict[tuple[int, ...], str] = field(default_factory=dict)
    file_ids: dict[str, str] = field(default_factory=dict)
    document: str = "document"
    source: str = "source"
    translation: str | None = None
    package: str = "package"

    def agent(self, agent: Agent) -> str:
        return self.history.agent(agent.name, agent.type, agent.id, note=agent.note)

    def agents(self, agents: Iterable[Agent]) -> list[str]:
        return [self.agent(agent) for agent in agents]

    def known(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.own_ids[i] for i in ids if i in self.own_ids))

    def unknown(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(i for i in ids if i not in self.own_ids)


def tell_history(
    description: Description,
    citation: Mapping[str, Any],
    files: Sequence[FileRecord],
    packaged_at: datetime,
    software_version: str,
    package_name: str,
) -> History:
    """Tell how the document came into the package, in the order of the chain.

    `citation` is the source as one CSL-JSON item, `files` are the payload files as they were read,
    `packaged_at` is an aware time. The signing is not told here: a manifest cannot hold the signature
    that covers it, so it is an attestation.
    """
    payload = {f.path.removeprefix(_PAYLOAD): f for f in files if f.path.startswith(_PAYLOAD)}
    history = Gathering(description.id or package_name)
    telling = _Telling(description, citation, payload, history)
    # (1) every thing has its id before another speaks of it
    _give_ids(telling)
    # (2) the original, who is held to have made it, and who had it
    _tell_original(telling)
    _tell_custody(telling)
    # (3) what the text was taken from, and its translation
    _tell_source(telling)
    _tell_translation(telling)
    # (4) the annexes and their enclosures
    _tell_annexes(telling)
    # (5) the payload files
    _tell_files(telling)
    # (6) the package, and what may be done with each layer
    _tell_packaging(telling, packaged_at, software_version, package_name)
    _tell_rights(telling)
    return history.history()


# (1) ---------------------------------------------------------------------------------------------


def _give_ids(t: _Telling) -> None:
    """The description's own ids first, so that none of ours ever takes one of them."""
    for place, annexe in t.description.all_annexes():
        if annexe.id:
            t.annexe_ids[place] = _own_id(t, annexe.id)
    parts = [(part.id, part.file) for part in t.description.transcription]
    parts += [(other.id, other.file) for other in t.description.files]
    for own, file in parts:
        if own and file in t.files:
            t.file_ids[file] = t.own_ids[own] = t.file_ids.get(file) or _own_id(t, own)
    source = t.description.source.fields.get("id") or t.description.source.cite
    t.source = _own_id(t, str(source)) if source else _new_source_id(t)
    t.document, t.package = t.history.new_id("document"), t.history.new_id("package")
    if t.description.id:
        t.own_ids.setdefault(t.description.id, t.document)
    _give_ids_to_the_rest(t)


def _new_source_id(t: _Telling) -> str:
    return t.history.new_id("edition" if is_publication(t.citation) else "source")


def _give_ids_to_the_rest(t: _Telling) -> None:
    for place, _ in t.description.all_annexes():
        if place not in t.annexe_ids:
            t.annexe_ids[place] = t.history.new_id(_annexe_name(t, place))
    for number, name in enumerate(t.files, 1):
        if name not in t.file_ids:
            t.file_ids[name] = t.history.new_id(f"file-{readable_id(name, str(number))}")


def _own_id(t: _Telling, own: str) -> str:
    given = t.history.new_id(readable_id(own, "id"))
    t.own_ids.setdefault(own, given)
    return given


def _annexe_name(t: _Telling, place: tuple[int, ...]) -> str:
    if len(place) == 1:
        return f"annexe-{place[0] + 1}"
    return f"{t.annexe_ids[place[:-1]]}-enclosure-{place[-1] + 1}"


# (2) ---------------------------------------------------------------------------------------------


def _tell_original(t: _Telling) -> None:
    d, original = t.description, t.description.original
    facts: dict[str, Any] = {
        "title": d.title,
        "title-status": d.title_status,
        "genre": d.genre,
        "date": d.date,
        "place": d.place,
        "abstract": d.abstract,
        "addressee": t.agents(d.addressees),
    }
    if original:
        facts |= {
            "language": original.language,
            "signed": original.signed,
            "medium": original.medium,
            "held-by": [t.agent(original.held_by)] if original.held_by else None,
            "shelfmark": original.shelfmark,
            "note": original.note,
        }
    t.history.entity(t.document, EntityKind.ORIGINAL, d.title, facts)
    _tell_making(t, _creation(t.document, "creation", d.title, d.date, d.place), d.creators)


def _creation(
    entity: str, wanted_id: str, title: str, date: str | None, place: str | None = None
) -> ProvEvent:
    return ProvEvent(
        wanted_id,
        "creation",
        f"creation: {title}",
        event_type_uri("creation"),
        date,
        generated=(entity,),
        facts=told({"place": place}),
    )


def _tell_making(t: _Telling, creation: ProvEvent, creators: Sequence[Creator]) -> None:
    """The creation of a document, if anything is stated of it, and who is held to have made it."""
    if creation.date or creation.facts or any(not _is_rejected(creator) for creator in creators):
        t.history.event(replace(creation, id=t.history.new_id(creation.id)))
    for creator in creators:
        _tell_attribution(t, creation.generated[0], creator)


def _is_rejected(creator: Creator) -> bool:
    return creator.attribution is not None and creator.attribution.status == "rejected"


def _tell_attribution(t: _Telling, entity: str, creator: Creator) -> None:
    """A creator whom nobody argues about is stated; an argued claim is an entity with its evidence."""
    agent, role = t.agent(creator.agent), creator.role
    argued = creator.attribution
    if argued is None:
        t.history.attribute(prov.Attribution(entity, agent, role, "stated"))
        return
    claim = t.history.new_id("attribution" if entity == t.document else f"attribution-of-{entity}")
    by = t.agent(argued.by) if argued.by else None
    basis, in_words = t.known(argued.basis), t.unknown(argued.basis)
    label = f"{argued.status}: {creator.agent.name} ({role})"
    facts = _claim_facts(entity, agent, role, argued) | {"basis-in-words": in_words}
    t.history.entity(claim, EntityKind.ATTRIBUTION, label, facts)
    for evidence in basis:
        t.history.derive(prov.Derivation(claim, evidence, "evidence"))
    if by:
        t.history.attribute(prov.Attribution(claim, by, "attributor", "stated"))
    t.history.attribute(
        prov.Attribution(
            entity,
            agent,
            role,
            argued.status,
            claim,
            argued.evidence,
            argued.certainty,
            basis,
            in_words,
            by,
            argued.note,
        )
    )


def _claim_facts(entity: str, agent: str, role: str, argued: Attribution) -> dict[str, Any]:
    return {
        "of": entity,
        "agent": agent,
        "role": role,
        "status": argued.status,
        "evidence-kind": argued.evidence,
        "certainty": argued.certainty,
        "note": argued.note,
    }


def _tell_custody(t: _Telling) -> None:
    for event in t.description.custody:
        stated = ((event.by, "performer"), (event.to, "holder-afterwards"))
        agents = tuple((t.agent(agent), role) for agent, role in stated if agent)
        facts = {
            "place": event.place,
            "evidence": t.known(event.evidence),
            "evidence-in-words": t.unknown(event.evidence),
            "note": event.note,
        }
        t.history.event(
            ProvEvent(
                t.history.new_id(f"custody-{readable_id(event.event, 'event')}"),
                event.event,
                event.label,
                event_type_uri(event.event),
                event.date,
                used=((t.document, None),),
                agents=agents,
                facts=told(facts),
            )
        )


# (3) ---------------------------------------------------------------------------------------------


def _tell_source(t: _Telling) -> None:
    """A publication is an event and makes an edition; anything else is a particular copy of the text."""
    published = is_publication(t.citation)
    kind = EntityKind.EDITION if published else EntityKind.SOURCE
    t.history.entity(t.source, kind, edition_label(t.citation), edition_facts(t.citation))
    if t.description.translation:
        t.translation = t.history.new_id("translation")
    text = t.translation if t.translation and _translation_order(t) == "in-source" else t.document
    if not published:
        t.history.specialise(t.source, text)
        return
    publisher = t.citation.get("publisher")
    event = ProvEvent(
        t.history.new_id("publication"),
        "publication",
        f"publication: {edition_label(t.citation)}",
        date=issued_edtf(t.citation),
        used=((text, None),),
        generated=(t.source,),
        agents=((t.history.agent(str(publisher)), "publisher"),) if publisher else (),
    )
    t.history.event(event)
    t.history.derive(prov.Derivation(t.source, text, "publication", event.id))


def _translation_order(t: _Telling) -> str | None:
    """Whether the translation was made from the source or stands in it; None where no language tells."""
    translation, original = t.description.translation, t.description.original
    source = _primary(t.citation.get("language"))
    if translation is None or not source:
        return None
    from_language = _primary(translation.from_language or (original.language if original else None))
    to_language = _primary(translation.to_language)
    if from_language == to_language:
        return None
    return {from_language: "from-source", to_language: "in-source"}.get(source)


def _primary(language: Any) -> str:
    return str(language or "").split("-")[0].casefold()


def _tell_translation(t: _Telling) -> None:
    translation = t.description.translation
    if translation is None or t.translation is None:
        return
    facts = {
        "language": translation.to_language,
        "from-language": translation.from_language,
        "date": translation.date,
        "credit": translation.credit,
        "first-in-language": translation.first_in_language,
        "note": translation.note,
    }
    label = f"translation into {translation.to_language}: {t.description.title}"
    t.history.entity(t.translation, EntityKind.TRANSLATION, label, facts)
    made_from = t.source if _translation_order(t) == "from-source" else t.document
    event = ProvEvent(
        t.history.new_id("translating"),
        "translation",
        label,
        date=translation.date,
        used=((made_from, None),),
        generated=(t.translation,),
        agents=tuple((t.agent(agent), "translator") for agent in translation.translators),
        facts=told({"credit": translation.credit}),
    )
    t.history.event(event)
    t.history.derive(prov.Derivation(t.translation, made_from, "translation", event.id))


# (4) ---------------------------------------------------------------------------------------------


def _tell_annexes(t: _Telling) -> None:
    if not t.description.annexes:
        return
    inventory = t.history.new_id("annexe-inventory")
    t.history.entity(inventory, EntityKind.INVENTORY, "annexe inventory", {"of": t.document})
    for place, annexe in t.description.all_annexes():
        _tell_annexe(t, place, annexe)
        parent = inventory if len(place) == 1 else t.annexe_ids[place[:-1]]
        t.history.belong(parent, t.annexe_ids[place])


def _tell_annexe(t: _Telling, place: tuple[int, ...], annexe: Annexe) -> None:
    entity = t.annexe_ids[place]
    word = _ids_of(annexe.according_to)
    facts = {
        "title": annexe.title,
        "status": annexe.status.value,
        "number": annexe.number,
        "date": annexe.date,
        "language": annexe.language,
        "addressee": t.agents(annexe.addressees),
        "according-to-record": t.known(word),
        "according-to": t.unknown(word),
        "enclosures-stated": annexe.enclosures_stated,
        "note": annexe.note,
    }
    kind = EntityKind.ANNEXE if len(place) == 1 else EntityKind.ENCLOSURE
    t.history.entity(entity, kind, annexe.title, facts)
    creation = _creation(entity, f"creation-of-{entity}", annexe.title, annexe.date)
    _tell_making(t, creation, annexe.creators)
    if annexe.status is AnnexeStatus.THIS_DOCUMENT:
        t.history.specialise(entity, t.document)


# (5) ---------------------------------------------------------------------------------------------


def _tell_files(t: _Telling) -> None:
    parts = {part.file: part for part in t.description.transcription}
    others = {other.file: other for other in t.description.files}
    for name, record in t.files.items():
        stated = _file_facts(t, parts.get(name), others.get(name))
        facts = {
            "path": record.path,
            **stated,
            "size-bytes": record.size_bytes,
            "digest": [str(digest) for digest in record.digests],
        }
        t.history.entity(t.file_ids[name], EntityKind.FILE, name, facts)
    for part in t.description.transcription:
        if part.file in t.file_ids:
            _tell_transcription(t, part)
    _tell_annexe_texts(t)
    for other in t.description.files:
        if other.file in t.file_ids:
            _tell_other_file(t, other)


def _file_facts(t: _Telling, part: TranscriptionFile | None, other: OtherFile | None) -> dict[str, Any]:
    if part:
        return {
            "role": "transcription",
            "title": part.title,
            "language": part.language or t.description.language,
            "encoding": part.encoding,
            "note": part.note,
        }
    if other:
        origin, subject = _ids_of(other.derived_from), _ids_of(other.of)
        return {
            "role": other.role,
            "title": other.title,
            "language": other.language,
            "of": () if _shows(other) else t.known(subject),
            "of-in-words": t.unknown(subject),
            "derived-from-in-words": [name for name in t.unknown(origin) if name not in t.file_ids],
            "note": other.note,
        }
    return {}


def _ids_of(stated: str | None) -> tuple[str, ...]:
    return (stated,) if stated else ()


def _shows(other: OtherFile) -> bool:
    """Whether it was made from what it is of; a permission or a supplement only accompanies it."""
    return other.role in ("facsimile", "derived")


def _tell_transcription(t: _Telling, part: TranscriptionFile) -> None:
    entity, sources = t.file_ids[part.file], _sources_of(t, part)
    agents = tuple((t.agent(agent), "transcriber") for agent in part.transcribers)
    event = _tell_file_making(t, part, "transcription", sources, agents)
    for source in sources:
        t.history.derive(prov.Derivation(entity, source, "text", event))


def _sources_of(t: _Telling, part: TranscriptionFile) -> tuple[str, ...]:
    """The last link of the chain before this file; both, where the order of the two is not known."""
    if t.translation is None or t.description.translation is None:
        return (t.source,)
    order, stated = _translation_order(t), _primary(part.language or t.description.language)
    untranslated = stated and stated != _primary(t.description.translation.to_language)
    if order == "in-source" or untranslated:
        return (t.source,)
    return (t.translation,) if order == "from-source" else (t.translation, t.source)


def _tell_file_making(
    t: _Telling,
    stated: TranscriptionFile | OtherFile,
    kind: str,
    sources: tuple[str, ...],
    agents: tuple[tuple[str, str], ...] = (),
) -> str | None:
    """How a file was made, as an event, if anything is stated of it."""
    facts = told({"method": stated.method, "credit": stated.credit})
    if not (facts or agents or stated.date):
        return None
    entity = t.file_ids[stated.file]
    return t.history.event(
        ProvEvent(
            t.history.new_id(f"making-of-{entity}"),
            kind,
            f"{kind}: {stated.file}",
            date=stated.date,
            used=tuple((source, None) for source in sources),
            generated=(entity,),
            agents=agents,
            facts=facts,
        )
    )


def _tell_annexe_texts(t: _Telling) -> None:
    """An annexe has a file to itself, or some lines in one that it shares."""
    for place, annexe in t.description.all_annexes():
        entity = t.annexe_ids[place]
        if annexe.file and annexe.file in t.file_ids:
            t.history.derive(prov.Derivation(t.file_ids[annexe.file], entity, "text"))
        if annexe.within and annexe.within.file in t.file_ids:
            lines = (annexe.within.from_line, annexe.within.to_line)
            t.history.derive(prov.Derivation(t.file_ids[annexe.within.file], entity, "text", None, *lines))


def _tell_other_file(t: _Telling, other: OtherFile) -> None:
    entity = t.file_ids[other.file]
    shown = t.known(_ids_of(other.of)) if _shows(other) else ()
    origin = _ids_of(other.derived_from)
    origins = t.known(origin) or _known_files(t, origin)
    event = _tell_file_making(t, other, other.role, (*origins, *shown))
    for source in origins:
        t.history.derive(prov.Derivation(entity, source, "derived", event))
    for source in shown:
        t.history.derive(prov.Derivation(entity, source, other.role, event))


# (6) ---------------------------------------------------------------------------------------------


def _tell_packaging(t: _Telling, packaged_at: datetime, version: str, name: str) -> None:
    d = t.description
    facts = {"identifier": d.id, "collection": d.collection, "note": d.note}
    t.history.entity(t.package, EntityKind.PACKAGE, name, facts)
    software = t.history.agent(_SOFTWARE, "software", version=version)
    agents = [(software, "executing-program")]
    if d.packager:
        agents.append((t.agent(d.packager), "packager"))
    t.history.event(
        ProvEvent(
            t.history.new_id("packaging"),
            "packaging",
            f"packaging: {name}",
            event_type_uri("packaging"),
            packaged_at.astimezone(UTC).isoformat(timespec="seconds"),
            generated=(t.package,),
            agents=tuple(agents),
        )
    )
    for file_name in t.files:
        t.history.belong(t.package, t.file_ids[file_name])


def _tell_rights(t: _Telling) -> None:
    for stated in t.description.rights:
        entities = _entities_of_layer(t, stated.layer) or (t.package,)
        rights_id = t.history.new_id(f"rights-{readable_id(stated.layer, 'layer')}")
        t.history.permit(
            prov.Rights(
                rights_id,
                stated.layer,
                stated.statement,
                entities,
                stated.holder,
                stated.credit,
                stated.note,
            )
        )


def _entities_of_layer(t: _Telling, layer: str) -> tuple[str, ...]:
    """What a layer of rights is about; nothing where the package has no such thing."""
    parts = [part.file for part in t.description.transcription]
    facsimiles = [other.file for other in t.description.files if other.role == "facsimile"]
    return {
        "original": (t.document,),
        "edition": (t.source,),
        "translation": (t.translation,) if t.translation else (),
        "transcription": _known_files(t, parts),
        "annexes": tuple(t.annexe_ids[place] for place, _ in t.description.all_annexes() if len(place) == 1),
        "facsimiles": _known_files(t, facsimiles),
    }.get(layer, ())


def _known_files(t: _Telling, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t.file_ids[name] for name in names if name in t.file_ids))
