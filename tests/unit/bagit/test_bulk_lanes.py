"""Lines of manifests and payload files have the same results in bulk and one by one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.bagit.fixity import FixityPlan, plan_fixity
from archtool.bagit.layout import BagLayout
from archtool.bagit.model import Bag, Declaration, Manifest
from archtool.bagit.tag_files import manifest_reader
from archtool.bagit.tag_files.manifest_reader import parse_manifest
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.files.hashing import block_reader, bulk_check
from archtool.files.hashing.bulk_check import ExpectedFiles
from archtool.files.workers import concurrency as effort_module
from archtool.findings import Finding
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify import verify_fixity
from archtool.operations.verify.verify import VerifyRequest, verify
from archtool.progress import NoProgress
from archtool.results import Result
from corpus.case import Case
from corpus.cases import CASES
from unit.bagit.bag_builders import NOW, Files, bag_files, look, manifest, with_tag_manifest, write_bag

MANY = {f"data/{n % 7}/letter {n:03}.txt": f"letter {n}\n".encode() * n for n in range(300)}
MANY["data/É, écrit à Prague.txt"] = b"in words\n"
TWO = ("sha256", "sha512")
Read = tuple[Manifest, tuple[Finding, ...]]


def verify_one_by_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Verify a bag without reading lines or files in bulk."""

    def plan(bag: Bag, layout: BagLayout, one_by_one: object) -> FixityPlan:
        del one_by_one
        return FixityPlan(ExpectedFiles((), ()), plan_fixity(bag, layout))

    with monkeypatch.context() as patch:
        patch.setattr(manifest_reader, "_read_canonical", lambda *_: None)
        patch.setattr(verify_fixity, "plan_with_bulk", plan)
        return look(root)


