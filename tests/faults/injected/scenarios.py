"""The commands that write, each with a small folder, and the conditions that must hold after a fault."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from command_line import DATE, Run, archtool
from packages import make_package, pack, tree_bytes, write_key, write_letter
from unit.bagit.bag_builders import bag_files, write_bag

Command = Sequence[str | Path]
CODES = {0, 1, 3, 5, 6}
"""1 and 3 are possible because an unreadable input can be the first thing that a command meets."""
_FILM = bytes(range(256)) * 400
_CHANGED_NOTHING = ("nothing was changed", "nothing was written", "is as valid as it was")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One command."""

    name: str
    prepare: Callable[[Path], Command]
    """Fills an empty folder and returns the command."""
    target: str
    """The path that the command makes or changes, in the folder."""
    again: Callable[[Command], Command]
    """Returns the command that a user runs next."""
    is_done: Callable[[Path], str | None]
    """Returns why the target is not what the command makes without a fault, or `None`."""
    is_whole: Callable[[Path], str | None] | None = None
    """Returns why the target is incomplete after a fault, or `None`; by default `is_done` is used."""


def _prepare_pack(folder: Path) -> Command:
    (folder / "letters").mkdir()
    description = write_letter(folder / "letters")
    return ["pack", description, "-o", folder / "package", "--date", DATE, "--jobs", "1"]


def _prepare_split(folder: Path) -> Command:
    (folder / "letters").mkdir()
    (folder / "letters" / "scan.tif").write_bytes(b"II*\0")
    description = write_letter(folder / "letters", "files: [{ file: scan.tif, role: facsimile }]\n")
    limit = ("--split-size", "1f")
    return ["pack", description, "-o", folder / "package", "--date", DATE, "--jobs", "1", *limit]


def _prepare_force(folder: Path) -> Command:
    command = _prepare_pack(folder)
    assert archtool(*command).code == 0
    (folder / "letters" / "letter.txt").write_text("To all sections.\n")
    return [*command, "--force"]


def _prepare_keep(folder: Path) -> Command:
    command = _prepare_force(folder)
    key = write_key(folder)
    attested = archtool("attest", folder / "package", "--event", "validation", "--sign", key, "--date", DATE)
    assert attested.code == 0, attested.err
    return [*command[:-1], "--keep-predecessor"]


def _prepare_attest(folder: Path) -> Command:
    package = make_package(folder)
    key = write_key(folder, "curator@example.org")
    return ["attest", package, "--event", "countersignature", "--sign", key]


def _prepare_unpack(folder: Path) -> Command:
    (folder / "letters").mkdir()
    assert pack(write_letter(folder / "letters"), folder / "letter.tar", "--archive", "tar").code == 0
    return ["unpack", folder / "letter.tar", "-o", folder / "package"]


def _prepare_batch(folder: Path) -> Command:
    for name in ("a", "b"):
        (folder / "letters" / name).mkdir(parents=True)
        write_letter(folder / "letters" / name)
    command = ["batch", folder / "letters", "-o", folder / "packages", "--date", DATE, "--jobs", "1"]
    (folder / "packages").mkdir()
    return command


def _prepare_keys(folder: Path) -> Command:
    return ["keys", "new", folder / "package", "--name", "archivist@example.org", "--no-passphrase"]


def _prepare_fetch(folder: Path) -> Command:
    (folder / "store").mkdir()
    (folder / "store" / "film.mkv").write_bytes(_FILM)
    url = (folder / "store" / "film.mkv").as_uri()
    files = {"data/film.mkv": _FILM}
    bag = bag_files(files, extra={"fetch.txt": f"{url} {len(_FILM)} data/film.mkv\n".encode()})
    write_bag(folder / "package", {path: data for path, data in bag.items() if path not in files})
    return ["fetch", folder / "package", "--allow-scheme", "file"]


def _prepare_repair(folder: Path) -> Command:
    package = make_package(folder)
    shutil.copytree(package, folder / "copy")
    (package / "data" / "letter.txt").write_text("To all sections!\n")
    (package / "bag-info.txt").unlink()
    return ["repair", package, "--from", folder / "copy", "--apply", "--jobs", "1"]


def _same(command: Command) -> Command:
    return command


def _with_force(command: Command) -> Command:
    return [*command, "--force"] if "--force" not in command else command


def _is_valid(package: Path) -> str | None:
    result = archtool("verify", package, "--json")
    if not result.objects:
        return f"verify printed: {result.err}"
    verdict = result.objects[0]["verdict"]
    good = (verdict["bag"], verdict["content"]) == ("valid", "consistent")
    return None if good else f"{package.name}: {verdict}"


def _are_both_parts_valid(last: Path) -> str | None:
    return _is_valid(last.with_name("package-1of2")) or _is_valid(last)


def _has_one_claim(package: Path) -> str | None:
    claims = sorted((package / "attestations").glob("*-countersignature"))
    return _is_valid(package) or (None if len(claims) == 1 else f"{len(claims)} claims")


def _are_both_valid(folder: Path) -> str | None:
    return next(filter(None, (_is_valid(folder / name) for name in ("a", "b"))), None)


