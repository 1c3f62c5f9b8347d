"""The corpora. They are made from a seed, kept between runs, and made again if the parameters differ."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bags import write_tag_files
from benchmarks.content import Content, even_sizes, log_normal_sizes

LAYOUT = 1  # version of the corpora; a new version makes them again
PER_FOLDER = 1000  # files
KIB, GIB = 1024, 1024**3
TEXT = "text.txt"  # a description needs one text file
_TEXT_BYTES = b"To the sections.\n"
MARKER, STARTED = "complete.json", "started.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """The content of a corpus."""

    sizes: Callable[[int, float], list[int]]
    """The sizes of the files in bytes, by seed and scale."""
    algorithms: tuple[str, ...] = ("sha256",)
    has_text: bool = False
    bags: Callable[[float], int] = lambda _scale: 1
    """The number of bags that share the files, by scale."""


def _count(full: int, scale: float, least: int) -> int:
    return max(least, round(full * scale))


def _tiny_bags(scale: float) -> int:
    return _count(2_000, scale, 4)


BOTH = ("sha256", "sha512")
PLANS = {
    "small": Plan(
        lambda seed, scale: even_sizes(_count(99_999, scale, 20), KIB, 8 * KIB, seed), BOTH, has_text=True
    ),
    "mixed": Plan(
        lambda seed, scale: log_normal_sizes(_count(10_000, scale, 20), _count(4 * GIB, scale, 10**6), seed)
    ),
    "large": Plan(lambda _, scale: [_count(GIB, scale, 10**5)] * 8, BOTH, has_text=True),
    "huge": Plan(lambda _, scale: [_count(4 * GIB, scale, 10**5)], BOTH),
    "bags": Plan(lambda seed, scale: even_sizes(2 * _tiny_bags(scale), 1, KIB, seed), bags=_tiny_bags),
    "tiny": Plan(lambda seed, scale: even_sizes(_count(100_000, scale, 20), 0, 64, seed)),
    "million": Plan(lambda seed, scale: even_sizes(_count(1_000_000, scale, 200), 0, 64, seed)),
    "one": Plan(lambda _seed, _scale: [KIB]),
}


@dataclass(frozen=True, slots=True)
class Corpus:
    """A complete corpus on the disk."""

    folder: Path
    algorithms: tuple[str, ...]
    files: int
    size_bytes: int
    bags: int
    victim: str
    """The file in which a fault is planted: `BAG/data/…`."""

    @property
    def bag(self) -> Path:
        """The bag, or the first of several."""
        return self.folder / bag_name(0, self.bags)

    @property
    def marker(self) -> Path:
        """The file whose existence shows that the corpus is complete."""
        return self.folder / MARKER

    def list_of(self, algorithm: str) -> Path:
        """Return the list of digests of all files as manifest lines, with bag names if there are several."""
        return self.folder / f"{algorithm}.txt"

    def write_tag_files(self, *algorithms: str) -> None:
        """Write the tag files of the only bag again, with a manifest for each of these algorithms."""
        lists = [self.list_of(algorithm) for algorithm in algorithms]
        write_tag_files(self.bag, lists, files=self.files, size_bytes=self.size_bytes)


def bag_name(number: int, bags: int) -> str:
    """Return the name of a bag's folder."""
    return "bag" if bags == 1 else f"bag-{number:04d}"


def make_corpus(name: str, root: Path, seed: int, scale: float) -> Corpus:
    """Return an existing corpus, or make it.

    Raises:
        FileExistsError: there is a folder with this name that no benchmark made.
    """
    plan, folder = PLANS[name], root / name
    parameters = {"corpus": name, "seed": seed, "scale": scale, "layout": LAYOUT}
    existing = read_marker(folder / MARKER)
    if existing is not None and existing["asked"] == parameters:
        facts = existing["facts"]
    else:
        begin_folder(folder, parameters)
        facts = _fill(folder, plan, Content(seed), (plan.sizes(seed, scale), plan.bags(scale)))
        (folder / MARKER).write_text(json.dumps({"asked": parameters, "facts": facts}), encoding="utf-8")
    return Corpus(folder=folder, algorithms=plan.algorithms, **facts)


