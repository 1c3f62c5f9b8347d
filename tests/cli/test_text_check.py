"""`archtool text check`, and the same findings in `check`, `pack` and `batch`."""

from __future__ import annotations

import io
import json
import shlex
from pathlib import Path

import pytest

from command_line import DATE, archtool
from packages import LETTER, pack, write_description

DAMAGED = (
    "Pour  le compagnon de Leéon, un travail a eé teé  interdit aà  l’eé tranger dans les\n"
    "bolche-\nviks de la section, et dans une  greàve geéneérale du prolé\u00adtariat.\n"
)
SOUND = "Nous avons reçu votre lettre du mois dernier.\n"
FRENCH = LETTER.replace("language: en", "language: fr")


def text_file(folder: Path, text: str | bytes = DAMAGED, name: str = "lettre.txt") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_each_kind_is_shown_with_its_count_its_places_and_the_remedy(tmp_path: Path) -> None:
    seen = archtool("text", "check", text_file(tmp_path), "--language", "fr")
    assert (seen.code, seen.err) == (0, "")
    assert "8 accents as separate letters [text.accents]" in seen.out
    assert "  eé\u00a06, aà\u00a01, eà\u00a01\n" in seen.out
    assert "    1:24  Pour  le compagnon de L[eé]on, un travail a eé teé" in seen.out
    assert "1 word hyphenated over a line end [text.line-end-hyphens]" in seen.out
    assert "3:60  " in seen.out
    assert "[U+00AD]" in seen.out
    assert "(rule set accents/1)" in seen.out
    copy = f"{tmp_path}/lettre.repaired.txt"
    rules = "characters/1,accents/1,hyphens/1,spacing/1"
    assert f"archtool text repair {tmp_path}/lettre.txt -o {copy} --rules {rules} --language fr\n" in seen.out


def test_only_the_first_places_are_shown_unless_all_are_wanted(tmp_path: Path) -> None:
    path = text_file(tmp_path, "un\u00adtrait\n" * 9)
    seen = archtool("text", "check", path)
    assert "5:3" in seen.out
    assert "6:3" not in seen.out
    assert "and 4 more (--all lists them)" in seen.out
    everything = archtool("text", "check", path, "--all")
    assert "9:3  un[U+00AD]trait" in everything.out
    assert "more" not in everything.out


def test_a_sound_text_has_nothing(tmp_path: Path) -> None:
    text_file(tmp_path, SOUND)
    seen = archtool("text", "check", "lettre.txt", cwd=tmp_path)
    assert seen.out == "lettre.txt: nothing found · 1 line · 47 bytes · utf-8\n"


def test_strict_counts_what_was_found(tmp_path: Path) -> None:
    assert archtool("text", "check", text_file(tmp_path), "--strict").code == 1
    assert archtool("text", "check", text_file(tmp_path, SOUND), "--strict").code == 0


def test_lines_fit_into_a_narrow_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = text_file(
        tmp_path, "mot " * 40 + "un\u00adtrait" + " mot" * 40 + "\ncafe\u0301 " + "\u200b" * 60 + "\n"
    )
    for width in (40, 80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        seen = archtool("text", "check", path)
        shown = [line for line in seen.out.splitlines() if str(tmp_path) not in line and "repair" not in line]
        assert max(map(len, shown)) <= width, seen.out
        assert "[U+00AD]" in seen.out


def test_json_has_every_kind_with_its_places(tmp_path: Path) -> None:
    seen = archtool("text", "check", text_file(tmp_path), "--language", "fr", "--json", "--all")
    (result,) = seen.objects
    assert (result["schema"], result["exit_code"]) == ("archtool/text-check/1", 0)
    facts = result["facts"]
    assert (facts["encoding"], facts["lines"], facts["declared_language"]) == ("utf-8", 3, "fr")
    by_kind = {fault["kind"]: fault for fault in facts["faults"]}
    assert by_kind["accents"]["rule_set"] == "accents/1"
    assert {item["text"]: item["count"] for item in by_kind["accents"]["variants"]}["eé"] == 6
    assert len(by_kind["accents"]["places"]) == by_kind["accents"]["count"]
    place = by_kind["soft-hyphens"]["places"][0]
    assert (place["line"], place["text"], place["shown"]) == (3, "\u00ad", "U+00AD")
    assert [finding["code"] for finding in result["findings"]] == [fault["code"] for fault in facts["faults"]]
    assert all(finding["severity"] == "warning" for finding in result["findings"])


def test_several_files_are_checked_and_an_unreadable_one_does_not_stop_the_others(tmp_path: Path) -> None:
    good, other = text_file(tmp_path, SOUND), text_file(tmp_path, SOUND, "autre.txt")
    seen = archtool("text", "check", good, tmp_path / "absent.txt", other)
    assert seen.code == 3
    assert "archtool: error: the text cannot be read: " in seen.err
    assert seen.said().count("nothing found") == 2


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "the text is a folder, not a file"),
        (lambda path: path.write_bytes(b"%PDF-1.4\n"), "is a PDF, not a text file"),
        (lambda _: None, "No such file or directory"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, make: object, words: str) -> None:
    path = tmp_path / "lettre.txt"
    make(path)  # type: ignore[operator]
    seen = archtool("text", "check", path)
    assert (seen.code, seen.out) == (3, "")
    assert words in seen.err