@pytest.fixture
def in_bulk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Return how many files were checked in bulk since the last call."""
    checked: list[int] = []
    check = bulk_check.check_in_bulk

    def note(tree: object, expected: ExpectedFiles, concurrency: object) -> object:
        checked.append(len(expected.paths))
        return check(tree, expected, concurrency)  # type: ignore[arg-type]

    def count() -> int:
        total = sum(checked)
        checked.clear()
        return total

    monkeypatch.setattr("archtool.operations.verify.fixity_check.check_in_bulk", note)
    return count


@pytest.mark.parametrize("algorithms", [("md5",), ("sha512",), TWO])
@pytest.mark.parametrize("jobs", [1, 2])
def test_files_in_bulk_get_the_verdict_of_files_one_by_one(
    algorithms: tuple[str, ...],
    jobs: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    in_bulk: Callable[[], int],
) -> None:
    monkeypatch.setattr(effort_module, "FEW_FILES", 10)
    files = with_tag_manifest(bag_files(MANY, algorithms=algorithms, info="Payload-Oxum: 1.1\n"))
    root = write_bag(tmp_path / "bag", files)
    result = look(root, jobs=jobs)
    assert in_bulk() == len(MANY)
    assert result == verify_one_by_one(root, monkeypatch)
    assert in_bulk() == 0


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_bag_of_the_corpus_gets_one_verdict_in_bulk_and_one_by_one(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "bag"
    case.build(root)
    assert look(root) == verify_one_by_one(root, monkeypatch)


CHANGES: dict[str, Files] = {
    "a letter that differs": {"data/1/letter 001.txt": b"another letter\n"},
    "several that differ": {f"data/{n % 7}/letter {n:03}.txt": b"?" for n in range(50, 60)},
    "a letter that no manifest lists": {"data/new.txt": b"who added this?\n"},
    "names that differ by their case": {"data/A.txt": b"", "data/a.txt": b""},
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("algorithms", [("sha512",), TWO])
def test_damage_is_reported_alike_in_bulk_and_one_by_one(
    change: str, algorithms: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_bag(tmp_path / "bag", bag_files(MANY, algorithms=algorithms) | CHANGES[change])
    result = look(root, jobs=2)
    assert result == verify_one_by_one(root, monkeypatch)
    assert result.verdict["bag"] == "invalid"


def test_special_files_are_reported_while_other_files_are_checked_in_bulk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_bulk: Callable[[], int]
) -> None:
    root = write_bag(tmp_path / "bag", bag_files(MANY))
    os.mkfifo(root / "data/fifo")
    (root / "data/0/letter 007.txt").unlink()
    (root / "data/0/letter 007.txt").symlink_to("letter 014.txt")
    (root / "data/0/letter 014.txt").unlink()
    result = look(root)
    assert in_bulk() == len(MANY) - 2
    assert result == verify_one_by_one(root, monkeypatch)
    assert {f.code for f in result.findings} == {"bag.not-a-file", "complete.file-missing"}


@pytest.mark.parametrize(
    "line",
    [
        b"00  data/../x", b"00 data/y", b"00  data/%41", b"00  data/a\\b", b"00  data//x", b"00  *data/y",
        b"00  data/\xff", b"00  data/y\r", b"00  outside", b"00  data/./x", b"00  data/y/..", b"00  data/.",
        b"00  data/y/", b"00  data", b"00   data/y", b"", b"00", b"0 0  data/y", b"00  ./data/y",
        b"  00 data/y", b"\\00  data/y", b"00  ~/y", b"00  /data/y", b"00\tdata/y", b"00  data/y\x85z",
        b"zz  data/y",
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", [b"\n", b""])
def test_an_irregular_line_among_others_is_read_like_a_single_line(
    line: bytes, ending: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = manifest({"data/x": b"x", "data/z": b"z"})
    data = good + line.replace(b"00", b"0" * 128).replace(b"zz", b"z" * 128) + ending
    read = parsed(data)
    monkeypatch.setattr(manifest_reader, "_read_canonical", lambda *_: None)
    assert same(read, parsed(data))


def parsed(data: bytes, version: tuple[int, int] = (1, 0)) -> Read:
    name = read_manifest_name("manifest-sha512.txt")
    assert name is not None
    return parse_manifest(data, name, Declaration(version, "utf-8"))


def same(one: Read, other: Read) -> bool:
    return list(one[0].entries) == list(other[0].entries) and one[1] == other[1]


HEX = st.text("0123456789abcdefABCDEF", min_size=126, max_size=130) | st.just("0" * 128)
BLANKS = st.sampled_from([" ", "  ", "   ", "\t", "", " *"])
PATHS = st.text(st.sampled_from("ab/.%*~\\ é\r\x00\x85"), max_size=6).map(lambda end: f"data/{end}")
LINES = st.lists(st.tuples(HEX, BLANKS, PATHS | st.text(max_size=6)).map("".join), max_size=5)


@given(lines=LINES, ending=st.sampled_from(["\n", "", "\r\n"]))
def test_lines_in_bulk_are_read_like_lines_one_by_one(lines: list[str], ending: str) -> None:
    data = ("\n".join(lines) + ending).encode("utf-8", "surrogatepass")
    with pytest.MonkeyPatch.context() as patch:
        read = parsed(data)
        patch.setattr(manifest_reader, "_read_canonical", lambda *_: None)
        assert same(read, parsed(data))


def test_line_numbers_are_correct_after_lines_of_every_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest_reader, "_CHUNK_BYTES", 200)
    odd = b"nonsense\n" + b"0" * 128 + b"  data/100%25\n"
    some = [manifest({f"data/{n:03}": b"x"}) for n in range(9)]
    data = b"".join([*some[:3], odd, *some[3:6], odd, *some[6:]])
    read, findings = parsed(data)
    assert list(read.lines) == [1, 2, 3, 5, 6, 7, 8, 11, 12, 13]
    assert [(f.code, f.place and f.place.line) for f in findings] == [
        ("manifest.line-malformed", 4), ("manifest.line-malformed", 9), ("manifest.listed-twice", 10),
    ]  # fmt: skip


def test_digests_in_capitals_are_digests_and_each_file_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = bag_files(MANY)
    lines = files["manifest-sha512.txt"].splitlines(keepends=True)
    files["manifest-sha512.txt"] = b"".join(line[:128].upper() + line[128:] for line in lines)
    root = write_bag(tmp_path / "bag", files)
    shown: list[str] = []

    class Bar(NoProgress):
        """Records the messages for a terminal."""

        def report(self, finding: Finding) -> None:
            shown.append(finding.message)

    reads: list[int] = []
    read = os.read
    monkeypatch.setattr(os, "read", lambda file, size: (reads.append(file), read(file, size))[1])
    result = verify(VerifyRequest(root, NOW, TrustRequest()), Bar())
    assert (result.verdict["bag"], result.findings, shown) == ("valid", (), [])
    assert len(reads) <= len(MANY) + 10  # of which some are for the tag files


def test_a_path_with_two_digests_is_compared_with_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = bag_files({"data/x": b"x", "data/y": b"y"})
    files["manifest-sha512.txt"] += manifest({"data/x": b"other"})
    root = write_bag(tmp_path / "bag", files)
    result = look(root)
    assert result == verify_one_by_one(root, monkeypatch)
    assert {f.code for f in result.findings} == {"manifest.contradiction", "fixity.digest-mismatch"}


def test_manifests_in_two_orders_are_both_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = bag_files(MANY, algorithms=TWO)
    files["manifest-sha256.txt"] = manifest(dict(reversed(MANY.items())), "sha256")
    root = write_bag(tmp_path / "bag", files)
    assert look(root) == verify_one_by_one(root, monkeypatch)
    assert look(root).verdict["bag"] == "valid"
    (root / "manifest-sha256.txt").write_bytes(manifest(dict.fromkeys(MANY, b""), "sha256"))
    assert look(root).verdict["bag"] == "invalid"


def test_a_file_larger_than_one_read_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block_reader, "BLOCK_BYTES", 100_000)
    payload = {"data/large": os.urandom(500_001), "data/edge": b"x" * bulk_check._FIRST_READ_BYTES}
    for algorithms in (("sha256",), TWO):
        root = write_bag(tmp_path / algorithms[-1], bag_files(payload, algorithms=algorithms))
        result = look(root, jobs=2)
        assert (result.verdict["bag"], result.facts["checked"]["bytes"]) == ("valid", 565_537)
        (root / "data/large").write_bytes(payload["data/large"][:-1] + bytes([payload["data/large"][-1] ^ 1]))
        assert look(root, jobs=2).verdict["bag"] == "invalid"


def test_names_with_dots_are_canonical_and_so_is_one_blank(
    tmp_path: Path, in_bulk: Callable[[], int]
) -> None:
    names = (".hidden", "..twice", "last.", "a..b/...", ".d/x", "..d/x")
    files = bag_files({f"data/{name}": b"x" for name in sorted(names)})
    files["manifest-sha512.txt"] = files["manifest-sha512.txt"].replace(b"  ", b" ")
    assert look(write_bag(tmp_path / "bag", files)).verdict["bag"] == "valid"
    assert in_bulk() == len(names)
