"""`python -m benchmarks --folder DIR`: makes the corpora, runs the works, writes results, table and chart."""

from __future__ import annotations

import argparse
import compileall
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from benchmarks.caches import choose_cold
from benchmarks.chart import format_chart
from benchmarks.corpora import Corpus, make_corpus
from benchmarks.field import WorkContext
from benchmarks.holdings.registers import kept_register
from benchmarks.machine import describe_machine
from benchmarks.packing import WORKS
from benchmarks.results import WorkResult, load, merge, save
from benchmarks.running import WorkRunner
from benchmarks.table import format_page
from benchmarks.timing import RunEnvironment

_DOCS = Path(__file__).parent.parent / "docs"
_PACKAGE = Path(__file__).parent.parent / "archtool"
_LOOP = Path(__file__).with_name("hashloop.c")


def main() -> int:
    """Run the command line; the exit code is 0 unless there are no results."""
    options = _read_options()
    if not options.render:
        _measure_all(options)
    results = load(options.json)
    if not results:
        _say(f"nothing to show: {options.json.name} contains no results")
        return 1
    options.table.write_text(format_page(results, options.chart.name), encoding="utf-8")
    options.chart.write_text(format_chart(results), encoding="utf-8")
    return 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--folder", type=Path, help="the folder of the corpora; missing ones are made: 50 GB at full scale")
    add("--only", default=",".join(WORKS), help=f"the works to run, separated by commas: {', '.join(WORKS)}")
    add("--rounds", type=int, default=5, help="number of measured rounds [5]; fewer make a trial")
    add("--scale", type=float, default=1.0, help="scale of the corpora [1]; another value makes a trial")
    add("--seed", type=int, default=1847, help="seed of the corpora's bytes and sizes [1847]")
    add("--timeout", type=float, default=600.0, help="time limit of each run in seconds [600]")
    add(
        "--cold",
        choices=["drop", "advise"],
        default="drop",
        help="how caches are emptied, if permitted [drop]",
    )
    add("--json", type=Path, default=_DOCS / "benchmarks.json", help="the file of results, which is updated")
    add("--table", type=Path, default=_DOCS / "benchmarks.md", help="the page to write")
    add(
        "--chart",
        type=Path,
        default=_DOCS / "benchmarks.svg",
        help="the chart to write, in the folder of the page",
    )
    add("--render", action="store_true", help="run nothing; write the page and the chart from the results")
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(WORKS)
    if unknown:
        parser.error(f"unknown work: {', '.join(sorted(unknown))}")
    if options.rounds < 1 or options.scale <= 0 or options.timeout <= 0:
        parser.error("--rounds, --scale and --timeout must be greater than zero")
    if not options.render and options.folder is None:
        parser.error("--folder is required")
    return options


def _measure_all(options: argparse.Namespace) -> None:
    """Measure the works one after another; each result is saved at once."""
    folder = options.folder.resolve()
    environment = RunEnvironment(folder / "programs", options.timeout)
    _compile(environment)
    # like an installation; in a checkout that Python cannot write to, each start would compile again
    compileall.compile_dir(_PACKAGE, quiet=2)
    machine = describe_machine(folder, environment)
    corpus = cache(partial(_corpus, folder=folder, seed=options.seed, scale=options.scale))
    register = cache(partial(_register, folder=folder / "registers", seed=options.seed, scale=options.scale))
    context = WorkContext(corpus, register, cache(partial(choose_cold, options.cold)))
    for key in options.only.split(","):
        work = WORKS[key](context)
        outcomes = WorkRunner(work, environment, _say).run(options.rounds)
        result = WorkResult(
            key=key,
            title=work.title,
            outcomes=tuple(outcomes),
            bars=work.bars,
            notes=work.notes,
            seed=options.seed,
            scale=options.scale,
            rounds=options.rounds,
            measured_on=datetime.now(UTC).date().isoformat(),
            machine=machine,
        )
        save(options.json, merge(load(options.json), result, list(WORKS)))


def _corpus(name: str, *, folder: Path, seed: int, scale: float) -> Corpus:
    _say(f"corpus: {name}")
    return make_corpus(name, folder, seed, scale)


def _register(name: str, *, folder: Path, seed: int, scale: float) -> Path:
    _say(f"register: {name}")
    return kept_register(name, folder, seed, scale)


def _compile(environment: RunEnvironment) -> None:
    """Compile the C loop. If that fails, its row in the table reports that it is not installed."""
    environment.programs.mkdir(parents=True, exist_ok=True)
    target = environment.programs / "hashloop"
    target.unlink(missing_ok=True)
    if shutil.which("cc") is None:
        _say("no C compiler: the C loop is skipped")
        return
    argv = ["cc", "-O2", str(_LOOP), "-o", str(target), "-lcrypto", "-lpthread"]
    if subprocess.run(argv, check=False, capture_output=True).returncode != 0:
        _say("OpenSSL's headers are not installed: the C loop is skipped")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
