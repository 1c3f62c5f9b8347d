"""`python -m tests.fuzz --cases 100000 --seed 1 --processes 2`: one line, and 1 where something is wrong."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fuzz.runner import Subject, VerifyTotals

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one
BATCH = 500


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--subject", choices=("folders", "archives", "readers"), default="folders")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--only", type=int, metavar="CASE", help="this case alone; --keep leaves its bag there"
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    return parser.parse_args()


def main() -> int:
    """Run the cases and print what they came to."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from fuzz.runner import VerifyTotals, run_cases

    given = _arguments()
    if given.subject == "readers":
        return _run_readers(given)
    tally, subject = VerifyTotals(), _subject(given.subject)
    if given.only is not None:
        folder = given.keep or Path(tempfile.mkdtemp())
        folder.mkdir(parents=True, exist_ok=True)
        _tell(run_cases(given.seed, [given.only], folder, subject), tally)
    else:
        batches = [range(n, min(n + BATCH, given.cases + 1)) for n in range(1, given.cases + 1, BATCH)]
        with multiprocessing.get_context("fork").Pool(given.processes) as pool:
            for part in pool.imap_unordered(partial(_run_batch, given.seed, given.subject), batches):
                _tell(part, tally)
    for line in tally.reasons():
        sys.stdout.write(line + "\n")
    sys.stdout.write(tally.summary() + "\n")
    return 1 if tally.crashes or tally.accepted else 0


def _run_readers(given: argparse.Namespace) -> int:
    """Files that are read one by one, not bags: no folder is needed, and there is no verdict."""
    from fuzz.reader_runner import ReaderTally, run_reader_cases

    numbers = [given.only] if given.only is not None else range(given.cases)
    batches = [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]
    tally = ReaderTally()
    with multiprocessing.get_context("fork").Pool(given.processes) as pool:
        for part in pool.imap_unordered(partial(run_reader_cases, given.seed), batches):
            tally.add(part)
    for line in (*tally.faults, *tally.lines()):
        sys.stdout.write(line.rstrip() + "\n")
    return 1 if tally.faults else 0


def _tell(part: VerifyTotals, tally: VerifyTotals) -> None:
    """Print what is wrong as soon as it is known: a long run may be looked at while it goes on."""
    tally.add(part)
    for report in (*part.crashes, *part.accepted):
        sys.stdout.write(report.rstrip() + "\n")
    sys.stdout.flush()


def _subject(name: str) -> Subject:
    if name == "folders":
        from fuzz.runner import FOLDERS

        return FOLDERS
    from fuzz.archive_subject import ARCHIVES

    return ARCHIVES


def _run_batch(seed: int, subject: str, numbers: range) -> VerifyTotals:
    from fuzz.runner import run_cases

    memory = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        return run_cases(seed, numbers, Path(folder), _subject(subject))


if __name__ == "__main__":
    sys.exit(main())
