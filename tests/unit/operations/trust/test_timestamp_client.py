"""Sources of timestamps that do not answer."""

from __future__ import annotations

import pytest

from archtool.download.fetch_policy import FetchPolicy
from archtool.operations.trust.timestamp_client import NoTimestampError, TimestampProgram, TimestampServer
from unit.download.servers import Served, serving

SOON = 0.3  # seconds: long enough for a program to begin


def test_a_silent_server_is_given_up() -> None:
    silent = Served(raw=lambda handler: handler.server.store.release.wait(60) and None)
    with serving({"/tsa": silent}) as server:
        source = TimestampServer(server.url("/tsa"), FetchPolicy(timeout_seconds=SOON))
        with pytest.raises(NoTimestampError, match=", then none"):
            source.send(b"query")


def test_a_server_that_stops_in_the_middle_of_its_response_is_given_up() -> None:
    reply = Served(b"\x30\x03abc", waits_after=2, headers={"Content-Type": "application/timestamp-reply"})
    with serving({"/tsa": reply}) as server, pytest.raises(NoTimestampError, match=", then none"):
        TimestampServer(server.url("/tsa"), FetchPolicy(timeout_seconds=SOON)).send(b"query")


def test_a_server_that_does_not_speak_http_is_named() -> None:
    noise = Served(raw=lambda handler: handler.wfile.write(b"\x00\x01 noise\r\n\r\n") and None)
    with (
        serving({"/tsa": noise}) as server,
        pytest.raises(NoTimestampError, match="does not send valid HTTP"),
    ):
        TimestampServer(server.url("/tsa"), FetchPolicy(timeout_seconds=SOON)).send(b"query")


def test_a_password_in_the_address_is_not_shown() -> None:
    assert (
        TimestampServer("http://reader:secret@tsa.example.org/", FetchPolicy()).name
        == "http://tsa.example.org/"
    )


def test_a_program_that_hangs_is_killed() -> None:
    with pytest.raises(NoTimestampError, match=r"sleep did not answer within 0[.]3 s"):
        TimestampProgram(("sleep", "600"), SOON).send(b"query")


def test_a_program_that_closes_its_output_and_keeps_running_is_killed() -> None:
    with pytest.raises(NoTimestampError, match="sh did not answer"):
        TimestampProgram(("sh", "-c", "exec >&-; exec sleep 600"), SOON).send(b"query")


def test_a_program_need_not_read_its_input() -> None:
    assert TimestampProgram(("echo", "answer")).send(b"x" * 100_000) == b"answer\n"
