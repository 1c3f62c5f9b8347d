"""Runs every command once for each system call that uses its folder, and makes that call fail.

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
    """Return the number of faults by kind and exit code, and a description of each problem.

    `every` selects each Nth fault; `most` limits the number, spread over the whole run.
    """
    command = fresh(scenario, folder)
    faults = find_faults(command, folder)[::every]
    if most is not None:
        faults = [faults[number * len(faults) // most] for number in range(most)]
    counts, problems = Counter[tuple[str, int]](), []
    for fault in faults:
        command = fresh(scenario, folder)
        before = tree_bytes(folder)
        result = run_with(fault, command, folder)
        counts[f"{fault.call} {fault.error}", result.code] += 1
        problem = judge(scenario, folder, before, result, command)
        if problem is not None:
            problems.append(f"{scenario.name}: {fault}: {problem}\n    {fault.line}")
    return counts, problems


def say(line: str) -> None:
    """Print a line at once: a full run takes long."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run the selected faults and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="one command, for instance `attest`")
    parser.add_argument("--every", type=int, default=1, help="only every Nth fault")
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="archtool-faults-") as folder:
        for scenario in SCENARIOS:
            if options.only not in (None, scenario.name):
                continue
            started = time.monotonic()
            counts, problems = try_all(scenario, Path(folder, "work"), every=options.every)
            failed += len(problems)
            seconds = time.monotonic() - started
            say(f"{scenario.name}: {sum(counts.values())} faults, {len(problems)} wrong, {seconds:.0f} s")
            for (kind, code), count in sorted(counts.items()):
                say(f"    {kind:<20} exit {code}: {count}")
            for problem in problems:
                say(f"  WRONG {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
