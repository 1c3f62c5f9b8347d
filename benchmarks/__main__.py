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
from benchmarks.field import Field
from benchmarks.machine import describe_machine
from benchmarks.packing import WORKS
from benchmarks.results import WorkResult, load, merge, save
from benchmarks.running import Race
from benchmarks.table import format_page
from benchmarks.timing import Surroundings

_DOCS = Path(__file__).parent.parent / "docs"
_PACKAGE = Path(__file__).parent.parent / "archtool"
_LOOP = Path(__file__).with_name("hashloop.c")


def main() -> int:
    """Do what the command line says; the exit code is 0 unless nothing could be done."""
    options = _read_options()
    if not options.render:
        _measure_all(options)
    results = load(options.json)
    if not results:
        _say(f"nothing to show: {options.json.name} holds no results")
        return 1
    options.table.write_text(format_page(results, options.chart.name), encoding="utf-8")
    options.chart.write_text(format_chart(results), encoding="utf-8")
    return 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--folder", type=Path, help="where the corpora are, or will be made: 30 GB at full scale")
    add("--only", default=",".join(WORKS), help=f"these works, with commas: {', '.join(WORKS)}")
    add("--rounds", type=int, default=5, help="measured rounds [5]; fewer are a trial")
    add("--scale", type=float, default=1.0, help="shrinks every corpus; anything but 1 is a trial")
    add("--seed", type=int, default=1847, help="of the corpora's bytes and sizes [1847]")
    add("--timeout", type=float, default=600.0, help="seconds for each run [600]")
    add(
        "--cold",
        choices=["drop", "advise"],
        default="drop",
        help="how caches are emptied, if permitted [drop]",
    )
    add("--json", type=Path, default=_DOCS / "benchmarks.json", help="the results: read, merged, written")
    add("--table", type=Path, default=_DOCS / "benchmarks.md", help="the page")
    add("--chart", type=Path, default=_DOCS / "benchmarks.svg", help="the chart, beside the page")
    add("--render", action="store_true", help="run nothing: make page and chart from the results")
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(WORKS)
    if unknown:
        parser.error(f"no such work: {', '.join(sorted(unknown))}")
    if options.rounds < 1 or options.scale <= 0 or options.timeout <= 0:
        parser.error("--rounds, --scale and --timeout must be above zero")
    if not options.render and options.folder is None:
        parser.error("--folder is needed")
    return options


def _measure_all(options: argparse.Namespace) -> None:
    """Measure work after work; each is saved as soon as it is done."""
    folder = options.folder.resolve()
    around = Surroundings(folder / "programs", options.timeout)
    _compile(around)
    # as an installation does: from a checkout, or where Python may not write, each start would pay for it
    compileall.compile_dir(_PACKAGE, quiet=2)
    machine = describe_machine(folder, around)
    corpus = cache(partial(_corpus, folder=folder, seed=options.seed, scale=options.scale))
    field = Field(corpus, cache(partial(choose_cold, options.cold)))
    for key in options.only.split(","):
        work = WORKS[key](field)
        outcomes = Race(work, around, _say).run(options.rounds)
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


def _compile(around: Surroundings) -> None:
    """Make the C loop; where it cannot be made, its row says that it is not there."""
    around.programs.mkdir(parents=True, exist_ok=True)
    target = around.programs / "hashloop"
    target.unlink(missing_ok=True)
    if shutil.which("cc") is None:
        _say("no C compiler: the C loop is left out")
        return
    argv = ["cc", "-O2", str(_LOOP), "-o", str(target), "-lcrypto", "-lpthread"]
    if subprocess.run(argv, check=False, capture_output=True).returncode != 0:
        _say("OpenSSL's headers are not there: the C loop is left out")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
