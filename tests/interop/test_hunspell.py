"""Word lists against the program hunspell: both must know the same words of a real dictionary."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from archtool.text.repairing.word_lists.load import load_word_list

FOLDER = Path("/usr/share/hunspell")
pytestmark = pytest.mark.skipif(shutil.which("hunspell") is None, reason="needs hunspell")
ENDINGS = ("s", "es", "é", "ent", "ého", "ám", "er")


def words_to_ask(dic: Path, number: int) -> list[str]:
    """Return entries, with other endings or capitals too, and words with one letter too many or too few."""
    chooser = random.Random(1932)  # noqa: S311 - the same words in each run
    entries = sorted(set(re.findall(r"^[^\W\d_]+", dic.read_text(encoding="utf-8"), re.MULTILINE)))
    asked = []
    for entry in chooser.sample(entries, number):
        at = chooser.randrange(len(entry))
        forms = (
            entry.upper(),
            entry.capitalize(),
            entry.swapcase(),
            entry[:at] + entry[at + 1 :],
            entry[:at] + chooser.choice("aeiouéstrn") + entry[at:],
            entry + chooser.choice(ENDINGS),
            entry[:-2] + chooser.choice(ENDINGS),
        )
        asked += [entry, *chooser.sample(forms, 2)]
    return [word for word in asked if word]


def unknown_to_hunspell(language: str, words: list[str]) -> set[str]:
    command = ["hunspell", "-d", str(FOLDER / language), "-i", "utf-8", "-l"]
    done = subprocess.run(
        command, input="\n".join(words), capture_output=True, text=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("language", ["fr", "cs_CZ"])
def test_a_dictionary_knows_the_words_that_hunspell_knows(language: str) -> None:
    dic = FOLDER / f"{language}.dic"
    if not dic.exists():
        pytest.skip(f"{dic} is not installed")
    # hunspell reads indices of chemical formulas as ends of words
    words = [w for w in words_to_ask(dic, 4000) if not re.search("[₀-₉]", w)]
    known = load_word_list(dic)
    unknown = unknown_to_hunspell(language, words)
    differences = [word for word in words if (word in known) is (word in unknown)]
    assert len(words) > 10_000
    assert 0.2 < len([w for w in words if w in unknown]) / len(words) < 0.6
    assert differences == []
