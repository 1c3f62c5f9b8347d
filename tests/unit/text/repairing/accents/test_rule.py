"""The rule set `accents/1`, tried on short texts."""

from __future__ import annotations

import pytest

from archtool.text.repairing.accents.rule import AccentsRule
from archtool.text.repairing.changes import Proposal, RepairContext, apply_changes

RULE = AccentsRule()
FILLER = "La reépublique et la libeérteé des reégions, la misère des ouvriers.\n"
DAMAGED = (
    "La reépublique n’a pas eé teé  proclameée apreàs la fin des opeérations militaires.\n"
    "Le comiteé  reépond aà  toutes les deépeêches, et la reédaction est deéjaà  aà  sa taê che.\n"
    "Il s’est arreê teé  devant la fontaine ; la leégende reépandue est fausse.\n"
)


class SomeWords(frozenset[str]):
    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and super().__contains__(word.lower())


def propose(text: str, language: str | None = "fr", words: SomeWords | None = None) -> Proposal:
    return RULE.propose(text, RepairContext(language, words))


def repaired(text: str, language: str | None = "fr", words: SomeWords | None = None) -> str:
    return apply_changes(text, propose(text, language, words).changes)


def test_letters_are_restored_and_stray_blanks_dropped() -> None:
    words = SomeWords(["été", "arrêté", "tâche", "comité"])
    assert repaired(DAMAGED, words=words) == (
        "La république n’a pas été proclamée après la fin des opérations militaires.\n"
        "Le comité répond à toutes les dépêches, et la rédaction est déjà à sa tâche.\n"
        "Il s’est arrêté devant la fontaine ; la légende répandue est fausse.\n"
    )


def test_a_gap_wider_than_all_others_of_a_full_line_loses_its_second_blank() -> None:
    full = "Le reéseau va aà  la ville par les deux ponts et par la route du sud et du nord."
    assert repaired(f"{full}\nUn geénie va aà  la fin.\n") == (
        f"{full.replace('reé', 'ré').replace('aà  ', 'à ')}\nUn génie va à  la fin.\n"
    )


def test_each_change_names_its_evidence() -> None:
    words = SomeWords(["république", "été"])
    evidence = {change.evidence for change in propose(DAMAGED, words=words).changes}
    assert any("“république” is in the word list" in each for each in evidence)
    assert any("acute written as é; no word has eé" in each for each in evidence)
    repeated = {change.evidence for change in propose(DAMAGED * 2).changes}
    assert any("“république” is elsewhere in the text" in each for each in repeated)


RIGHT = "Prolétaires créée réélu européenne poêle quête océan aéré méat Noël naïf où là Éole"


@pytest.mark.parametrize("word", RIGHT.split())
def test_a_right_word_stays(word: str) -> None:
    assert propose(word) == Proposal()
    assert propose(f"{word}\n\n{DAMAGED}").changes == tuple(
        change for change in propose(f"{word}\n\n{DAMAGED}").changes if change.start > len(word)
    )


@pytest.mark.parametrize("words", [None, SomeWords([*RIGHT.lower().split(), "pôle", "qûte", "été"])])
def test_right_words_stay_in_a_damaged_text(words: SomeWords | None) -> None:
    line = f"{RIGHT.replace(' ', ', ')}.\n"
    assert line in repaired(f"{DAMAGED}\n{line}\n{DAMAGED}", words=words)


def test_a_heading_in_another_font_stays() -> None:
    heading = "Prolétaires de tous les pays, une tâche à été créée !\n\n"
    assert repaired(heading + DAMAGED).startswith(heading)


def test_a_damaged_right_word_is_restored_like_its_neighbours() -> None:
    assert "la poêle réparée" in repaired(f"{DAMAGED}Il prend la poeêle reépareée.\n{DAMAGED}")


def test_a_word_that_could_be_both_is_left_to_a_person_where_fonts_mix() -> None:
    text = f"{DAMAGED}\nÉté : la poêle, été.\n\nLe poêle.\n\nLe poêle.\n\n{DAMAGED}"
    words = SomeWords(["poêle", "pôle", "été", "république"])
    assert "Le pôle" not in repaired(text, words=words)