def _is_a_key(private: Path) -> str | None:
    public = private.with_name(private.name + ".pub")
    if not private.is_file() or not public.is_file():
        return "a half of the key is missing"
    shown = archtool("keys", "show", private)
    return None if shown.code == 0 else shown.err


def _has_the_film(bag: Path) -> str | None:
    result = archtool("verify", bag)
    return None if result.code == 0 else result.said()


def _has_no_wrong_film(bag: Path) -> str | None:
    film = bag / "data" / "film.mkv"
    return "half of the film is there" if film.exists() and film.read_bytes() != _FILM else None


def _is_repaired(package: Path) -> str | None:
    kept = list(package.parent.glob("package.replaced-*/files/data/letter.txt"))
    is_same = tree_bytes(package) == tree_bytes(package.parent / "copy")
    return _is_valid(package) or (None if kept and is_same else "not repaired, or the damaged file is lost")


def _has_old_and_new_files(package: Path) -> str | None:
    """Return what was lost: each letter is the damaged or the good one, and the damaged one is somewhere."""
    letters = [
        package / "data" / "letter.txt",
        *package.parent.glob("package.replaced-*/files/data/letter.txt"),
    ]
    texts = [path.read_text() for path in letters if path.exists()]
    good = (package.parent / "copy" / "data" / "letter.txt").read_text()
    damaged = "To all sections!\n"
    return None if damaged in texts and {*texts} <= {good, damaged} else f"letters: {texts}"


def _anything(_folder: Path) -> str | None:
    return None  # each job of a batch is checked by its line and by the next run


SCENARIOS = (
    Scenario("pack", _prepare_pack, "package", _with_force, _is_valid),
    Scenario("pack --force", _prepare_force, "package", _same, _is_valid),
    Scenario("pack --keep-predecessor", _prepare_keep, "package", _same, _is_valid),
    Scenario("pack --split-size", _prepare_split, "package-2of2", _same, _are_both_parts_valid),
    Scenario("attest", _prepare_attest, "package", _same, _has_one_claim, _is_valid),
    Scenario("unpack", _prepare_unpack, "package", _same, _is_valid),
    Scenario("batch", _prepare_batch, "packages", _same, _are_both_valid, _anything),
    Scenario("keys new", _prepare_keys, "package", _same, _is_a_key),
    Scenario("repair", _prepare_repair, "package", _same, _is_repaired, _has_old_and_new_files),
    Scenario("fetch", _prepare_fetch, "package", _same, _has_the_film, _has_no_wrong_film),
)


def judge(
    scenario: Scenario, folder: Path, before: dict[str, bytes], result: Run, command: Command
) -> str | None:
    """Return what is wrong after a run with a failing call, or `None`."""
    output, target = result.said(), folder / scenario.target
    if result.code not in CODES or "Traceback" in output or "a bug in archtool" in output:
        return f"exit code {result.code}: {output[-300:]}"
    after = {path: data for path, data in tree_bytes(folder).items() if not _is_leftover(path)}
    changed = sorted(path for path in {*after, *before} if after.get(path) != before.get(path))
    unreported = (
        changed if _reports_no_change(result, output) else _of_jobs_that_report_no_change(result, changed)
    )
    if unreported:
        return f"it reports that nothing was changed, but {', '.join(unreported[:3])} did: {output[-200:]}"
    if result.code and not output:
        return f"exit code {result.code} without a message"
    if result.code == 0:
        return scenario.is_done(target)
    is_whole = scenario.is_whole or scenario.is_done
    half_made = is_whole(target) if target.exists() else None
    return half_made or _done_by_the_next_run(scenario, folder, command)


def _reports_no_change(result: Run, output: str) -> bool:
    words = result.err if '"archtool/batch/' in result.out else output
    return any(phrase in words for phrase in _CHANGED_NOTHING)


def _of_jobs_that_report_no_change(result: Run, changed: list[str]) -> list[str]:
    """Return changed files of a batch whose job reports that nothing was changed."""
    lines = [json.loads(line) for line in result.out.splitlines() if '"archtool/batch/' in line]
    quiet = [[line["job"]] for line in lines if any(words in str(line) for words in _CHANGED_NOTHING)]
    return [path for path in changed if path.split("/")[1:2] in quiet]


def _is_leftover(path: str) -> bool:
    """Whether a run can leave this file for the next one: staging folders, journals."""
    return ".archtool-" in path or "batch-journal" in path


def _done_by_the_next_run(scenario: Scenario, folder: Path, command: Command) -> str | None:
    target = folder / scenario.target
    words = scenario.again(command) if target.exists() else command
    again = archtool(*words)
    if again.code == 2 and target.exists():  # "exists already": the first run completed it
        return scenario.is_done(target)
    if again.code != 0:
        return f"the next run ended with {again.code}: {again.said()[-300:]}"
    left = [path.name for path in folder.rglob(".archtool-*")]
    return scenario.is_done(target) or (f"left over: {left}" if left else None)


def fresh(scenario: Scenario, folder: Path) -> Command:
    """Empty the folder, prepare it, and return the command."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return scenario.prepare(folder)
