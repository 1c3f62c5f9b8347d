"""`archtool holdings verify` and `head`: what tampering with a register looks like to its archive."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from archtool.holdings.register import open_register
from command_line import archtool
from packages import ARCHIVIST, write_allowed_signers, write_key
from timestamping import command_of, make_timestamp_authority, needs_openssl
from unit.holdings.registers import check, day, make_register
from unit.holdings.tampering import chain_again, swap, unprotected


def register_of(folder: Path, checks: int = 4) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with make_register(folder, holdings=2) as register:
        register.append(*(check(number % 2, day(number + 1)) for number in range(checks)))
        return register.path


def verify(path: Path, *options: str | Path) -> tuple[int, list[str], str]:
    run = archtool("holdings", "verify", "--register", path, *options, "--json")
    return run.code, run.codes, run.out


def test_a_register_that_nobody_changed_is_in_order_and_the_output_says_what_is_not_proved(
    tmp_path: Path,
) -> None:
    run = archtool("holdings", "verify", "--register", register_of(tmp_path))
    assert (run.code, run.err) == (0, "")
    assert (
        "chain complete up to event 7, 2026-01-01T02:00:00Z to 2026-01-05T02:00:00Z: each follows"
        in run.said()
    )
    assert "state      every row is what the events give" in run.out
    assert "whether events after event 7 were cut off can be seen only by comparing" in run.said()
    assert "--expect-head" in run.out
    assert "7 events · 0 errors" in run.out


def test_verify_prints_one_object_with_verdicts_for_scripts(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    run = archtool("holdings", "verify", "--register", path, "--json")
    (result,) = run.objects
    assert result["schema"] == "archtool/register-verify/1"
    assert result["verdict"] == {
        "chain": "complete", "state": "agrees", "database": "sound", "trust": "not-asked",
    }  # fmt: skip
    assert result["facts"]["events"] == 7
    assert result["facts"]["rows"]["holding"] == 2


def test_chain_only_says_that_the_rest_was_not_checked(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    with unprotected(path) as connection:
        connection.execute("UPDATE holding SET title = 'X'")
    assert archtool("holdings", "verify", "--register", path).code == 1
    run = archtool("holdings", "verify", "--register", path, "--chain-only")
    assert run.code == 0
    assert "state      not compared, and the form of events not checked (--chain-only)" in run.out
    assert "database   not checked (--chain-only)" in run.out


def test_an_altered_event_is_named_in_words_with_what_to_do(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    with unprotected(path) as connection:
        connection.execute("UPDATE event SET record = replace(record, 'success', 'failure') WHERE number = 5")
    run = archtool("holdings", "verify", "--register", path)
    assert run.code == 1
    assert "event 5 (fixity-check of letters-1, 2026-01-03T02:00:00Z)" in run.said()
    assert "archtool holdings import" in run.said()
    assert "chain      BROKEN" in run.out


def test_a_register_that_was_rewritten_with_new_digests_is_found_by_a_kept_head(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    head = archtool("holdings", "head", "--register", path, "-o", tmp_path / "head.txt")
    assert head.code == 0
    with unprotected(path) as connection:
        connection.execute("UPDATE event SET record = replace(record, 'Jane', 'Joan')")
        chain_again(connection)
    assert verify(path)[:2] == (0, ["register.tail-not-proved"])  # the file alone cannot show it
    code, codes, _ = verify(path, "--expect-head", tmp_path / "head.txt")
    assert (code, codes) == (1, ["register.head-differs"])


@pytest.mark.parametrize("how", ["older copy", "cut off"])
def test_a_tail_that_was_cut_off_or_an_older_copy_is_found_by_a_kept_head(tmp_path: Path, how: str) -> None:
    path = register_of(tmp_path, checks=2)
    older = tmp_path / "older.register"
    shutil.copy(path, older)
    with open_register(path) as register:
        register.append(check(0, day(9)), check(1, day(9)))
    (line,) = archtool("holdings", "head", "--register", path, "--json").objects
    if how == "older copy":
        path.with_name(f"{path.name}-wal").unlink(missing_ok=True)
        shutil.copy(older, path)
    else:
        with unprotected(path) as connection:
            connection.execute("DELETE FROM event WHERE number > 5")
        assert "register.state-differs" in verify(path)[1]
        again = tmp_path / "again.register"
        assert archtool("holdings", "export", tmp_path / "x.jsonl", "--register", path).code == 0
        assert archtool("holdings", "import", tmp_path / "x.jsonl", "--register", again).code == 0
        path = again
    assert verify(path)[:2] == (0, ["register.tail-not-proved"])
    code, codes, out = verify(path, "--expect-head", line["head"])
    assert (code, codes) == (1, ["register.events-cut-off"])
    assert "ends with event 5" in out
    said = " ".join(
        archtool("holdings", "verify", "--register", path, "--expect-head", line["head"]).out.split()
    )
    assert "chain THE END IS MISSING: complete up to event 5" in said
    assert "trust NOT of the newest state: the end of the chain is missing; nothing else is broken" in said
    assert "BROKEN" not in said


def test_a_head_that_is_in_the_chain_is_named_and_nothing_is_left_unproved(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    head = archtool("holdings", "head", "--register", path, "--json").objects[0]["head"]
    with open_register(path) as register:
        register.append(check(0, day(9)))
    run = archtool("holdings", "verify", "--register", path, "--expect-head", head[:46])
    assert run.code == 0
    assert "kept head  in the chain: 7 sha256:" in run.out
    assert "tail-not-proved" not in run.out


def test_a_head_of_another_register_is_named(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    archtool("holdings", "init", tmp_path / "other.register")
    archtool("holdings", "head", "--register", tmp_path / "other.register", "-o", tmp_path / "head.txt")
    code, codes, _ = verify(path, "--expect-head", tmp_path / "head.txt")
    assert (code, codes) == (1, ["register.other-register"])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("12", "the head cannot be read: 12"),
        ("12 sha256:abcd", "not the head of a register: '12 sha256:abcd'"),
        ("sha256:" + "a" * 64, "not the head of a register"),
        (".", "there is no head of a register in ."),
    ],
)
def test_what_is_no_head_is_refused_with_its_form(tmp_path: Path, value: str, words: str) -> None:
    run = archtool(
        "holdings", "verify", "--register", register_of(tmp_path), "--expect-head", value, cwd=tmp_path
    )
    assert (run.code, run.out) == (3, "")
    assert words in run.err
    assert "hint: " in run.err or value == "12"


def test_a_signed_head_is_trusted_up_to_its_event(tmp_path: Path) -> None:
    path, key, trust = register_of(tmp_path), write_key(tmp_path), write_allowed_signers(tmp_path, ARCHIVIST)
    assert archtool("holdings", "head", "--register", path, "--sign", key).code == 0
    with open_register(path) as register:
        register.append(check(0, day(9)))
    run = archtool("holdings", "verify", "--register", path, "--trust", trust)
    assert run.code == 0
    assert f"trust      up to event 7: signed by {ARCHIVIST}" in run.out
    assert "event 8 is after the last head with a trusted signature" in run.said()


def test_an_exported_head_is_checked_by_ssh_keygen(tmp_path: Path) -> None:
    path, key, trust = register_of(tmp_path), write_key(tmp_path), write_allowed_signers(tmp_path, ARCHIVIST)
    heads = tmp_path / "heads"
    heads.mkdir()
    run = archtool("holdings", "head", "--register", path, "--sign", key, "-o", heads)
    assert run.code == 0
    text = heads / "head-000000007.txt"
    (signature,) = heads.glob("head-000000007.txt.*.sig")
    command = ["ssh-keygen", "-Y", "verify", "-n", "archtool", "-f", trust, "-I", ARCHIVIST, "-s", signature]
    done = subprocess.run(command, input=text.read_bytes(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert verify(path, "--expect-head", heads, "--trust", trust)[:2] == (0, [])


def test_the_same_head_is_signed_once_by_each_key(tmp_path: Path) -> None:
    path, key = register_of(tmp_path), write_key(tmp_path)
    first = archtool("holdings", "head", "--register", path, "--sign", key, "-o", tmp_path / "head.txt")
    second = archtool("holdings", "head", "--register", path, "--sign", key, "-o", tmp_path / "head.txt")
    assert (first.code, second.code, first.out) == (0, 0, second.out)
    third = archtool("holdings", "head", "--register", path, "--json")
    assert len(third.objects[0]["signatures"]) == 1


def test_a_head_that_is_in_the_folder_already_is_kept_and_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, heads = register_of(tmp_path), tmp_path / "heads"
    heads.mkdir()
    for number in (10, 11):
        monkeypatch.setattr("archtool.cli.options.clock.now", lambda number=number: day(number))
        assert archtool("holdings", "head", "--register", path, "-o", heads).code == 0
    assert [file.name for file in heads.iterdir()] == ["head-000000007.txt"]
    (heads / "notes.txt").write_text("not a head")
    assert verify(path, "--expect-head", heads)[:2] == (0, [])
    (heads / "other.txt").write_text("archtool register head 1\nfoo\n")
    run = archtool("holdings", "verify", "--register", path, "--expect-head", heads)
    assert (run.code, "other.txt is not the head of a register" in run.err) == (3, True)


def test_a_head_is_not_written_into_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    run = archtool(
        "holdings", "head", "--register", register_of(tmp_path), "-o", tmp_path / "no" / "head.txt"
    )
    assert (run.code, "there is no folder" in run.err) == (3, True)


def test_a_head_is_not_written_over_another_file(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    run = archtool("holdings", "head", "--register", path, "-o", tmp_path / "notes.txt")
    assert run.code == 3
    assert "exists already, with another content" in run.err
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_register_rewritten_by_whoever_has_no_key_contradicts_its_signed_head(tmp_path: Path) -> None:
    path, key, trust = register_of(tmp_path), write_key(tmp_path), write_allowed_signers(tmp_path, ARCHIVIST)
    archtool("holdings", "head", "--register", path, "--sign", key)
    with unprotected(path) as connection:
        connection.execute("UPDATE event SET record = replace(record, 'Jane', 'Joan')")
        chain_again(connection)
    code, codes, _ = verify(path, "--trust", trust)
    assert (code, codes) == (1, ["register.head-differs"])
    with unprotected(path) as connection:  # and if the signature is removed too
        connection.execute("DELETE FROM head_signature")
    code, codes, _ = verify(path, "--trust", trust)
    assert (code, codes) == (4, ["register.unsigned"])


def test_a_tail_cut_off_below_a_stored_signature_is_found_without_a_kept_head(tmp_path: Path) -> None:
    path, key = register_of(tmp_path), write_key(tmp_path)
    archtool("holdings", "head", "--register", path, "--sign", key)
    with unprotected(path) as connection:
        connection.execute("DELETE FROM event WHERE number > 5")
    code, codes, _ = verify(path)
    assert code == 1
    assert "register.events-cut-off" in codes


@pytest.mark.parametrize(
    ("column", "old", "new", "wanted"),
    [
        ("statement", "event: 7", "event: 6", "register.head-differs"),
        ("statement", "time: 20", "time: 19", "register.head-signature-broken"),
        ("statement", "time", "date", "register.head-invalid"),
        ("signature", "AAAA", "AAAB", "register.head-signature-broken"),
        ("signature", "BEGIN", "BEGAN", "register.head-signature-broken"),
    ],
)
def test_a_stored_head_or_signature_that_was_changed_is_found(
    tmp_path: Path, column: str, old: str, new: str, wanted: str
) -> None:
    path, key = register_of(tmp_path), write_key(tmp_path)
    archtool("holdings", "head", "--register", path, "--sign", key)
    with unprotected(path) as connection:
        connection.execute(f"UPDATE head_signature SET {column} = replace({column}, ?, ?)", (old, new))  # noqa: S608
    code, codes, _ = verify(path)
    assert code == 1
    assert wanted in codes


def test_a_signature_by_an_unknown_key_is_not_trusted(tmp_path: Path) -> None:
    path, key = register_of(tmp_path), write_key(tmp_path)
    archtool("holdings", "head", "--register", path, "--sign", key)
    write_key(tmp_path, "other@example.org")
    trust = write_allowed_signers(tmp_path, "other@example.org")
    code, codes, _ = verify(path, "--trust", trust)
    assert code == 4
    assert codes == ["trust.key-unknown", "register.not-trusted"]


def test_two_swapped_events_and_a_missing_one_are_told_apart(tmp_path: Path) -> None:
    path = register_of(tmp_path / "a")
    with unprotected(path) as connection:
        swap(connection, 4, 6)
    assert "register.events-swapped" in verify(path)[1]
    path = register_of(tmp_path / "b")
    with unprotected(path) as connection:
        connection.execute("DELETE FROM event WHERE number = 5")
    assert "register.event-missing" in verify(path)[1]


@needs_openssl
def test_a_timestamped_head_proves_since_when_its_events_exist(tmp_path: Path) -> None:
    path, key, trust = register_of(tmp_path), write_key(tmp_path), write_allowed_signers(tmp_path, ARCHIVIST)
    authority = make_timestamp_authority(tmp_path / "tsa")
    heads = tmp_path / "heads"
    heads.mkdir()
    sign = ("holdings", "head", "--register", path, "--sign", key, "-o", heads)
    made = archtool(*sign, "--timestamp-command", command_of(authority), "--tsa-roots", authority.roots)
    assert (made.code, len(list(heads.glob("*.sig.tsr")))) == (0, 1), made.err
    options = ("--trust", trust, "--tsa-roots", authority.roots, "--expect-head", heads)
    run = archtool("holdings", "verify", "--register", path, *options)
    assert run.code == 0, run.said()
    assert "existed at 2026-11-22T12:00:00+00:00: proved by Test timestamps" in run.said()


@needs_openssl
def test_a_signature_gets_its_timestamp_later_and_stays_the_same(tmp_path: Path) -> None:
    path, key = register_of(tmp_path), write_key(tmp_path)
    authority = make_timestamp_authority(tmp_path / "tsa")
    sign = ("holdings", "head", "--register", path, "--sign", key)
    assert archtool(*sign, "-o", tmp_path / "head.txt").code == 0
    assert (
        archtool(*sign, "-o", tmp_path / "head.txt", "--timestamp-command", command_of(authority)).code == 0
    )
    assert len(list(tmp_path.glob("head.txt*"))) == 3


def test_a_timestamp_that_is_not_received_leaves_no_signature_behind(tmp_path: Path) -> None:
    path, key = register_of(tmp_path), write_key(tmp_path)
    run = archtool("holdings", "head", "--register", path, "--sign", key, "--timestamp-command", "false")
    assert run.code == 5
    assert archtool("holdings", "head", "--register", path, "--json").objects[0]["signatures"] == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--timestamp", "http://127.0.0.1:9/"), "--timestamp requires --sign"),
        (("--signer", "x"), "--signer requires"),
    ],
)
def test_options_that_need_a_key_say_so(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    run = archtool("holdings", "head", "--register", register_of(tmp_path), *options)
    assert (run.code, words in run.err) == (2, True)


def test_a_missing_trigger_is_a_change_and_no_damage(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    with open_register(path) as register:
        register.connection.execute("DROP TRIGGER event_is_never_changed")
    run = archtool("holdings", "verify", "--register", path)
    assert run.code == 1
    assert "the trigger event_is_never_changed is missing in the database" in run.said()
    assert "database   CHANGED: tables or triggers are not those that archtool makes" in run.out
    assert "chain      complete up to event 7" in run.out


def test_a_large_register_is_verified_by_two_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archtool.operations.holdings.verify_register._SMALL_BYTES", 0)
    monkeypatch.setattr("archtool.cli.defaults.default_jobs", lambda: 2)
    path = register_of(tmp_path)
    code, codes, out = verify(path)
    assert (code, codes) == (0, ["register.tail-not-proved"])
    assert '"state":"agrees"' in out
    with unprotected(path) as connection:
        connection.execute("UPDATE copy SET tried_at = NULL WHERE key = 2")
        connection.execute("UPDATE event SET record = replace(record, 'Jane', 'Joan') WHERE number = 7")
    assert sorted(verify(path)[1]) == ["register.record-altered", "register.state-differs"]


@pytest.mark.parametrize("bad", ["", "a\\nevent: 9", "é"])
def test_a_register_without_an_id_has_no_head_that_could_be_kept(tmp_path: Path, bad: str) -> None:
    path = register_of(tmp_path)
    with unprotected(path) as connection:
        register_id = "7f6c2a52-0000-4000-8000-000000000000"
        connection.execute(
            "UPDATE event SET record = replace(record, ?, ?) WHERE number = 1", (register_id, bad)
        )
    run = archtool("holdings", "head", "--register", path, "-o", tmp_path / "head.txt")
    assert (run.code, run.out) == (3, "")
    assert "has no id of a register" in run.err
    assert not (tmp_path / "head.txt").exists()
    assert verify(path)[0] == 1


def test_a_misspelt_command_names_the_one_that_is_meant() -> None:
    run = archtool("holdings", "check")
    assert (run.code, "verify" in run.err) == (2, True)
