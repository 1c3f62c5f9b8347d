"""The works that verify archtool's own packages: signed, described, with provenance and PREMIS.

bagit.py checks the digests of the same folders, but neither signatures nor metadata.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.corpora import TEXT, Corpus
from benchmarks.field import WorkContext, within
from benchmarks.model import Bar, Contestant, Work
from benchmarks.peers import archtool_verify, bagit_validate

JOBS = ("--jobs", "2")
SIGNER = "archivist@example.org"
MANY_FILES = 20_000
_DESCRIPTION = {
    "archtool": 1,
    "title": "A letter",
    "transcription": TEXT,
    "source": "Nowhere, p. 1.",
    "rights": {"original": "UND", "package": "CC0-1.0"},
}
_TRUST = ("--trust", "../allowed")
_NOTE = "bagit.py checks no signature, no metadata and no provenance"
_FEW_ROUNDS, _MANY_ROUNDS = 9, 21


@dataclass(frozen=True, slots=True)
class PackageSet:
    """A folder of signed packages of one kind, which are made once and kept."""

    folder: Path
    names: tuple[str, ...]
    files: int = 1
    """The number of files in each package, besides the text."""

    @property
    def made(self) -> Path:
        """The folder of the packages."""
        return self.folder / "made"

    @property
    def marker(self) -> Path:
        """The file that exists while the packages are complete."""
        return self.folder / "complete"

    def prepare(self) -> None:
        """Make the packages if they do not exist."""
        if self.marker.exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        randomness = random.Random(1847)  # noqa: S311 - repeatable, no secret
        for name in self.names:
            self._write_source(self.folder / "sources" / name, name, randomness)
        key = self.folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", SIGNER, "-f", key], check=True)
        public = key.with_suffix(".pub").read_text(encoding="utf-8").split()[:2]
        (self.folder / "allowed").write_text(" ".join([SIGNER, *public]) + "\n", encoding="utf-8")
        program = [sys.executable, "-m", "archtool"]
        command = [*program, "batch", "sources", "-o", "made", "--sign", "key", "--no-sync"]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        self.marker.touch()

    def _write_source(self, source: Path, name: str, randomness: random.Random) -> None:
        scans = [f"scans/{number:05}" for number in range(self.files)]
        files = [{"file": scan, "role": "other"} for scan in scans]
        (source / "scans").mkdir(parents=True)
        description = json.dumps({**_DESCRIPTION, "files": files})
        (source / "description.json").write_text(description, encoding="utf-8")
        (source / TEXT).write_text(f"To the sections: {name}.\n", encoding="utf-8")
        for scan in scans:
            (source / scan).write_bytes(randomness.randbytes(randomness.randrange(1024, 8 * 1024)))

    def work(
        self, key: str, title: str, *options: str, bar: Callable[[Contestant, Contestant], Bar], rounds: int
    ) -> Work:
        """Return the work of verifying all packages with archtool and, with these options, with bagit.py."""
        packages = [self.made / name for name in self.names]
        own, loc = archtool_verify(packages, *_TRUST, *JOBS), bagit_validate(packages, *options)
        victim = packages[len(packages) // 2] / "data" / TEXT
        return Work(
            key, title, (own, loc), (bar(own, loc),), (_NOTE,), self.prepare,
            victim=victim, victim_name=f"data/{TEXT}", marker=self.marker, rounds_at_least=rounds,
        )  # fmt: skip


def package_set(corpus: Corpus, name: str, packages: int, files: int = 1) -> PackageSet:
    """Return the set of packages with a name below a corpus."""
    return PackageSet(corpus.folder / name, tuple(f"letter-{number:04}" for number in range(packages)), files)


def verify_own(context: WorkContext) -> Work:
    """Many small signed packages in one command."""
    corpus = context.corpus("bags")
    return package_set(corpus, "own", corpus.bags).work(
        "verify-own",
        f"verify --trust of {corpus.bags:,} small signed packages of archtool, warm",
        bar=lambda own, loc: within(own, loc, 1.0, "no slower than bagit.py"),
        rounds=_FEW_ROUNDS,
    )


def verify_own_one(context: WorkContext) -> Work:
    """One small signed package."""
    return package_set(context.corpus("bags"), "own-one", 1).work(
        "verify-own-one",
        "verify --trust of one small signed package of archtool, warm",
        bar=lambda own, loc: within(own, loc, 2.0, "at most 2 × the time of bagit.py"),
        rounds=_MANY_ROUNDS,
    )


def verify_own_many(context: WorkContext) -> Work:
    """One signed package with many files, each declared in its description."""
    corpus = context.corpus("bags")
    files = max(20, MANY_FILES * corpus.bags // 2_000)
    work = package_set(corpus, "own-many", 1, files).work(
        "verify-own-many",
        f"verify --trust of a signed package of archtool with {files:,} declared files of 1–8 KiB, warm",
        "--processes",
        "2",
        bar=lambda own, loc: within(own, loc, 1.5, "at most 1.5 × the time of bagit.py with 2 processes"),
        rounds=_FEW_ROUNDS,
    )
    return replace(work, notes=(*work.notes, "see the column of the peak memory of both"))
