"""Small descriptions for tests, and their findings in a form that is easy to compare."""

from __future__ import annotations

from archtool.description.loading import LoadedDescription, load_description
from archtool.description.model import Annexe, AnnexeStatus, Description, Source, TranscriptionFile
from archtool.findings import Finding

SMALL = """\
archtool: 1
title: Letter of the bureau
source: Cahiers, no 3.
transcription: letter.txt
rights: { original: UND }
"""


def load(text: str | bytes, *, is_json: bool = False) -> LoadedDescription:
    data = text.encode() if isinstance(text, str) else text
    return load_description(data, "letter.json" if is_json else "letter.yaml", is_json=is_json)


def described(text: str) -> Description:
    loaded = load(text)
    assert loaded.description is not None, loaded.findings
    return loaded.description


def only(loaded: LoadedDescription) -> Finding:
    """Return the only finding."""
    (finding,) = loaded.findings
    return finding


def syntax(loaded: LoadedDescription) -> Finding:
    """Return the only finding about the syntax; the parts that can be read have their own findings."""
    (finding,) = (one for one in loaded.findings if one.code == "description.syntax")
    return finding


def brief(loaded: LoadedDescription) -> list[tuple[str, str]]:
    """Return the place and code of every finding, in order."""
    return [(str(finding.place), finding.code) for finding in loaded.findings]


def codes(loaded: LoadedDescription) -> list[str]:
    return [finding.code for finding in loaded.findings]


def letter(*annexes: Annexe, **changes: object) -> Description:
    """Return the description of a letter with the given annexes."""
    facts: dict[str, object] = {
        "title": "Letter of the bureau",
        "source": Source(text="Cahiers, no 3."),
        "transcription": (TranscriptionFile("letter.txt"),),
        "annexes": annexes,
    }
    return Description(**(facts | changes))  # type: ignore[arg-type]


def annexe(title: str = "Note", status: AnnexeStatus = AnnexeStatus.LISTED, **changes: object) -> Annexe:
    return Annexe(title, status, **changes)  # type: ignore[arg-type]
