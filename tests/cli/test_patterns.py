"""A pattern in a description: check, pack and verify expand it alike, and its text stays as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from batches import batch, endings
from command_line import Run, archtool, assert_loc_agrees
from packages import pack, tree_bytes

HEAD = """\
archtool: 1
id: letter-1
title: A letter
transcription: letter.txt
language: en
source: Ours.
rights: { package: CC0-1.0 }
"""


def write(folder: Path, files: str, *names: str, head: str = HEAD) -> Path:
    for name in ("letter.txt", *names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        first_bytes = {".jpg": b"\xff\xd8\xff", ".tif": b"II*\0"}.get(name[-4:], b"")
        (folder / name).write_bytes(first_bytes + f"content of {name}\n".encode())
    path = folder / "description.yaml"
    path.write_text(head + files, encoding="utf-8")
    return path


def scans(pattern: str, more: str = "") -> str:
    return f'files: [{{ file: "{pattern}", role: facsimile{more} }}]\n'


PAGES = ("scans/1.jpg", "scans/2.jpg", "scans/10.jpg")


def payload_of(package: Path) -> set[str]:
    return {path.removeprefix("data/") for path in tree_bytes(package) if path.startswith("data/")}


def verdict(package: Path) -> tuple[int, str]:
    seen = archtool("verify", package, "--json")
    (told,) = seen.objects
    return seen.code, told["verdict"]["content"]


@pytest.mark.parametrize("pattern", ["scans/*.jpg", "scans/[0-9]*", "s?ans/*", "*/*.jpg"])
def test_a_pattern_is_packed_and_verified(tmp_path: Path, pattern: str) -> None:
    description = write(tmp_path / "in", scans(pattern), *PAGES)
    checked = archtool("check", description)
    assert checked.code == 0, checked.said()
    made = pack(description, tmp_path / "out")
    assert made.code == 0, made.said()
    assert payload_of(tmp_path / "out") == {"letter.txt", *PAGES}
    assert (tmp_path / "out/metadata/description.yaml").read_bytes() == description.read_bytes()
    assert verdict(tmp_path / "out") == (0, "consistent")
    assert archtool("show", tmp_path / "out").code == 0
    assert_loc_agrees(tmp_path / "out")


def test_a_pattern_gives_the_history_that_the_list_of_its_files_gives(tmp_path: Path) -> None:
    listed = "files:\n" + "".join(f"  - {{ file: {page}, role: facsimile }}\n" for page in PAGES)
    pack(write(tmp_path / "a", scans("scans/*"), *PAGES), tmp_path / "pattern")
    pack(write(tmp_path / "b", listed, *PAGES), tmp_path / "listed")
    differing = {
        path
        for path, data in tree_bytes(tmp_path / "pattern").items()
        if data != (tmp_path / "listed" / path).read_bytes()
    }
    assert differing == {"metadata/description.yaml", "tagmanifest-sha512.txt"}


def test_a_pattern_contains_the_id_of_the_description(tmp_path: Path) -> None:
    description = write(tmp_path / "in", scans("scans/{package}_*.jpg"), "scans/letter-1_1.jpg")
    assert pack(description, tmp_path / "out").code == 0
    assert payload_of(tmp_path / "out") == {"letter.txt", "scans/letter-1_1.jpg"}
    assert verdict(tmp_path / "out") == (0, "consistent")


def test_the_name_of_the_package_is_refused_in_a_description_without_an_id(tmp_path: Path) -> None:
    description = write(tmp_path / "in", scans("scans/{package}_*"), head=HEAD.replace("id: letter-1\n", ""))
    seen = archtool("check", description)
    assert seen.code == 3
    said = " ".join(seen.said().split())
    assert "description.yaml:7:17: `{package}` stands for the id of the description, which has none" in said


def test_an_annexe_is_found_by_a_pattern(tmp_path: Path) -> None:
    annexe = 'annexes: [{ title: A report, status: reproduced, file: "report*.txt" }]\n'
    description = write(tmp_path / "in", annexe, "report-1932.txt")
    assert pack(description, tmp_path / "out").code == 0
    inventory = json.loads((tmp_path / "out/metadata/annexes.json").read_text())
    assert inventory["annexes"][0]["text"]["file"] == "data/report-1932.txt"
    assert verdict(tmp_path / "out") == (0, "consistent")
    write(tmp_path / "in", annexe, "report-1933.txt")
    assert "report*.txt matches 2 files, and an annexe has one" in " ".join(
        archtool("check", description).said().split()
    )


@pytest.mark.parametrize("name", ["scan [1].jpg", "scan*.jpg", "{package}.jpg"])
def test_a_file_of_that_very_name_is_meant_literally(tmp_path: Path, name: str) -> None:
    description = write(tmp_path / "in", scans(name), name)
    assert pack(description, tmp_path / "out").code == 0
    assert payload_of(tmp_path / "out") == {"letter.txt", name}
    assert verdict(tmp_path / "out") == (0, "consistent")
    (tmp_path / "out" / "data" / name).unlink()
    (tmp_path / "out" / "data" / name.replace("[1]", "1").replace("*", "s")).write_text("another file\n")
    assert verdict(tmp_path / "out") == (1, "inconsistent")


def test_a_pattern_matches_neither_the_description_nor_what_is_left_out(tmp_path: Path) -> None:
    more = scans("*") + 'left-out: ["draft*"]\n'
    description = write(tmp_path / "in", more, "draft.txt", "a.jpg", ".hidden/x", "Thumbs.db")
    (tmp_path / "in/.hidden/x").unlink()
    (tmp_path / "in/.hidden").rmdir()
    made = pack(description, tmp_path / "out")
    assert made.code == 0, made.said()
    assert payload_of(tmp_path / "out") == {"letter.txt", "a.jpg"}
    assert verdict(tmp_path / "out") == (0, "consistent")


def test_a_file_that_no_pattern_matches_is_undeclared(tmp_path: Path) -> None:
    description = write(tmp_path / "in", scans("scans/*.jpg"), *PAGES, "scans/1.tif")
    seen = archtool("check", description)
    assert (seen.code, "scans/1.tif is not declared in description.yaml" in seen.said()) == (1, True)


def test_a_pattern_that_matches_nothing_is_reported_once_at_its_line(tmp_path: Path) -> None:
    description = write(tmp_path / "in", scans("scans/*.tif"), *PAGES)
    seen = archtool("check", description, "--json")
    (told,) = seen.objects
    (finding,) = [one for one in told["findings"] if one["code"] != "payload.undeclared"]
    assert (finding["code"], finding["line"]) == ("payload.pattern-matches-nothing", 8)
    assert finding["hint"] == "there are 3 files: scans/1.jpg, scans/2.jpg, scans/10.jpg"
    assert seen.code == 3


def test_an_id_is_not_given_to_several_files(tmp_path: Path) -> None:
    description = write(tmp_path / "in", scans("scans/*", ", id: scan"), *PAGES)
    assert "the id `scan` would be given to 3 files" in archtool("check", description).said()


def test_a_finding_about_a_matched_file_names_the_line_of_its_pattern(tmp_path: Path) -> None:
    files = "files:\n  - { file: 'scans/*', role: facsimile }\n  - { file: note.txt, role: other }\n"
    description = write(tmp_path / "in", files, *PAGES)
    (tmp_path / "in/scans/3.jpg").symlink_to("1.jpg")
    (told,) = archtool("check", description, "--json").objects
    lines = {one["message"].split()[0]: one["line"] for one in told["findings"]}
    assert lines == {"scans/3.jpg": 9, "note.txt": 10}


@pytest.mark.parametrize("damage", ["changed", "deleted", "added"])
def test_damage_to_a_file_that_a_pattern_declares_is_found(tmp_path: Path, damage: str) -> None:
    pack(write(tmp_path / "in", scans("scans/*"), *PAGES), tmp_path / "out")
    folder = tmp_path / "out/data/scans"
    if damage == "changed":
        (folder / "2.jpg").write_text("changed")
    elif damage == "deleted":
        (folder / "2.jpg").unlink()
    else:
        (folder / "3.jpg").write_text("added")
    assert verdict(tmp_path / "out")[0] == 1


def test_a_batch_notices_a_new_file_that_a_pattern_matches(tmp_path: Path) -> None:
    write(tmp_path / "in/one", scans("scans/*"), *PAGES)
    assert endings(batch(tmp_path / "in", tmp_path / "out")) == {"one": ("done", 0)}
    assert endings(batch(tmp_path / "in", tmp_path / "out")) == {"one": ("left", 0)}
    (tmp_path / "in/one/scans/11.jpg").write_text("new")
    assert endings(batch(tmp_path / "in", tmp_path / "out")) == {"one": ("done", 0)}
    assert "scans/11.jpg" in payload_of(tmp_path / "out/one")


def test_a_pattern_in_a_line_declares_files_in_a_shared_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    names = [f"{n}{end}" for n in (1, 2) for end in (".txt", "-a.jpg", "-b.jpg")]
    for name in names:
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(name)
    lines = [
        {"archtool": 1, "id": f"letter-{n}", "title": "A", "source": "Ours.", "transcription": f"{n}.txt",
         "files": [{"file": f"{n}-*.jpg", "role": "facsimile"}]}
        for n in (1, 2)
    ]  # fmt: skip
    (folder / "letters.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    seen: Run = batch(folder / "letters.jsonl", tmp_path / "out")
    assert endings(seen) == {"letter-1": ("done", 0), "letter-2": ("done", 0)}, seen.said()
    assert payload_of(tmp_path / "out/letter-2") == {"2.txt", "2-a.jpg", "2-b.jpg"}
    assert verdict(tmp_path / "out/letter-2") == (0, "consistent")


def test_a_pattern_is_compared_with_the_payload_of_an_adopted_bag(tmp_path: Path) -> None:
    pack(write(tmp_path / "in", scans("scans/"), *PAGES), tmp_path / "bag")
    description = tmp_path / "again.yaml"
    description.write_text(HEAD + scans("scans/*.jpg"), encoding="utf-8")
    made = pack(description, tmp_path / "out", "--from-bag", tmp_path / "bag")
    assert made.code == 0, made.said()
    assert payload_of(tmp_path / "out") == {"letter.txt", *PAGES}
    assert verdict(tmp_path / "out") == (0, "consistent")
