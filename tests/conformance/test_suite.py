"""The Library of Congress conformance suite: every case has its expected verdict and findings.

The suite is read in place and never copied into the project: `ARCHTOOL_CONFORMANCE_SUITE` names its
folder. Each case is copied to a temporary folder before it is read.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from archtool.findings import Severity
from unit.bagit.bag_builders import judged, look

SUITE = Path(
    os.environ.get("ARCHTOOL_CONFORMANCE_SUITE")
    or Path(__file__).resolve().parents[3] / "shared" / "conformance-suite"
)
needs_suite = pytest.mark.skipif(
    not SUITE.is_dir(),
    reason="the Library of Congress conformance suite is not here: set ARCHTOOL_CONFORMANCE_SUITE",
)
Expected = tuple[str, set[str]]

# case → the verdict on the bag, and all codes of findings (except that md5 is weak)
CASES: dict[str, Expected] = {
    "v0.93/valid/basic-bag": ("valid", set()),
    "v0.93/valid/duplicate-metadata-entries": ("valid", set()),
    "v0.94/valid/basic-bag": ("valid", set()),
    "v0.94/valid/duplicate-metadata-entries": ("valid", set()),
    "v0.95/valid/basic-bag": ("valid", set()),
    "v0.95/valid/duplicate-metadata-entries": ("valid", set()),
    "v0.96/valid/bag-in-a-bag": ("valid", set()),
    "v0.96/valid/bag-with-encoded-names": ("valid", set()),
    "v0.96/valid/bag-with-escapable-characters": ("valid", set()),
    "v0.96/valid/bag-with-leading-dot-slash-in-manifest": ("valid", {"manifest.md5sum-form"}),
    "v0.96/valid/bag-with-space": ("valid", set()),
    "v0.96/valid/basic-bag": ("valid", set()),
    "v0.96/valid/duplicate-metadata-entries": ("valid", set()),
    "v0.96/valid/holey-bag": ("valid", {"tagmanifest.unlisted-file"}),
    "v0.97/invalid/baginfo-missing-encoding": (
        "invalid",
        {"declaration.malformed", "fixity.digest-mismatch"},
    ),
    "v0.97/invalid/bom-in-bagit.txt": ("invalid", {"declaration.bom"}),
    "v0.97/invalid/corrupt-data-file": ("invalid", {"fixity.digest-mismatch", "oxum.differs"}),
    "v0.97/invalid/corrupt-tag-file": ("invalid", {"fixity.digest-mismatch"}),
    "v0.97/invalid/extra-file-in-bag": ("invalid", {"complete.file-unlisted", "oxum.differs"}),
    "v0.97/invalid/invalid-version-number": ("invalid", {"declaration.malformed", "fixity.digest-mismatch"}),
    "v0.97/invalid/missing-baginfo": ("incomplete", {"complete.file-missing"}),
    "v0.97/invalid/missing-bagit.txt": ("invalid", {"complete.file-missing", "declaration.missing"}),
    "v0.97/invalid/out-of-scope-file-paths-using-dot-notation": (
        "invalid",
        {"complete.file-missing", "manifest.lists-tag-file", "manifest.unsafe-path"},
    ),
    "v0.97/invalid/out-of-scope-file-paths-using-dot-notation-for-fetch": ("invalid", {"fetch.unsafe-path"}),
    "v0.97/invalid/same-filename-listed-twice-with-different-hashes": (
        "invalid",
        {"fixity.digest-mismatch", "manifest.contradiction"},
    ),
    "v0.97/linux-only/out-of-scope-file-paths-using-absolute-path": ("invalid", {"manifest.unsafe-path"}),
    "v0.97/linux-only/out-of-scope-file-paths-using-absolute-path-for-fetch": (
        "invalid",
        {"fetch.unsafe-path"},
    ),
    "v0.97/linux-only/out-of-scope-file-paths-using-shortcut": ("invalid", {"manifest.unsafe-path"}),
    "v0.97/linux-only/out-of-scope-file-paths-using-shortcut-for-fetch": ("invalid", {"fetch.unsafe-path"}),
    "v0.97/linux-only/out-of-scope-file-paths-using-shortcut-username": ("invalid", {"manifest.unsafe-path"}),
    "v0.97/linux-only/out-of-scope-file-paths-using-shortcut-username-for-fetch": (
        "invalid",
        {"fetch.unsafe-path"},
    ),
    "v0.97/valid/ISO-8859-1-encoded-tag-files": ("valid", set()),
    "v0.97/valid/UTF-16-encoded-tag-files": ("valid", set()),
    "v0.97/valid/bag-in-a-bag": ("valid", set()),
    "v0.97/valid/bag-with-encoded-names": ("valid", set()),
    "v0.97/valid/bag-with-escapable-characters": ("valid", set()),
    "v0.97/valid/bag-with-leading-dot-slash-in-manifest": ("valid", {"manifest.md5sum-form"}),
    "v0.97/valid/bag-with-space": ("valid", set()),
    "v0.97/valid/basic-bag": ("valid", set()),
    "v0.97/valid/duplicate-metadata-entries": ("valid", set()),
    "v0.97/valid/holey-bag": ("valid", {"tagmanifest.unlisted-file"}),
    "v0.97/valid/minimal-bag": ("valid", set()),
    "v0.97/valid/uncommon-metadata-separators": ("valid", set()),
    "v0.97/warning/duplicate-file-with-different-case": (
        "incomplete",
        {"complete.file-missing", "name.case-twins"},
    ),
    "v0.97/warning/made-with-md5sum-tools": ("valid", {"manifest.md5sum-form"}),
    "v0.97/warning/relative-path": ("valid", {"manifest.md5sum-form"}),
    "v0.97/warning/same-filename-listed-twice-with-different-normalization": (
        "invalid",
        {"complete.file-missing", "name.unicode-twins", "tagmanifest.unlisted-file"},
    ),
    "v0.97/warning/same-filename-listed-twice-with-the-same-hash": (
        "valid",
        {"manifest.repeated-line", "tagmanifest.unlisted-file"},
    ),
    "v0.97/warning/special-system-files": ("incomplete", {"complete.file-missing", "oxum.differs"}),
    "v0.97/windows-only/out-of-scope-file-paths-using-absolute-path": (
        "incomplete",
        {"complete.file-missing", "manifest.lists-tag-file"},
    ),
    "v0.97/windows-only/out-of-scope-file-paths-using-absolute-path-for-fetch": (
        "invalid",
        {"fetch.not-payload"},
    ),
    "v0.97/windows-only/out-of-scope-file-paths-using-shortcut": (
        "incomplete",
        {"complete.file-missing", "manifest.lists-tag-file"},
    ),
    "v0.97/windows-only/out-of-scope-file-paths-using-shortcut-for-fetch": ("invalid", {"fetch.not-payload"}),
    "v0.97/windows-only/out-of-scope-file-paths-using-unc": (
        "incomplete",
        {"complete.file-missing", "manifest.lists-tag-file"},
    ),
    "v0.97/windows-only/out-of-scope-file-paths-using-unc-for-fetch": (
        "invalid",
        {"fetch.not-payload", "tagmanifest.unlisted-file"},
    ),
    "v1.0/invalid/bagit-with-invalid-whitespace": ("invalid", {"declaration.malformed"}),
    "v1.0/invalid/notAllManifestsListAllFiles": ("invalid", {"complete.file-unlisted"}),
    "v1.0/invalid/same-filename-listed-twice-with-different-hashes": (
        "invalid",
        {"declaration.malformed", "fixity.digest-mismatch", "manifest.contradiction"},
    ),
    "v1.0/invalid/same-filename-listed-twice-with-the-same-hash": (
        "invalid",
        {"fixity.digest-mismatch", "manifest.listed-twice", "tagmanifest.unlisted-file"},
    ),
    "v1.0/valid/basicBag": ("valid", set()),
}

# cases that differ on disk from the name of their folder, and why
EXCUSED = {
    "v0.97/warning/duplicate-file-with-different-case": "HELLO.txt is listed but was lost from the suite",
    "v0.97/warning/same-filename-listed-twice-with-different-normalization": (
        "one of the two forms was lost from the suite; and archtool refuses such twins in any case, since "
        "which of them a system keeps depends on the system"
    ),
    "v0.97/warning/special-system-files": ".DS_Store is listed but was lost from the suite",
}

# cases with more faults than their name states; the code of the named fault
NAMED_FOR = {
    "v0.97/invalid/baginfo-missing-encoding": "declaration.malformed",
    "v0.97/invalid/invalid-version-number": "declaration.malformed",
    "v0.97/invalid/missing-bagit.txt": "declaration.missing",
    "v0.97/invalid/extra-file-in-bag": "complete.file-unlisted",
    "v0.97/invalid/same-filename-listed-twice-with-different-hashes": "manifest.contradiction",
    "v1.0/invalid/same-filename-listed-twice-with-different-hashes": "manifest.contradiction",
    "v1.0/invalid/same-filename-listed-twice-with-the-same-hash": "manifest.listed-twice",
}


def on_disk() -> set[str]:
    """Return every case of the suite as version/sort/name."""
    return {str(case.relative_to(SUITE)) for case in SUITE.glob("v*/*/*") if case.is_dir()}


@needs_suite
@pytest.mark.parametrize("case", sorted(CASES))
def test_a_case_of_the_suite_has_its_stated_verdict_and_findings(case: str, tmp_path: Path) -> None:
    bag = tmp_path / "bag"
    shutil.copytree(SUITE / case, bag, symlinks=True)
    assert judged(bag) == CASES[case]


@needs_suite
def test_every_case_of_the_suite_has_a_row_and_every_row_a_case() -> None:
    assert on_disk() == CASES.keys()


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_stated_verdict_is_that_of_the_suite(case: str) -> None:
    sort = case.split("/")[1]
    verdict, _ = CASES[case]
    if case in EXCUSED:
        assert verdict != "valid", "an excuse that is not needed"
    else:
        assert (verdict == "valid") is (sort in ("valid", "warning"))
    if case in NAMED_FOR:
        assert NAMED_FOR[case] in CASES[case][1]


@needs_suite
@pytest.mark.parametrize("case", sorted(c for c in CASES if "/warning/" in c and c not in EXCUSED))
def test_a_case_that_requires_a_warning_has_one(case: str, tmp_path: Path) -> None:
    shutil.copytree(SUITE / case, tmp_path / "bag", symlinks=True)
    assert look(tmp_path / "bag").count(Severity.WARNING) > 0
