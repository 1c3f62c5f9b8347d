"""The mail of a report: the subject says the result, and nothing in it can add a header field."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from archtool.report.holdings.mail import format_mail, is_address
from archtool.report.holdings.marks import MAIL
from unit.holdings.histories import DAMAGE, audit, make_register_with_faults, report_of
from unit.holdings.registers import check, day
from unit.report.holdings.reports import calm_report, faulty_report, hostile_report


def parsed(mail: bytes) -> EmailMessage:
    message = message_from_bytes(mail, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_the_subject_says_the_result_of_the_audit(tmp_path: Path) -> None:
    message = parsed(format_mail(faulty_report(tmp_path, "run-2"), "archive@example.org"))
    assert message["Subject"] == "archtool audit: 1 copy changed, 1 missing, 1 package not registered; 2 new"
    assert message["To"] == "archive@example.org"
    assert message["Date"].datetime.isoformat() == "2026-01-22T02:00:00+00:00"


def test_a_mail_without_a_receiver_states_no_address(tmp_path: Path) -> None:
    message = parsed(format_mail(calm_report(tmp_path)))
    assert message["Subject"] == "archtool holdings: nothing wrong"
    assert {"To", "From", "Message-ID"} & set(message.keys()) == set()


def test_the_body_says_what_is_new_before_what_is_known(tmp_path: Path) -> None:
    body = parsed(format_mail(faulty_report(tmp_path))).get_content()
    assert body.startswith("Something new is wrong")
    assert body.index("letters-2: missing (new") < body.index("letters-0: changed (known since 2026-01-11)")
    assert all(len(line) <= 72 for line in body.splitlines() if "/" not in line and "sha256:" not in line)


def test_a_night_that_found_only_what_was_known_says_so_in_the_subject(tmp_path: Path) -> None:
    with make_register_with_faults(tmp_path) as register:
        known = check(0, day(30), "changed", **DAMAGE)
        audit(register, day(30), "run-3", known, extra=["/shelf/found"], extra_count=1)
        message = parsed(format_mail(report_of(register, day(31), "run-3")))
    assert message["Subject"].endswith("1 copy changed, 1 missing, 1 package not registered; nothing new")
    assert message.get_content().startswith("Nothing new: ")


def test_a_quiet_day_says_so_in_its_first_line(tmp_path: Path) -> None:
    assert parsed(format_mail(calm_report(tmp_path))).get_content().startswith("Nothing is wrong.\n")


def test_a_hostile_name_of_an_archive_adds_no_header_field(tmp_path: Path) -> None:
    mail = format_mail(hostile_report(tmp_path))
    message = parsed(mail)
    assert set(message.keys()) == {
        "Subject", "Date", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    body = message.get_content()
    assert "\x1b" not in body
    assert "\u202e" not in body + message["Subject"]


def test_a_mail_has_no_line_that_is_longer_than_a_mail_may_have(tmp_path: Path) -> None:
    assert max(map(len, format_mail(hostile_report(tmp_path)).splitlines())) <= 998


@pytest.mark.parametrize(
    "text", ["a@example.org", "root", "A B <a@example.org>", "a@example.org, b@example.org"]
)
def test_an_address_or_a_user_of_the_machine_can_receive_the_mail(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["", " ", "a@", "a@b@c", "a\nBcc: b@example.org", "<>", "a b c"])
def test_a_text_that_is_no_address_is_recognised(text: str) -> None:
    assert not is_address(text)


def test_a_subject_in_another_script_is_encoded_and_read_back(tmp_path: Path) -> None:
    archive = "Государственный архив " * 20
    mail = format_mail(replace(faulty_report(tmp_path), archive=archive))
    assert mail.partition(b"\n\n")[0].isascii()
    assert parsed(mail)["Subject"].startswith("archtool holdings: 1 copy changed")
    assert "Государственный архив" in parsed(mail)["Subject"]


def test_an_earlier_mail_is_recognised_by_its_first_line(tmp_path: Path) -> None:
    assert format_mail(hostile_report(tmp_path)).startswith(f"{MAIL}\n".encode())
