"""What every test needs: a fixed environment, and the one switch of the golden files."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture(autouse=True)
def fixed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the machine decides what a test sees."""
    ours = (
        "SOURCE_DATE_EPOCH",
        "ARCHTOOL_TRUST",
        "ARCHTOOL_REVOKED",
        "ARCHTOOL_TSA_ROOTS",
        "ARCHTOOL_POLICY",
        "ARCHTOOL_PASSPHRASE_FILE",
    )
    for name in (*ours, "SSH_AUTH_SOCK", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("ARCHTOOL_CONFIG", "")


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder for the sources, apart from where packages go."""
    folder = tmp_path / "letters"
    folder.mkdir()
    return folder
