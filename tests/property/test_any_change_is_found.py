"""A signed package with any change is not reported as valid and trusted.

Flipped bytes, emptied and removed files of the example package are in `tests/faults/test_flipped_bytes.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from budgets import examples
from packages import tree_bytes
from property.packages_of_many import (
    RENAMES,
    TAG_MANIFEST,
    copied,
    decomposed,
    is_equivalent,
    is_found,
    make_letters,
    verified,
)
from property.strategies import BOUNDED, UNICODE_NAMES

EMPTY_FILE = "data/100% empty.txt"
FRACTIONS = st.floats(0, 1, exclude_max=True)
FOLDERS = [
    "",
    "data",
    "data/box",
    "data/new/box",
    "metadata",
    "attestations",
    "attestations/0001-packaging",
    "new",
]


class Letters:
    """The package, its allowed_signers file, and a folder for a changed copy."""

    def __init__(self, folder: Path) -> None:
        self.package, self.trust = make_letters(folder)
        self.files = tree_bytes(self.package)
        self.names = sorted(self.files)
        self.copy = folder / "copy"

    def name(self, fraction: float) -> str:
        return self.names[int(fraction * len(self.names))]

    def fresh(self) -> Path:
        return copied(self.package, self.copy)

    def is_found(self) -> bool:
        return is_found(verified(self.copy, self.trust))


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Letters:
    return Letters(tmp_path_factory.mktemp("letters"))


def test_the_unchanged_package_is_valid_and_trusted(letters: Letters) -> None:
    letters.fresh()
    run = verified(letters.copy, letters.trust)
    assert run.code == 0
    assert run.objects[0]["verdict"] == {"bag": "valid", "content": "consistent", "trust": "trusted"}
    assert sorted(n for n in letters.names if n.startswith("data/")) == [
        EMPTY_FILE,
        "data/box/Tchécoslovaquie.txt",
        "data/box/deep/last.txt",
        "data/letter.txt",
    ]


@settings(BOUNDED, max_examples=examples(120))
@given(which=FRACTIONS, where=FRACTIONS, byte=st.integers(0, 255))
def test_any_changed_byte_is_found(letters: Letters, which: float, where: float, byte: int) -> None:
    name = letters.name(which)
    data = bytearray(letters.files[name])
    assume(data and data[int(where * len(data))] != byte)
    data[int(where * len(data))] = byte
    assume(name != TAG_MANIFEST or not is_equivalent(bytes(data), letters.files[name]))
    (letters.fresh() / name).write_bytes(data)
    assert letters.is_found()


@settings(BOUNDED, max_examples=examples(80))
@given(
    which=FRACTIONS,
    where=FRACTIONS | st.just(1.0),
    more=st.binary(min_size=1, max_size=5) | st.sampled_from([b"\n", b" ", b"\0", b"\r"]),
    cut=st.integers(0, 3),
)
def test_inserted_or_removed_bytes_are_found(
    letters: Letters, which: float, where: float, more: bytes, cut: int
) -> None:
    name = letters.name(which)
    data = letters.files[name]
    at = int(where * len(data))
    changed = data[:at] + more + data[at:] if cut == 0 else data[:at] + data[at + cut :]
    assume(changed != data)
    assume(name != TAG_MANIFEST or not is_equivalent(changed, data))
    (letters.fresh() / name).write_bytes(changed)
    assert letters.is_found()


@settings(BOUNDED, max_examples=examples(100))
@given(folder=st.sampled_from(FOLDERS), name=UNICODE_NAMES, copied_from=FRACTIONS | st.none())
def test_any_added_file_is_found(letters: Letters, folder: str, name: str, copied_from: float | None) -> None:
    path = letters.fresh() / folder / name
    assume(not path.exists())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"" if copied_from is None else letters.files[letters.name(copied_from)])
    assert letters.is_found()


@settings(BOUNDED, max_examples=examples(100))
@given(one=FRACTIONS, other=FRACTIONS)
def test_two_files_with_swapped_contents_are_found(letters: Letters, one: float, other: float) -> None:
    first, second = letters.name(one), letters.name(other)
    assume(letters.files[first] != letters.files[second])
    folder = letters.fresh()
    (folder / first).write_bytes(letters.files[second])
    (folder / second).write_bytes(letters.files[first])
    assert letters.is_found()


def every_file() -> list[str]:
    """Return the names of all files, which are known before the package is made."""
    attestation = "attestations/0001-packaging"
    return [
        "VERIFY.txt",
        f"{attestation}/sha512sums.txt",
        f"{attestation}/sha512sums.txt.archivist.sig",
        f"{attestation}/statement.json",
        "bag-info.txt",
        "bagit.txt",
        EMPTY_FILE,
        "data/box/Tchécoslovaquie.txt",
        "data/box/deep/last.txt",
        "data/letter.txt",
        "manifest-sha512.txt",
        "metadata/annexes.json",
        "metadata/citation.json",
        "metadata/description.yaml",
        "metadata/premis.xml",
        "metadata/provenance.json",
        TAG_MANIFEST,
    ]


def test_every_file_of_the_package_is_in_the_list(letters: Letters) -> None:
    assert letters.names == every_file()


@pytest.mark.parametrize("name", sorted({*every_file()} - {TAG_MANIFEST}))
def test_a_removed_file_is_found_even_an_empty_one(letters: Letters, name: str) -> None:
    (letters.fresh() / name).unlink()
    assert letters.is_found()


def test_a_removed_tag_manifest_is_found(letters: Letters) -> None:
    (letters.fresh() / TAG_MANIFEST).unlink()
    assert letters.is_found()


@pytest.mark.parametrize("name", [name for name in every_file() if name != EMPTY_FILE])
def test_an_emptied_file_is_found(letters: Letters, name: str) -> None:
    assert letters.files[name] != b""
    (letters.fresh() / name).write_bytes(b"")
    assert letters.is_found()


@pytest.mark.parametrize("way", RENAMES)
def test_a_renamed_or_moved_file_is_found(letters: Letters, way: str) -> None:
    renamed = {name: new for name in letters.names if (new := RENAMES[way](name)) != name}
    assert len(renamed) > len(letters.names) / 2
    for name, new in renamed.items():
        folder = letters.fresh()
        (folder / new).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).rename(folder / new)
        assert letters.is_found(), f"{name} became {new}"


def test_a_name_in_another_unicode_form_is_reported(letters: Letters) -> None:
    folder = letters.fresh()
    name = "data/box/Tchécoslovaquie.txt"
    (folder / name).rename(folder / decomposed(name))
    run = verified(folder, letters.trust)
    assert "name.unicode-form" in run.codes
    assert is_found(run) or run.objects[0]["verdict"]["bag"] == "valid"
