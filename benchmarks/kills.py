"""`python -m benchmarks.kills`: kills a batch many times and compares it with a batch that was never killed.

A batch with two processes is killed (`SIGKILL`) at random instants and started again each time: in nine of
ten cases while it makes packages, otherwise while it starts. After each kill every visible package must be
complete. At the end the packages must equal those of an undisturbed run byte for byte, none may have been
made twice, and no leftovers may remain.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

_STARTUP_SHARE = 0.1  # of the kills
_START_SECONDS, _WORK_SECONDS = 1.0, 0.12
_LETTER = Path(__file__).parent.parent / "examples" / "letter"
_JOURNAL = "batch-journal.jsonl"
_PROGRAM = (sys.executable, "-m", "archtool", "batch")


@dataclass(frozen=True, slots=True)
class KillReport:
    """The results of all kills."""

    packages: int
    kills: int
    kills_with_progress: int
    """The number of kills before which at least one package had been made."""
    half_made: int
    """The number of packages that were incomplete when they first became visible."""
    made_twice: int
    left_behind: int
    is_same: bool
    """Whether the packages equal those of an undisturbed run."""

    @property
    def is_good(self) -> bool:
        """Whether no fault was found."""
        return self.is_same and not (self.half_made or self.made_twice or self.left_behind)


def main() -> int:
    """Kill the batch, check the packages, and print the report as one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="number of kills [100]")
    parser.add_argument("--packages", type=int, default=6000, help="number of jobs in the batch [6000]")
    parser.add_argument("--seed", type=int, default=1932, help="seed of the instants [1932]")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = _kill(Path(folder), options.packages, options.kills, random.Random(options.seed))  # noqa: S311
    print(json.dumps(asdict(report)))
    return 0 if report.is_good else 1


def _kill(folder: Path, packages: int, kills: int, instants: random.Random) -> KillReport:
    for number in range(packages):
        shutil.copytree(_LETTER, folder / f"letters/letter-{number:05}")
    command = [*_PROGRAM, str(folder / "letters"), "--date", "2026-11-26", "--jobs", "2", "-o"]
    undisturbed, output = folder / "undisturbed", folder / "killed"
    subprocess.run([*command, str(undisturbed)], check=True, capture_output=True)
    with_progress, half_made, previous = 0, 0, set[str]()
    for _ in range(kills):
        _run_and_kill([*command, str(output)], output / _JOURNAL, instants)
        visible = {path.name for path in output.glob("letter-*")}
        with_progress += visible > previous
        half_made += sum(
            _digests(output / name) != _digests(undisturbed / name) for name in visible - previous
        )
        previous = visible
    subprocess.run([*command, str(output)], check=True, capture_output=True)
    left_behind = len(list(output.glob(".archtool-*")))
    is_same = _digests(output) == _digests(undisturbed)
    twice = _made_twice(output / _JOURNAL)
    return KillReport(packages, kills, with_progress, half_made, twice, left_behind, is_same)


def _made_twice(journal: Path) -> int:
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    done = Counter(line["key"] for line in lines if line.get("ending") == "done")
    return sum(count > 1 for count in done.values())


def _run_and_kill(command: list[str], journal: Path, instants: random.Random) -> None:
    before = _size_of(journal)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        if instants.random() < _STARTUP_SHARE:
            time.sleep(instants.random() * _START_SECONDS)
        else:
            while process.poll() is None and _size_of(journal) == before:
                time.sleep(0.002)
            time.sleep(instants.random() * _WORK_SECONDS)
        process.kill()


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file below a folder, without journals and locks."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((".", "batch-"))
    }


if __name__ == "__main__":
    sys.exit(main())
