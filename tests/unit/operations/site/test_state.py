"""The state of a site: read back as it was written, and refused if it is something else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archtool.description.citing.model import Entry
from archtool.errors import InputError
from archtool.operations.site.state import PackageRecord, SiteState, WrittenFile, format_state, parse_state
from archtool.report.site.model import SiteAuthor, SiteEntry

ENTRY = SiteEntry(
    slug="letter",
    name="box/l\udce9tter",
    title="Lettre",
    title_language="fr",
    id="letter",
    authors=(SiteAuthor("Rakovsky, Christian", "attributed"),),
    date="1932-04",
    languages=(("fr", "French"),),
    series="Papers",
    genre="letter",
    place="Barnaul",
    fault="files: incomplete",
    packaged_on="2026-11-22",
    words="words",
    entry=Entry({"id": "document", "type": "chapter"}, {"id": "s"}, ("attributed",), None, "T", None, None),
)
STATE = SiteState(
    "a" * 64,
    "b" * 64,
    {"box/l\udce9tter": PackageRecord(ENTRY, "c" * 64, ("data/letter.txt",), 1, "files: incomplete")},
    {"index.html": WrittenFile("d" * 64, 12), "packages/letter.html": WrittenFile("", 0)},
)


def test_a_state_is_read_back_as_it_was_written() -> None:
    assert parse_state(format_state(STATE), "state") == STATE
    assert parse_state(format_state(SiteState()), "state") == SiteState()


def test_the_same_state_has_the_same_bytes_in_any_order() -> None:
    files = dict(reversed(STATE.files.items()))
    assert format_state(SiteState(STATE.settings, STATE.collection, STATE.packages, files)) == format_state(
        STATE
    )


@pytest.mark.parametrize(
    "path",
    [
        "../index.html",
        "/etc/passwd",
        "packages/../x.html",
        "packages/a/b.html",
        ".htaccess",
        "a.php",
        "A.html",
    ],
)
def test_a_state_that_names_other_files_is_refused(path: str) -> None:
    stated: dict[str, Any] = json.loads(format_state(STATE))
    stated["files"][path] = ["", 0]
    with pytest.raises(InputError, match="damaged"):
        parse_state(json.dumps(stated).encode(), "state")


@pytest.mark.parametrize("key", ["schema", "settings", "collection", "files", "packages"])
def test_a_state_without_one_of_its_parts_is_refused(key: str) -> None:
    stated: dict[str, Any] = json.loads(format_state(STATE))
    del stated[key]
    with pytest.raises(InputError, match="damaged"):
        parse_state(json.dumps(stated).encode(), "state")
