"""The bytes of a text that are kept for the replay of its repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archtool.operations.repaired_texts.kept_bytes import KeptBytes

if TYPE_CHECKING:
    import pytest


def test_a_text_is_kept_in_pieces() -> None:
    kept = KeptBytes()
    for piece in (b"La s", b"", b"\xc3\xa9ance"):
        kept.update(memoryview(piece))
    assert kept.data == "La séance".encode()


def test_a_text_that_is_too_large_is_not_kept_and_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archtool.operations.repaired_texts.kept_bytes.MAX_REPAIRED_BYTES", 4)
    kept = KeptBytes()
    for piece in (b"abc", b"de", b"f"):
        kept.update(memoryview(piece))
    assert kept.data is None
