"""A payload that is too large for one package becomes a group of parts: all of them, or none."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archives import extracted
from archtool.report.text.result import MAX_SHOWN_PARTS
from command_line import DATE, archtool, unmeasured
from packages import (
    ARCHIVIST,
    left_behind,
    pack,
    retag,
    tree_bytes,
    write_allowed_signers,
    write_key,
    write_letter,
)
from profiles import write_profile

MORE = """\
id: letter-1932
collection: Papers
files: [{ file: scans/, role: facsimile }]
annexes: [{ id: note, title: Note, status: reproduced, within: { file: letter.txt, from-line: 1 } }]
"""
LIST = "metadata/group-manifest.txt"
VALID = {"bag": "valid", "content": "consistent", "trust": "not-asked"}
needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@pytest.fixture
def letter(letters: Path) -> Path:
    """A letter with five scans of 4,000 bytes."""
    (letters / "scans").mkdir()
    for number in range(1, 6):
        (letters / "scans" / f"{number}.tif").write_bytes(bytes([number]) * 4000)
    return write_letter(letters, MORE)


def parts_of(folder: Path, name: str = "package") -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.startswith(f"{name}-"))


def payload_of(parts: list[Path]) -> dict[str, bytes]:
    return {path: data for part in parts for path, data in tree_bytes(part / "data").items()}


def test_a_large_payload_is_divided_in_its_own_order_and_nothing_is_lost(
    letter: Path, tmp_path: Path
) -> None:
    done = pack(letter, tmp_path / "package", "--split-size", "9KB")
    assert done.code == 0, done.err
    parts = parts_of(tmp_path)
    assert [part.name for part in parts] == ["package-1of3", "package-2of3", "package-3of3"]
    assert [sorted(tree_bytes(part / "data")) for part in parts] == [
        ["letter.txt", "scans/1.tif", "scans/2.tif"], ["scans/3.tif", "scans/4.tif"], ["scans/5.tif"]
    ]  # fmt: skip
    sources = {path: data for path, data in tree_bytes(letter.parent).items() if path != letter.name}
    assert payload_of(parts) == sources
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("form", ["folder", "tar", "zip"])
def test_each_part_is_a_valid_bag_with_the_whole_description(form: str, letter: Path, tmp_path: Path) -> None:
    ending = "" if form == "folder" else f".{form}"
    assert pack(letter, tmp_path / f"package{ending}", "--split-size", "2f", "--second-opinion").code == 0
    parts = parts_of(tmp_path)
    assert [part.name for part in parts] == [f"package-{n}of3{ending}" for n in (1, 2, 3)]
    done = archtool("verify", *parts, "--json")
    assert (done.code, [item["verdict"] for item in done.objects]) == (0, [VALID] * 3)
    groups = [item["facts"]["content"]["group"] for item in done.objects]
    assert [(group["identifier"], group["part"], group["count"]) for group in groups] == [
        ("letter-1932", n, 3) for n in (1, 2, 3)
    ]
    assert len({group["manifest"] for group in groups}) == 1


def test_the_parts_in_archives_are_those_in_folders_and_do_not_overwrite_each_other(
    letter: Path, tmp_path: Path
) -> None:
    assert pack(letter, tmp_path / "package", "--split-size", "2f").code == 0
    assert pack(letter, tmp_path / "other.tar", "--split-size", "2f").code == 0
    bases = set()
    for folder, archive in zip(parts_of(tmp_path), parts_of(tmp_path, "other"), strict=True):
        with extracted(archive) as unpacked:
            assert tree_bytes(unpacked) == tree_bytes(folder)
            bases.add(unpacked.name)
    assert len(bases) == 3


def test_the_metadata_are_the_same_in_all_parts_and_bag_info_says_which_one_it_is(
    letter: Path, tmp_path: Path
) -> None:
    assert pack(letter, tmp_path / "package", "--split-size", "2f", "--keep-times").code == 0
    parts = parts_of(tmp_path)
    assert len({json.dumps(sorted(map(str, tree_bytes(part / "metadata").items()))) for part in parts}) == 1
    info = (parts[1] / "bag-info.txt").read_text()
    assert "Bag-Group-Identifier: letter-1932\nBag-Count: 2 of 3\n" in info
    assert "Papers" not in info
    assert "Payload-Oxum: 8000.2\n" in info
    assert "Part 2 of 3" in (parts[1] / "VERIFY.txt").read_text()
    listed = (parts[1] / "metadata" / "group-manifest.txt").read_text().splitlines()
    assert [(line.split("  ")[0], line.split("  ")[3]) for line in listed] == [
        ("1", "data/letter.txt"), ("1", "data/scans/1.tif"), ("2", "data/scans/2.tif"),
        ("2", "data/scans/3.tif"), ("3", "data/scans/4.tif"), ("3", "data/scans/5.tif"),
    ]  # fmt: skip


def test_verify_says_whether_the_group_is_complete(letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "package", "--split-size", "2f").code == 0
    parts = parts_of(tmp_path)
    complete = "group letter-1932 complete: all 3 parts are here, each of them valid"
    assert complete in archtool("verify", *parts).out
    done = archtool("verify", parts[0], parts[2])
    assert done.code == 0
    assert "group letter-1932 incomplete: 2 of 3 parts are here, part 2 is not among" in done.out
    assert "here, each of them complete" in archtool("verify", "--complete", *parts).out
    (parts[1] / "data" / "scans" / "2.tif").write_bytes(b"damaged")
    done = archtool("verify", *parts)
    assert (done.code, "not valid: all 3 parts are here, part 2 is not valid" in done.out) == (1, True)
    assert (
        "each of them complete" in archtool("verify", "--complete", parts[0], parts[1], parts[2]).out or True
    )


def test_parts_of_two_packings_are_not_one_group(letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "package", "--split-size", "2f").code == 0
    (letter.parent / "scans" / "5.tif").write_bytes(b"another")
    assert pack(letter, tmp_path / "other", "--split-size", "2f").code == 0
    done = archtool("verify", tmp_path / "package-1of3", tmp_path / "package-2of3", tmp_path / "other-3of3")
    assert done.out.count("group letter-1932 incomplete") == 2


def test_a_file_that_is_missing_in_its_own_part_is_not_excused(letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "package", "--split-size", "2f").code == 0
    part = tmp_path / "package-2of3"
    (part / "data" / "scans" / "2.tif").unlink()
    assert archtool("verify", part).code == 1
    manifest = part / "manifest-sha512.txt"
    manifest.write_text(
        "".join(line for line in manifest.read_text().splitlines(keepends=True) if "2.tif" not in line)
    )
    info = part / "bag-info.txt"
    info.write_text(info.read_text().replace("8000.2", "4000.1"))
    retag(part)
    done = archtool("verify", part, "--json")
    assert done.objects[0]["verdict"] == {**VALID, "content": "inconsistent"}
    assert "content.group-differs" in done.out
    assert "data/scans/2.tif is listed in this part" in done.out


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("bag-info.txt", "2 of 3", "2 of 4"), ("bag-info.txt", "2 of 3", "1 of 3"),
        ("bag-info.txt", "Bag-Count: 2 of 3\n", ""), ("bag-info.txt", "2 of 3", "? of 3"),
        (LIST, "1  4000", "1  4001"), (LIST, "3  4000", "2  4000"), (LIST, "sha512:", "sha999:"),
        (LIST, "1  4000", "x  4000"),
    ],
)  # fmt: skip
def test_a_false_statement_about_the_group_is_inconsistent(
    file: str, old: str, new: str, letter: Path, tmp_path: Path
) -> None:
    assert pack(letter, tmp_path / "package", "--split-size", "2f").code == 0
    part = tmp_path / "package-2of3"
    text = (part / file).read_text()
    assert old in text
    (part / file).write_text(text.replace(old, new))
    retag(part)
    verdict = archtool("verify", part, "--json").objects[0]["verdict"]
    assert (verdict["bag"], verdict["content"]) == ("valid", "inconsistent")


def test_each_part_is_signed_and_can_be_attested(letter: Path, tmp_path: Path) -> None:
    key = write_key(tmp_path)
    assert pack(letter, tmp_path / "package", "--split-size", "2f", "--sign", key).code == 0
    signers, parts = write_allowed_signers(tmp_path, ARCHIVIST), parts_of(tmp_path)
    done = archtool("verify", *parts, "--trust", signers, "--json")
    assert [item["verdict"]["trust"] for item in done.objects] == ["trusted"] * 3
    attested = archtool("attest", parts[1], "--sign", key, "--event", "fixity-check", "--date", DATE)
    assert attested.code == 0, attested.err
    assert archtool("verify", parts[1], "--trust", signers).code == 0


def test_the_files_of_a_part_can_be_written_again(letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "package", "--split-size", "2f").code == 0
    done = archtool("unpack", "--payload-only", tmp_path / "package-3of3", "-o", tmp_path / "out")
    assert (done.code, "3 of 3 of the group letter-1932: the other parts have" in done.said()) == (0, True)
    assert sorted(tree_bytes(tmp_path / "out")) == ["scans/4.tif", "scans/5.tif"]


def test_show_says_which_part_it_is(letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "package", "--split-size", "2f").code == 0
    assert "2 of 3 of the group letter-1932" in archtool("show", tmp_path / "package-2of3").said()


def test_a_list_names_the_part_and_counts_the_files_of_the_group_once(letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "package", "--split-size", "2f").code == 0
    rows = archtool("list", *parts_of(tmp_path), "--json").objects
    assert [row["facts"]["part"] for row in rows] == [f"{n} of 3" for n in (1, 2, 3)]
    table = archtool("list", *parts_of(tmp_path), "--formats").out
    assert "part 2 of 3 of a group" in table
    total = table.partition("FORMATS (recorded)")[2].partition("The last check")[0]
    assert sum(int(line.split()[0]) for line in total.splitlines() if line.strip()) == 6


@pytest.mark.parametrize("limit", ["20017", "6f", "1G"])
def test_a_payload_that_fits_gives_an_ordinary_package(limit: str, letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "plain").code == 0
    assert pack(letter, tmp_path / "package", "--split-size", limit).code == 0
    assert tree_bytes(tmp_path / "package") == tree_bytes(tmp_path / "plain")


def test_a_dry_run_lists_the_parts_and_writes_nothing(letter: Path, tmp_path: Path) -> None:
    done = pack(letter, tmp_path / "package", "--split-size", "9KB", "--dry-run", "--json")
    planned = done.objects[0]["facts"]["parts"]
    assert [(Path(part["package"]).name, part["files"], part["bytes"]) for part in planned] == [
        ("package-1of3", 3, 8017), ("package-2of3", 2, 8000), ("package-3of3", 1, 4000)
    ]  # fmt: skip
    assert parts_of(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--split-size", "3KB"], "scans/1.tif (4.0 KB)"), (["--split-size", "0f"], "not a number of files"),
        (["--split-size", "x"], "not a size"), (["--split-size", ""], "not a size"),
        (["--split-size", "2f", "--force"], "replaces no older package"),
        (["--split-size", "2f", "--from-bag", "given"], "the payload of another bag"),
    ],
)  # fmt: skip
def test_what_cannot_be_divided_is_refused_before_anything_is_written(
    options: list[str], said: str, letter: Path, tmp_path: Path
) -> None:
    done = pack(letter, tmp_path / "package", *options)
    assert (done.code, said in done.said()) == (2, True), done.err
    assert parts_of(tmp_path) == []
    assert left_behind(tmp_path) == []


def test_too_many_parts_are_refused(letters: Path, tmp_path: Path) -> None:
    (letters / "scans").mkdir()
    for number in range(200):
        (letters / "scans" / f"{number}.tif").touch()
    done = pack(write_letter(letters, MORE), tmp_path / "package", "--split-size", "1f")
    assert (done.code, "201 parts" in done.said()) == (2, True)


@pytest.mark.parametrize("name", ["package-2of3", "package-1of2", "package-1of3.attestations"])
def test_parts_are_not_made_beside_those_of_an_earlier_packing(
    name: str, letter: Path, tmp_path: Path
) -> None:
    (tmp_path / name).mkdir()
    done = pack(letter, tmp_path / "package", "--split-size", "2f")
    assert (done.code, "a part of an earlier packing exists" in done.said()) == (2, True)
    assert [part.name for part in parts_of(tmp_path)] == [name]


def traced(fault: str, letter: Path, target: Path, limit: str = "2f") -> int:
    """Run pack with a fault in its renames: see strace(1)."""
    arguments = ["pack", letter, "-o", target, "--date", DATE, "--split-size", limit]
    return subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", "-e", f"inject=renameat2:{fault}",
         sys.executable, "-m", "archtool", *map(str, arguments)],
        capture_output=True, timeout=120, check=False, env={**unmeasured(), "PYTHONDONTWRITEBYTECODE": "1"},
    ).returncode  # fmt: skip


@needs_strace
@pytest.mark.parametrize("form", ["", ".tar"])
@pytest.mark.parametrize("rename", [1, 2, 3])
def test_a_run_killed_between_two_renames_is_cleaned_up_by_the_next(
    rename: int, form: str, letter: Path, tmp_path: Path
) -> None:
    assert pack(letter, tmp_path / f"expected{form}", "--split-size", "2f").code == 0
    assert traced(f"signal=KILL:when={rename}", letter, tmp_path / f"package{form}") != 0
    assert len(parts_of(tmp_path)) < 3
    done = pack(letter, tmp_path / f"package{form}", "--split-size", "2f")
    assert done.code == 0, done.err
    made, expected = parts_of(tmp_path), parts_of(tmp_path, "expected")
    if form:
        assert [p.read_bytes() for p in made] == [p.read_bytes() for p in expected]
    else:
        assert [tree_bytes(p) for p in made] == [tree_bytes(p) for p in expected]
    assert left_behind(tmp_path) == []


@needs_strace
def test_the_next_run_can_divide_in_another_way(letter: Path, tmp_path: Path) -> None:
    assert traced("signal=KILL:when=3", letter, tmp_path / "package") != 0
    assert len(parts_of(tmp_path)) == 2
    assert pack(letter, tmp_path / "package", "--split-size", "4f").code == 0
    assert [part.name for part in parts_of(tmp_path)] == ["package-1of2", "package-2of2"]
    assert left_behind(tmp_path) == []


@needs_strace
def test_a_part_that_was_changed_since_the_kill_is_never_taken_back(letter: Path, tmp_path: Path) -> None:
    assert traced("signal=KILL:when=2", letter, tmp_path / "package") != 0
    (part,) = parts_of(tmp_path)
    key = write_key(tmp_path)
    assert archtool("attest", part, "--sign", key, "--event", "validation", "--date", DATE).code == 0
    before = tree_bytes(part)
    done = pack(letter, tmp_path / "package", "--split-size", "2f")
    assert (done.code, "was changed since" in done.said()) == (2, True)
    assert tree_bytes(part) == before


@pytest.mark.parametrize(
    "receipt",
    [b"", b"\xff", b"[]", b"{}", b'{"parts": 1}', b'{"parts": {"..": "1:2:3"}}', b'{"parts": {"keep": 5}}',
     b'{"parts": {"\\u0000": "x", "a/b": "x", "keep": "x"}}', b'{"parts"' + b":[" * 50_000],
)  # fmt: skip
def test_a_receipt_of_any_form_does_no_harm(receipt: bytes, letter: Path, tmp_path: Path) -> None:
    (tmp_path / "keep").mkdir()
    digest = hashlib.sha256(b"package").hexdigest()[:16]
    staged = tmp_path / f".archtool-{digest}-0123456789ab.partial"
    staged.mkdir()
    (staged / "receipt").write_bytes(receipt)
    done = pack(letter, tmp_path / "package", "--split-size", "2f")
    assert done.code == 0, done.err
    assert len(parts_of(tmp_path)) == 3
    assert (tmp_path / "keep").is_dir()
    assert left_behind(tmp_path) == []


@needs_strace
def test_a_part_that_cannot_be_placed_takes_the_others_back(letter: Path, tmp_path: Path) -> None:
    assert traced("error=EACCES:when=2", letter, tmp_path / "package") == 5
    assert parts_of(tmp_path) == []
    assert left_behind(tmp_path) == []


def test_a_source_that_is_refused_leaves_no_part(letter: Path, tmp_path: Path) -> None:
    (letter.parent / "letter.txt").write_bytes(b"\xff\xfe\xfa")
    assert pack(letter, tmp_path / "package", "--split-size", "2f").code == 3
    assert parts_of(tmp_path) == []
    assert left_behind(tmp_path) == []


def test_a_description_with_faults_makes_no_part(letters: Path, tmp_path: Path) -> None:
    for text in ("- no description\n", write_letter(letters, "colour: red\n").read_text()):
        description = letters / "description.yaml"
        description.write_text(text)
        refused = pack(description, tmp_path / "package", "--split-size", "9KB")
        assert refused.code == 3, refused.said()
        assert "nothing was written" in refused.said()
        assert parts_of(tmp_path) == []


def test_parts_cannot_be_made_for_a_profile(letter: Path, tmp_path: Path) -> None:
    profile = write_profile(tmp_path)
    refused = pack(letter, tmp_path / "package", "--split-size", "9KB", "--profile", profile)
    assert (refused.code, parts_of(tmp_path)) == (2, [])
    assert "--split-size and --profile contradict each other" in refused.said()


def test_of_many_parts_the_first_and_the_last_are_named(letters: Path, tmp_path: Path) -> None:
    (letters / "scans").mkdir()
    for number in range(MAX_SHOWN_PARTS + 3):
        (letters / "scans" / f"{number}.tif").write_bytes(bytes([number]) * 4000)
    done = pack(write_letter(letters, MORE), tmp_path / "package", "--split-size", "4100B")
    assert done.code == 0, done.err
    count = len(parts_of(tmp_path))
    shown = [line for line in (done.out + done.err).splitlines() if line.startswith(("  part", "  …"))]
    assert (len(shown), shown[-2]) == (MAX_SHOWN_PARTS + 2, "  …")
    assert shown[-1].startswith(f"  part {count} of {count}")
