"""`python -m tests.fuzz --cases 100000 --seed 1 --processes 2`: prints a summary; 1 on any fault."""

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

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, if the system has one
BATCH = 500


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--subject", choices=("folders", "archives", "readers"), default="folders")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--only", type=int, metavar="CASE", help="only this case; --keep names the folder for its bag"
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    return parser.parse_args()


def main() -> int:
    """Run the cases and print the results."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from fuzz.runner import VerifyTotals, run_cases

    options = _arguments()
    if options.subject == "readers":
        return _run_readers(options)
    tally, subject = VerifyTotals(), _subject(options.subject)
    if options.only is not None:
        folder = options.keep or Path(tempfile.mkdtemp())
        folder.mkdir(parents=True, exist_ok=True)
        _report(run_cases(options.seed, [options.only], folder, subject), tally)
    else:
        batches = [range(n, min(n + BATCH, options.cases + 1)) for n in range(1, options.cases + 1, BATCH)]
        with multiprocessing.get_context("fork").Pool(options.processes) as pool:
            for part in pool.imap_unordered(partial(_run_batch, options.seed, options.subject), batches):
                _report(part, tally)
    for line in tally.reasons():
        sys.stdout.write(line + "\n")
    sys.stdout.write(tally.summary() + "\n")
    return 1 if tally.crashes or tally.accepted else 0


def _run_readers(options: argparse.Namespace) -> int:
    """Run the cases of single files: they need no folder and have no verdict."""
    from fuzz.reader_runner import ReaderTally, run_reader_cases

    numbers = [options.only] if options.only is not None else range(options.cases)
    batches = [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]
    tally = ReaderTally()
    with multiprocessing.get_context("fork").Pool(options.processes) as pool:
        for part in pool.imap_unordered(partial(run_reader_cases, options.seed), batches):
            tally.add(part)
    for line in (*tally.faults, *tally.lines()):
        sys.stdout.write(line.rstrip() + "\n")
    return 1 if tally.faults else 0


def _report(part: VerifyTotals, tally: VerifyTotals) -> None:
    """Print each fault as soon as it is found, so that a long run can be watched."""
    tally.add(part)
    for fault in (*part.crashes, *part.accepted):
        sys.stdout.write(fault.rstrip() + "\n")
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