def read_marker(marker: Path) -> Any:
    """Return what the marker of a complete folder says; `None` if there is none."""
    return json.loads(marker.read_text(encoding="utf-8")) if marker.is_file() else None


def begin_folder(folder: Path, parameters: dict[str, Any]) -> None:
    """Create an empty folder for something that is made once and kept.

    Raises:
        FileExistsError: there is a folder with this name that no benchmark made.
    """
    if folder.exists():
        if not (folder / STARTED).is_file():
            raise FileExistsError(f"{folder} exists, but it was not made by this benchmark")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / STARTED).write_text(json.dumps(parameters), encoding="utf-8")


def _fill(folder: Path, plan: Plan, content: Content, shape: tuple[list[int], int]) -> dict[str, Any]:
    """Write the payload, the lists of digests and the tag files."""
    sizes, bags = shape
    names = list(_names(len(sizes), bags))
    with ExitStack() as stack:
        lists = [
            stack.enter_context((folder / f"{name}.txt").open("w", encoding="utf-8"))
            for name in plan.algorithms
        ]
        for number, (name, size) in enumerate(zip(names, sizes, strict=True)):
            digests = _write(folder / name, content.pieces(number, size), plan.algorithms)
            for file, digest in zip(lists, digests, strict=True):
                file.write(f"{digest}  {_listed(name, bags)}\n")
        if plan.has_text:
            digests = _write(folder / "bag" / "data" / TEXT, [_TEXT_BYTES], plan.algorithms)
            for file, digest in zip(lists, digests, strict=True):
                file.write(f"{digest}  data/{TEXT}\n")
    if bags > 1:
        _write_tag_files_of_each(folder, names, sizes, bags)
    middle = next(i for i in (*range(len(sizes) // 2, len(sizes)), 0) if sizes[i])
    return {
        "files": len(sizes) + plan.has_text,
        "size_bytes": sum(sizes) + plan.has_text * len(_TEXT_BYTES),
        "bags": bags,
        "victim": names[middle],
    }


def _names(files: int, bags: int) -> Iterator[str]:
    for number in range(files):
        bag = bag_name(number * bags // files, bags)
        yield f"{bag}/data/{number // PER_FOLDER:03d}/{number:06d}"


def _listed(name: str, bags: int) -> str:
    return name if bags > 1 else name.removeprefix("bag/")


def _write(path: Path, pieces: Iterator[bytes] | Sequence[bytes], algorithms: Sequence[str]) -> list[str]:
    hashers = [hashlib.new(algorithm) for algorithm in algorithms]
    try:
        file = path.open("xb")
    except FileNotFoundError:
        path.parent.mkdir(parents=True)
        file = path.open("xb")
    with file:
        for piece in pieces:
            file.write(piece)
            for hasher in hashers:
                hasher.update(piece)
    return [hasher.hexdigest() for hasher in hashers]


def _write_tag_files_of_each(folder: Path, names: list[str], sizes: list[int], bags: int) -> None:
    """Write a manifest for each of several bags."""
    lines: dict[str, list[str]] = {bag_name(number, bags): [] for number in range(bags)}
    totals = dict.fromkeys(lines, 0)
    digests = (folder / "sha256.txt").read_text(encoding="utf-8").splitlines()
    for name, size, line in zip(names, sizes, digests, strict=True):
        bag, _, path = name.partition("/")
        lines[bag].append(f"{line.partition(' ')[0]}  {path}\n")
        totals[bag] += size
    temporary = folder / "one-bag"
    temporary.mkdir()
    for bag, bag_lines in lines.items():
        (temporary / "sha256.txt").write_text("".join(bag_lines), encoding="utf-8")
        write_tag_files(
            folder / bag, [temporary / "sha256.txt"], files=len(bag_lines), size_bytes=totals[bag]
        )
    shutil.rmtree(temporary)


@contextmanager
def planted_fault(victim: Path, marker: Path) -> Iterator[None]:
    """Flip one bit in a file. If the benchmark is killed meanwhile, the corpus counts as incomplete."""
    hidden = marker.with_suffix(".planted")
    marker.rename(hidden)
    _flip(victim)
    try:
        yield
    finally:
        _flip(victim)
        hidden.rename(marker)


def _flip(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))
