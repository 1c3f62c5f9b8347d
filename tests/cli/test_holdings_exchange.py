"""`archtool holdings export` and `import`: a register leaves archtool and comes back, byte for byte."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from archtool.holdings.event_types import EventType
from archtool.holdings.register import open_register
from command_line import archtool
from packages import ARCHIVIST, left_behind, write_allowed_signers, write_key
from unit.holdings.registers import SOURCE, check, day, ingestion, make_register


def register_of(folder: Path) -> Path:
    """Return a register with names that are awkward in CSV and JSON, and a signed head."""
    with make_register(folder, holdings=2) as register:
        register.append(
            check(0, day(1)),
            ingestion(5, title='=cmd|" /C calc"!A0'),
            ingestion(6, title="Lettres «\u2028» 🎼 \\u0041 \x7f"),
            SOURCE.event(EventType.WITHDRAWAL, day(2), "letters-1"),
        )
        path = register.path
    assert archtool("holdings", "head", "--register", path, "--sign", write_key(folder)).code == 0
    return path


def export(path: Path, target: Path) -> Path:
    run = archtool("holdings", "export", target, "--register", path)
    assert (run.code, run.out[:9]) == (0, "exported "), run.err
    return target


def test_an_imported_register_exports_the_same_bytes_and_keeps_its_trust(tmp_path: Path) -> None:
    path, trust = register_of(tmp_path), write_allowed_signers(tmp_path, ARCHIVIST)
    first = export(path, tmp_path / "first.jsonl")
    run = archtool("holdings", "import", first, "--register", tmp_path / "again.register")
    assert run.code == 0, run.err
    second = export(tmp_path / "again.register", tmp_path / "second.jsonl")
    assert first.read_bytes() == second.read_bytes()
    seen = archtool(
        "holdings", "verify", "--register", tmp_path / "again.register", "--trust", trust, "--json"
    )
    assert seen.code == 0
    assert set(seen.objects[0]["verdict"].values()) == {"complete", "agrees", "sound", "trusted"}


def test_the_digest_in_a_line_is_that_of_the_record_in_the_line(tmp_path: Path) -> None:
    lines = export(register_of(tmp_path), tmp_path / "x.jsonl").read_bytes().splitlines()[1:-1]
    previous = "0" * 64
    for number, line in enumerate(lines, 1):
        value, record = json.loads(line), line.partition(b'"record":')[2][:-1]
        assert (value["number"], value["record"]["previous"]) == (number, previous)
        previous = hashlib.sha256(record).hexdigest()
        assert value["sha256"] == previous


def test_a_folder_has_tables_that_a_spreadsheet_does_not_read_as_formulas(tmp_path: Path) -> None:
    folder = export(register_of(tmp_path), tmp_path / "export")
    assert sorted(path.name for path in folder.iterdir()) == [
        "copies.csv", "events.csv", "holdings.csv", "register.jsonl",
    ]  # fmt: skip
    tables = {
        path.stem: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
        for path in folder.glob("*.csv")
    }
    assert [row["title"] for row in tables["holdings"]][2:3] == ['\'=cmd|" /C calc"!A0']
    assert [row["holding"] for row in tables["copies"]] == [
        "letters-0",
        "letters-1",
        "letters-5",
        "letters-6",
    ]
    assert tables["copies"][0]["state"] == "ok"
    assert [row["number"] for row in tables["events"]] == [str(n) for n in range(1, 8)]
    cells = [cell for rows in tables.values() for row in rows for cell in row.values()]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    run = archtool("holdings", "import", folder, "--register", tmp_path / "again.register")
    assert run.code == 0


def test_export_and_import_print_objects_for_scripts(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    (made,) = archtool("holdings", "export", tmp_path / "x.jsonl", "--register", path, "--json").objects
    (read,) = archtool(
        "holdings", "import", tmp_path / "x.jsonl", "--register", tmp_path / "b.register", "--json"
    ).objects
    assert (made["schema"], read["schema"]) == ("archtool/register-export/1", "archtool/register-import/1")
    assert (made["events"], made["signatures"], made["holdings"], made["copies"]) == (7, 1, 4, 4)
    assert made["head"] == read["head"]


@pytest.mark.parametrize("target", ["there.jsonl", "there"])
def test_an_export_never_replaces_anything(tmp_path: Path, target: str) -> None:
    path = register_of(tmp_path)
    (tmp_path / target).write_text("mine")
    run = archtool("holdings", "export", tmp_path / target, "--register", path)
    assert (run.code, "exists already" in run.err) == (3, True)
    assert (tmp_path / target).read_text() == "mine"


def test_an_import_never_replaces_a_register(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    lines, before = export(path, tmp_path / "x.jsonl"), path.read_bytes()
    run = archtool("holdings", "import", lines, "--register", path)
    assert (run.code, "exists already" in run.err, path.read_bytes()) == (3, True, before)


@pytest.mark.parametrize(
    ("line", "old", "new", "words"),
    [
        (1, b"register-export/1", b"register-export/2", ":1: an export of a newer archtool"),
        (1, b'{"archtool"', b'{"arch"', ":1: not the first line of an export"),
        (1, b'"events":7', b'"events":8', ":9: not an event"),
        (1, b'"events":7', b'"events":6', "does not have the digest of the first line"),
        (1, b'"events":7', b'"events":"7"', ":1: not the first line"),
        (1, b'"signatures":1', b'"signatures":2', "cut short: it ends after 1 of 2 signatures"),
        (1, b'"signatures":1', b'"signatures":0', ":9: more lines follow"),
        (3, b"Jane Doe", b"Joan Doe", ":3: the record of event 2 does not have the digest in its line"),
        (3, b'"record":{', b'"record": {', ":3: not an event"),
        (3, b'"record":{', b'"record":{"zz":1,', ":3: an event is not canonical JSON"),
        (3, b'"number":2', b'"number":3', ":3: event 2 must follow, not event 3"),
        (3, b'"number":2', b'"number":02', ":3: not an event"),
        (3, b"letters-0", b"letters-\xff", ":3: the record is not UTF-8"),
        (9, b'"signer"', b'"singer"', ":9: not a signature on a head"),
        (9, b'"number":7', b'"number":8', ":9: the signature is on an event that the export does not have"),
        (9, b'"timestamp":null', b'"timestamp":5', ":9: the timestamp"),
        (9, b'"timestamp":null', b'"timestamp":"A"', ":9: the timestamp"),
    ],
)  # fmt: skip
def test_a_changed_line_is_refused_with_its_number_and_nothing_is_made(
    tmp_path: Path, line: int, old: bytes, new: bytes, words: str
) -> None:
    path = export(register_of(tmp_path), tmp_path / "x.jsonl")
    lines = path.read_bytes().split(b"\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_bytes(b"\n".join(lines))
    target = tmp_path / "new" / "again.register"
    target.parent.mkdir()
    run = archtool("holdings", "import", path, "--register", target)
    assert (run.code, run.out) == (3, "")
    assert words in run.err
    assert "hint: " in run.err
    assert list(target.parent.iterdir()) == []


def test_an_event_with_a_new_digest_is_refused_because_it_does_not_follow(tmp_path: Path) -> None:
    path = export(register_of(tmp_path), tmp_path / "x.jsonl")
    lines = path.read_bytes().split(b"\n")
    record = lines[2].partition(b'"record":')[2].replace(b"Jane", b"Joan")
    digest = hashlib.sha256(record[:-1]).hexdigest().encode()
    lines[2] = b'{"number":2,"sha256":"' + digest + b'","record":' + record
    path.write_bytes(b"\n".join(lines))
    run = archtool("holdings", "import", path, "--register", tmp_path / "again.register")
    assert (run.code, f"{path}:4: event 3 does not follow the one before" in run.err) == (3, True)


@pytest.mark.parametrize("kept", [0, 1, 2, 8])
def test_an_export_that_was_cut_short_is_refused(tmp_path: Path, kept: int) -> None:
    path = export(register_of(tmp_path), tmp_path / "x.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    for data in (b"".join(lines[:kept]), b"".join(lines[: kept + 1])[:-1]):
        path.write_bytes(data)
        run = archtool("holdings", "import", path, "--register", tmp_path / "again.register")
        assert run.code == 3
        assert "cut short" in run.err or "is empty" in run.err
    assert not (tmp_path / "again.register").exists()


def test_a_line_without_an_end_does_not_fill_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"archtool":"' + b"x" * 3_000_000)
    run = archtool("holdings", "import", path, "--register", tmp_path / "again.register")
    assert (run.code, ":1: the line is longer than 2,097,152 bytes" in run.err) == (3, True)
    assert left_behind(tmp_path) == []


def test_an_event_that_contradicts_the_others_is_refused_though_its_chain_is_whole(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        path = register.path
    lines = export(path, tmp_path / "x.jsonl").read_bytes().splitlines()
    previous = json.loads(lines[1])["sha256"]
    record = check(3, day(1)).to_record(previous).encode()
    digest = hashlib.sha256(record).hexdigest()
    lines[0] = lines[0].replace(b'"events":1', b'"events":2').replace(previous.encode(), digest.encode())
    lines.append(b'{"number":2,"sha256":"%s","record":%s}' % (digest.encode(), record))
    (tmp_path / "x.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    run = archtool("holdings", "import", tmp_path / "x.jsonl", "--register", tmp_path / "again.register")
    assert (run.code, ":3: letters-3 has no copy at /shelf/letters-3" in run.err) == (3, True)


def test_an_event_with_a_member_of_a_wrong_type_is_refused_though_its_chain_is_whole(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        path = register.path
    lines = export(path, tmp_path / "x.jsonl").read_bytes().splitlines()
    record = lines[1].partition(b'"record":')[2][:-1].replace(b'days":90', b'days":"abc"')
    digest = hashlib.sha256(record).hexdigest()
    lines[0] = lines[0].replace(json.loads(lines[1])["sha256"].encode(), digest.encode())
    lines[1] = b'{"number":1,"sha256":"%s","record":%s}' % (digest.encode(), record)
    (tmp_path / "x.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    run = archtool("holdings", "import", tmp_path / "x.jsonl", "--register", tmp_path / "again.register")
    assert run.code == 3
    assert ":2: the detail of an event of type register is wrong: check-every-days is not a" in run.err
    assert not (tmp_path / "again.register").exists()


def test_an_export_without_events_is_no_register(tmp_path: Path) -> None:
    path = export(register_of(tmp_path), tmp_path / "x.jsonl")
    first = json.loads(path.read_bytes().splitlines()[0])
    first |= {"events": 0, "signatures": 0, "head": "sha256:" + "0" * 64}
    path.write_text(json.dumps(first, separators=(",", ":"), sort_keys=True) + "\n")
    run = archtool("holdings", "import", path, "--register", tmp_path / "again.register")
    assert (run.code, run.out) == (3, "")
    assert "has no events, and a register begins with the one that creates it" in run.err
    assert not (tmp_path / "again.register").exists()


def test_a_damaged_register_can_still_be_exported_to_see_what_is_in_it(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    with open_register(path) as register:
        connection = register.connection
        for name in ("event_is_never_changed", "event_is_never_deleted"):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM event WHERE number = 3")
        connection.execute("UPDATE event SET record = '[]' WHERE number = 4")
    folder = export(path, tmp_path / "export")
    assert len((folder / "events.csv").read_text().splitlines()) == 7
    run = archtool("holdings", "import", folder, "--register", tmp_path / "again.register")
    assert (run.code, ":4: event 3 must follow, not event 4" in run.err or ":4: not an event" in run.err) == (
        3,
        True,
    )


@pytest.mark.parametrize("name", ["x.json", "x.csv", "x.JSON"])
def test_a_name_of_another_format_is_refused(tmp_path: Path, name: str) -> None:
    run = archtool("holdings", "export", tmp_path / name, "--register", register_of(tmp_path))
    assert (run.code, "name it x.jsonl; or x, for a folder with tables" in run.err) == (2, True)
