"""Formats what the archivist added to the package: own labels of bag-info.txt, and own tag files."""

from __future__ import annotations

from archtool.description.model import Description
from archtool.report.text.page import Page


def write_own_parts(page: Page, description: Description) -> None:
    """Add a section for each of them that the description has."""
    if description.bag_info:
        page.section("Own labels (bag-info.txt)")
        for label, values in description.bag_info.items():
            page.field(label, "\n".join(values))
    if description.tag_files:
        page.section("Own tag files")
        for tag_file in description.tag_files:
            origin = "" if tag_file.path == tag_file.file else f" (was {tag_file.file})"
            page.field("file", f"{tag_file.path}{origin}")
