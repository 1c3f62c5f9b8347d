"""The RO-Crate of the described case, as text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archtool import __version__
from golden_files import assert_golden
from packages import EXAMPLES, pack

if TYPE_CHECKING:
    import pytest

FOLDER = Path(__file__).parent


def test_the_crate_of_the_document_of_1932(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    package = tmp_path / "package"
    assert pack(EXAMPLES / "rakovsky-1932/description.yaml", package, "--crate").code == 0
    text = (package / "data/ro-crate-metadata.json").read_text(encoding="utf-8")
    assert_golden(FOLDER / "ro-crate-metadata.json", text.replace(f'"{__version__}"', '"VERSION"'), request)
