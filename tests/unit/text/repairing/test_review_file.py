"""The review file: questions to a person, and answers as table programs save them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archtool.errors import InputError
from archtool.text.repairing.answers import Answer, key_of
from archtool.text.repairing.changes import Change, OpenPlace, Proposal, Reading, RepairContext
from archtool.text.repairing.limits import MAX_REVIEW_BYTES
from archtool.text.repairing.repair import repair_text
from archtool.text.repairing.review_file import Question, format_review, merge_questions, parse_review

QUESTION = Question(
    key="0123456789ab",
    before="poeêle ",
    readings=("poêle", "=poeêle\n"),
    place='un "poeêle" chaud',
    evidence="1: a; 2: b",
    where="line 3:7",
    rule="accents/1",
    beside=("re", "[s]"),
)


def answered(answer: str, data: bytes | None = None) -> dict[str, Answer]:
    written = (format_review([QUESTION]) if data is None else data).decode()
    return dict(parse_review(written.replace("\n\t", f"\n{answer}\t", 1).encode(), "review.tsv").answers)


@pytest.mark.parametrize(
    ("answer", "after"),
    [
        ("1", "poêle"),
        ("2.0", "=poeêle\n"),
        (" 2. ", "=poeêle\n"),
        ("Keep", "poeêle "),
        ("=poële", "poële"),
        ("'=a\\nb", "a\nb"),
        ("=", ""),
        ("=repoêles[s]", "poêles"),
        ("=re[s]", ""),
        ("=poêle[s]", "poêle[s]"),
    ],
)
def test_an_answer_is_a_reading_or_the_text_itself(answer: str, after: str) -> None:
    assert answered(answer)[QUESTION.key].after == after
    assert answered(answer)[QUESTION.key].before == "poeêle "


def test_a_question_without_an_answer_stays_a_question() -> None:
    review = parse_review(format_review([QUESTION]), "review.tsv")
    assert review.questions == (QUESTION,)
    assert review.answers == {}
    assert parse_review(b"\n", "review.tsv").questions == ()


def test_what_table_programs_do_to_the_file_is_understood() -> None:
    written = format_review([QUESTION])
    semicolons = written.replace(b"1: a; 2: b", b'"1: a; 2: b"').replace(b"\t", b";").replace(b"\n", b"\r\n")
    for data in (
        b"\xef\xbb\xbf" + written,
        b"\xef\xbb\xbfsep=;\r\n" + semicolons,
        written.replace(b"\n", b"\r\n") + b"\r\n",
        semicolons,
        b"\xff\xfe" + written.decode().encode("utf-16-le"),
        written.replace(b"answer\tplace", b"Answer\tPlace"),
    ):
        assert parse_review(data, "review.tsv").questions == (QUESTION,)


def with_answer(answer: str) -> bytes:
    return format_review([QUESTION]).replace(b"\n\t", f"\n{answer}\t".encode())


def with_reading(field: bytes) -> bytes:
    return format_review([QUESTION]).replace("[poêle][=poeêle\\n]".encode(), field)


@pytest.mark.parametrize(
    ("data", "reason", "hint"),
    [
        (b"a\tb\n", "not a review file: its first line has no column 'answer'", "another file"),
        (with_answer("3"), "line 2: '3' is no answer", "2 readings"),
        (with_answer("yes"), "line 2: 'yes' is no answer", "keep"),
        (with_answer("#NAME?"), "line 2: '#NAME.' is no answer", "apostrophe"),
        (with_answer("=\\x"), "text of the answer cannot be read", "backslash"),
        (with_reading(b"#NAME?"), "'read as' was changed: '#NAME", "first"),
        (with_reading(b"[\\q]"), "'read as' cannot be read", ""),
        (format_review([QUESTION]).replace(b"[re][", b"["), "'beside' was changed", "first"),
        (b"\xff", "not UTF-8", "UTF-8"),
        (b"answer\ttext\tread as\tbeside\tkey\n" + b"x" * 200_000, "not a row of a table", ""),
        (bytes(MAX_REVIEW_BYTES + 1), "at most", ""),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_with_its_line(data: bytes, reason: str, hint: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        parse_review(data, "review.tsv")
    assert hint in (caught.value.hint or "")


BLANK = Question(
    "fedcba987654", " ", (" ", ""), "ré⟦ ⟧forme", "", "line 3:7", "accents/1", beside=("ré", "forme")
)


def test_no_cell_is_taken_for_a_number_or_a_time() -> None:
    row = format_review([replace(BLANK, key="123456789e12", answer="1")]).decode().splitlines()[1].split("\t")
    assert row[7:] == ["line 3:7", "accents/1", "[ ]", "[ ][]", "[ré][forme]", "[123456789e12]"]


def test_readings_are_shown_as_the_words_that_they_make() -> None:
    assert "\t“ré forme”\t“réforme”\t" in format_review([BLANK]).decode()
    ends = Question("0", "-\n", ("", "-\n"), "a", "", "1:1", "hyphens/1", beside=("avant", "garde"))
    assert "\t“avantgarde”\t“avant-⏎garde”\t" in format_review([ends]).decode()


@pytest.mark.parametrize(
    ("beside", "answer", "hint"),
    [
        (("ré", "forme"), "=réformé", "begin it with 'ré' and end it with 'forme', as the readings do"),
        (("ré", ""), "=forme", "begin it with 'ré', as the readings do"),
        (("", "forme"), "=ré", "end it with 'forme', as the readings do"),
    ],
)  # fmt: skip
def test_a_word_that_would_be_doubled_is_refused(beside: tuple[str, str], answer: str, hint: str) -> None:
    asked = replace(BLANK, beside=beside, answer=answer)
    with pytest.raises(InputError, match="does not fit its place") as caught:
        parse_review(format_review([asked]), "review.tsv")
    assert caught.value.hint == hint


def test_two_answers_to_one_question_are_refused() -> None:
    header, row = format_review([QUESTION]).decode().split("\n", 1)
    rows = f"{header}\n1{row}2{row}".encode()
    with pytest.raises(InputError, match="another answer to the same question"):
        parse_review(rows, "review.tsv")
    assert len(parse_review(f"{header}\n1{row}1{row}".encode(), "review.tsv").answers) == 1


def test_no_answer_is_dropped() -> None:
    old = Question("old", "a", ("b", "a"), "a", "", "1:1", "accents/1", answer="1")
    gone = Question("gone", "a", ("b", "a"), "a", "", "1:1", "accents/1")
    again = Question("old", "a", ("b", "a"), "a", "", "1:1", "accents/1")
    assert merge_questions([old, gone], [QUESTION, again, QUESTION]) == [QUESTION, old]


class _Asking:
    """A rule set that asks for each `?` and removes each `!`."""

    name = "asking/1"
    summary = ""

    def propose(self, text: str, context: RepairContext) -> Proposal:
        del context
        readings = (Reading(".", "a"), Reading("?", "b"))
        return Proposal(
            tuple(Change(at, "!", "", "c") for at, char in enumerate(text) if char == "!"),
            tuple(OpenPlace(at, "?", readings) for at, char in enumerate(text) if char == "?"),
        )

    def may_make(self, before: str, after: str) -> bool:
        return before == "!" and not after


def test_an_answer_decides_a_place_and_overrules_a_certain_change() -> None:
    text = "Qui vive? Personne ne sait! Voilà tout?"
    answers = {
        key: Answer(key, text[at], after, "=x")
        for at, after in ((8, "."), (26, "!"), (38, " ?"))
        for key in [key_of("asking/1", text, at)]
    }
    done = repair_text(text, [_Asking()], RepairContext(), answers)
    assert done.text == "Qui vive. Personne ne sait! Voilà tout ?"
    assert done.open_places == ()
    assert done.used_answers == frozenset(answers)
    assert [change.evidence for change in done.applied[0].changes] == ["decided by a person: =x"] * 2


def test_an_answer_is_not_applied_to_another_text() -> None:
    key = key_of("asking/1", "Qui vive?", 8)
    done = repair_text("Qui vive?", [_Asking()], RepairContext(), {key: Answer(key, "¿", "", "1")})
    assert (done.text, done.used_answers, len(done.open_places)) == ("Qui vive?", frozenset(), 1)


def test_of_two_answers_that_overlap_the_first_is_applied() -> None:
    text = "Qui?b? Personne"
    answers = {
        key: Answer(key, before, after, "=x")
        for at, before, after in ((3, "?b?", "!"), (5, "?", "."))
        for key in [key_of("asking/1", text, at)]
    }
    assert repair_text(text, [_Asking()], RepairContext(), answers).text in (
        "Qui! Personne",
        "Qui?. Personne",
    )


def test_a_key_stays_the_same_when_something_nearby_is_repaired() -> None:
    damaged, right = "L’eé té  est la? Oui", "L’été est la? Oui"
    assert key_of("asking/1", damaged, damaged.index("?")) == key_of("asking/1", right, right.index("?"))


def test_a_control_character_is_no_answer() -> None:
    with pytest.raises(InputError, match=r"line 2: the answer has the control character U\+001B"):
        answered("=\x1b[31mred")
    assert answered('"=a\tb\nc"')[QUESTION.key].after == "a\tb\nc"
