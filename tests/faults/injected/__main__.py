"""Runs every command once for each of its system calls that touches its folder, and makes that call fail.

python -m faults.injected [--only NAME] [--every N]        (from the folder `tests`, with strace installed)
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from faults.injected.calls import find_faults, run_with
from faults.injected.scenarios import SCENARIOS, Scenario, fresh, judge
from packages import tree_bytes


def try_all(
    scenario: Scenario, folder: Path, *, every: int = 1, most: int | None = None
) -> tuple[Counter[tuple[str, int]], list[str]]:
    """What came of each kind of fault, by exit code; and what was wrong, in words.

    `every` takes each Nth fault, `most` so many that are spread over the whole run.
    """
    command = fresh(scenario, folder)
    faults = find_faults(command, folder)[::every]
    if most is not None:
        faults = [faults[number * len(faults) // most] for number in range(most)]
    came, wrong = Counter[tuple[str, int]](), []
    for fault in faults:
        command = fresh(scenario, folder)
        before = tree_bytes(folder)
        seen = run_with(fault, command, folder)
        came[f"{fault.call} {fault.error}", seen.code] += 1
        problem = judge(scenario, folder, before, seen, command)
        if problem is not None:
            wrong.append(f"{scenario.name}: {fault}: {problem}\n    {fault.line}")
    return came, wrong


def say(line: str) -> None:
    """Print a line at once: a full run takes long."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run what was asked for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="one command, for instance `attest`")
    parser.add_argument("--every", type=int, default=1, help="only every Nth fault")
    given = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="archtool-faults-") as folder:
        for scenario in SCENARIOS:
            if given.only not in (None, scenario.name):
                continue
            started = time.monotonic()
            came, wrong = try_all(scenario, Path(folder, "work"), every=given.every)
            failed += len(wrong)
            seconds = time.monotonic() - started
            say(f"{scenario.name}: {sum(came.values())} faults, {len(wrong)} wrong, {seconds:.0f} s")
            for (kind, code), count in sorted(came.items()):
                say(f"    {kind:<20} exit {code}: {count}")
            for problem in wrong:
                say(f"  WRONG {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
