"""The history told in sentences: in the order of time, complete, and true."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archtool.description.model import (
    Agent,
    Annexe,
    AnnexeStatus,
    Attribution,
    Creator,
    CustodyEvent,
    TranscriptionFile,
)
from archtool.provenance.model import EntityKind, History, Membership, ProvEntity, ProvEvent
from archtool.report.provenance.account import LANGUAGES, MAX_DEPTH, MAX_TOLD_FILES, build_account
from archtool.report.provenance.chronology import in_order_of_time
from archtool.report.provenance.lines import AccountLine, ended, format_account, one_line
from unit.provenance.rakovsky_case import appeal, appeal_history, file_record, history_of, smallest_history
from unit.report.provenance.histories import circular, many_scripts, sixty_entities, ten_thousand_pages


def told(history: History, language: str = "en") -> str:
    return "\n".join("  " * line.depth + line.text for line in build_account(history, language))


def events_of(*dated: tuple[str, str | None]) -> History:
    return History("x", events=tuple(ProvEvent(name, "transfer", name, date=date) for name, date in dated))


def order(history: History) -> list[str]:
    return [event.id for event in in_order_of_time(history)]


def test_events_are_in_the_order_of_their_dates() -> None:
    dated = events_of(
        ("instant", "2026-11-22T18:30:00+00:00"), ("not after", "../1932-11-03"), ("about", "1932-04~"),
        ("year", "1931"), ("decade", "192X"), ("span", "1932-05/1940"),
        ("later that day", "2026-11-22T20:00:00+01:00"),
        ("before Christ", "-0100-03"),
        ("beyond the calendar", "9999-12-31T23:59:59-10:00"),
    )  # fmt: skip
    assert order(dated) == [
        "before Christ", "decade", "year", "about", "span", "not after", "instant", "later that day",
        "beyond the calendar",
    ]  # fmt: skip


def test_an_event_without_a_date_follows_what_it_needed() -> None:
    history = appeal_history()
    names = order(history)
    assert names.index("publication") < names.index("translating") < names.index("packaging")


def test_an_event_without_a_date_precedes_what_needed_its_result() -> None:
    making = ProvEvent("making", "creation", "making", generated=("letter",))
    sending = ProvEvent("sending", "transfer", "sending", date="1932", used=(("letter", None),))
    other = ProvEvent("other", "transfer", "other", date="1931")
    assert order(History("x", events=(sending, making, other))) == ["other", "making", "sending"]


def test_events_in_a_circle_are_all_told() -> None:
    assert sorted(order(circular())) == sorted(event.id for event in circular().events)


@pytest.mark.parametrize(
    "date", ["", "sometime", "/", "../..", "Y17E8", "19?2", "1932-04-31/..", "٣٢", "9" * 5000]
)
def test_an_odd_date_is_told_as_it_is_written(date: str) -> None:
    assert order(events_of(("a", date), ("b", "1932")))
    assert date in told(events_of(("a", date)))


def test_the_author_is_told_as_an_attribution_with_its_evidence() -> None:
    text = told(appeal_history())
    assert "    Author: Christian Rakovsky; this is an attribution.\n" in text
    assert (
        "      Kind of evidence: external.\n      Certainty: high.\n      The evidence is “Note de Balitsky"
        in text
    )
    assert "      Note: The text is unsigned; the OGPU letter names its author.\n" in text


def test_a_rejected_author_is_told_as_rejected() -> None:
    refuted = Attribution("rejected", "internal", "high", ("a lost letter",), by=Agent("Marie Durand"))
    annexe = Annexe(
        "Note", AnnexeStatus.LISTED, creators=(Creator(Agent("Leon Trotsky"), "author", refuted),)
    )
    text = told(history_of(replace(appeal(), annexes=(annexe,), custody=())))
    assert "Author: not Leon Trotsky; this attribution is rejected." in text
    assert "Evidence: a lost letter." in text
    assert "The attribution is made by Marie Durand." in text
    assert "Author: Leon Trotsky" not in text


def test_enclosures_are_told_below_their_annexe_with_their_state_and_on_whose_word() -> None:
    lines = told(appeal_history()).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("    178/c. “Note de Balitsky"))
    assert lines[start].endswith("its text is in the package.")
    below = lines[start + 1 : start + 8]
    assert below[0].startswith("      1. “Appel «")
    assert below[0].endswith("it is this document itself.")
    assert below[4].startswith("      5. “Réponse (chiffrée)")
    assert below[4].endswith("left out by the source.")
    assert below[5] == "        According to: source."


def test_the_lines_of_an_annexe_in_the_text_are_told() -> None:
    assert "From line 206 to the end it has the text of “Note de Balitsky" in told(appeal_history())


def test_what_is_said_of_an_event_is_not_said_again_of_what_it_made() -> None:
    text = told(appeal_history())
    assert text.count("Traduction MIA") == 1
    assert "Date: " not in text


def test_words_of_the_archivist_are_told_for_an_event_that_no_language_knows() -> None:
    event = CustodyEvent("kidnapping", "Carried off in a cart", date="1945", by=Agent("unknown soldiers"))
    text = told(history_of(replace(appeal(), custody=(event,))))
    assert "1945. Event (kidnapping): “Carried off in a cart”." in text
    assert "Performed by: unknown soldiers." in text


def test_every_name_title_note_and_fact_of_a_history_is_told_in_every_language() -> None:
    history = sixty_entities()
    texts = [agent.name for agent in history.agents] + [entity.label for entity in history.entities]
    texts += [str(one.facts["note"]) for one in (*history.entities, *history.events) if "note" in one.facts]
    labels_of_kinds = ("attributed:", "disputed:", "rejected:", "translation into", "annexe inventory")
    for language in LANGUAGES:
        account = told(history, language)
        missing = [text for text in texts if text not in account and not text.startswith(labels_of_kinds)]
        assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_english_word_of_archtool_is_left_in_another_language(language: str) -> None:
    history = sixty_entities()
    own = {
        "creation",
        "translation",
        "transcription",
        "author",
        "attributed",
        "disputed",
        "external",
        "reproduced",
    }
    stated = " ".join([*history.labels().values(), "Traduction MIA"]).lower()
    words = set(told(history, language).lower().replace("(", " ").replace(")", " ").replace(":", " ").split())
    expected = own if language == "en" else {"transcription", "translation"} & words
    assert language == "en" or {word for word in own & words if word not in stated} <= expected


def test_the_smallest_history_is_told() -> None:
    assert told(smallest_history()) == (
        "History of “Letter of the bureau to the sections”, oldest event first, as the package states it.\n"
        "  22 November 2026, 18:30 UTC. The package “rakovsky-1932-appel” was made.\n"
        "    Program: archtool 0.1.0.\n"
        "  Files of the package:\n"
        "    data/letter.txt\n"
        "      Kind of file: transcription.\n"
        "      Size: 5 bytes.\n"
        "      Its text comes from “Cahiers, no 3 (1979), pp. 12-14.”.\n"
        "  Also recorded:\n"
        "    Document: “Letter of the bureau to the sections”.\n"
        "    Source: “Cahiers, no 3 (1979), pp. 12-14.”.\n"
        "      Citation: Cahiers, no 3 (1979), pp. 12-14.\n"
        "      It is a copy or form of “Letter of the bureau to the sections”."
    )


def test_an_empty_history_is_told() -> None:
    assert told(History("nothing")) == "History of “nothing”, oldest event first, as the package states it."


def test_the_files_of_a_large_package_are_counted() -> None:
    parts = tuple(TranscriptionFile(f"{n}.txt") for n in range(MAX_TOLD_FILES + 5))
    files = tuple(file_record(part.file) for part in parts)
    text = told(history_of(replace(appeal(), transcription=parts, annexes=(), custody=()), files=files))
    assert "More files, which are not listed here: 5." in text


def test_a_long_history_is_told_in_full_but_for_its_list_of_files() -> None:
    assert told(ten_thousand_pages()).count("was made.") == 10_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_has_characters_that_steer_a_terminal_or_a_line_end(language: str) -> None:
    for line in build_account(many_scripts(), language):
        assert not set(line.text) & set("\n\r\x1b\u202e\x00\ud800\uffff")


def _annexes(count: int, *parts: tuple[int, int]) -> History:
    annexes = tuple(ProvEntity(f"a{n}", EntityKind.ANNEXE, f"Annexe {n}") for n in range(count))
    return History(
        "x", entities=annexes, memberships=tuple(Membership(f"a{one}", f"a{part}") for one, part in parts)
    )


def test_annexes_that_are_nested_without_an_end_are_told_with_a_limited_indentation() -> None:
    lines = build_account(_annexes(5_000, *((n, n + 1) for n in range(4_999))))
    assert sum("“Annexe" in line.text for line in lines) == 5_000
    assert max(line.depth for line in lines) == MAX_DEPTH


def test_an_annexe_that_is_a_part_of_several_others_is_told_once() -> None:
    doubled = [(n, part) for n in range(0, 98, 2) for part in (n + 2, n + 3)]
    doubled += [(n + 1, part) for n, part in doubled]  # 2^49 ways lead to the last
    lines = build_account(_annexes(100, *doubled))
    assert sum("“Annexe" in line.text for line in lines) == 100


def test_a_thing_that_ten_thousand_events_made_and_used_takes_no_time_for_each_pair() -> None:
    events = [
        ProvEvent(f"{kind}{n}", kind, kind, used=used, generated=made)
        for n in range(10_000)
        for kind, used, made in (("use", (("thing", None),), ()), ("make", (), ("thing",)))
    ]
    kinds = [event.kind for event in in_order_of_time(History("x", events=tuple(events)))]
    assert kinds == ["make"] * 10_000 + ["use"] * 10_000


def test_circles_and_references_to_nothing_are_told() -> None:
    text = told(circular())
    assert "It was derived from “nothing”." in text
    assert text.count("data/") == 6


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("End", "End."),
        ("End.", "End."),
        ("gg..", "gg."),
        ("Why?", "Why?"),
        ("„End.“", "„End.“."),
        ("“…”", "“…”"),
    ],
)
def test_a_sentence_has_one_full_stop(text: str, sentence: str) -> None:
    assert ended(text) == sentence


def test_no_line_ends_inside_quotation_marks_and_their_spaces() -> None:
    lines = [AccountLine(1, "word " * 7 + "« Sociosféra-CZ » " * 3)]
    for width in range(30, 60):
        shown = format_account(lines, width).splitlines()
        assert not [line for line in shown if line.endswith("«") or line.strip().startswith("»")]


def test_a_text_on_several_lines_becomes_one_line() -> None:
    assert one_line(" a\r\nb\tc\u00a0: d  e\n") == "a b c\u00a0: d e"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            (
                "fonds or collection: Ф. 17",
                "keywords: 1921",
                "not placed by the import: shelf: B 7, file: a.pdf",
            ),
        ),
        (
            "fr",
            (
                "fonds ou collection\u00a0: Ф. 17",
                "mots-clés\u00a0: 1921",
                "import\u00a0: shelf\u00a0: B 7, file",
            ),
        ),
        ("ru", ("фонд или коллекция: Ф. 17", "ключевые слова: 1921", "при импорте: shelf: B 7, file: a.pdf")),
    ],
)
def test_a_citation_is_told_in_words_and_not_in_the_names_of_variables(
    language: str, said: tuple[str, ...]
) -> None:
    leftover = {"not-placed": {"shelf": "B 7", "file": "a.pdf"}}
    item = {"type": "manuscript", "archive": "РГАСПИ", "archive_collection": "Ф. 17", "keyword": "1921"}
    text = told(history_of(appeal(), {**item, "custom": leftover}), language)
    assert [words for words in said if words not in text] == []
    assert "{" not in text
