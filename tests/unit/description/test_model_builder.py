"""Every value of a description is in the model under its name."""

from __future__ import annotations

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
from unit.description.description_texts import SMALL, annexe, described, letter

EVERYTHING = """\
archtool: 1
id: rakovsky-1932-appel
title: À tous
title-status: formal
genre: appeal
language: fr
date: 1932-04
place: Exile
abstract: On the centre.
creators:
  - name: Christian Rakovsky
    type: person
    id: https://isni.org/isni/1
    role: author
    note: in exile
    attribution:
      status: attributed
      evidence: external
      certainty: high
      basis: [letter]
      by: The editors
      note: unsigned
addressees: [Sections, { name: Centre, type: organization }]
original: { language: ru, signed: false, medium: typescript, held-by: Archive, shelfmark: F. 17, note: N }
source: { cite: politburo, library: ../library.json, pages: 3-16 }
translation:
  { from: ru, to: fr, credit: Traduction MIA, translators: [A], date: 1980, first-in-language: true, note: N }
transcription:
  - { file: a.txt, id: text, title: T, language: fr, credit: C, method: M, transcribers: [B], date: 2020,
      encoding: cp1252, note: N }
annexes:
  - title: Note
    id: letter
    number: 178/c
    date: 1932-11-03
    language: ru
    status: reproduced
    creators: [{ name: Balitsky, role: author }]
    addressees: [Staline]
    according-to: source
    within: { file: a.txt, from-line: 3, to-line: 9 }
    enclosures-stated: 1
    enclosures: [{ number: 1, title: This, status: this-document }]
    note: N
files:
  - { file: a.png, role: facsimile, id: f, title: T, language: fr, of: letter, derived-from: text,
      method: scan, date: 2020, credit: C, note: N }
left-out: [notes/*]
custody:
  - { event: seizure, label: L, date: ../1932-11-03, by: OGPU, to: { name: Archive }, place: Moscow,
      evidence: [letter], note: N }
rights: { original: UND }
collection: opposition
packager: { name: Someone, type: person }
note: N
x-own: 1
"""


def test_every_value_is_in_the_model() -> None:
    assert described(EVERYTHING) == Description(
        id="rakovsky-1932-appel",
        title="À tous",
        title_status="formal",
        genre="appeal",
        language="fr",
        date="1932-04",
        place="Exile",
        abstract="On the centre.",
        creators=(
            Creator(
                Agent("Christian Rakovsky", "person", "https://isni.org/isni/1", "in exile"),
                "author",
                Attribution("attributed", "external", "high", ("letter",), Agent("The editors"), "unsigned"),
            ),
        ),
        addressees=(Agent("Sections"), Agent("Centre", "organization")),
        original=Original("ru", False, "typescript", Agent("Archive"), "F. 17", "N"),
        source=Source(fields={"page": "3-16"}, cite="politburo", library="../library.json"),
        translation=Translation("fr", "ru", "Traduction MIA", (Agent("A"),), "1980", True, "N"),
        transcription=(
            TranscriptionFile("a.txt", "text", "T", "fr", "C", "M", (Agent("B"),), "2020", "cp1252", "N"),
        ),
        annexes=(
            Annexe(
                "Note", AnnexeStatus.REPRODUCED, "letter", "178/c", "1932-11-03", "ru",
                (Creator(Agent("Balitsky"), "author"),), (Agent("Staline"),), "source",
                None, Within("a.txt", 3, 9), 1,
                (Annexe("This", AnnexeStatus.THIS_DOCUMENT, number="1"),), "N",
            ),
        ),
        files=(OtherFile("a.png", "facsimile", "f", "T", "fr", "letter", "text", "scan", "2020", "C", "N"),),
        left_out=("notes/*",),
        custody=(
            CustodyEvent(
                "seizure", "L", "../1932-11-03", Agent("OGPU"), Agent("Archive"), "Moscow", ("letter",), "N"
            ),
        ),
        rights=(RightsLayer("original", "UND"),),
        collection="opposition",
        packager=Agent("Someone", "person"),
        note="N",
        extras={"x-own": "1"},
    )  # fmt: skip


def test_a_single_transcription_can_be_written_in_three_ways() -> None:
    for written in ("a.txt", "{ file: a.txt }", "[{ file: a.txt }]"):
        assert described(SMALL.replace("letter.txt", written)).transcription == (TranscriptionFile("a.txt"),)


def test_annexes_are_listed_parents_first_in_the_order_of_the_description() -> None:
    b = annexe("B", enclosures=(annexe("C", enclosures=(annexe("D"),)), annexe("E")))
    listed = [(place, a.title) for place, a in letter(annexe("A"), b, annexe("F")).all_annexes()]
    assert listed == [((0,), "A"), ((1,), "B"), ((1, 0), "C"), ((1, 0, 0), "D"), ((1, 1), "E"), ((2,), "F")]


def test_every_declared_file_is_listed_once_in_order() -> None:
    within = annexe("A", AnnexeStatus.REPRODUCED, within=Within("letter.txt", 3))
    own = annexe("B", AnnexeStatus.REPRODUCED, file="b.txt")
    files = (OtherFile("a.png", "facsimile"), OtherFile("b.txt", "other"))
    assert letter(within, own, files=files).payload_files() == ("letter.txt", "b.txt", "a.png")


def test_own_keys_of_any_part_are_kept_with_their_paths() -> None:
    parts = "creators: [{ name: A, role: author, x-viaf: [1] }]\nx-box: 7\n"
    parts += "annexes: [{ title: B, status: listed, enclosures: [{ title: C, status: lost, x-c: no }] }]\n"
    found = described(SMALL.replace("UND }", "UND, x-asked: { by: D } }") + parts)
    assert found.extras == {
        "rights.x-asked": {"by": "D"},
        "creators.1.x-viaf": ["1"],
        "x-box": "7",
        "annexes.1.enclosures.1.x-c": "no",
    }
    assert [layer.layer for layer in found.rights] == ["original"]


def test_own_labels_keep_their_order_and_their_repeated_values() -> None:
    found = described(SMALL + "bag-info:\n  Storage: [b, a]\n  Contact-Email: c\n  x-label: d\n")
    assert list(found.bag_info.items()) == [
        ("Storage", ("b", "a")), ("Contact-Email", ("c",)), ("x-label", ("d",))
    ]  # fmt: skip
    assert found.extras == {}


def test_a_tag_file_keeps_its_path_unless_another_is_given() -> None:
    found = described(SMALL + "tag-files: [{ file: local/a.txt, as: a.txt }, { file: dpn/b.txt }]\n")
    assert found.tag_files == (TagFile("local/a.txt", "a.txt"), TagFile("dpn/b.txt", "dpn/b.txt"))
    assert found.tag_file_sources() == ("local/a.txt", "dpn/b.txt")


def test_a_repair_is_in_the_model_with_its_files() -> None:
    stated = "transcription: { file: a.txt, repair: { original: b.txt, changes: c.tsv, note: N } }"
    described_repair = described(f'archtool: 1\ntitle: T\nsource: "S."\n{stated}\n')
    (part,) = described_repair.transcription
    assert part.repair == TextRepair("b.txt", "c.tsv", "N")
    assert described_repair.payload_files() == ("a.txt", "b.txt")
    assert described_repair.tag_file_sources() == ("c.tsv",)