def test_an_i_that_is_composed_already_loses_the_carrier_alone() -> None:
    text = f"{DAMAGED}Les traîêtres entraîênent la meême reévolte.\n"
    assert "Les traîtres entraînent la même révolte." in repaired(text)


def test_capitals_have_carriers_of_their_own() -> None:
    text = f"{DAMAGED}Les EÉtats et l’EÉcole : EÉ tat, AÀ  nous, EÉ tats.\n"
    assert "Les États et l’École : État, À  nous, États." in repaired(
        text, words=SomeWords(["état", "états"])
    )


def test_a_capital_without_clear_pairs_takes_the_carrier_of_the_small_letter() -> None:
    text = f"{DAMAGED}AÀ  nous.\n"
    assert "À  nous." in repaired(text)


def test_blanks_before_marks_and_at_line_ends_are_dropped() -> None:
    text = (
        "La liberteé , la reépublique et la socieé teé .\nUne reéaliteé \nnouvelle, une autre. Le geénie.\n"
    )
    words = SomeWords(["société", "liberté", "réalité", "génie", "république"])
    assert repaired(text, words=words) == (
        "La liberté, la république et la société.\nUne réalité\nnouvelle, une autre. Le génie.\n"
    )


def test_a_blank_before_a_mark_stays_where_other_words_have_one() -> None:
    text = "La reépublique creéeée ; la vie ; la mort ; le peuple ; la reéaliteé ; le geénie : une fin.\n"
    assert "réalité ; le génie" in repaired(text)


def test_a_blank_in_doubt_is_left_to_a_person_with_both_readings() -> None:
    text = "Il est passeé tout droit. La reépublique reépond. Le geénie reépandu. Une reégle. Un deébat.\n"
    (place,) = propose(text).open_places
    assert (place.start, place.before) == (text.index("eé tout") + 2, " ")
    assert {reading.after for reading in place.readings} == {"", " "}
    assert "passé tout" in repaired(text)
    assert {reading.evidence for reading in place.readings} == {
        "“passétout”: with the blank, 2 words are not known",
        "“passé tout”: no gap of the line is wider",
    }


def test_a_blank_before_a_capital_is_real() -> None:
    text = "La citeé Pasteur. La reépublique reépond. Une reégion, un deébat, le geénie.\n"
    assert "La cité Pasteur." in repaired(text)


def test_an_elided_word_is_never_joined() -> None:
    text = f"Il a reésumeé l’affaire et parleé d’elle. {DAMAGED}"
    words = SomeWords(["résumé", "parlé", "affaire", "elle", "été", "arrêté", "tâche"])
    assert "résumé l’affaire et parlé d’elle" in repaired(text, words=words)


def test_one_blank_in_a_line_with_wide_gaps_is_stray() -> None:
    text = (
        "La  vie  est  l’œuvre  des  socieé teés  ouvrieàres  de  la  ville.\n"
        "Le  proleé tariat  de  la  ville  a  son  eé tude  dans  la  rue.\n"
        "Un  mur  de  beé ton  est  au  bout  de  la  premieàre  rue.\n"
    )
    assert "des  sociétés  ouvrières" in repaired(text)


def test_a_phrase_that_is_repeated_teaches_no_habit() -> None:
    text = "La reépublique a eé teé  preéparee et la\nliberteé geéneérale des ouvriers de la ville.\n" * 6
    assert "libertégénérale" not in repaired(text)
    assert "liberté générale" in repaired(text)
    assert len(propose(text).open_places) == 6


@pytest.mark.parametrize("blank", ["\u00a0", "\t"])
def test_other_blanks_are_left_alone(blank: str) -> None:
    text = f"{DAMAGED}La liberteé{blank}de tous.\n"
    assert f"La liberté{blank}de tous." in repaired(text)
    text = f"{DAMAGED}La liberteé {blank}de tous.\n"
    assert f"La liberté {blank}de tous." in repaired(text)


