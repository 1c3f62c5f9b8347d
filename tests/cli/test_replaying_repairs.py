"""`verify --replay`: what it proves, and attacks on repaired texts in packages that were sealed again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archtool import verify
from archtool.text.repairing.change_log import ChangeLog, RepairedFile
from archtool.text.repairing.change_log_file import format_change_log
from batches import batch_of
from command_line import archtool
from packages import make_package, pack
from repaired_texts import (
    COPY,
    LOG,
    LOG_IN_PACKAGE,
    ORIGINAL,
    REPAIRED,
    make_repair,
    read_log,
    reseal,
    write_repair,
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    sources = tmp_path / "sources"
    sources.mkdir()
    assert pack(write_repair(sources), tmp_path / "package").code == 0
    return tmp_path / "package"


def write_log(package: Path, change: Callable[[ChangeLog], ChangeLog]) -> None:
    path = package / LOG_IN_PACKAGE
    path.write_bytes(format_change_log(change(read_log(package))))


def change_copy(package: Path) -> None:
    """Change one word of the copy that the log does not change."""
    path = package / "data" / COPY
    path.write_text(path.read_text(encoding="utf-8").replace("ouverte", "fermée!"), encoding="utf-8")


def test_a_repair_is_replayed_and_undone_on_request_only(package: Path) -> None:
    run = archtool("verify", package)
    assert "was repaired from data/extrait.txt: 6 changes; not replayed (use --replay)" in run.said()
    run = archtool("verify", "--replay", package)
    assert run.code == 0
    assert "6 changes; replayed and undone, both byte for byte" in run.said()
    assert archtool("verify", "--replay", package, "--json").codes == []


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(
    package: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.chdir(package.parent)
    assert max(map(len, archtool("verify", "--replay", package.name).out.splitlines())) <= width


@pytest.mark.parametrize("ending", ["tar", "zip"])
def test_a_repair_in_an_archive_is_replayed(tmp_path: Path, ending: str) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    archive = tmp_path / f"package.{ending}"
    assert pack(write_repair(sources), archive).code == 0
    run = archtool("verify", "--replay", archive, "--json")
    assert run.codes == []
    assert run.objects[0]["facts"]["content"]["repairs"][0]["replay"] == "same"


def test_other_packages_and_bags_are_verified_as_ever(tmp_path: Path) -> None:
    run = archtool("verify", "--replay", make_package(tmp_path), "--json")
    assert (run.code, run.codes) == (0, [])
    assert "repairs" not in run.objects[0]["facts"]["content"]


@pytest.mark.parametrize("depth", ["--complete", "--fast"])
def test_a_replay_needs_the_texts(package: Path, depth: str) -> None:
    run = archtool("verify", "--replay", depth, package)
    assert run.code == 2
    assert "--replay needs the texts" in run.err


def test_a_batch_replays_the_repairs_of_many_packages(package: Path, tmp_path: Path) -> None:
    checked = batch_of("verify", package, tmp_path / "first", "--replay")
    assert checked.code == 0, checked.err
    (done,) = checked.objects
    assert done["facts"]["content"]["repairs"][0]["replay"] == "same"
    change_copy(package)
    data = (package / "data" / COPY).read_bytes()
    write_log(package, lambda log: replace(log, copy=RepairedFile.of(COPY, data)))
    reseal(package)
    again = batch_of("verify", package, tmp_path / "second", "--replay")
    assert "text-repair.replay-differs" in again.out
    refused = batch_of("verify", package, tmp_path / "third", "--replay", "--fast")
    assert refused.code == 2


def test_one_word_more_than_the_log_says_is_found_without_a_replay(package: Path) -> None:
    change_copy(package)
    reseal(package)
    run = archtool("verify", package, "--json")
    assert run.code == 1
    assert "text-repair.copy-edited" in run.codes


def test_one_word_more_with_the_digests_of_the_log_set_right_is_found_by_the_replay(package: Path) -> None:
    change_copy(package)
    data = (package / "data" / COPY).read_bytes()
    write_log(package, lambda log: replace(log, copy=RepairedFile.of(COPY, data)))
    reseal(package)
    repair_codes = {code for code in archtool("verify", package, "--json").codes if "text-repair" in code}
    assert repair_codes == set()
    run = archtool("verify", "--replay", package, "--json")
    assert run.code == 1
    assert [code for code in run.codes if "text-repair" in code] == ["text-repair.replay-differs"] * 2
    assert "REPLAYED, AND IT DIFFERS" in archtool("verify", "--replay", package).said()


def test_an_original_that_was_exchanged_is_found(package: Path) -> None:
    (package / "data" / ORIGINAL).write_text("Autre.\n")
    reseal(package)
    assert "text-repair.other-original" in archtool("verify", package, "--json").codes


def test_a_changed_row_of_the_log_is_found_by_the_replay(package: Path) -> None:
    def swap(log: ChangeLog) -> ChangeLog:
        first, *others = log.passes
        changes = (replace(first.changes[0], after="è"), *first.changes[1:])
        return replace(log, passes=(replace(first, changes=changes), *others))

    write_log(package, swap)
    reseal(package)
    assert "text-repair.replay-differs" in archtool("verify", "--replay", package, "--json").codes


def exchange_repair(package: Path, rule_set: str, before: str, after: str) -> None:
    """Replace copy and log by those of a repair that makes one change, and seal the package again."""
    text = (package / "data" / ORIGINAL).read_text(encoding="utf-8")
    made = make_repair(text, ((rule_set, ((before, after),)),))
    (package / "data" / COPY).write_bytes(made.copy)
    (package / LOG_IN_PACKAGE).write_bytes(format_change_log(made.log))
    reseal(package)


def test_a_change_under_the_name_of_a_rule_that_cannot_make_it_is_found_by_the_replay(package: Path) -> None:
    """The log leads from the original to the copy, but not by the rule that it names."""
    exchange_repair(package, "spacing/1", "ouverte", "close")
    run = archtool("verify", "--replay", package, "--json")
    assert [code for code in run.codes if "text-repair" in code] == ["text-repair.rule-broken"]
    assert run.code == 1


def test_a_sentence_that_was_removed_as_if_it_were_a_running_head_is_named(package: Path) -> None:
    exchange_repair(package, "pages/1", "Il en rend compte.\n", "")
    run = archtool("verify", "--replay", package, "--json")
    assert [code for code in run.codes if "text-repair" in code] == ["text-repair.lines-removed"]
    assert "removed 1 line with words once only: “Il en rend compte”" in run.said()


def test_many_such_lines_are_counted(package: Path) -> None:
    names = ["un", "deux", "trois", "quatre", "cinq", "six", "sept"]
    text = "".join(f"Vers {name}\n" for name in names)
    (package / "data" / ORIGINAL).write_text(text, encoding="utf-8")
    lying = make_repair(text, (("pages/1", tuple((f"Vers {name}\n", "") for name in names)),))
    (package / "data" / COPY).write_bytes(lying.copy)
    (package / LOG_IN_PACKAGE).write_bytes(format_change_log(lying.log))
    reseal(package)
    assert "“Vers cinq” and 2 more" in archtool("verify", "--replay", package, "--json").said()


def test_a_log_that_was_removed_or_damaged_is_missed(package: Path) -> None:
    path = package / LOG_IN_PACKAGE
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    reseal(package)
    run = archtool("verify", package, "--json")
    assert "text-repair.log-unreadable" in run.codes
    assert run.objects[0]["verdict"]["content"] == "inconsistent"
    path.unlink()
    reseal(package)
    run = archtool("verify", "--replay", package, "--json")
    assert "text-repair.log-missing" in run.codes
    assert run.objects[0]["verdict"] == {"bag": "valid", "content": "inconsistent", "trust": "not-asked"}
    assert archtool("show", package).code == 0


def test_one_of_two_logs_is_missed_and_the_other_is_replayed(tmp_path: Path) -> None:
    sources, package = tmp_path / "sources", tmp_path / "package"
    sources.mkdir()
    part = REPAIRED.partition("language: fr")[0].partition("transcription:\n")[2]
    write_repair(sources, description=REPAIRED.replace(part, part + part.replace("lettre", "autre")))
    for name in (COPY, LOG):
        (sources / name.replace("lettre", "autre")).write_bytes((sources / name).read_bytes())
    assert pack(sources / "description.yaml", package).code == 0
    (package / LOG_IN_PACKAGE).unlink()
    reseal(package)
    run = archtool("verify", "--replay", package, "--json")
    assert [code for code in run.codes if "text-repair" in code] == ["text-repair.log-missing"]
    (other,) = run.objects[0]["facts"]["content"]["repairs"]
    assert (other["file"], other["replay"]) == ("data/autre.txt", "same")


def test_many_logs_do_not_fill_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources, package = tmp_path / "sources", tmp_path / "package"
    sources.mkdir()
    part = REPAIRED.partition("language: fr")[0].partition("transcription:\n")[2]
    write_repair(sources, description=REPAIRED.replace(part, part + part.replace("lettre", "autre")))
    for name in (COPY, LOG):
        (sources / name.replace("lettre", "autre")).write_bytes((sources / name).read_bytes())
    assert pack(sources / "description.yaml", package).code == 0
    monkeypatch.setattr("archtool.operations.repaired_texts.reading.MAX_CHANGES", 10)
    monkeypatch.setattr("archtool.operations.repaired_texts.reading.MAX_HEADER_LINES", 16)
    run = archtool("verify", package)
    assert "the change logs have more than 10 changes together" in run.said()
    assert run.code == 1


def test_a_log_that_is_too_large_is_said_not_to_be_read(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archtool.operations.content.metadata.MAX_CHANGE_LOG_BYTES", 100)
    run = archtool("verify", package)
    assert "is larger than any that is read" in run.said()
    assert run.code == 1


def test_another_count_reviewer_or_time_in_the_history_is_found(package: Path) -> None:
    write_log(package, lambda log: replace(log, reviewer="Un autre", open_places=7))
    reseal(package)
    codes = archtool("verify", package, "--json").codes
    assert "provenance.fact-differs" in codes or "provenance.fact-missing" in codes


def test_a_damaged_text_is_reported_once_and_not_replayed(package: Path) -> None:
    (package / "data" / COPY).write_text("rust")
    run = archtool("verify", "--replay", package, "--json")
    assert "text-repair.not-replayed" in run.codes
    assert run.objects[0]["facts"]["content"]["repairs"][0]["replay"] == "not-done"


def test_a_text_that_is_gone_is_reported_as_missing(package: Path) -> None:
    (package / "data" / ORIGINAL).unlink()
    run = archtool("verify", "--replay", package, "--json")
    assert "complete.file-missing" in run.codes
    assert "text-repair.other-original" not in run.codes


def test_digests_of_a_package_without_sha512_are_computed_for_the_log(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    package = tmp_path / "package"
    assert pack(write_repair(sources), package, "--algorithm", "sha256").code == 0
    assert archtool("verify", package, "--json").codes == []
    other = make_repair().original.replace(b"ouverte", b"couvert")
    assert len(other) == len(make_repair().original)
    write_log(package, lambda log: replace(log, original=RepairedFile.of(ORIGINAL, other)))
    assert "text-repair.other-original" in archtool("verify", package, "--json").codes


def test_python_programs_replay_repairs_too(package: Path) -> None:
    assert verify(package, replay=True).facts["content"]["repairs"][0]["replay"] == "same"
    assert verify(package).facts["content"]["repairs"][0]["replay"] == "not-asked"


def test_a_package_without_a_description_has_no_repairs(package: Path) -> None:
    (package / "metadata" / "description.yaml").write_text("archtool: [")
    assert "repaired" not in archtool("show", package).said()
    assert "content.metadata-invalid" in archtool("verify", "--replay", package, "--json").codes
    (package / "metadata" / "description.yaml").unlink()
    assert "content.metadata-missing" in archtool("verify", "--replay", package, "--json").codes
