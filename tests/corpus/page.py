"""Makes `docs/rules.md`, the corpus as a table."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.case import Case
from corpus.cases import CASES, FAMILIES

_INTRO = """\
# The rules, bag by bag

Each line is one bag of the corpus in `tests/corpus/`. A few lines of code make every bag from a good one.
Its name states its one peculiarity: a fault, or something legal that other tools misread. The tests
verify each of these {bags} bags, and require this verdict and exactly these findings.

- *clause*: of RFC 8493, unless an older draft is named. Where the RFC leaves a choice, the line states what
  archtool decided ([why](../schemas/README.md)).
- *findings*: all findings of archtool for this bag; [their meaning](findings.md).
- *archtool*: the verdict on the bag. "strict: refused" means that there are warnings, and `--strict` counts
  them.
- *bagit 1.9.0*: the answer of the Library of Congress library for the same bag. Each run of the tests checks
  it; an answer that differs from archtool's is in bold. "crashes" is an exception that the library does not
  define, "hangs" means that it never answers.
"""
_HEAD = ("| bag | rule | clause | findings | archtool | bagit 1.9.0 |", "|---|---|---|---|---|---|")


def rules_page() -> str:
    """Return the page of all cases."""
    lines = [_INTRO.format(bags=len(CASES))]
    for title, cases in FAMILIES.items():
        lines += [f"## {title}", "", *_HEAD, *map(_row, cases), ""]
    return "\n".join([*lines, *_sum(list(CASES.values()))]) + "\n"


def _row(case: Case) -> str:
    findings = ", ".join(f"`{code}`" for code in sorted(case.codes))
    verdict = case.verdict + ("; strict: refused" if case.is_refused_strictly else "")
    loc = case.loc if _agrees(case) else f"**{case.loc}**"
    return f"| `{case.name}` | {case.rule} | {case.clause} | {findings} | {verdict} | {loc} |"


def _agrees(case: Case) -> bool:
    return case.loc == ("valid" if case.verdict == "valid" else "invalid")


def _sum(cases: Sequence[Case]) -> list[str]:
    """Return the section that counts how often the two agree, and how they differ."""
    accepted = sum(case.verdict != "valid" and case.loc == "valid" for case in cases)
    refused = sum(case.verdict == "valid" and case.loc == "invalid" for case in cases)
    silent = sum(case.loc in ("crashes", "hangs") for case in cases)
    return [
        "## In numbers",
        "",
        f"Of {len(cases)} bags, bagit 1.9.0 judges {sum(map(_agrees, cases))} as archtool does. It accepts",
        f"{accepted} that are not valid, refuses {refused} that are, and gives no verdict on {silent}.",
    ]
