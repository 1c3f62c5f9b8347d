"""No text of a package, a file name, a key or a list controls the terminal of its reader."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archtool.canonical_json import format_json_line
from archtool.exports.citations.styles import STYLES
from archtool.findings import Finding, Place, Severity
from archtool.printable import escape_in_json, show_steering, without_steering
from archtool.report.batch_csv import MARK, csv_head, csv_rows
from archtool.report.batch_html import BatchPage
from archtool.report.batch_product import Product
from archtool.report.result_json import finding_object
from archtool.report.text.batch import EndedJob, format_job
from archtool.report.text.batch_tally import FindingTally
from archtool.report.text.columns import text_width
from budgets import examples
from command_line import Run, archtool
from packages import ARCHIVIST, make_package, retag, write_allowed_signers, write_key, write_letter
from property.strategies import BOUNDED

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
HOSTILE = (
    "\x1b]0;pwned\x07", "\x1b[31m", "\x9b5m", "\x90q\x9c", "\x7f", "\x08", "\r", "\x85", "\u2028", "\u2029",
    "\u202e", "\u202a", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c", "\u200b", "\ufeff", "\u2060",
)  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    min_size=1,
    max_size=8,
).map(lambda parts: "a" + "".join(parts).replace("\0", "") + "z")
RARE = settings(BOUNDED, max_examples=6, suppress_health_check=list(HealthCheck))
OFTEN = settings(BOUNDED, max_examples=examples(300))
EVERYTHING = "a" + "".join(HOSTILE) + "z"


def assert_harmless(*runs: Run) -> None:
    for run in runs:
        assert "Traceback" not in run.err
        assert "a bug in archtool" not in run.err
        for text in (run.out, run.err):
            # CR is allowed before LF, as in RIS
            found = STEERING.search(text.replace("\r\n", "\n"))
            assert found is None, f"{found[0]!r} in {text[:400]!r}"


def make_hostile(package: Path, text: str) -> None:
    """Make a package with a text in every field that is shown."""
    citation = package / "metadata" / "citation.json"
    item: dict[str, Any] = json.loads(citation.read_text())[0]
    item |= {
        "title": text,
        "publisher": text,
        "note": text,
        "author": [{"literal": text}],
        "custom": {"x": text},
    }
    citation.write_text(json.dumps([item]))
    # a description with control characters is refused
    words = json.dumps(re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text))
    description = package / "metadata" / "description.yaml"
    lines = description.read_text().replace("Letter of the bureau to the sections", words)
    description.write_text(f"{lines}creators: [{{ name: {words}, role: author }}]\n", encoding="utf-8")
    with (package / "bag-info.txt").open("a", encoding="utf-8", newline="") as info:
        info.write(f"Contact-Name: {text}\n{text.replace(':', '')}: {text}\n")
    name = text.replace("/", "")[:40].encode()[:200].decode("utf-8", "ignore")
    (package / "data" / f"{name}.txt").write_text("x")
    for statement in package.glob("attestations/*/statement.json"):
        value = json.loads(statement.read_text())
        value["predicate"]["note"] = text
        statement.write_text(json.dumps(value))


@RARE
@given(TEXTS)
@example(EVERYTHING)
def test_no_command_lets_a_text_of_a_package_control_the_terminal(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("steering")
    package = make_package(folder)
    allowed = write_allowed_signers(folder, ARCHIVIST)
    intact = make_package(tmp_path_factory.mktemp("whole"))
    make_hostile(package, text)
    for is_consistent in (False, True):
        if is_consistent:
            retag(package)
        assert_harmless(
            *(archtool("cite", package, "--style", style) for style in STYLES),
            *(archtool("cite", "--source", package, "--style", style) for style in STYLES),
            *(archtool("show", package, *json_too) for json_too in ([], ["--json"])),
            *(archtool("verify", package, *more) for more in ([], ["--json"], ["--trust", allowed])),
            *(archtool("diff", intact, package, *json_too) for json_too in ([], ["--json"])),
        )


def test_control_characters_are_shown_as_codes_and_left_out_of_a_citation(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    make_hostile(package, EVERYTHING)
    retag(package)
    run = archtool("show", package)
    assert (run.code, "\\u202e" in run.out.splitlines()[0]) == (1, True)
    (item,) = json.loads(archtool("cite", "--source", package, "--style", "csl-json").out)
    assert item["title"] == EVERYTHING
    bibtex = archtool("cite", "--source", package, "--style", "bibtex")
    assert (bibtex.code, "\\u202e" in bibtex.out, "content.citation-unprintable" in bibtex.err) == (
        1,
        False,
        True,
    )


@RARE
@given(TEXTS)
@example(EVERYTHING)
def test_no_description_claim_or_key_controls_the_terminal(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("sources")
    words = json.dumps(text)
    description = write_letter(folder, f"note: {words}\n")
    description.write_text(description.read_text().replace('"Cahiers', f"{words[:-1]}Cahiers"))
    key = write_key(folder)
    public = folder / f"{key.name}.pub"
    public.write_text(f"{public.read_text().rsplit(' ', 1)[0]} {text}\n", encoding="utf-8", newline="")
    signers = folder / "signers"
    signers.write_text(f'"{text}" {public.read_text()}', encoding="utf-8", newline="")
    target = folder / "package"
    note = text.replace("\n", " ")
    assert_harmless(
        archtool("check", description), archtool("check", description, "--json"),
        archtool("pack", description, "-o", target, "--sign", key, "--signer", ARCHIVIST),
        archtool("attest", target, "--event", "countersignature", "--sign", key, "--signer", note),
        archtool("attest", target, "--event", "countersignature", "--sign", key, "--note", note),
        archtool("show", target), archtool("show", target, "--json"), archtool("cite", target),
        archtool("keys", "show", public), archtool("keys", "show", signers),
        archtool("keys", "trust", public),
        archtool("verify", target, "--trust", signers), archtool("verify", folder / note.replace("/", "")),
        archtool("explain", note), archtool(note),
    )  # fmt: skip


@OFTEN
@given(TEXTS)
def test_printed_json_keeps_every_value(text: str) -> None:
    value = {"title": text, text: [text]}
    printed = escape_in_json(format_json_line(value))
    assert json.loads(printed) == value
    assert STEERING.search(printed) is None


@OFTEN
@given(TEXTS)
def test_printed_text_shows_the_code_of_each_control_character(text: str) -> None:
    printed = show_steering(text)
    assert STEERING.search(printed) is None
    assert show_steering(printed) == printed
    assert [c for c in printed if c in "\n\t"] == [c for c in text if c in "\n\t"]


def finding_with(text: str) -> Finding:
    place = Place(text, None, 3, text, 12, text)
    return Finding("fixity.digest-mismatch", Severity.ERROR, text, place, text, text)


def result_with(text: str, **more: Any) -> dict[str, Any]:
    return {
        "job": text, "ending": "done", "exit_code": 0, "verdict": {"bag": text},
        "findings": [finding_object(finding_with(text))], "message": text, "hint": text, "seconds": 1.0,
        "bytes": 1, "product": asdict(Product(text, text, text, text, 1, 1)), **more,
    }  # fmt: skip


def cells(texts: Iterable[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(texts))))


@OFTEN
@given(TEXTS)
def test_the_table_and_the_page_of_a_batch_contain_no_control_character(text: str) -> None:
    failed = result_with(text, exit_code=1)
    messages = {**failed, "findings": []}
    for one in (result_with(text), failed, messages):
        page = BatchPage(text, "today", 1)
        page.add(one)
        assert STEERING.search("".join(page.format(1.0, lambda _status, _limit, job=one: [job]))) is None
        row = "".join(csv_rows(one))
        assert STEERING.search(row.replace("\r\n", "\n")) is None
        head = csv_head().removeprefix(MARK)
        assert len(cells([head, row])[1]) == len(cells([head])[0])


@OFTEN
@given(TEXTS)
def test_each_line_of_a_batch_stays_one_line_without_control_characters(text: str) -> None:
    findings = (finding_with(text),)
    product = Product(text, text, text, text, 1, 1)
    done = EndedJob(text, "done", message=text, findings=findings, verdict={text: text}, product=product)
    failed = EndedJob(text, "failed", True, True, text, text, findings, {"bag": text})
    without = EndedJob(text, "failed", True, message=text, hint=text)
    tally = FindingTally()
    tally.add(failed, 1)
    for job in (done, failed, without):
        tally.add(job, 0)
        for line in format_job(job, 80):
            assert STEERING.search(line.text) is None
            assert "\n" not in line.text
    assert all(STEERING.search(line) is None for line in tally.format(80))
    (line,) = format_job(replace(done, key="a"), 80)
    assert text_width(line.text) <= 80


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("\u200cx\u200c y", "x y"),
        ("a\u200c\u200cb", "ab"),
        ("a\u2028b\x85c\rd\r\n", "a b c d\r\n"),
        ("\x1b[31mred\u202e", "[31mred"),
    ],
    ids=ascii,
)
def test_a_citation_keeps_joiners_inside_words_and_no_other_format_character(text: str, kept: str) -> None:
    assert without_steering(text)[0] == kept
