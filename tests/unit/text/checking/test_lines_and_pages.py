"""What lines and pages leave in a text."""

from __future__ import annotations

import pytest

from text_scans import fault, kinds, places, scan


def lines(number: int, count: int) -> list[str]:
    """Return lines of one sentence, all of them different."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [
        f"nous avons reçu la lettre {letters[number]}{letters[i % 26]}{letters[i // 26]} et"
        for i in range(count)
    ]


def pages(numbers: list[int], head: str | None = None) -> str:
    written: list[str] = []
    for number in numbers:
        written += [*([head.format(number)] if head else []), *lines(number, 30), str(number)]
    return "\n".join([*written, "la fin."]) + "\n"


@pytest.mark.parametrize("end", ["-\n", "-\r\n", "- \n", "\u2010\n", "¬\n", "-\n\n"])
def test_a_word_that_is_hyphenated_over_a_line_end_is_found(end: str) -> None:
    text = f"les bolcheviks{end}léninistes\n"
    assert places(scan(text), "line-end-hyphens") == [(1, 15, end[0])]


@pytest.mark.parametrize(
    "text", ["un texte -\nplus\n", "1931-\n1932\n", "fin-\n", "-\n-\nabc\n", "de 3-\nfois\n"]
)
def test_a_dash_at_a_line_end_is_no_hyphen(text: str) -> None:
    assert "line-end-hyphens" not in kinds(scan(text))


def test_page_numbers_that_interrupt_sentences_are_found() -> None:
    report = scan(pages([1, 2, 3, 4]))
    assert kinds(report) == {"page-numbers": 4}
    assert places(report, "page-numbers")[:2] == [(31, 1, "1"), (62, 1, "2")]


@pytest.mark.parametrize("written", ["3", "- 3 -", "[3]", "– 3 –", "(12)", "  147"])
def test_a_number_alone_between_paragraphs_is_a_page_number(written: str) -> None:
    assert kinds(scan(f"Fin de la phrase.\n\n{written}\n\n\nMais la suite.\n")) == {"page-numbers": 1}


def test_numbers_of_sections_are_no_page_numbers() -> None:
    sections = "\n".join(f"{number}\n\n" + "Une strophe de plus.\n" * 14 for number in range(1, 9))
    assert kinds(scan(sections)) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Un poème.\n\n1932\n\nUne autre année.\n",
        "Prix :\n11\n21\n32\nfin\n",
        "Une liste.\n12)\nMais oui.\n",
        "12 camarades sont venus.\n3 autres non.\n",
    ],
)
def test_a_year_or_a_column_of_numbers_is_no_page_number(text: str) -> None:
    assert "page-numbers" not in kinds(scan(text))


def test_a_table_of_numbers_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archtool.text.checking.detectors.pages.MAX_LONE_NUMBERS", 5)
    assert "page-numbers" not in kinds(scan(pages(list(range(2, 12)))))


def test_running_heads_with_and_without_numbers_are_found() -> None:
    report = scan(pages([12, 13, 14, 15], "Cahiers Léon Trotsky"))
    assert kinds(report) == {"page-numbers": 4, "running-heads": 3}
    assert fault(report, "running-heads").variants == (("Cahiers Léon Trotsky", 3),)


@pytest.mark.parametrize("head", ["{} Cahiers Léon Trotsky", "Cahiers Léon Trotsky {}"])
def test_running_heads_in_the_line_of_a_number_are_found(head: str) -> None:
    text = "\n".join("\n".join([head.format(n), *lines(n, 30)]) for n in range(12, 18)) + "\n"
    report = scan(text)
    assert kinds(report) == {"running-heads": 6}
    assert places(report, "running-heads")[0] == (
        1,
        head.find("C") + 1,
        "Cahiers Léon Trotsky",
    )


def test_running_heads_after_page_breaks_are_found() -> None:
    text = "\f".join("\n".join(["Cahiers Léon Trotsky", *lines(n, 30)]) + "\n" for n in range(6))
    assert kinds(scan(text)) == {"running-heads": 5}


def test_a_list_with_numbers_has_no_running_heads() -> None:
    assert kinds(scan("".join(f"{n} œufs\nœufs {n}\n" for n in range(1, 20)))) == {}
    counted = "".join(f"{n} œufs\n" + "Un texte.\n" * 20 for n in (3, 2, 4, 1, 2))
    assert kinds(scan(counted)) == {}


def test_different_heads_are_not_all_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archtool.text.checking.detectors.pages.MAX_HEADS", 2)
    heads = "".join("\n".join([*lines(n, 30), f"{n} Cahiers"]) + "\n" for n in range(12, 18))
    assert kinds(scan(heads)) == {"running-heads": 6}
    assert kinds(scan(f"Tome 4\nLivre 5\n{heads}")) == {}


def test_pages_without_words_are_found() -> None:
    text = "Une page.\n\f\n\fUne autre.\n\f\n 12\n\fLa dernière.\n\f"
    assert kinds(scan(text))["empty-pages"] == 2


def test_two_page_numbers_without_words_between_them_are_an_empty_page() -> None:
    text = "\n".join(
        [*lines(1, 30), "12", *lines(2, 30), "13", "", "14", *lines(3, 30), "15", "et la suite", ""]
    )
    report = scan(text)
    assert kinds(report) == {"page-numbers": 4, "empty-pages": 1}
    assert [place[2] for place in places(report, "empty-pages")] == ["14"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Titre\n\ne petit orchestre, dans les\njardins et en parc :L\n\nFin.\n", (4, 21, "L")),
        ("Titre\n\ne Centre organisationnel. L\n\nFin.\n", (3, 27, "L")),
        ("Titre\n\nL\ne Centre organisationnel.\n", (3, 1, "L")),
        ("e Centre organisationnel :L\n\nFin.\n", (1, 27, "L")),
        ("Titre\n\n  Д\n\nорогие товарищи.\n", (3, 3, "Д")),
        ("Titre\r\n\r\nL\r\ne Centre organisationnel.\r\n", (3, 1, "L")),
    ],
)
def test_a_displaced_first_letter_is_found(text: str, place: tuple[int, int, str]) -> None:
    assert places(scan(text), "drop-capitals") == [place]


@pytest.mark.parametrize(
    "text",
    [
        "Titre\n\nsuite de la phrase, dit J. L\n\nFin.\n",
        "Titre\n\nun message :P\n\nun autre ;-D\n\nFin.\n",
        "Elle dit : A\net puis B.\n",
        "Titre\n\nLe plan A\n\nle plan B\n\n",
        "I\n\nLe premier chapitre.\n",
    ],
)
def test_other_single_capitals_stay(text: str) -> None:
    assert "drop-capitals" not in kinds(scan(text))


def test_a_paragraph_without_an_end_is_searched_only_so_far() -> None:
    assert kinds(scan("Titre\n\n" + "suite " * 5000 + ":L\n")) == {}


def test_spaces_that_justified_lines_leave_are_found() -> None:
    report = scan("Vers  la  montagne et la\nfin d’une  promenade.  Fin\n")
    assert kinds(report) == {"double-spaces": 4}
    assert places(report, "double-spaces")[:2] == [(1, 5, "  "), (1, 9, "  ")]


def test_two_spaces_after_sentences_are_a_habit_and_no_fault() -> None:
    assert kinds(scan("Une phrase.  Une autre.  Et encore !  Fin.\n" * 9)) == {}


def test_indentation_columns_and_blanks_at_line_ends_are_no_fault() -> None:
    text = "    en retrait\n\t  aussi\nnom        valeur\nfin de ligne  \nfin\f  de page\nfin  \r\nfin  "
    assert "double-spaces" not in kinds(scan(text))


def test_the_heads_of_a_table_are_no_fault() -> None:
    assert kinds(scan("Objet              Livres   Sous   Deniers\nCierges  neufs et vieux\n")) == {
        "double-spaces": 1
    }


def test_page_numbers_of_a_series_that_interrupts_no_sentence_are_found_by_their_distance() -> None:
    text = "\n".join(f"{n}\n" + "Une phrase entière.\n" * 30 for n in range(7, 12))
    assert kinds(scan(text))["page-numbers"] == 5


def test_spaces_of_a_long_text_are_counted_after_the_first_places() -> None:
    report = scan("Dans  la forteresse\n" * 60_000)
    assert kinds(report) == {"double-spaces": 60_000}


def test_a_hyphen_before_a_german_conjunction_stands_for_a_word_and_is_no_fault() -> None:
    assert kinds(scan("Haupt-\nund Nebensachen\nHaupt-\nsache\n")) == {"line-end-hyphens": 1}
