"""The folders that a row declares in a folder that packages share."""

from __future__ import annotations

from pathlib import Path

from archtool.files.tree import FileKind, Tree
from archtool.operations.sources.shared_sources import walk_declared
from unit.operations.sources.source_folders import ONE, described_in

ITEMS = ", ".join(f"{{ file: {name}/, role: facsimile }}" for name in ("scans", "none", "link"))


def test_missing_folders_are_left_to_the_check_and_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "1.jpg").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "scans")
    description = described_in(tmp_path, ONE + f"files: [{ITEMS}]\n").description
    with Tree(tmp_path) as tree:
        found = {item.path: item.kind for item in walk_declared(description, tree)}
    assert found == {"scans/1.jpg": FileKind.FILE, "link": FileKind.LINK}