def test_blanks_at_the_end_of_the_text_are_dropped() -> None:
    assert repaired(f"{DAMAGED}La liberteé ").endswith("La liberté")


def test_one_odd_word_in_a_sound_text_is_no_damage() -> None:
    text = "La république a été créée ; le comité est élu. " * 20 + "Reneé est là. Il a été élu."
    assert propose(text) == Proposal()


def test_a_short_damaged_text_is_repaired() -> None:
    assert repaired("La reépublique geéneérale.") == "La république générale."


def test_a_text_without_words_is_left_alone() -> None:
    assert propose("") == Proposal()
    assert propose("12 – 34 ***\n") == Proposal()


def test_a_run_of_letters_that_is_no_word_is_left_alone() -> None:
    run = "eé" * 100_000
    assert propose(run) == Proposal()
    assert repaired(f"{DAMAGED}{run}").endswith(run)


def test_lines_can_end_as_on_windows() -> None:
    assert "liberté\r\nnouvelle" in repaired(f"{DAMAGED}La liberteé \r\nnouvelle")


@pytest.mark.parametrize("language", [None, "it"])
def test_without_a_known_language_the_carriers_are_inferred_and_more_is_left_to_a_person(
    language: str | None,
) -> None:
    declared, inferred = propose(DAMAGED * 3), propose(DAMAGED * 3, language)
    assert len(inferred.changes) > 0.8 * len(declared.changes)
    assert {change.after for change in inferred.changes} <= {change.after for change in declared.changes}
    assert len(inferred.open_places) >= len(declared.open_places)


def test_old_portuguese_spelling_is_no_damage() -> None:
    text = "A acção da direcção, na secção de selecção: uma correcção. A nação e o coração, a canção.\n" * 5
    assert RULE.propose(text, RepairContext("pt", None)) == Proposal()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("eé", "é"),
        ("eé ", "é"),
        ("eé  ", "é "),
        ("îê", "î"),
        ("creéeée", "créée"),
        ("eé teé ", "été"),
        ("lł", "ł"),
    ],
)
def test_a_change_of_the_rule_set_is_known(before: str, after: str) -> None:
    assert RULE.may_make(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("eé", "e"),
        ("eé", "eé"),
        ("ab", "a"),
        (" ", ""),
        ("é ", "é"),
        ("eé x ", "éx"),
        ("eé", "éé"),
        ("eé y", "é z"),
        ("", "é"),
        ("eé" * 200, "é" * 200),
    ],
)
def test_a_change_of_another_kind_is_refused(before: str, after: str) -> None:
    assert not RULE.may_make(before, after)


def test_a_repair_that_would_be_repaired_again_is_left_to_a_person() -> None:
    proposal = propose("leeéaàaà")
    assert proposal.changes == ()
    (place,) = proposal.open_places
    assert [reading.after for reading in place.readings] == ["éàà", "eéaàaà"]


def test_only_the_words_around_such_a_repair_are_left() -> None:
    text = f"{DAMAGED * 3}\n\nleeéaàaà\n\n{DAMAGED * 3}"
    changes = propose(text).changes
    assert propose(apply_changes(text, changes)).changes == ()
    assert len(changes) > len(propose(DAMAGED * 3).changes)


def test_the_joined_reading_is_first_where_the_halves_are_no_words() -> None:
    text = "Une vie inteérieure et exteé rieure. La reépublique reépond. Le geénie reépandu. Un deébat.\n"
    (place,) = propose(text).open_places
    assert [reading.after for reading in place.readings] == ["", " "]


def test_the_joined_reading_is_first_before_a_letter_that_gets_blanks() -> None:
    text = f"La reé forme du parti.\n{DAMAGED.replace('reéd', 'reé f')}Une deé faite, la pieàce.\n"
    words = SomeWords(["été", "arrêté", "tâche"])
    places = [place for place in propose(text, words=words).open_places if len(place.before) == 1]
    assert places
    assert all(place.readings[0].after == "" for place in places)
