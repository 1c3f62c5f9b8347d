"""Copies in order whose signers are not accepted: every command gives the same answer about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.holdings.event import EventOutcome
from archtool.holdings.event_types import EventType
from audits import SOURCE, Archive, set_clock
from command_line import Run, archtool
from packages import make_package, write_key
from unit.holdings.registers import day


def trusting(file: Path, key: Path) -> Path:
    """Write a file that trusts the owner of a key."""
    file.write_text(archtool("keys", "trust", key.with_suffix(".pub")).out)
    return file


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return write_key(tmp_path, "jane@example.org")


@pytest.fixture
def archive(tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive with a package that Jane has signed."""
    made, package = Archive(tmp_path, bags=0), make_package(tmp_path)
    done = archtool("attest", package, "--event", "validation", "--sign", key, "--date", "2026-11-23")
    assert done.code == 0, done.err
    made.append(made.ingestion(package, "letters"))
    set_clock(monkeypatch, day(330))
    return made


@pytest.fixture
def strangers(tmp_path: Path) -> Path:
    """A file that trusts somebody who signed nothing here."""
    folder = tmp_path / "trusted"
    folder.mkdir()
    return trusting(folder / "allowed_signers", write_key(folder, "stranger@example.org"))


def holdings(archive: Archive, *arguments: str | Path) -> Run:
    return archtool("holdings", *arguments, "--register", archive.path)


def test_a_copy_of_unknown_signers_is_in_order_and_not_trusted(archive: Archive, strangers: Path) -> None:
    run = archive.audit("--trust", strangers)
    assert run.code == 4
    assert "1 copy is in order, not trusted: nothing is wrong with the material" in run.said()
    assert "add the signer to allowed_signers, attest it yourself, or audit without --trust" in run.said()
    event = archive.last_check("letters")
    assert (event.detail["state"], event.detail["trust"]) == ("ok", "not-accepted")
    assert (event.outcome, archive.copy("letters").state) == (EventOutcome.SUCCESS, "ok")


def test_the_next_nights_and_every_page_say_the_same(
    archive: Archive, tmp_path: Path, strangers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.audit("--trust", strangers)
    set_clock(monkeypatch, day(331))
    files = ("--mail-file", tmp_path / "mail", "--metrics", tmp_path / "m.prom")
    run = archive.audit("--trust", strangers, *files)
    assert (run.code, "in order, not trusted by an earlier check: 1 copy (letters)" in run.out) == (4, True)
    assert "archtool audit --holding letters\n" in run.out
    assert "in order, not trusted" in holdings(archive, "list").out
    assert "in order, not trusted since" in holdings(archive, "show", "letters").said()
    assert "in order, not trusted; " in holdings(archive, "events", "letters").said()
    assert "1 copy in order, not trusted" in holdings(archive, "report").said()
    mail = " ".join((tmp_path / "mail").read_text().split())
    assert "Subject: archtool audit: 1 copy in order, not trusted" in mail
    assert "nothing is wrong with the material; add the signer to allowed_signers" in mail
    assert "archtool_copies_not_trusted" in (tmp_path / "m.prom").read_text()
    page = tmp_path / "page.html"
    assert holdings(archive, "report", "--html", page).code == 0
    assert "In order, not trusted: 1" in page.read_text()
    (found,) = holdings(archive, "report", "--json").objects
    assert (found["not_trusted"]["count"], found["faults"]["count"]) == (1, 0)


def test_a_check_that_accepts_the_signers_ends_it(
    archive: Archive, tmp_path: Path, key: Path, strangers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.audit("--trust", strangers)
    set_clock(monkeypatch, day(331))
    run = archive.audit("--all", "--trust", trusting(tmp_path / "allowed_signers", key))
    assert (run.code, archive.copy("letters").trust) == (0, "accepted"), run.said()
    assert archtool("holdings", "verify", "--register", archive.path).code == 0


def test_an_audit_that_asks_for_no_trust_ends_it_too(
    archive: Archive, strangers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.audit("--trust", strangers)
    set_clock(monkeypatch, day(331))
    assert archive.audit("--all").code == 0
    assert archive.copy("letters").trust is None


def test_bags_that_nobody_signed_are_noted_and_fail_no_night(tmp_path: Path, strangers: Path) -> None:
    archive = Archive(tmp_path)
    run = archive.audit("--trust", strangers)
    assert (run.code, "note: 3 copies in order, without any signature" in run.out) == (0, True)
    assert archive.copy("letters-0").trust == "unsigned"
    assert archive.last_check("letters-0").detail["problems"] == []
    assert "nothing wrong" in holdings(archive, "report").said()


@pytest.mark.parametrize("option", ["--strict", "--policy"])
def test_bags_that_nobody_signed_are_not_trusted_where_more_is_asked_for(
    tmp_path: Path, strangers: Path, option: str
) -> None:
    archive, policy = Archive(tmp_path), tmp_path / "policy.yaml"
    policy.write_text("archtool-policy: 1\nclaims:\n  - event: validation\n    required: true\n")
    more = ("--strict",) if option == "--strict" else ("--policy", policy)
    run = archive.audit("--trust", strangers, *more)
    assert run.code == 4, run.said()
    assert "3 copies are in order, not trusted" in run.said()


def test_a_night_with_a_copy_that_is_not_trusted_is_no_success(
    archive: Archive, strangers: Path, tmp_path: Path
) -> None:
    metrics, mail = tmp_path / "night.prom", tmp_path / "night.eml"
    assert archive.audit("--trust", strangers, "--metrics", metrics, "--mail-file", mail).code == 4
    assert archive.events("audit-ended")[-1].detail["wrong"] == ["not-trusted"]
    assert "archtool_last_audit_success 0\n" in metrics.read_text()
    assert "1 copy checked, no fault found; some copies are not trusted" in " ".join(mail.read_text().split())


def test_a_copy_that_was_signed_at_its_last_check_and_is_not_now_is_more_than_a_note(
    tmp_path: Path, strangers: Path
) -> None:
    archive = Archive(tmp_path)
    detail = {"place": str(archive.bag(0)), "state": "ok", "depth": "full", "bytes": 1, "trust": "accepted"}
    archive.append(SOURCE.event(EventType.FIXITY_CHECK, day(1), "letters-0", detail))
    run = archive.audit("--all", "--trust", strangers)
    assert (run.code, "1 copy is in order, not trusted" in run.said()) == (4, True)


def test_damage_comes_before_trust(archive: Archive, strangers: Path) -> None:
    package = Path(archive.copy("letters").place)
    next(path for path in (package / "data").rglob("*") if path.is_file()).write_bytes(b"damage")
    run = archive.audit("--trust", strangers)
    assert (run.code, archive.copy("letters").trust) == (1, None)
    assert "not trusted" not in run.out
