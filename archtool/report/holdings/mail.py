"""Formats the report of a register as a mail in plain text, for `sendmail -t`.

The subject says the result. There is no From and no Message-ID: the mail system of the machine adds both.

Source: RFC 5322 §3.6 (header fields), RFC 2047 (other characters in them), RFC 3834 §5 (Auto-Submitted).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default

from archtool.holdings.reporting.model import HoldingsReport
from archtool.printable import show_steering
from archtool.report.holdings import report_words as words
from archtool.report.holdings.marks import AUTO_SUBMITTED
from archtool.report.holdings.text import Room, add_body
from archtool.report.text.page import Page, one_line

_WIDTH = 72
_ROOM = Room(faults=20, files=5, overdue=10, extra=20)
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_POLICY = default.clone(linesep="\n")  # as sendmail reads it; on the wire it becomes CR LF
_MAX_LINE_BYTES = 998  # RFC 5322 §2.1.1
MAX_SUBJECT_CHARACTERS = 200  # an archive's name is not bounded


def format_mail(report: HoldingsReport, to: str | None = None) -> bytes:
    """Return the whole message; `to` is an address that `is_address` accepts."""
    words_of_subject = subject(report)
    # a header is not folded if it need not be: some readers show only its first line
    unfolded = _POLICY.clone(max_line_length=_MAX_LINE_BYTES) if words_of_subject.isascii() else _POLICY
    message = EmailMessage(unfolded)
    message["Auto-Submitted"] = AUTO_SUBMITTED
    message["Subject"] = words_of_subject
    message["Date"] = datetime.fromisoformat(report.made_at).astimezone(UTC)
    if to is not None:
        message["To"] = to
    body = _body(report)
    message.set_content(body, cte=_transfer_encoding(body))
    return message.as_bytes()


def _transfer_encoding(body: str) -> str:
    """Return how the body is written: as it is, unless a line is longer than a mail may have."""
    if max(len(line.encode()) for line in body.splitlines()) > _MAX_LINE_BYTES:
        return "quoted-printable"
    return "7bit" if body.isascii() else "8bit"


def subject(report: HoldingsReport) -> str:
    """Return the subject: which command, the result in words, and the name of the archive."""
    command = "archtool audit" if report.is_of_run else "archtool holdings"
    archive = f" ({show_steering(one_line(report.archive))})" if report.archive else ""
    return f"{command}: {words.result_and_news(report)}{archive}"[:MAX_SUBJECT_CHARACTERS]


def _body(report: HoldingsReport) -> str:
    page = Page(_WIDTH)
    page.lines += _first_lines(report)
    add_body(page, report, _ROOM)
    page.section("Where this comes from")
    page.field("Register", report.register)
    page.field("Head", report.head)
    if report.run is not None:
        page.field("Run", report.run.id)
    page.field("Made", f"{words.shown_time(report.made_at)} UTC")
    return show_steering(page.text())


def _first_lines(report: HoldingsReport) -> list[str]:
    news = words.news_in_words(report)
    if news == words.NOTHING_NEW:
        return ["Nothing new: what follows was reported before, and has not changed.", ""]
    if news:
        return ["Something new is wrong; each part says what to do first.", ""]
    return ["Nothing is wrong.", ""] if report.counts.copies else []


def is_address(text: str) -> bool:
    """Whether a text is one or more mail addresses, or the name of a user of this machine."""
    if _USER.fullmatch(text):
        return True
    if not text.isprintable() or not text.strip():
        return False
    try:
        message = EmailMessage(_POLICY)
        message["To"] = text
        header = message["To"]
    except (ValueError, IndexError):
        return False
    return (
        not header.defects
        and all(address.username for address in header.addresses)
        and bool(header.addresses)
    )
