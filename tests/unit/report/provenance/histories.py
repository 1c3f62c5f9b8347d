"""Histories for the tests of account and drawing: the case of 1932, one with sixty entities, hostile ones."""

from __future__ import annotations

from dataclasses import replace

from archtool.description.model import (
    Agent,
    Annexe,
    AnnexeStatus,
    Attribution,
    Creator,
    CustodyEvent,
    OtherFile,
    TranscriptionFile,
    Within,
)
from archtool.provenance.model import (
    Derivation,
    EntityKind,
    History,
    Membership,
    ProvAgent,
    ProvEntity,
    ProvEvent,
    Specialisation,
)
from unit.provenance.rakovsky_case import TEXT, appeal, file_record, history_of

SCRIPTS = (
    "À tous les bolcheviks-léninistes", "Письмо Центрального комитета ко всем секциям Широкий Ющенко",
    "中央委員會致各支部的信第三號關於組織問題的決議", "رسالة اللجنة المركزية إلى جميع الأقسام بشأن التنظيم",
    "מכתב הוועד המרכזי אל כל הסניפים", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW@@@@@@@@@@@@@@%%%%%%%%",
    "data/scans/a-very-long-name-of-a-folder/with_underscores_and-hyphens/0000000000000000000000001.tif",
    "Επιστολή προς όλα τα τμήματα", "नमस्ते सभी अनुभागों को पत्र", "編集者への手紙、第三号",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f4 emoji \U0001f1eb\U0001f1f7",
    "가나다라마바사아자차카타파하",
    "<script>alert(1)</script> & \"quotes\" 'and' ]]>", "a\u202eb\x1b[31m\x00c\ud800d\uffff",
)  # fmt: skip
"""Labels in many scripts, wide ones, unbreakable ones, and some that attack."""


def sixty_entities() -> History:
    """Return a history with sixty entities: annexes with enclosures, pages with facsimiles, long custody."""
    base = appeal()
    pages = [f"page-{number:02}" for number in range(1, 18)]
    files = [file_record(TEXT)]
    transcriptions = list(base.transcription)
    others = []
    for page in pages:
        transcriptions.append(
            TranscriptionFile(f"{page}.txt", id=f"{page}-text", language="fr", credit="Marie Durand")
        )
        others.append(
            OtherFile(f"scans/{page}.tif", "facsimile", of=f"{page}-text", method="scanned, 600 dpi")
        )
        files += [file_record(f"{page}.txt"), file_record(f"scans/{page}.tif")]
    return history_of(
        replace(
            base,
            transcription=tuple(transcriptions),
            files=tuple(others),
            annexes=(*base.annexes, *(_letter(number) for number in range(1, 10)), _disputed()),
            custody=(
                *base.custody,
                CustodyEvent("transfer", "Given to the archive of the party", date="1938~",
                             by=Agent("OGPU"), to=Agent("Central party archive", "organization")),
                CustodyEvent("accession", "Taken over by the state archive", date="1991-10",
                             to=Agent("State archive", "organization")),
            ),
        ),
        files=tuple(files),
    )  # fmt: skip


def _letter(number: int) -> Annexe:
    return Annexe(
        f"Letter no {number} of the section of Tashkent to the centre, on the supply of paper and on money",
        AnnexeStatus.REPRODUCED if number % 2 else AnnexeStatus.LISTED,
        number=str(number),
        date=f"1932-0{number}",
        creators=(Creator(Agent(f"Writer {number}", "person"), "author"),),
        within=Within(TEXT, 300 + number, 300 + number) if number % 2 else None,
    )


def _disputed() -> Annexe:
    doubt = Attribution("disputed", "internal", "low", ("balitsky-letter",))
    refuted = Attribution("rejected", "conjecture", "medium", ("text",))
    return Annexe(
        "Unsigned note on the margin",
        AnnexeStatus.LISTED,
        creators=(
            Creator(Agent("Karl Grünstein", "person"), "author", doubt),
            Creator(Agent("Leon Trotsky", "person"), "author", refuted),
        ),
    )


def many_scripts() -> History:
    """Return a history whose labels are in many scripts, very wide, unbreakable or hostile."""
    entities = [
        ProvEntity(f"e{n}", EntityKind.ANNEXE, text, {"number": text}) for n, text in enumerate(SCRIPTS)
    ]
    agents = [ProvAgent(f"a{n}", text) for n, text in enumerate(SCRIPTS)]
    events = [
        ProvEvent(
            f"v{n}", "transfer", text, date="1932/..", used=((f"e{n}", None),), agents=((f"a{n}", text),)
        )
        for n, text in enumerate(SCRIPTS)
    ]
    return History("hostile & <b>", tuple(agents), tuple(entities), tuple(events))


def circular() -> History:
    """Return a history whose relations lead in circles, to themselves and to nothing."""
    entities = [ProvEntity(f"e{n}", EntityKind.FILE, f"file {n}", {"path": f"data/{n}"}) for n in range(6)]
    events = [
        ProvEvent(f"v{n}", "derived", f"derived {n}", used=((f"e{n}", None),), generated=(f"e{(n + 1) % 6}",))
        for n in range(6)
    ]
    derivations = [Derivation("e1", "e1", "derived"), Derivation("e2", "nothing", "derived")]
    derivations += [Derivation("e5", "e0", "derived"), Derivation("e0", "e5", "derived")]
    return History(
        "circular", (), tuple(entities), tuple(events), (), tuple(derivations),
        (Specialisation("e3", "e4"), Specialisation("e4", "e3")),
        (Membership("e0", "e3"), Membership("e3", "e0")),
    )  # fmt: skip


def ten_thousand_pages() -> History:
    """Return a history of ten thousand pages, each transcribed in an event of its own."""
    count = 10_000
    source = ProvEntity("source", EntityKind.SOURCE, "Fonds 325")
    package = ProvEntity("package", EntityKind.PACKAGE, "letters")
    files = [
        ProvEntity(f"f{n}", EntityKind.FILE, f"{n:05}.txt", {"path": f"data/{n:05}.txt"})
        for n in range(count)
    ]
    events = [
        ProvEvent(f"v{n}", "transcription", f"transcription: {n:05}.txt", used=(("source", None),),
                  generated=(f"f{n}",), agents=(("marie", "transcriber"),))
        for n in range(count)
    ]  # fmt: skip
    members = [Membership("package", file.id) for file in files]
    return History(
        "letters", (ProvAgent("marie", "Marie Durand"),), (source, *files, package), tuple(events),
        memberships=tuple(members),
    )  # fmt: skip


def same_id_twice() -> History:
    """Return a history in which an entity, an event and an agent have the same id."""
    entities = (ProvEntity("x", EntityKind.FILE, "file", {"path": "data/x"}),)
    events = (
        ProvEvent("x", "derived", "made", used=(("x", None),), generated=("x",), agents=(("x", "author"),)),
    )
    return History("twice", (ProvAgent("x", "somebody"),), entities, events)