def test_the_encoding_can_be_named_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    path = text_file(tmp_path, "Nous avons reçu votre lettre.\n".encode("windows-1252"))
    assert "1 line in another encoding [text.encoding]" in archtool("text", "check", path).out
    assert "nothing found" in archtool("text", "check", path, "--encoding", "cp1252").out
    seen = archtool("text", "check", path, "--encoding", "windows-1255x")
    assert seen.code == 2
    assert "did you mean windows-1255" in seen.err


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("un\u00adtrait\n".encode())))
    seen = archtool("text", "check", "-")
    assert "1 soft hyphen [text.soft-hyphens]" in seen.out
    assert "text repair" not in seen.out
    monkeypatch.setattr("sys.stdin", None)
    assert archtool("text", "check", "-").code == 3


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    seen = archtool("text", "check", text_file(tmp_path, "rouge \x1b[31m et\u202e faux\n"))
    assert "\x1b[31m" not in seen.out
    assert "\u202e" not in seen.out
    assert "[U+001B]" in seen.out


def described(folder: Path, text: str = DAMAGED, more: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    text_file(folder, text, "letter.txt")
    transcription = f"transcription:\n  - file: letter.txt\n    language: fr\n{more}"
    return write_description(folder, FRENCH.replace("transcription: letter.txt\n", transcription))


def test_check_and_pack_warn_once_for_each_kind(tmp_path: Path) -> None:
    description = described(tmp_path / "sources")
    seen = archtool("check", description)
    assert seen.code == 0
    assert seen.out.count("[text.accents]") == 1
    said = seen.said()
    assert "letter.txt: 8 accents as separate letters (eé 6, aà 1, eà 1)" in said
    assert "first in line 1: “le compagnon de L[eé]on, un travail a eé”" in said
    assert (
        f"all places, and the repair: archtool text check {tmp_path}/sources/letter.txt --language fr" in said
    )
    assert archtool("check", description, "--strict").code == 1
    made = pack(description, tmp_path / "made")
    assert made.code == 0
    assert "[text.accents]" in made.out + made.err
    refused = pack(description, tmp_path / "refused", "--strict")
    assert refused.code == 1


def test_what_a_description_accepts_is_a_note(tmp_path: Path) -> None:
    text = SOUND + "les bolche-\nviks\n"
    accepted = "    accept-text: [line-end-hyphens, soft-hyphens]\n"
    description = described(tmp_path / "sources", text, accepted)
    seen = archtool("check", description, "--strict")
    assert seen.code == 0
    assert (
        "letter.txt: 1 word hyphenated over a line end: accepted by the description [text.accepted]"
        in seen.said()
    )
    assert archtool("check", described(tmp_path / "sources", text), "--strict").code == 1


def test_an_unknown_kind_to_accept_is_refused(tmp_path: Path) -> None:
    seen = archtool("check", described(tmp_path / "sources", SOUND, "    accept-text: [hyphens]\n"))
    assert seen.code == 3
    assert "hyphens" in seen.out


def test_another_language_than_the_described_one_is_a_warning(tmp_path: Path) -> None:
    english = (
        "We have had your letter of the last month and we are glad that it was not lost on the way to us.\n"
    )
    seen = archtool("check", described(tmp_path / "sources", english * 20))
    assert "declared as French, but its words are English [text.language]" in seen.said()


def test_text_annexes_are_checked_and_other_annexes_are_not(tmp_path: Path) -> None:
    description = described(tmp_path / "sources", SOUND)
    annexes = (
        "annexes:\n  - { title: Une note, status: reproduced, file: note.txt }\n"
        "  - { title: Une image, status: reproduced, file: note.bin }\n"
    )
    description.write_text(description.read_text(encoding="utf-8") + annexes, encoding="utf-8")
    for name in ("note.txt", "note.bin"):
        text_file(tmp_path / "sources", "un\u00adtrait\n", name)
    result = json.loads(archtool("check", description, "--json").out)
    found = [finding for finding in result["findings"] if finding["code"].startswith("text.")]
    assert [(finding["code"], "note.txt" in finding["message"]) for finding in found] == [
        ("text.soft-hyphens", True)
    ]


def test_a_text_in_the_wrong_encoding_has_this_one_fault(tmp_path: Path) -> None:
    description = described(tmp_path / "sources", SOUND)
    text_file(tmp_path / "sources", DAMAGED.encode("windows-1252", "replace"), "letter.txt")
    seen = archtool("check", description)
    assert seen.code == 3
    assert "[payload.encoding]" in seen.out
    assert "[text." not in seen.out


def test_batch_checks_the_texts_of_all_its_descriptions(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    for name in ("a", "b"):
        described(tmp_path / "sources" / name)
    seen = archtool(
        "batch", tmp_path / "sources", "-o", tmp_path / "made", "--check", "--json", "--date", DATE
    )
    codes = [f["code"] for line in seen.out.splitlines() for f in json.loads(line).get("findings", ())]
    assert codes.count("text.accents") == 2


def test_a_mixed_encoding_and_a_long_list_of_forms_are_told_in_full(tmp_path: Path) -> None:
    lines = "".join(f"un signe {chr(0xE000 + n)} privé\n" for n in range(15)).encode()
    text_file(tmp_path, lines + "coupée\n".encode("windows-1252"))
    seen = archtool("text", "check", "lettre.txt", cwd=tmp_path)
    assert "15 lines in UTF-8, 1 readable as windows-1252" in seen.said()
    assert "and 3 more" in seen.said()
    description = described(tmp_path / "sources", lines.decode())
    assert (
        "15 private-use characters (U+E000 1, U+E001 1, U+E002 1, U+E003 1, …)"
        in archtool("check", description).said()
    )


def test_a_language_that_is_recognised_is_named(tmp_path: Path) -> None:
    text = (
        "Nous avons reçu votre lettre du mois dernier et nous vous en remercions, car elle est pour nous.\n"
        * 20
    )
    text_file(tmp_path, text)
    assert "language: fr" in archtool("text", "check", "lettre.txt", cwd=tmp_path).out
    other = archtool("text", "check", "lettre.txt", "--language", "de", cwd=tmp_path).out
    assert "declared as German, but its words are French [text.language]" in " ".join(other.split())


def test_the_command_that_shows_the_repair_can_be_run(tmp_path: Path) -> None:
    text_file(tmp_path, "La fête  de la  cité\n".encode("windows-1252"))
    seen = archtool("text", "check", "lettre.txt", cwd=tmp_path)
    command = next(line for line in seen.out.splitlines() if line.startswith("  archtool text repair "))
    assert "--encoding windows-1252" in command
    assert archtool(*shlex.split(command.partition("archtool ")[2]), cwd=tmp_path).code == 0


def test_no_repair_is_proposed_for_a_text_in_two_encodings(tmp_path: Path) -> None:
    lines = "La fête  de la  cité.\n" * 3
    text_file(tmp_path, lines.encode() + "coupée\n".encode("windows-1252"))
    seen = archtool("text", "check", "lettre.txt", cwd=tmp_path)
    assert "[text.mixed-encodings]" in seen.out
    assert "to see the repair" not in seen.out
