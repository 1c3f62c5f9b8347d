"""The work that checks the characters of a text in six languages, beside programs that read such texts."""

from __future__ import annotations

import gzip
import random
from functools import partial
from pathlib import Path

from archtool.text.checking.detectors.function_words import WORDS
from benchmarks.field import WorkContext
from benchmarks.model import Bar, Contestant, Metric, Role, Work

_LANGUAGES = ("fr", "es", "pl", "cs", "de", "ru")
_FORTUNES = Path("/usr/share/games/fortunes")
_REFERENCE = Path("/usr/share/debian-reference")
_FULL_SIZE_BYTES = 100_000_000
_FULL_BAGS = 2_000  # of the corpus "bags", from which the scale follows
_AT_ONCE_BYTES = 2_000_000  # of each language before the next one
_MB = 1_000_000
_ROUNDS = 5


def text_check(context: WorkContext) -> Work:
    """One text in six languages, in the cache."""
    corpus = context.corpus("bags")
    folder = corpus.folder / "texts"
    size_bytes = max(200_000, _FULL_SIZE_BYTES * corpus.bags // _FULL_BAGS)
    whole, tenth = "six-languages.txt", "a-tenth.txt"

    def contestant(name: str, *argv: str, role: Role = Role.STARTS, finding: str = "") -> Contestant:
        return Contestant(name, argv, folder, role, argv[0], finding)

    checks = ("archtool", "text", "check")
    own = contestant("archtool text check", *checks, whole, role=Role.QUERIES, finding=whole)
    part = contestant("archtool text check, a tenth", *checks, tenth)
    count = contestant("wc -m", "env", "LC_ALL=C.UTF-8", "wc", "-m", whole, role=Role.QUERIES, finding=whole)
    ftfy = Contestant("ftfy", ("ftfy", "-o", "/dev/null", whole), folder, Role.STARTS, "ftfy", most_runs=1)
    return Work(
        key="text-check",
        title=f"check a text of {size_bytes / _MB:,.0f} MB in six languages, one core, warm",
        contestants=(own, part, count, ftfy),
        bars=(
            Bar("at least 50 MB/s", own.name, (), size_bytes / (50 * _MB)),
            Bar("no process larger than 80 MB", own.name, (), 80 * _MB, Metric.PEAK_BYTES),
            Bar("at most 1.1 × the memory for a tenth of it", own.name, (part.name,), 1.1, Metric.PEAK_BYTES),
        ),
        notes=(
            "wc only counts characters: it is the floor, not a competitor",
            "ftfy repairs mojibake and nothing else; it is measured once",
        ),
        prepare=partial(_write_texts, folder / whole, folder / tenth, size_bytes),
        rounds_at_least=_ROUNDS,
    )


def _write_texts(whole: Path, tenth: Path, size_bytes: int) -> None:
    """Write the text and a tenth of it, if that has not been done."""
    whole.parent.mkdir(exist_ok=True)
    if whole.exists() and whole.stat().st_size >= size_bytes:
        return
    parts = [_prose(language) for language in _LANGUAGES]
    for path, wanted in ((whole, size_bytes), (tenth, size_bytes // 10)):
        written = 0
        with path.open("w", encoding="utf-8", newline="") as file:
            while written < wanted:
                for part in parts:
                    written += len(part.encode())
                    file.write(part)


def _prose(language: str) -> str:
    """Return prose of Debian's packages; without them, random frequent words of the language."""
    files = [path for path in sorted((_FORTUNES / language).rglob("*")) if path.is_file() and not path.suffix]
    texts = [path.read_bytes().decode("utf-8", "ignore") for path in files]
    reference = _REFERENCE / f"debian-reference.{language}.txt.gz"
    if reference.is_file():
        texts.append(gzip.decompress(reference.read_bytes()).decode("utf-8"))
    text = "\n".join(texts)
    if len(text) < _AT_ONCE_BYTES // 20:
        chance, words = random.Random(language), WORDS[language].split()  # noqa: S311 - no secret
        lines = (" ".join(chance.choices(words, k=12)) for _ in range(2_000))
        text = ".\n".join(lines)
    text = text.encode()[:_AT_ONCE_BYTES].decode("utf-8", "ignore")
    return text[: text.rfind("\n") + 1]
