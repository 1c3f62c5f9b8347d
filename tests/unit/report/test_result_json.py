"""A result is one JSON object, complete and valid for any file names."""

from __future__ import annotations

import json

from archtool.canonical_json import format_json_line
from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity
from archtool.report.result_json import finding_object, result_object
from archtool.results import Result

BAD = Kind(
    "payload.missing", Severity.ERROR, "Not there.", "put it there", "RFC 8493 §3", ExitCode.INPUT_UNUSABLE
)


def test_a_result_names_its_schema_its_subject_and_every_finding() -> None:
    result = Result(
        "archtool/check/1", "letters", (BAD.at("a", "b.yaml", 3, 7),), {"bag": "valid"}, {"files": 2}
    )
    assert result_object(result) == {
        "schema": "archtool/check/1",
        "subject": "letters",
        "verdict": {"bag": "valid"},
        "exit_code": 3,
        "facts": {"files": 2},
        "findings": [
            {
                "code": "payload.missing",
                "severity": "error",
                "message": "a",
                "file": "b.yaml",
                "line": 3,
                "column": 7,
                "sheet": None,
                "row": None,
                "column_name": None,
                "hint": "put it there",
                "clause": "RFC 8493 §3",
            }
        ],
        "set_aside": 0,
    }


def test_a_finding_without_a_place_has_all_keys() -> None:
    document = finding_object(BAD.at("a"))
    assert (document["file"], document["line"], document["column"]) == (None, None, None)


def test_warnings_count_only_in_strict_mode() -> None:
    warning = Kind("payload.empty", Severity.WARNING, "Empty.", "check it").at("a")
    codes = [
        result_object(Result("s", "a", (warning,), strict=strict))["exit_code"] for strict in (False, True)
    ]
    assert codes == [0, 1]


def test_a_name_that_is_not_utf8_survives_in_json() -> None:
    name = b"\xe9t\xe9 \xf0\x9f\x97\xba.txt".decode("utf-8", "surrogateescape")
    line = format_json_line(result_object(Result("s", name, (BAD.at(name, name),), {}, {"package": name})))
    assert line.encode("utf-8")
    assert "\n" not in line
    read = json.loads(line)
    assert [read["subject"], read["facts"]["package"], read["findings"][0]["file"]] == [name] * 3
