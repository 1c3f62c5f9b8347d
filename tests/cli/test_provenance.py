"""`archtool provenance`: the history of a package, told, drawn and converted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import archtool
from packages import ARCHIVIST, EXAMPLES, make_package, pack, retag, tree_bytes, write_key, write_letter
from unit.bagit.bag_builders import bag_files, with_tag_manifest, write_bag
from unit.files.folders import as_nobody, public_folder

MANIFEST = "metadata/provenance.json"


def appeal_package(folder: Path, *options: str | Path) -> Path:
    target = folder / "appeal"
    assert pack(EXAMPLES / "rakovsky-1932" / "description.yaml", target, *options).code == 0
    return target


def with_manifest(package: Path, data: bytes) -> Path:
    """Replace the provenance manifest, as a program does that writes the tag manifest again."""
    (package / MANIFEST).write_bytes(data)
    retag(package)
    return package


def test_the_history_is_told_from_the_oldest_event_to_the_package(tmp_path: Path) -> None:
    run = archtool("provenance", appeal_package(tmp_path))
    assert (run.code, run.err) == (0, "")
    events = [line.strip() for line in run.out.splitlines() if line[:3] != "   " and line[:2] == "  "]
    beginnings = [
        "April 1932.",
        "Not after 3 November 1932.",
        "3 November 1932.",
        "2013.",
        "Date not stated.",
    ]
    found = [event for event in events if event.startswith(tuple(beginnings))]
    assert [event.split(". ")[0] + "." for event in found] == beginnings
    assert "The text “À tous" in found[-1]


def test_the_account_says_that_nothing_was_verified(tmp_path: Path) -> None:
    run = archtool("provenance", appeal_package(tmp_path))
    assert "The files of the package were not read and not checked" in run.said()
    assert f"archtool verify {tmp_path}" in run.said()


def test_a_damaged_payload_file_does_not_matter_because_it_is_not_read(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "data" / "letter.txt").write_text("changed")
    assert archtool("provenance", package).code == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Avril 1932. Le document"), ("ru", "Апрель 1932\u00a0г. Создан документ")],
)
def test_the_account_speaks_the_language_that_is_asked_for(tmp_path: Path, language: str, words: str) -> None:
    run = archtool("provenance", appeal_package(tmp_path), "--language", language)
    assert run.code == 0
    assert words in run.out


def test_prov_json_is_the_file_of_the_package_byte_for_byte(tmp_path: Path) -> None:
    package = appeal_package(tmp_path)
    run = archtool("provenance", package, "--to", "prov-json")
    assert run.out.encode() == (package / MANIFEST).read_bytes()
    assert "not verified" in run.err


def test_an_archive_has_the_same_history_as_its_folder(tmp_path: Path) -> None:
    for name in ("a.tar", "a.zip"):
        assert pack(EXAMPLES / "rakovsky-1932" / "description.yaml", tmp_path / name).code == 0
    first, second = (
        archtool("provenance", tmp_path / name, "--to", "svg").out for name in ("a.tar", "a.zip")
    )
    assert first.startswith("<svg ")
    assert second.startswith("<svg ")
    assert first.replace("a.tar", "") == second.replace("a.zip", "")


@pytest.mark.parametrize(
    ("name", "beginning"),
    [("h.svg", "<svg "), ("h.json", "{"), ("h.provn", "document\n"), ("h.mmd", "flowchart TB\n"),
     ("h.gv", "digraph "), ("h.txt", "History of "), ("h", "History of ")],
)  # fmt: skip
def test_the_suffix_of_the_file_chooses_the_form(tmp_path: Path, name: str, beginning: str) -> None:
    package, target = make_package(tmp_path), tmp_path / name
    run = archtool("provenance", package, "-o", target)
    assert (run.code, run.out) == (0, f"wrote {target}\n")
    assert target.read_text(encoding="utf-8").startswith(beginning)


def test_overwriting_without_a_file_is_refused(tmp_path: Path) -> None:
    assert archtool("provenance", make_package(tmp_path, signed=False), "--force").code == 2


def test_a_suffix_of_no_form_is_refused_so_that_no_text_is_called_a_pdf(tmp_path: Path) -> None:
    package, target = make_package(tmp_path), tmp_path / "history.pdf"
    run = archtool("provenance", package, "-o", target)
    assert run.code == 2
    assert "the suffix of history.pdf does not say which form to write" in run.err
    assert "--to svg" in run.err
    assert not target.exists()
    assert archtool("provenance", package, "-o", target, "--to", "text").code == 0


def test_a_file_is_only_overwritten_on_request(tmp_path: Path) -> None:
    package, target = make_package(tmp_path), tmp_path / "history.svg"
    target.write_text("mine")
    run = archtool("provenance", package, "-o", target)
    assert run.code == 2
    assert f"the file already exists: {target}" in run.err
    assert "--force" in run.err
    assert target.read_text() == "mine"
    assert archtool("provenance", package, "-o", target, "--force").code == 0
    assert target.read_text(encoding="utf-8").startswith("<svg ")


def test_nothing_is_written_into_a_package(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    run = archtool("provenance", package, "-o", package / "metadata" / "history.svg")
    assert run.code == 2
    assert "would be written into a package" in run.err
    assert tree_bytes(package) == before


@pytest.mark.parametrize("target", ["missing/h.svg", "."])
def test_a_target_that_cannot_be_a_file_is_named(tmp_path: Path, target: str) -> None:
    run = archtool("provenance", make_package(tmp_path), "-o", tmp_path / target)
    assert run.code in (2, 3)
    assert "there is no folder" in run.err or "a folder, not a file" in run.err


def test_the_target_is_not_touched_when_the_package_cannot_be_read(tmp_path: Path) -> None:
    target = tmp_path / "history.svg"
    target.write_text("mine")
    assert archtool("provenance", tmp_path / "nothing", "-o", target, "--force").code == 3
    assert target.read_text() == "mine"


def test_json_prints_the_account_and_the_counts(tmp_path: Path) -> None:
    (result,) = archtool("provenance", appeal_package(tmp_path), "--json", "--language", "fr").objects
    assert result["schema"] == "archtool/provenance/1"
    assert result["exit_code"] == 0
    facts = result["facts"]
    assert (facts["entities"], facts["events"], facts["agents"]) == (16, 6, 8)
    assert facts["language"] == "fr"
    assert facts["account"][1]["depth"] == 1
    assert facts["account"][1]["text"].startswith("Avril 1932. Le document «\u00a0À tous")


@pytest.mark.parametrize("options", [("--to", "svg"), ("-o", "history.svg")])
def test_json_cannot_be_combined_with_another_form(tmp_path: Path, options: tuple[str, str]) -> None:
    run = archtool("provenance", make_package(tmp_path), "--json", *options)
    assert run.code == 2
    assert "--to prov-json" in run.err


def test_a_language_is_refused_for_a_form_without_words(tmp_path: Path) -> None:
    run = archtool("provenance", make_package(tmp_path), "--to", "dot", "--language", "fr")
    assert run.code == 2
    assert "--language does not apply to dot" in run.err


def test_a_bag_of_another_tool_has_no_history(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", with_tag_manifest(bag_files()))
    run = archtool("provenance", bag)
    assert (run.code, run.out) == (3, "")
    assert "records no history" in run.err
    assert f"archtool show {bag}" in run.err
    assert archtool("show", bag).code == 0


def test_what_is_no_bag_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    run = archtool("provenance", tmp_path / "letters")
    assert (run.code, run.out) == (3, "")


def test_a_missing_manifest_of_a_package_is_not_taken_for_a_bag_without_history(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / MANIFEST).unlink()
    run = archtool("provenance", package)
    assert run.code == 3
    assert f"the provenance manifest of {package} is missing" in run.err
    assert f"archtool verify {package}" in run.err


def test_a_changed_manifest_is_told_and_reported(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    manifest = package / MANIFEST
    manifest.write_text(manifest.read_text().replace("Letter of the bureau", "Letter of the bureaux"))
    run = archtool("provenance", package)
    assert run.code == 1
    assert "Letter of the bureaux" in run.out
    assert "fixity.digest-mismatch" in run.err


def test_a_manifest_that_was_changed_with_its_digest_is_contradicted_by_the_signature(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    changed = (package / MANIFEST).read_bytes().replace(b"Letter of the bureau", b"Letter of the bureaux")
    run = archtool("provenance", with_manifest(package, changed))
    assert run.code == 1
    assert MANIFEST in run.err


def test_a_good_signature_is_not_commented_on(tmp_path: Path) -> None:
    package = appeal_package(tmp_path, "--sign", write_key(tmp_path, ARCHIVIST))
    assert archtool("provenance", package).err == ""


BROKEN = {
    "not JSON": b"{",
    "not an object": b"[]",
    "not UTF-8": b'{"a": "\xff"}',
    "a key twice": b'{"a": 1, "a": 2}',
    "another PROV-JSON": b'{"entity": {"ex:a": {}}}',
    "very deep": b'{"entity":' + b"[" * 100_000,
    "empty": b"",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("form", ["text", "prov-json", "svg"])
def test_a_manifest_that_cannot_be_used_is_an_error_with_a_hint(
    tmp_path: Path, data: bytes, form: str
) -> None:
    package = with_manifest(make_package(tmp_path, signed=False), data)
    run = archtool("provenance", package, "--to", form)
    assert (run.code, run.out) == (3, "")
    assert run.err.startswith(f"archtool: error: {package}: {MANIFEST} cannot be used: ")
    assert "restore this file from another copy" in run.err
    assert len(run.err) < 800


def test_a_manifest_without_permission_to_read_is_named() -> None:
    with public_folder() as folder:
        package = make_package(folder)
        (package / MANIFEST).chmod(0)
        with as_nobody():
            run = archtool("provenance", package)
    assert run.code == 3
    assert f"{MANIFEST} cannot be read" in run.err


def hostile_manifest(package: Path, text: str) -> bytes:
    """Return the manifest of a package with a text in the place of the title."""
    document = json.loads((package / MANIFEST).read_text(encoding="utf-8"))
    document["entity"]["pkg:document"]["prov:label"] = text
    document["entity"]["pkg:document"]["arch:note"] = text
    document["activity"]["pkg:packaging"]["arch:note"] = text
    return json.dumps(document).encode()


HOSTILE = "a\x1b[31mred\u202e\x00</text><script>alert(1)</script>\"];}\n%%end ]]> \\ ' ` \ud800"


@pytest.mark.parametrize("form", ["text", "prov-n", "mermaid", "dot", "svg"])
def test_no_form_contains_what_controls_a_terminal(tmp_path: Path, form: str) -> None:
    package = make_package(tmp_path, signed=False)
    with_manifest(package, hostile_manifest(package, HOSTILE))
    run = archtool("provenance", package, "--to", form)
    assert run.code == 0
    assert not set(run.out) & set("\x1b\u202e\x00\ud800")
    assert "provenance.unprintable" in run.err
    assert "U+001B" in run.err
    assert form != "svg" or "<script>" not in run.out


def test_the_exact_characters_are_in_prov_json(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    data = hostile_manifest(package, HOSTILE)
    run = archtool("provenance", with_manifest(package, data), "--to", "prov-json")
    assert json.loads(run.out) == json.loads(data)
    assert "provenance.unprintable" not in run.err


def test_references_to_nothing_and_circles_are_told_and_drawn(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    document = json.loads((package / MANIFEST).read_text(encoding="utf-8"))
    document["hadMember"] = {
        "_:m1": {"prov:collection": "pkg:package", "prov:entity": "pkg:package"},
        "_:m2": {"prov:collection": "pkg:nothing", "prov:entity": "pkg:document"},
    }
    document["specializationOf"] = {
        "_:s1": {"prov:specificEntity": "pkg:document", "prov:generalEntity": "pkg:package"},
        "_:s2": {"prov:specificEntity": "pkg:package", "prov:generalEntity": "pkg:document"},
    }
    with_manifest(package, json.dumps(document).encode())
    for form in ("text", "prov-n", "mermaid", "dot", "svg"):
        assert archtool("provenance", package, "--to", form).code == 0


def test_the_account_fits_into_a_narrow_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    sources = tmp_path / "s"
    sources.mkdir()
    assert pack(write_letter(sources), tmp_path / "p").code == 0
    monkeypatch.chdir(tmp_path)
    run = archtool("provenance", "p")
    assert max(map(len, run.out.splitlines())) <= 50


def test_a_package_whose_annexes_are_nested_thousands_deep_stops_no_command(tmp_path: Path) -> None:
    package = appeal_package(tmp_path)
    document = json.loads((package / MANIFEST).read_bytes())
    inner = next(one for one in document["entity"].values() if one["arch:kind"] == "annexe")
    for number in range(2_000):
        document["entity"][f"pkg:deep-{number}"] = inner
        ends = {"prov:collection": f"pkg:deep-{number - 1}", "prov:entity": f"pkg:deep-{number}"}
        document["hadMember"] |= {f"_:m{9_000 + number}": ends} if number else {}
    with_manifest(package, json.dumps(document).encode())
    told = archtool("provenance", package)
    assert told.code == 0
    assert told.out.count("“") > 2_000
    for target, command in (("page.html", "report"), ("site", "site")):
        assert archtool(command, package, "-o", tmp_path / target).code == 1  # the manifest contradicts it
        assert (tmp_path / target).exists()
