"""`audit --sign` prints the signed head, `--head-file` writes it; media are not forgotten."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from archtool.batch.audit.request import AuditRequest
from archtool.cli.audit import command
from archtool.holdings.audit_report import AuditReport
from command_line import archtool, archtool_process
from register_commands import count_events, init_register, make_bag


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register with the holding `letters-1` on a shelf."""
    path = init_register(tmp_path, monkeypatch)
    make_bag(tmp_path / "disk" / "letters-1")
    assert archtool("holdings", "adopt", tmp_path / "disk").code == 0
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A signing key."""
    path = tmp_path / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-C", "archivist@example.org", "-f", path, "-N", ""], check=True
    )
    return path


def add_to_tape(label: str = "TAPE-7") -> None:
    added = archtool("holdings", "copies", "letters-1", "--medium", label, "--path", "letters-1")
    assert added.code == 0, added.err


def test_a_signed_audit_prints_one_line_with_the_head_and_its_signer(register: Path, key: Path) -> None:
    run = archtool("audit", "--sign", key)
    assert run.code == 0, run.err
    last = run.out.splitlines()[-1]
    assert last.startswith(f"signed head of the register: event {count_events(register)} sha256:")
    assert "by archivist@example.org (SHA256:" in last


@pytest.mark.usefixtures("register")
def test_an_audit_writes_a_head_that_later_proves_the_register(tmp_path: Path, key: Path) -> None:
    heads = tmp_path / "heads"
    heads.mkdir()
    run = archtool("audit", "--sign", key, "--head-file", heads)
    (text,) = heads.glob("*.txt")
    assert f"written: {text}" in run.out
    assert len(list(heads.glob("*.sig"))) == 1
    assert archtool("holdings", "verify", "--expect-head", heads).code == 0


@pytest.mark.usefixtures("register")
def test_a_head_is_written_without_a_key_too(tmp_path: Path) -> None:
    run = archtool("audit", "--head-file", tmp_path / "head.txt", "--json")
    head = json.loads(run.out)["head"]
    assert (head["files"], head["signatures"]) == ([str(tmp_path / "head.txt")], [])
    assert head["head"].split()[1] in (tmp_path / "head.txt").read_text()


def test_an_earlier_head_is_never_replaced_and_nothing_is_audited(register: Path, tmp_path: Path) -> None:
    (tmp_path / "head.txt").write_text("the evidence\n")
    before = count_events(register)
    run = archtool("audit", "--head-file", tmp_path / "head.txt")
    assert (run.code, "never replaced" in run.err, count_events(register)) == (2, True, before)


@pytest.mark.usefixtures("register")
def test_no_file_takes_the_place_of_a_folder_whose_disk_is_not_mounted(tmp_path: Path) -> None:
    run = archtool("audit", "--head-file", tmp_path / "safe")
    assert (run.code, f"there is no folder {tmp_path / 'safe'}" in run.err) == (2, True)
    assert not (tmp_path / "safe").exists()


@pytest.mark.usefixtures("register")
def test_what_an_audit_found_is_printed_although_its_head_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "heads").mkdir()
    run_audit = command.run_audit

    def audit_while_another_head_is_written(request: AuditRequest) -> AuditReport:
        report = run_audit(request)
        head = archtool_process("holdings", "head", "--json").objects[0]["head"]
        (tmp_path / "heads" / f"head-{int(head.split()[0]):09}.txt").write_text("another head\n")
        return report

    monkeypatch.setattr(command, "run_audit", audit_while_another_head_is_written)
    run = archtool("audit", "--head-file", tmp_path / "heads")
    assert (run.code, "1 copy in order" in run.out) == (3, True), run.err
    assert "exists already, with another content" in run.err


def test_a_misspelt_label_of_a_medium_is_refused_with_the_right_one(register: Path, tmp_path: Path) -> None:
    add_to_tape()
    before = count_events(register)
    for plan in ([], ["--plan"]):
        run = archtool("audit", "--mount", f"TAPE-9={tmp_path}", *plan)
        assert (run.code, "did you mean `TAPE-7`" in run.err) == (3, True), run.err
    assert count_events(register) == before


@pytest.mark.usefixtures("register")
def test_the_labels_of_a_register_are_listed_if_none_is_similar(tmp_path: Path) -> None:
    add_to_tape("TAPE-7")
    add_to_tape("disk 12")
    run = archtool("audit", "--mount", f"Z={tmp_path}")
    assert "media of the register: TAPE-7, disk 12" in run.err


@pytest.mark.usefixtures("register")
def test_an_audit_with_nothing_due_says_that_media_were_left_out() -> None:
    add_to_tape()
    archtool("audit")
    run = archtool("audit")
    assert "nothing is due; 1 on media left out" in run.out
