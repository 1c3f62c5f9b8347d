"""Change logs of repaired texts: written, read, replayed, undone, and refused where they do not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archtool.text.repairing.change_log import (
    ChangeLog,
    ChangeLogError,
    LoggedChange,
    RepairedFile,
    RulePass,
    UsedWordList,
    from_utf8,
    log_pass,
    replay,
    to_utf8,
    undo,
)
from archtool.text.repairing.change_log_file import escape, format_change_log, parse_change_log, unescape
from archtool.text.repairing.changes import Change
from archtool.text.repairing.limits import MAX_CHANGE_LOG_BYTES, MAX_PASSES

ORIGINAL = "L’eé té\n\n3\n\nfut  beau.\n".encode()
COPY = "L’été\n\nfut beau.\n".encode()


def make_log(original: bytes = ORIGINAL, encoding: str = "utf-8") -> ChangeLog:
    first = original.decode(encoding)
    second = first.replace("eé ", "é")
    third = second.replace("\n3\n", "")
    passes = (
        log_pass("accents/1", first, [Change(2, "eé ", "é", "known word; “été”")]),
        log_pass("pages/1", second, [Change(6, "\n3\n", "", "page number")]),
        log_pass("spacing/1", third, [Change(10, "  ", " ", "single blank")]),
    )
    return ChangeLog(
        original=RepairedFile.of("letter.txt", original),
        copy=RepairedFile.of("letter.repaired.txt", COPY),
        encoding=encoding,
        software="archtool 0.1.0",
        date=datetime(2026, 11, 22, 12, tzinfo=UTC),
        language="fr",
        reviewer="Ruth\tScribe",
        open_places=2,
        word_lists=(UsedWordList("french list", "ab" * 64),),
        passes=passes,
        others=(("note", "kept"),),
    )


def test_a_log_leads_to_the_copy_and_back_to_the_original() -> None:
    log = make_log()
    assert log.change_count == 3
    assert log.counts == {"accents/1": 1, "pages/1": 1, "spacing/1": 1}
    assert replay(log, ORIGINAL) == COPY
    assert undo(log, COPY) == ORIGINAL


def test_a_log_is_read_as_it_was_written() -> None:
    log = make_log()
    written = format_change_log(log)
    assert parse_change_log(written) == log
    assert b"pages/1\t10\t2\t\\n3\\n\t\tpage number\n" in written
    assert format_change_log(replace(log, passes=())).endswith(b"evidence\n")


def test_a_text_in_another_encoding_is_restored_in_that_encoding() -> None:
    original = ORIGINAL.decode().replace("’", "'").encode("utf-16-le")
    log = replace(
        make_log(original, "utf-16-le"), copy=RepairedFile.of("b", COPY.replace("’".encode(), b"'"))
    )
    assert undo(log, replay(log, original)) == original


@pytest.mark.parametrize(
    "field", ["", "a b", "\\", "\t\n\r", "\u00a0", "e\u0301", "\U000e0001", "é\\n", "\x00"]
)
def test_a_value_is_one_visible_field(field: str) -> None:
    written = escape(field)
    assert written.isprintable()
    assert unescape(written) == field


@pytest.mark.parametrize("field", ["\\", "\\x", "\\ud800", "\\U00110000", "\\u12", "a\\"])
def test_an_unknown_escape_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match="is not an escape"):
        unescape(field)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (LoggedChange(3, 1, "eé ", "é", ""), "the text there is not 'eé '"),
        (LoggedChange(900, 1, "", "é", ""), "the text there is not ''"),
        (LoggedChange(4, 2, "eé ", "é", ""), "this place is in line 1"),
    ],
)
def test_a_change_that_does_not_fit_is_named(change: LoggedChange, reason: str) -> None:
    log = replace(make_log(), passes=(RulePass("accents/1", (change,)),))
    with pytest.raises(ChangeLogError, match=reason):
        replay(log, ORIGINAL)


def test_another_file_is_not_taken_for_the_original_or_the_copy() -> None:
    log = make_log()
    with pytest.raises(ChangeLogError, match=r"it has 3 bytes, and the log says 27 \(letter\.txt\)"):
        replay(log, b"abc")
    with pytest.raises(
        ChangeLogError, match=r"its sha512 is .*, and the log says .* \(letter\.repaired\.txt\)"
    ):
        undo(log, COPY.swapcase())


def test_a_log_that_leads_elsewhere_is_found() -> None:
    log = make_log()
    less = replace(log, passes=log.passes[:2])
    with pytest.raises(ChangeLogError, match="the replayed repair is not the copy"):
        replay(less, ORIGINAL)
    other = replace(log, original=RepairedFile.of("other.txt", b"other"))
    with pytest.raises(ChangeLogError, match="the undone repair is not the original"):
        undo(other, COPY)


def test_a_text_that_its_encoding_cannot_restore_is_refused() -> None:
    with pytest.raises(ChangeLogError, match="not utf-8"):
        to_utf8(b"\xff", "utf-8")
    with pytest.raises(ChangeLogError, match="cannot be written again as the same utf-7"):
        to_utf8(b"+AGE-", "utf-7")
    with pytest.raises(ChangeLogError, match="cannot be written as cp1252"):
        from_utf8("ж".encode(), "cp1252")


def edited(old: str, new: str) -> bytes:
    written = format_change_log(make_log()).decode()
    assert old in written
    return written.replace(old, new, 1).encode()


COLUMN_ROW = "rule\toffset\tline\tbefore\tafter\tevidence\n"
ROW = "accents/1\t4\t1\teé \té\tknown word; “été”\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cut off"),
        (b"abc", "cut off"),
        (b"abc\n", "line 1 of the change log: the file does not begin with"),
        (b"\xff\n", "line 1 of the change log is not UTF-8"),
        (edited("changes/1", "changes/2"), "does not begin with"),
        (edited("# copy: ", "copy: "), "line 5 .*neither"),
        (edited("rule\toffset", "rule\tplace"), "neither"),
        (edited("# date: 2026-11-22T12:00:00Z\n", ""), "does not state 'date'"),
        (edited("2026-11-22T12:00:00Z", "yesterday"), "line 16 .*'date' is not a time"),
        (edited("# encoding: utf-8", "# encoding: rot13"), "'encoding' is not an encoding"),
        (edited("# encoding: utf-8", "# encoding: UTF8"), "'encoding' is not an encoding"),
        (edited("original-bytes: 27", "original-bytes: many"), "'original-bytes' is not a number"),
        (edited("original-sha512: ", "original-sha512: x"), "'original-sha512' is not a sha512"),
        (edited("# language: fr\n", "# language: fr\n# language: de\n"), "'language' is stated twice"),
        (edited("ab" * 64 + " french list", "french list"), "a word list is written as"),
        (edited("rule-set: accents/1 1", "rule-set: Accents 1"), "not the name of a rule set"),
        (edited("rule-set: accents/1 1", "rule-set: pages/1 1"), "the rule set pages/1 is listed twice"),
        (edited("rule-set: accents/1 1", "rule-set: accents/1 one"), "not a number: 'one'"),
        (edited("rule-set: accents/1 1", "rule-set: accents/1 9"), "states 9 changes of accents/1"),
        (edited("rule-set: accents/1 1", "rule-set: accents/1 2"), "a change of 'pages/1' where one of"),
        (edited("rule-set: spacing/1 1", "rule-set: spacing/1 0"), "more changes than the header states"),
        (edited(ROW, ROW.replace("\té\t", "\t")), "5 fields instead of 6"),
        (edited(ROW, ROW.replace("\té\t", "\teé \t")), "replaces a text by itself"),
        (edited(ROW, ROW.replace("\té\t", "\t\\q\t")), r"is not an escape"),
        (edited(ROW, ROW.replace("\t4\t", "\t-4\t")), "not a number: '-4'"),
        (edited("accents/1 1", "accents/1 2").replace(ROW.encode(), 2 * ROW.encode()), "overlaps the one"),
        (edited(COLUMN_ROW + ROW, "".join(f"# key-{n}: b\n" for n in range(300))), "are missing"),
    ],
)  # fmt: skip
def test_a_faulty_log_is_refused_with_its_line(data: bytes, reason: str) -> None:
    with pytest.raises(ChangeLogError, match=reason):
        parse_change_log(data)


def test_a_log_without_limits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ChangeLogError, match="at most"):
        parse_change_log(bytes(MAX_CHANGE_LOG_BYTES + 1))
    many = "".join(f"# rule-set: rule-{number}/1 0\n" for number in range(1, MAX_PASSES + 2))
    with pytest.raises(ChangeLogError, match=f"more than {MAX_PASSES} rule sets"):
        parse_change_log(edited("# rule-set: accents/1 1\n", many))
    monkeypatch.setattr("archtool.text.repairing.change_log_file.MAX_CHANGES", -250)
    with pytest.raises(ChangeLogError, match="more than -250 changes"):
        parse_change_log(format_change_log(make_log()))


def test_a_log_whose_line_ends_were_changed_is_refused_as_that() -> None:
    with pytest.raises(ChangeLogError, match="its line ends were changed to CR LF"):
        parse_change_log(format_change_log(make_log()).replace(b"\n", b"\r\n"))
