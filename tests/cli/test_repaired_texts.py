"""Repaired texts with their originals: described, checked, packed, shown, exported and told."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from archtool.text.repairing.change_log_file import format_change_log
from archtool.text.repairing.rule_sets import RULE_SETS
from batches import batch
from catalogue_schemas import (
    assert_mets,
    assert_tei,
    needs_catalogue_schemas,
    needs_jing,
    needs_reference_schemas,
)
from command_line import archtool
from packages import REPOSITORY, needs_sha512sum, pack, tree_bytes, write_key
from repaired_texts import (
    CHANGES,
    COPY,
    LOG,
    LOG_IN_PACKAGE,
    ORIGINAL,
    REPAIRED,
    TEXT,
    make_repair,
    write_repair,
)
from tables import write_table


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    return folder


def make_package(folder: Path, target: Path, *options: str | Path) -> Path:
    made = pack(write_repair(folder), target, *options)
    assert made.code == 0, made.err
    return target


def test_both_texts_are_payload_and_the_log_is_a_tag_file_byte_for_byte(
    sources: Path, tmp_path: Path
) -> None:
    package = make_package(sources, tmp_path / "package", "--sign", write_key(tmp_path))
    files = tree_bytes(package)
    assert {name for name in files if name.startswith("data/")} == {f"data/{ORIGINAL}", f"data/{COPY}"}
    assert files[LOG_IN_PACKAGE] == (sources / LOG).read_bytes()
    listed = f"  {LOG_IN_PACKAGE}\n"
    assert listed in (package / "tagmanifest-sha512.txt").read_text()
    assert listed in (package / "attestations/0001-packaging/sha512sums.txt").read_text()
    verified = archtool("verify", package, "--json")
    assert verified.codes == []
    assert verified.objects[0]["verdict"]["content"] == "consistent"
    info = " ".join((package / "bag-info.txt").read_text(encoding="utf-8").split())
    assert f"Transcription-Repair: data/{COPY} from data/{ORIGINAL}, see {LOG_IN_PACKAGE}" in info


def test_check_and_dry_run_find_nothing_wrong_and_no_undeclared_file(sources: Path, tmp_path: Path) -> None:
    description = write_repair(sources)
    checked = archtool("check", description, "--json")
    assert checked.codes == []
    assert checked.objects[0]["facts"]["repairs"][0]["change_count"] == 6
    assert "repaired data/lettre.txt from data/extrait.txt: 6 changes" in archtool("check", description).out
    dry = archtool("pack", description, "-o", tmp_path / "p", "--dry-run")
    assert "repaired data/lettre.txt from data/extrait.txt: 6 changes" in dry.said()
    assert archtool("pack", description, "-o", tmp_path / "p", "--dry-run", "--json").codes == []
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    ("file", "text", "found_as"),
    [
        (LOG, None, ("payload.missing", 8, 47, 3)),
        (LOG, "# format: diff/1\n", ("text-repair.log-unreadable", 8, 47, 3)),
        (ORIGINAL, f"{TEXT}x\n", ("text-repair.other-original", 8, 25, 1)),
        (ORIGINAL, f"{TEXT[:-2]}!\n", ("text-repair.other-original", 8, 25, 1)),
        (COPY, "Elle est close.\n", ("text-repair.copy-edited", 5, 11, 1)),
    ],
)
def test_a_repair_that_is_not_that_of_its_files_is_reported_at_its_line_of_the_description(
    sources: Path, tmp_path: Path, file: str, text: str | None, found_as: tuple[str, int, int, int]
) -> None:
    code, line, column, exit_code = found_as
    description = write_repair(sources, description=REPAIRED.partition("annexes:")[0])
    if text is None:
        (sources / file).unlink()
    else:
        (sources / file).write_text(text, encoding="utf-8")
    checked = archtool("check", description, "--json")
    assert checked.code == exit_code
    (found,) = (one for one in checked.objects[0]["findings"] if one["code"] == code)
    assert (found["line"], found["column"]) == (line, column)
    assert found["hint"]
    packed = archtool("pack", description, "-o", tmp_path / "package")
    assert packed.code == exit_code
    assert f"[{code}]" in packed.said()
    assert not (tmp_path / "package").exists()


def test_a_log_whose_changes_do_not_fit_its_own_original_cannot_be_packed(
    sources: Path, tmp_path: Path
) -> None:
    repair = make_repair()
    first, *others = repair.log.passes
    moved = replace(first.changes[0], offset_bytes=0)
    log = replace(repair.log, passes=(replace(first, changes=(moved, *first.changes[1:])), *others))
    description = write_repair(sources, replace(repair, log=log))
    run = archtool("pack", description, "-o", tmp_path / "package")
    assert run.code == 1
    assert "lettre.txt.changes.tsv cannot be replayed: the change of accents/1 at offset 0" in run.said()
    assert "cannot be undone" in run.said()


def test_places_that_nobody_decided_are_noted(sources: Path) -> None:
    description = write_repair(sources, make_repair(open_places=3))
    run = archtool("check", description)
    assert run.code == 0
    assert "lettre.txt has 3 places left undecided" in run.said()


@pytest.mark.parametrize("name", [*RULE_SETS])
@pytest.mark.parametrize(("word", "other"), [("ouverte", "close"), ("seéance", "séances"), ("lu aà", "lu")])
def test_no_rule_set_changes_one_word_to_another(sources: Path, name: str, word: str, other: str) -> None:
    lying = make_repair(rules=((name, ((word, other),)),))
    assert "text-repair.rule-broken" in archtool("check", write_repair(sources, lying), "--json").codes


def test_a_change_of_another_kind_than_its_rule_set_makes_is_found_before_packing(sources: Path) -> None:
    lying = make_repair(rules=(("spacing/1", (("ouverte", "close"),)),))
    run = archtool("check", write_repair(sources, lying), "--json")
    (message,) = [one["message"] for one in run.objects[0]["findings"] if "text-repair" in one["code"]]
    assert run.code == 1
    assert message == (
        "lettre.txt.changes.tsv: spacing/1 does not change “ouverte” to “close” (line 1 of the text)"
    )


def test_a_change_that_a_person_decided_can_be_anything_and_is_counted(sources: Path, tmp_path: Path) -> None:
    repair = make_repair(rules=(("spacing/1", (("ouverte", "close"),)),), reviewer="Une relectrice")
    (one,) = repair.log.passes
    decided = replace(one, changes=tuple(replace(c, evidence="decided by a person") for c in one.changes))
    description = write_repair(sources, replace(repair, log=replace(repair.log, passes=(decided,))))
    package = tmp_path / "package"
    assert pack(description, package).code == 0
    verified = archtool("verify", "--replay", package)
    assert "1 change, 1 of them decided by a person; replayed and undone" in verified.said()
    assert "Changes decided by a person: 1." in archtool("provenance", package).said()


def test_a_repair_that_is_not_declared_is_explained_at_its_log(sources: Path) -> None:
    without = re.sub(r"\n +repair:.*(\n +(?:original|changes):.*)*", "", REPAIRED)
    description = write_repair(sources, description=without)
    said = archtool("check", description).said()
    assert "changes.tsv is not declared in description.yaml" in said
    assert "it is the change log of a repaired text: declare it as `changes` under `repair`" in said


def test_many_broken_changes_are_listed_up_to_a_limit(sources: Path) -> None:
    text = "mot \n" * 30
    lying = make_repair(text, (("spacing/1", (("mot", "met"),)),))
    description = write_repair(sources, lying, REPAIRED.partition("annexes:")[0])
    run = archtool("check", description, "--json")
    messages = [
        one["message"] for one in run.objects[0]["findings"] if one["code"] == "text-repair.rule-broken"
    ]
    assert len(messages) == 21
    assert messages[-1] == "lettre.txt.changes.tsv: 10 more such changes of spacing/1"


def test_a_rule_set_of_a_later_version_is_replayed_and_not_judged(sources: Path, tmp_path: Path) -> None:
    rules = (("accents/99", CHANGES[0][1]), ("empty/3", ()))
    package = tmp_path / "package"
    assert pack(write_repair(sources, make_repair(rules=rules)), package).code == 0
    run = archtool("verify", "--replay", package, "--json")
    assert run.codes == ["text-repair.rule-unknown"]
    assert run.code == 0
    assert run.objects[0]["facts"]["content"]["repairs"][0]["replay"] == "same"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("original: extrait.txt", "original: lettre.txt", "description.repair-files"),
        ("changes: lettre.txt.changes.tsv", "changes: extrait.txt", "description.repair-files"),
        ("    method:", "    encoding: windows-1252\n    method:", "description.repair-encoding"),
        ("original: extrait.txt, ", "", "description.missing-key"),
        ("changes: lettre", "changelog: lettre", "description.unknown-key"),
        ("original: extrait.txt", "original: ../extrait.txt", "description.file-path"),
    ],
)
def test_a_repair_that_is_described_wrongly_is_refused(
    sources: Path, before: str, after: str, code: str
) -> None:
    assert before in REPAIRED
    description = write_repair(sources, description=REPAIRED.replace(before, after, 1))
    run = archtool("check", description, "--json")
    assert code in run.codes
    if code != "description.repair-files":  # then it is not known what the log is about
        assert not any("text-repair" in found for found in run.codes)
    assert run.code == 3
    assert "repaired data/" not in archtool("check", description).out


def test_a_copy_that_is_described_twice_is_refused_and_an_original_of_two_copies_is_not(
    sources: Path,
) -> None:
    part = REPAIRED.partition("language: fr")[0].partition("transcription:\n")[2]
    twice = REPAIRED.replace(part, part * 2)
    assert (
        "description.repair-files"
        in archtool("check", write_repair(sources, description=twice), "--json").codes
    )
    (sources / "autre.txt").write_bytes(make_repair().copy)
    (sources / "autre.txt.changes.tsv").write_bytes(format_change_log(make_repair().log))
    two = REPAIRED.replace(part, part + part.replace("lettre", "autre"))
    assert archtool("check", write_repair(sources, description=two), "--json").codes == []


def test_a_mistyped_key_of_a_repair_is_suggested(sources: Path) -> None:
    mistyped = REPAIRED.replace("repair: { original:", "repaired: { source:").replace("changes:", "log:")
    said = archtool("check", write_repair(sources, description=mistyped)).said()
    assert "did you mean `repair`?" in said
    mistyped = REPAIRED.replace("repair: { original:", "repair: { source:").replace("changes:", "log:")
    said = archtool("check", write_repair(sources, description=mistyped)).said()
    assert "did you mean `original`?" in said
    assert "did you mean `changes`?" in said


def test_the_description_can_be_json(sources: Path, tmp_path: Path) -> None:
    write_repair(sources)
    (sources / "description.yaml").unlink()
    values = {
        "archtool": 1, "title": "Compte rendu", "language": "fr", "source": "Cahiers.",
        "transcription": {
            "file": COPY, "repair": {"original": ORIGINAL, "changes": LOG, "note": "Par nous."}
        },
        "rights": {"package": "CC0-1.0"},
    }  # fmt: skip
    description = sources / "description.json"
    description.write_text(json.dumps(values))
    package = tmp_path / "package"
    assert pack(description, package).code == 0
    assert archtool("verify", "--replay", package, "--json").codes == []
    assert "Par nous." in archtool("show", package).said()


def test_the_files_of_a_sibling_description_are_not_undeclared(sources: Path) -> None:
    write_repair(sources)
    (sources / "autre.txt").write_text("Autre.\n")
    other = sources / "autre.yaml"
    text = (
        'archtool: 1\ntitle: Autre\ntranscription: autre.txt\nsource: "Cahiers."\nrights: { original: UND }\n'
    )
    other.write_text(text)
    assert archtool("check", other, "--json").codes == []


def test_a_table_packs_repaired_texts_in_its_own_columns(tmp_path: Path) -> None:
    folder = tmp_path / "un"
    folder.mkdir()
    write_repair(folder).unlink()
    columns = {"": COPY, "repair.original": ORIGINAL, "repair.changes": LOG}
    row = {"package": "un", "title": "Compte rendu", "source": "Cahiers.", "rights.original": "UND"}
    row |= {f"transcription.{key or 'file'}": f"{{package}}\\{name}" for key, name in columns.items()}
    table = write_table(tmp_path / "table.csv", [row])
    assert batch(table, tmp_path / "out", "--check").code == 0
    made = batch(table, tmp_path / "out")
    assert made.code == 0, made.err
    assert archtool("verify", "--replay", tmp_path / "out" / "un", "--json").codes == []
    (folder / COPY).write_text("Elle est close.\n")
    assert "text-repair.copy-edited" in batch(table, tmp_path / "out", "--check").said()


def test_show_says_what_was_repaired_from_what_and_by_whom(sources: Path, tmp_path: Path) -> None:
    repair = make_repair(open_places=1, reviewer="Une relectrice")
    package = tmp_path / "package"
    assert pack(write_repair(sources, repair), package).code == 0
    said = archtool("show", package).said()
    assert "repaired from data/extrait.txt, which is the text as it arrived" in said
    assert f"6 changes (accents/1: 5, pages/1: 1), listed in {LOG_IN_PACKAGE}" in said
    assert "by archtool 0.99, reviewed by Une relectrice, 2026-11-20" in said
    assert "1 place left undecided, as in the original" in said
    (facts,) = archtool("show", "--json", package).objects
    (text,) = facts["facts"]["transcription"]
    assert text["repair"]["rule_sets"] == {"accents/1": 5, "pages/1": 1}
    assert text["repair"]["original"] == "data/extrait.txt"


def test_the_history_has_a_normalization_from_the_original_to_the_copy(sources: Path, tmp_path: Path) -> None:
    repair = make_repair(reviewer="Une relectrice")
    package = tmp_path / "package"
    assert pack(write_repair(sources, repair), package).code == 0
    document = json.loads((package / "metadata/provenance.json").read_text())
    ((key, event),) = (
        (key, one) for key, one in document["activity"].items() if one["arch:kind"] == "normalization"
    )
    assert event["prov:type"]["$"] == "evt:nor"
    assert event["prov:startTime"] == "2026-11-20T18:30:00+00:00"
    assert event["arch:rule-set"] == ["accents/1: 5", "pages/1: 1"]
    files = {one["arch:path"]: name for name, one in document["entity"].items() if "arch:path" in one}
    roles = {path: document["entity"][name]["arch:role"] for path, name in files.items()}
    assert roles == {"data/lettre.txt": "transcription", "data/extrait.txt": "original-extraction"}
    used = [u["prov:entity"] for u in document["used"].values() if u["prov:activity"] == key]
    made = [g["prov:entity"] for g in document["wasGeneratedBy"].values() if g["prov:activity"] == key]
    assert (used, made) == ([files["data/extrait.txt"]], [files["data/lettre.txt"]])
    agents = [
        (document["agent"][a["prov:agent"]]["prov:label"], a["prov:role"])
        for a in document["wasAssociatedWith"].values()
        if a["prov:activity"] == key
    ]
    assert agents == [("archtool", "executing-program"), ("Une relectrice", "reviewer")]
    premis = (package / "metadata/premis.xml").read_text()
    assert 'valueURI="http://id.loc.gov/vocabulary/preservation/eventType/nor">normalization<' in premis
    assert "<eventDetail>rule-set: accents/1: 5</eventDetail>" in premis


def test_the_text_was_transcribed_as_the_original(sources: Path, tmp_path: Path) -> None:
    said = archtool("provenance", make_package(sources, tmp_path / "package")).said()
    assert "The transcription “extrait.txt” was made. It was made from “Cahiers" in said
    assert "The text “lettre.txt” was repaired. It was made from “extrait.txt”." in said


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("mods", "repaired from extrait.txt, which is kept, with a log of all changes"),
        ("tei", "repaired from extrait.txt, which is kept, with a log of all changes"),
        ("dc", "repaired from extrait.txt, which is kept, with a log of all changes"),
        ("mets", 'USE="original-extraction"'),
        ("mets", 'USE="transcription"'),
        ("mets", "normalization"),
        ("prov-n", "normalization"),
    ],
)
def test_exports_say_which_text_is_the_repaired_one(
    sources: Path, tmp_path: Path, form: str, words: str
) -> None:
    package = make_package(sources, tmp_path / "package")
    run = archtool("export", package, "--to", form)
    assert run.code == 0, run.err
    assert words in run.out


def test_the_tei_export_has_the_repaired_text_and_its_annexe(sources: Path, tmp_path: Path) -> None:
    run = archtool("export", make_package(sources, tmp_path / "package"), "--to", "tei")
    assert "La séance est ouverte." in run.out
    assert "seéance" not in run.out
    assert '<div type="annexe"' in run.out


@needs_catalogue_schemas
@needs_reference_schemas
def test_mets_that_says_which_text_is_which_is_valid(sources: Path, tmp_path: Path) -> None:
    assert_mets(archtool("export", make_package(sources, tmp_path / "package"), "--to", "mets").out)


@needs_catalogue_schemas
@needs_jing
def test_tei_that_says_which_text_was_repaired_is_valid(sources: Path, tmp_path: Path) -> None:
    tei = tmp_path / "tei.xml"
    assert archtool("export", make_package(sources, tmp_path / "package"), "--to", "tei", "-o", tei).code == 0
    assert '<normalization method="silent">' in tei.read_text(encoding="utf-8")
    assert_tei(tei)


def test_a_crate_says_which_changes_made_the_copy(sources: Path, tmp_path: Path) -> None:
    package = make_package(sources, tmp_path / "package", "--crate")
    crate = (package / "data/ro-crate-metadata.json").read_text()
    assert "changes: accents/1: 5, pages/1: 1" in crate
    assert "original-extraction" in crate
    assert archtool("verify", package, "--json").codes == []


def test_the_page_of_a_package_names_the_text_as_it_arrived(sources: Path, tmp_path: Path) -> None:
    package = make_package(sources, tmp_path / "package")
    page = archtool("report", package, "-o", tmp_path / "page.html")
    assert page.code == 0, page.err
    text = (tmp_path / "page.html").read_text()
    assert "from data/extrait.txt, which is the text as it arrived; 6 changes (accents/1: 5" in text
    assert "whether the repair of a text leads from the text as it arrived to this one" in text
    assert f"metadata/repairs/{LOG}" in text
    assert "La séance est ouverte." in text
    assert "La seéance" not in text


@needs_sha512sum
def test_the_commands_of_the_instructions_compare_the_log_with_its_files(
    sources: Path, tmp_path: Path
) -> None:
    package = make_package(sources, tmp_path / "package")
    text = (package / "VERIFY.txt").read_text()
    commands = re.findall(r"^\$ (printf(?:.*\\\n)*.*)", text, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        assert subprocess.run(["sh", "-c", command], cwd=package, check=False).returncode == 0
    (package / f"data/{ORIGINAL}").write_text("changed\n")
    results = [
        subprocess.run(["sh", "-c", command], cwd=package, check=False, capture_output=True).returncode
        for command in commands
    ]
    assert results == [1, 0]


def test_names_that_sha512sum_cannot_read_get_no_command(sources: Path, tmp_path: Path) -> None:
    description = write_repair(sources)
    (sources / ORIGINAL).rename(sources / "ex\\trait.txt")
    text = description.read_text().replace("original: extrait.txt", 'original: "ex\\\\trait.txt"')
    description.write_text(text)
    package = tmp_path / "package"
    assert pack(description, package).code == 0
    instructions = (package / "VERIFY.txt").read_text()
    assert "This text was repaired:" in instructions
    assert "printf" not in instructions


def test_parts_of_a_group_have_the_log_and_each_says_what_it_could_not_replay(
    sources: Path, tmp_path: Path
) -> None:
    description = write_repair(sources)
    made = pack(description, tmp_path / "package", "--split-size", "160")
    assert made.code == 0, made.err
    parts = sorted(tmp_path.glob("package-*of2"))
    assert len(parts) == 2
    for part in parts:
        run = archtool("verify", "--replay", part, "--json")
        assert (part / LOG_IN_PACKAGE).is_file()
        assert set(run.codes) == {"content.group-part", "text-repair.not-replayed"}
        assert run.objects[0]["verdict"]["content"] == "consistent"
        assert run.objects[0]["facts"]["content"]["repairs"][0]["replay"] == "not-done"
        assert "printf" not in (part / "VERIFY.txt").read_text()


def test_a_text_in_another_encoding_is_repaired_to_utf8_and_replayed(sources: Path, tmp_path: Path) -> None:
    repair = make_repair(encoding="windows-1252")
    package = tmp_path / "package"
    assert pack(write_repair(sources, repair), package).code == 0
    assert archtool("verify", "--replay", package, "--json").codes == []
    document = json.loads((package / "metadata/provenance.json").read_text())
    encodings = [one.get("arch:encoding") for one in document["entity"].values() if "arch:path" in one]
    assert encodings == [None, "windows-1252"]


def test_a_text_that_is_too_large_is_packed_and_said_not_to_be_replayed(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archtool.operations.repaired_texts.kept_bytes.MAX_REPAIRED_BYTES", 145)
    description = write_repair(sources)
    run = archtool("check", description, "--json")
    assert run.codes == ["text-repair.not-replayed"]
    package = tmp_path / "package"
    assert pack(description, package).code == 0
    assert archtool("verify", "--replay", package, "--json").codes == ["text-repair.not-replayed"]
    assert archtool("verify", "--replay", "--strict", package).code == 1


def test_a_bag_of_another_tool_is_described_with_a_log_from_the_folder_of_the_description(
    sources: Path, tmp_path: Path
) -> None:
    package = make_package(sources, tmp_path / "package")
    bag = tmp_path / "bag"
    for name, data in tree_bytes(package).items():
        if name.startswith(("data/", "manifest-")) or name == "bagit.txt":
            (bag / name).parent.mkdir(parents=True, exist_ok=True)
            (bag / name).write_bytes(data)
    (sources / ORIGINAL).unlink()
    (sources / COPY).unlink()
    run = pack(sources / "description.yaml", tmp_path / "adopted", "--from-bag", bag)
    assert run.code == 0, run.err
    assert archtool("verify", "--replay", tmp_path / "adopted", "--json").codes == []


def test_a_profile_that_allows_no_change_log_is_not_met(sources: Path, tmp_path: Path) -> None:
    """The plan has the log before anything is packed; the hint says who can allow it."""
    known = json.loads((REPOSITORY / "schemas" / "bagit-profile.json").read_text(encoding="utf-8"))
    allowed = [
        "bag*.txt",
        "*manifest-*",
        "VERIFY.txt",
        *(f"metadata/*.{one}" for one in ("yaml", "json", "xml")),
    ]
    for name, paths in (("closed", allowed), ("open", [*allowed, "metadata/repairs/*"])):
        profile = tmp_path / f"{name}.json"
        profile.write_text(json.dumps({**known, "Tag-Files-Allowed": paths}), encoding="utf-8")
    description = write_repair(sources)
    refused = pack(description, tmp_path / "package", "--profile", tmp_path / "closed.json")
    assert refused.code == 1
    assert "allow `metadata/repairs/*`" in refused.said()
    assert pack(description, tmp_path / "package", "--profile", tmp_path / "open.json").code == 0
