"""`archtool audit` writes the report of the register after its run: a page, a mail, gauges."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lxml import html
from prometheus_client.parser import text_string_to_metric_families

from audits import Archive, set_clock, write_small_bag
from unit.holdings.registers import day

if TYPE_CHECKING:
    import pytest


def test_an_audit_writes_page_mail_and_gauges_of_the_register_after_it(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.letter(1).write_bytes(b"damaged")
    page, mail, gauges = (tmp_path / name for name in ("night.html", "night.eml", "night.prom"))
    done = archive.audit("--html", str(page), "--mail-file", str(mail), "--metrics", str(gauges))
    assert done.code == 1
    assert "letters-1" in page.read_text()
    assert "Subject: archtool audit: 1 copy changed; 1 new\n" in mail.read_text()
    samples = {
        sample.name: sample.value
        for family in text_string_to_metric_families(gauges.read_text())
        for sample in family.samples
    }
    assert (samples["archtool_last_audit_success"], samples["archtool_last_audit_checked"]) == (0, 3)


def test_a_second_audit_names_the_damage_as_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path)
    archive.letter(1).write_bytes(b"damaged")
    for night in (1, 2):
        set_clock(monkeypatch, day(night))
        assert archive.audit("--all", "--mail-file", str(tmp_path / "night.eml")).code == 1
    assert "Subject: archtool audit: 1 copy changed; nothing new\n" in (tmp_path / "night.eml").read_text()


def test_reports_of_a_quiet_night_say_that_nothing_is_wrong(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    run = archive.audit("--mail-file", str(tmp_path / "night.eml"), "--html", str(tmp_path / "night.html"))
    assert (run.code, len(run.out.splitlines())) == (0, 1)
    assert "Subject: archtool audit: nothing wrong\n" in (tmp_path / "night.eml").read_text()
    assert "Nothing wrong." in (tmp_path / "night.html").read_text()


def test_a_file_of_somebody_else_is_refused_before_the_audit_begins(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    (tmp_path / "thesis").write_text("years of work")
    assert archive.audit("--html", str(tmp_path / "thesis")).code == 2
    assert archive.events("audit-begun") == []


def test_a_problem_names_its_file_and_its_digests_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.letter(1).write_bytes(b"damaged")
    archive.audit("--html", str(tmp_path / "night.html"))
    (item,) = html.fromstring((tmp_path / "night.html").read_text()).xpath("//article//li/bdi/text()")
    assert item.count("data/letter.txt") == item.count("expected") == 1


def test_a_moved_copy_comes_with_the_command_that_registers_its_place(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.bag(1).rename(archive.shelf / "not here")
    archive.audit("--mail-file", str(tmp_path / "night.eml"))
    body = " ".join((tmp_path / "night.eml").read_text().split())
    assert f"archtool holdings move letters-1 '{archive.shelf / 'not here'}'" in body
    assert body.count(f"{archive.shelf / 'not here'}") == 2


def test_a_night_without_a_check_is_no_success_while_a_copy_is_known_to_be_bad(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.letter(1).write_bytes(b"damaged")
    assert archive.audit().code == 1
    metrics, mail = tmp_path / "night.prom", tmp_path / "night.eml"
    assert archive.audit("--metrics", metrics, "--mail-file", mail).code == 1
    ended = archive.events("audit-ended")[-1].detail
    assert (ended["checked"], ended["known_bad"], ended["wrong"]) == (0, 1, ["known-bad"])
    assert "archtool_last_audit_success 0\n" in metrics.read_text()
    body = " ".join(mail.read_text().split())
    assert "0 copies checked; 1 copy known to be bad from an earlier check" in body
    assert "no fault found" not in body


def test_the_metric_of_success_agrees_with_the_exit_code(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    metrics = tmp_path / "night.prom"
    write_small_bag(archive.shelf / "found", "Found in a drawer.\n")
    for options, code in ((("--all",), 0), (("--all", "--strict"), 1)):
        assert archive.audit("--metrics", metrics, *options).code == code
        assert f"archtool_last_audit_success {1 - code}\n" in metrics.read_text()
