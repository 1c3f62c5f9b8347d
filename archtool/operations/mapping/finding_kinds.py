"""The kinds of findings about a mapping and the table that it is for."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity


def _input(code: str, summary: str, advice: str) -> Kind:
    """Return an error kind for a mapping that cannot be used as it is written."""
    return Kind(code, Severity.ERROR, summary, advice, "schemas/mapping.schema.json", ExitCode.INPUT_UNUSABLE)


UNKNOWN_KEY = _input(
    "mapping.unknown-key",
    "A mapping names a key that no description has, so the values of a column would be lost.",
    "use a column name of docs/tables.md, or a key of your own that begins with `x-`",
)
KEY_TWICE = _input(
    "mapping.key-twice",
    "Two columns or constants of a mapping give the same key: one of the two would be lost.",
    "delete one of the two, or number the items of a list (`creators.1.name`, `creators.2.name`)",
)
WRONG_RULE = _input(
    "mapping.wrong-rule", "A rule of a mapping does not fit the key that the column gives.", "delete the rule"
)
OPEN_VALUE = _input(
    "mapping.open-value",
    "A mapping lists a text without its meaning, or a constant without its text.",
    'write it after the colon; write "" if a text of `values` means that there is no value',
)
PLACEHOLDER = _input(
    "mapping.placeholder",
    "A constant of a mapping has braces that name neither `package` nor a column of the table.",
    "write {package} or the name of a column in braces; write {{ and }} for braces themselves",
)
NO_COLUMN = _input(
    "mapping.no-column",
    "A mapping names a column that the table does not have.",
    "write the name as in the first row of the table, or delete the line",
)
UNMAPPED_COLUMN = _input(
    "mapping.unmapped-column",
    "The mapping does not name a column of the table, whose values would be lost.",
    "add the column to the mapping; without a key after the colon it is not used",
)
REQUIRED_KEY = _input(
    "mapping.required-key",
    "No column, constant or default gives a key that every package needs.",
    "add a column or a constant that gives it",
)
UNKNOWN_VALUE = _input(
    "mapping.unknown-value",
    "A cell has a text that `values` of the mapping does not list.",
    "add the text and its meaning to `values` of the column",
)
