"""The page of `archtool show` presents all known facts, no unknown ones, in lines that fit."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.attestations.report import TrustVerdict
from archtool.description.model import (
    Agent,
    Annexe,
    AnnexeStatus,
    Attribution,
    Creator,
    CustodyEvent,
    Original,
    OtherFile,
    RightsLayer,
    TranscriptionFile,
    Translation,
)
from archtool.report.package_view import PackageView
from archtool.report.text.show.page_of_package import format_view
from unit.report.views import KEY, TRUSTED, everything, nothing, signature, statement, trust, view

FOREIGN = view(None)
PAGES = {"everything": view(everything(), TRUSTED), "nothing": view(nothing()), "foreign": FOREIGN}


def lines_too_long(page: str, width: int) -> list[str]:
    """Return the lines that could have been broken before their last word."""
    return [line for line in page.splitlines() if len(line) > width and " " in _body(line).strip(" ")]


def _body(line: str) -> str:
    """Return a line without its label, or without the drawing of the tree."""
    if re.match(r"  [│├└]", line):
        return line.lstrip(" │├└─")
    return line[16:] if line.startswith("  ") else line


def page_text(shown: PackageView, width: int = 80) -> str:
    """Return the page as one long line."""
    return " ".join(re.sub(r"[│├└─]", " ", format_view(shown, width)).split())


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", PAGES)
def test_no_line_is_longer_than_the_window(name: str, width: int) -> None:
    assert lines_too_long(format_view(PAGES[name], width), width) == []


def test_a_window_without_width_is_treated_as_a_narrow_one() -> None:
    assert format_view(FOREIGN, 0) == format_view(FOREIGN, 40)


@pytest.mark.parametrize(
    "words",
    [
        "À tous les bolcheviks-léninistes (oppositionnels)",
        "id rakovsky-1932-appel",
        "genre appeal",
        "date 1932-04",
        "author Christian Rakovsky attributed, on external evidence, certainty high, on the basis of",
        "balitsky-letter: The text is unsigned; the OGPU letter names its author.",
        "issuing-body Centre organisationnel",
        "addressee The sections",
        "original in ru, signed, typescript, held by State archive, F. 17, op. 2 Torn at the edge.",
        "citation Cahiers, no 3 (1979), pp. 12-14.",
        "languages from ru to fr, the first in that language",
        "credit Traduction MIA",
        "by A, B",
        "note Revised.",
        "file data/a.txt, in fr",
        "method from a PDF",
        "file data/b.txt",
        "facsimile data/scan.tif",
        "no. 178/c, 1932-11-03, V. Balitsky, to Joseph Staline",
        "[reproduced here] data/appel-1932.fr.txt, lines 206 to the end; states 6 enclosures",
        "[this document itself]",
        "2. « Pensées à voix haute » de Rakovsky [listed, not in this text]",
        "[not reproduced in the source] (according to source)",
        "[lost] data/annexes/named.txt (according to the inventory)",
        "Seized by the OGPU (transfer); not after 3 November 1932; by OGPU; evidence: balitsky-letter",
        "original in copyright (InC), held by Heirs Asked in 2020.",
        "package Creative Commons Zero 1.0 Universal (CC0-1.0)",
        "payload 1,204 files, 17.4 KB",
        "attested 0001 packaging, by archivist@example.org, dated 2026-11-22T12:00:00Z by the signer",
        "signature good, by archivist@example.org (trusted by allowed_signers:1)",
        KEY,
        "trust trusted",
        "checked metadata only (matches the tag manifests); the payload was not read",
    ],
)
def test_every_known_fact_is_shown(words: str) -> None:
    assert words in page_text(PAGES["everything"], 120)


def test_unknown_facts_are_not_shown() -> None:
    page = format_view(PAGES["nothing"])
    assert re.findall(r"(?m)^\S.*", page) == [
        "Letter of the bureau to the sections", "=" * 36, "Source", "Text", "Annexes", "Rights", "Package"
    ]  # fmt: skip
    assert "none described" in page
    assert "not stated" in page
    assert "None" not in page
    assert "no: this package is not signed" in page


def test_a_foreign_bag_shows_its_bag_info() -> None:
    assert "letters-1932: a bag without an archtool description" in page_text(FOREIGN)
    assert "Source-Organization Archive" in page_text(FOREIGN)


def test_a_label_too_long_for_its_column_has_a_line_of_its_own() -> None:
    page = format_view(FOREIGN)
    assert "\n  Internal-Sender-Description\n" in page
    assert "\n" + " " * 16 + "Many letters" in page


def test_control_characters_in_a_package_are_escaped() -> None:
    evil = "\x1b[2J\x9b\u202e"
    described = replace(
        nothing(), title=evil, creators=(Creator(Agent(evil), evil),),
        custody=(CustodyEvent(evil, evil, date=evil),),
        annexes=(Annexe(evil, AnnexeStatus.LISTED, note=evil),),
    )  # fmt: skip
    for shown in (view(described, citation=evil), view(None, subject=evil, info=((evil, evil),))):
        page = format_view(shown)
        assert not set("\x1b\x9b\u202e") & set(page)
        assert "\\u001b[2J" in page


def test_a_no_break_space_is_kept() -> None:
    described = replace(nothing(), title="«\u00a0À tous\u202f!\u00a0»")
    assert format_view(view(described)).startswith("«\u00a0À tous\u202f!\u00a0»\n")


def test_a_title_that_ends_in_a_line_end_is_shown_without_it() -> None:
    assert format_view(view(replace(nothing(), title="Letter of\nthe bureau\n"))).startswith(
        "Letter of the bureau\n===="
    )


def test_a_word_is_never_cut() -> None:
    assert "a" * 200 + "\n" + "=" * 40 + "\n" in format_view(view(replace(nothing(), title="a" * 200)), 40)


@pytest.mark.parametrize(
    ("original", "expected"),
    [(Original(signed=False), "original unsigned"), (Original(language="ru", note="N"), "original in ru N")],
)
def test_an_original_shows_only_known_facts(original: Original, expected: str) -> None:
    assert expected in page_text(view(replace(nothing(), original=original)))


def test_an_attribution_names_its_author() -> None:
    creator = Creator(Agent("A"), "author", Attribution("rejected", by=Agent("The editors")))
    assert "author A rejected, by The editors" in page_text(view(replace(nothing(), creators=(creator,))))


def test_custody_shows_date_agents_and_place() -> None:
    events = (
        CustodyEvent("gift", "Given", None, Agent("A"), Agent("B"), "Paris"),
        CustodyEvent("loss", "Lost", "1940"),
    )
    assert "undated Given (gift); by A; to B; Paris 1940 Lost (loss)" in page_text(
        view(replace(nothing(), custody=events))
    )


def test_everything_that_was_described_is_shown_once() -> None:
    described = replace(
        nothing(),
        title_status="supplied", abstract="A summary.", collection="Papers of the bureau", note="Torn.",
        packager=Agent("City archive", "organization", "https://isni.org/1", "reading room"),
        transcription=(
            TranscriptionFile(
                "a.txt", "text", "Part one", "ru", "Typed by B", "by hand", (Agent("B"),), "1999~",
                "cp1251", "N1",
            ),
        ),
        translation=Translation("fr", "ru", "Traduction MIA", (), "2001", False),
        files=(
            OtherFile(
                "scan.tif", "derived", "scan", "Page one", "fr", "text", "a.txt", "600 dpi", "2020-05",
                "Scanned by C",
                "N2",
            ),
        ),
        rights=(RightsLayer("translation", "UND", credit="Traduction MIA"),),
        custody=(CustodyEvent("gift", "Given", note="N3"),),
        left_out=("notes/*", "*.bak"),
        extras={"x-shelf": "12", "x-boxes": [1, {"no": "2"}]},
    )  # fmt: skip
    page = page_text(view(described, language_names={"ru": "Russian", "fr": "French"}), 120)
    for words in (
        "title supplied by the archivist abstract A summary. collection Papers of the bureau note Torn.",
        "packager City archive reading room https://isni.org/1",
        "languages from Russian (ru) to French (fr), not the first in that language credit Traduction MIA",
        "file data/a.txt, in Russian (ru) title Part one id text credit Typed by B method by hand by B",
        "date 1999~ (about 1999) encoding cp1251 note N1",
        "derived data/scan.tif, in French (fr) Page one id scan of text",
        "derived from a.txt; 600 dpi; 2020-05 credit: Scanned by C N2",
        "left out notes/*, *.bak",
        "translation copyright undetermined (UND)",
        "undated Given (gift) N3",
        'Own keys x-shelf 12 x-boxes [1, {"no": "2"}]',
    ):
        assert words in page
        assert page.count(words) == 1
    assert page.count("Traduction MIA") == 1


def test_who_gave_the_bag_is_shown_as_custody() -> None:
    given = (("Source-Organization", "City archive"), ("Contact-Name", "A"))
    page = page_text(view(nothing(), giver=given))
    assert "Custody received in a bag whose bag-info.txt states: Source-Organization: City archive" in page
    assert "Contact-Name: A" in page


def test_an_annexe_shows_its_language_its_id_and_the_doubts_about_its_author() -> None:
    doubt = Attribution("disputed", evidence="conjecture")
    annexe = Annexe(
        "Note", AnnexeStatus.LISTED, id="note", date="1932~", language="ru",
        creators=(Creator(Agent("B", note="chairman"), "author", doubt),),
    )  # fmt: skip
    page = page_text(view(replace(nothing(), annexes=(annexe,)), language_names={"ru": "Russian"}), 120)
    assert "1932~ (about 1932), B (chairman), in Russian (ru), id note B: disputed, by conjecture" in page


def test_an_annexe_shows_its_last_line() -> None:
    (letter, *_) = everything().annexes
    assert letter.within is not None
    ended = replace(letter, within=replace(letter.within, to_line=300), enclosures_stated=1)
    page = page_text(view(replace(nothing(), annexes=(ended,))))
    assert "lines 206 to 300; states 1 enclosure" in page


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (trust(TrustVerdict.BROKEN, signature(is_good=False, reason="it was altered"), claim=statement("a")),
         "signature BROKEN: it was altered"),
        (trust(TrustVerdict.BROKEN, signature(is_good=False), claim=statement("a")),
         "BROKEN: it is not valid"),
        (trust(TrustVerdict.BROKEN), "packaging; its statement cannot be read"),
        (trust(TrustVerdict.UNTRUSTED, signature(reason="the key is in no list"), claim=statement()),
         "good, but the key is not trusted: the key is in no list"),
        (trust(TrustVerdict.UNTRUSTED, signature(), claim=statement()), "packaging, by an unnamed claimant"),
        (trust(TrustVerdict.NOT_ASKED, signature(), claim=statement("a")),
         "good, but the key is not checked against an allowed_signers file (use --trust)"),
        (trust(TrustVerdict.NOT_ASKED), "trust not checked (use --trust ALLOWED_SIGNERS)"),
        (trust(TrustVerdict.UNTRUSTED),
         "trust untrusted: no entry of the allowed_signers file trusts the key"),
    ],
)  # fmt: skip
def test_trust_is_stated_in_plain_words(report: object, expected: str) -> None:
    assert expected in page_text(view(nothing(), report), 120)  # type: ignore[arg-type]


def test_every_verdict_has_a_text() -> None:
    for verdict in TrustVerdict:
        assert "\n  trust         " in format_view(view(nothing(), trust(verdict)))


def test_changed_metadata_is_shown_in_capitals() -> None:
    assert "CHANGED: run archtool verify" in page_text(view(nothing(), metadata_holds=False))


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), min_size=4, max_size=4), st.sampled_from([40, 80, 120]))
def test_the_page_keeps_its_width_for_any_text(texts: list[str], width: int) -> None:
    title, name, label, note = texts
    inner = Annexe(note, AnnexeStatus.LOST, number=label, enclosures=(Annexe(title, AnnexeStatus.LISTED),))
    outer = Annexe(title, AnnexeStatus.LISTED, enclosures=(inner,))
    creators = (Creator(Agent(name), label),)
    described = replace(nothing(), title=title, creators=creators, annexes=(outer,), note=note)
    page = format_view(view(described), width)
    assert lines_too_long(page, width) == []
    assert all(c == "\n" or c.isprintable() or c.isspace() for c in page)
