"""Proposes the constants of a mapping: what every row needs and no column gives."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archtool.batch.sources.mapping.column_guess import ColumnGuess, Folders
from archtool.batch.sources.rows.file_names import PACKAGE_NAME
from archtool.batch.sources.table_columns import FOLDER, PACKAGE
from archtool.files.paths import why_unsafe
from archtool.files.system_files import system_item
from archtool.schemas import load_schema

_LOOKED_AT = 50  # folders; they are alike, or a person has to say more
_MAX_NAMES = 1_000  # entries of one folder
_TEXTS = (".txt", ".text", ".md")


@dataclass(frozen=True, slots=True)
class ConstantGuess:
    """A constant that a mapping probably needs."""

    key: str
    text: str | None
    """`None` if a person has to write it."""
    remark: str


def guess_constants(guesses: Sequence[ColumnGuess], folders: Folders) -> list[ConstantGuess]:
    """Return the constants that the rows need besides the columns."""
    keys = {guess.key for guess in guesses}
    packages = next((list(guess.column.texts) for guess in guesses if guess.key == PACKAGE), [])
    constants: list[ConstantGuess] = []
    inside: list[Path] = []
    if FOLDER not in keys:
        inside = [folders.base / name for name in packages if why_unsafe(name) is None and folders.has(name)]
        if packages and 2 * len(inside) >= len(packages):
            remark = "Beside the table there are folders named like the packages."
            constants.append(ConstantGuess(FOLDER, PACKAGE_NAME, remark))
        else:
            inside = []
    alike = _names_in_all(inside[:_LOOKED_AT])
    if "transcription" not in keys:
        constants += _transcription(alike, packages, inside, folders)
    if not {"files.1.file", "files"} & keys:
        constants += [
            ConstantGuess(f"files.{number}.file", f"{name}/", "Each of the folders has this one.")
            for number, name in enumerate(sorted(name for name, is_folder in alike.items() if is_folder), 1)
        ]
    has_files = {"files.1.file", "files"} & keys or any(one.key.startswith("files.") for one in constants)
    if has_files and not _has_item_key(keys, "files", "role"):
        constants.append(ConstantGuess("files.N.role", "facsimile", _one_of("other-file", "role")))
    constants += _role_of_creators(keys)
    given = keys | {constant.key for constant in constants}
    constants += [_required(key) for key in ("title", "source", "transcription") if key not in given]
    return constants


def guess_constants_of_annexes(guesses: Sequence[ColumnGuess]) -> list[ConstantGuess]:
    """Return the constants that the rows of annexes need."""
    keys = {guess.key for guess in guesses}
    constants: list[ConstantGuess] = []
    constants += _role_of_creators(keys)
    if "status" not in keys:
        constants.append(ConstantGuess("status", None, _one_of("annexe", "status")))
    if "title" not in keys:
        constants.append(ConstantGuess("title", None, "Each annexe needs a title."))
    return constants


def _role_of_creators(keys: Collection[str | None]) -> Iterator[ConstantGuess]:
    has_names = "creators" in keys or _has_item_key(keys, "creators", "name")
    if has_names and not _has_item_key(keys, "creators", "role"):
        remark = "The role of every name: author, issuing-body …"
        yield ConstantGuess("creators.N.role", "author", remark)


def _has_item_key(keys: Collection[str | None], above: str, name: str) -> bool:
    return any(re.fullmatch(rf"{above}\.[0-9]+\.{name}", key or "") for key in keys)


def _names_in_all(folders: Sequence[Path]) -> Mapping[str, bool]:
    """Return the names that all of the folders have, each with whether it is a folder."""
    alike: dict[str, bool] | None = None
    for folder in folders:
        names = dict(_names_in(folder))
        alike = names if alike is None else {n: d for n, d in alike.items() if names.get(n) == d}
    return alike or {}


def _names_in(folder: Path) -> Iterator[tuple[str, bool]]:
    try:
        for path in islice(folder.iterdir(), _MAX_NAMES):
            if system_item(path.name) is None and not path.is_symlink():
                yield path.name, path.is_dir()
    except OSError:
        return


def _transcription(
    alike: Mapping[str, bool], packages: Sequence[str], inside: Sequence[Path], folders: Folders
) -> Iterator[ConstantGuess]:
    """Yield the text that each folder has under one name, or under the name of its package."""
    texts = [name for name, is_folder in alike.items() if not is_folder and name.endswith(_TEXTS)]
    if len(texts) == 1:
        yield ConstantGuess("transcription", texts[0], "Each of the folders has this text.")
        return
    pairs = list(zip(packages, inside or [folders.base] * len(packages), strict=False))[:_LOOKED_AT]
    for ending in _TEXTS:
        if pairs and all((folder / f"{package}{ending}").is_file() for package, folder in pairs):
            name = f"{PACKAGE_NAME}{ending}"
            yield ConstantGuess("transcription", name, "There are texts named like the packages.")
            return


def _required(key: str) -> ConstantGuess:
    schema = load_schema("description.schema.json")["properties"][key]
    meaning = str(schema.get("description", "")).rstrip(".")
    remark = (
        f"Every package needs this ({meaning[:1].lower()}{meaning[1:]}): one text for all, or {{Column}}."
    )
    return ConstantGuess(key, None, remark)


def _one_of(definition: str, key: str) -> str:
    values = load_schema("description.schema.json")["$defs"][definition]["properties"][key]["enum"]
    return f"One of: {', '.join(values)}."
