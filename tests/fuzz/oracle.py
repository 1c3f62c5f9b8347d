"""Checks simply and strictly whether a folder is a valid bag, without archtool.

It only answers whether the bag may be called valid, and reads the bytes on disk itself.

Source: RFC 8493 §2 and §3.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_DECLARATION = re.compile(
    r"bagit-version: (0\.9[3-7]|1\.0)(?:\r\n|\r|\n)tag-file-character-encoding: (\S+)(?:\r\n|\r|\n)?",
    re.IGNORECASE,
)
_OLD_DECLARATION = re.compile(
    r"[ \t]*bagit-version[ \t]*:[ \t]*(0\.9[3-7])[ \t]*(?:\r\n|\r|\n)"
    r"[ \t]*tag-file-character-encoding[ \t]*:[ \t]*(\S+)[ \t]*(?:\r\n|\r|\n)?",
    re.IGNORECASE,
)
_LINE = re.compile(r"\\?([0-9a-fA-F]+)[ \t]+(\S.*|[^ \t].*)", re.DOTALL)
_HASHLIB = {"sha3256": "sha3_256", "sha3512": "sha3_512", "blake2b512": "blake2b", "blake2s256": "blake2s"}
_KNOWN = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"} | _HASHLIB.keys()
_BYTE_ORDER_MARKS = {
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
}


class NotValidError(Exception):
    """The reason why the bag must not be called valid."""


@dataclass(slots=True)
class _Model:
    """The files of the folder and what was parsed from them."""

    root: Path
    files: dict[str, bytes] = field(default_factory=dict)
    version: str = ""
    encoding: str = ""
    manifests: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By file name: digest in lower case, and path; only of algorithms that can be computed."""

    @property
    def payload(self) -> dict[str, bytes]:
        return {path: data for path, data in self.files.items() if path.startswith("data/")}


def why_not_valid(root: Path, *, exact_names: bool = True) -> str | None:
    """Return the first reason why this bag is not valid, or `None`.

    If names were matched with others, with a warning (`exact_names` is false), only the digests are compared:
    each manifest must list the digests of the payload, each as often as there are files with it.
    """
    model = _Model(root)
    try:
        _read_files(model)
        _read_declaration(model)
        _read_manifests(model)
        _check_payload(model, exact_names=exact_names)
        _check_tag_manifests(model, exact_names=exact_names)
        _check_oxum(model)
        _check_fetch(model, exact_names=exact_names)
    except NotValidError as error:
        return str(error)
    return None


def _demand(condition: object, reason: str) -> None:
    if not condition:
        raise NotValidError(reason)


def _read_files(model: _Model) -> None:
    for path, kind in _walk(str(model.root), ""):
        _demand(kind == "file", f"{path!r} is no file")
        with open(os.path.join(model.root, path), "rb") as file:  # noqa: PTH118, PTH123 - names as they are
            model.files[path] = file.read()
    _demand((model.root / "data").is_dir(), "no data folder")


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, str]]:
    with os.scandir(folder) as scanned:
        entries = list(scanned)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, "file" if entry.is_file(follow_symlinks=False) else "other"


def _read_declaration(model: _Model) -> None:
    _demand("bagit.txt" in model.files, "no bagit.txt")
    data = model.files["bagit.txt"]
    _demand(not data.startswith(codecs.BOM_UTF8), "a mark in bagit.txt")
    try:
        text = data.decode("utf-8")
        match = _DECLARATION.fullmatch(text) or _OLD_DECLARATION.fullmatch(text)
        _demand(match, "bagit.txt is not two lines")
        assert match is not None
        model.version, model.encoding = match[1], codecs.lookup(match[2]).name
        "".encode(model.encoding)
    except (ValueError, LookupError) as error:
        raise NotValidError(f"bagit.txt: {error}") from error


def _text(model: _Model, name: str) -> str:
    data, codec = model.files[name], model.encoding
    marks = _BYTE_ORDER_MARKS.get(codec, ())
    try:
        text = data.decode(codec if not marks or data.startswith(marks) else f"{codec}-be")
    except ValueError as error:
        raise NotValidError(f"{name}: {error}") from error
    _demand(not text.startswith("\ufeff"), f"{name}: a mark")
    return text


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _read_manifests(model: _Model) -> None:
    for name in [n for n in model.files if "/" not in n]:
        if not re.fullmatch(r"(?i:(tag)?manifest-.*\.txt)", name, re.DOTALL):
            continue
        proper = re.fullmatch(r"(?:tag)?manifest-([a-z0-9]+)\.txt", name)
        _demand(proper, f"{name} is not named properly")
        entries = [_entry(model, name, line) for line in _lines(_text(model, name))]
        assert proper is not None
        if proper[1] in _KNOWN or proper[1] in ("blake2b", "blake2s"):
            model.manifests[name] = entries
    _demand([n for n in model.manifests if n.startswith("manifest-")], "no payload manifest")


def _entry(model: _Model, name: str, line: str) -> tuple[str, str]:
    match = _LINE.fullmatch(line)
    _demand(match, f"{name}: {line!r}")
    assert match is not None
    return match[1].lower(), _decoded(model, match[2])


def _decoded(model: _Model, written: str) -> str:
    meanings = {"0a": "\n", "0d": "\r"} | ({"25": "%"} if model.version == "1.0" else {})
    head, *rest = written.split("%")
    parts = [head]
    for part in rest:
        # the text after a decoded %25 is not decoded again: each part is decoded once
        code = part[:2].lower()
        parts.append(meanings[code] + part[2:] if code in meanings else "%" + part)
    return "".join(parts)


def _digest(name: str, data: bytes) -> str:
    algorithm = name.rpartition("-")[2].removesuffix(".txt")
    return hashlib.new(_HASHLIB.get(algorithm, algorithm), data, usedforsecurity=False).hexdigest()


def _check_payload(model: _Model, *, exact_names: bool) -> None:
    is_old = model.version != "1.0"
    covered: set[str] = set()
    for name, entries in model.manifests.items():
        if name.startswith("tag"):
            continue
        present = Counter(_digest(name, data) for data in model.payload.values())
        listed = [e for e in entries if not (is_old and not e[1].startswith(("data/", "./", "*")))]
        if not exact_names:
            digests = Counter(digest for digest, _ in listed)
            _demand(set(digests) <= set(present) if is_old else digests == present, f"{name}: other digests")
            covered |= {p for p, data in model.payload.items() if _digest(name, data) in digests}
            continue
        _check_listed(model, name, entries, is_old=is_old)
        covered |= {path for _, path in entries}
        _demand(is_old or covered >= model.payload.keys(), f"{name}: does not list all")
    _demand(covered >= model.payload.keys(), "a file that no manifest lists")


def _check_listed(model: _Model, name: str, entries: list[tuple[str, str]], *, is_old: bool) -> None:
    listable = model.files if is_old else model.payload
    for digest, path in entries:
        _demand(path in listable, f"{name}: {path!r} is not there")
        _demand(digest == _digest(name, listable[path]), f"{name}: {path!r} differs")
    paths = [path for _, path in entries]
    _demand(is_old or len(set(paths)) == len(paths), f"{name}: a file twice")
    _demand(is_old or set(paths) == model.payload.keys(), f"{name}: not exactly the payload")


def _check_tag_manifests(model: _Model, *, exact_names: bool) -> None:
    is_old = model.version != "1.0"
    manifests = {n for n in model.files if re.fullmatch(r"manifest-[a-z0-9]+\.txt", n)}
    forbidden = ("data/",) if is_old else ("data/", "tagmanifest-")
    for name, entries in model.manifests.items():
        if not name.startswith("tag"):
            continue
        paths = {path for _, path in entries}
        _demand(manifests <= paths or is_old or not exact_names, f"{name}: omits a manifest")
        _demand(not any(p.startswith(forbidden) for p in paths), f"{name}: lists what it may not")
        for digest, path in entries:
            known = path in model.files
            _demand(known or not exact_names, f"{name}: {path!r} is not there")
            _demand(not known or digest == _digest(name, model.files[path]), f"{name}: {path!r} differs")


def _check_oxum(model: _Model) -> None:
    name = "bag-info.txt" if model.version in ("0.96", "0.97", "1.0") else "package-info.txt"
    if name not in model.files:
        return
    unfolded = re.sub(r"(?:\r\n|\r|\n)[ \t]+", " ", _text(model, name))
    found = [line.partition(":") for line in _lines(unfolded)]
    values = [value.strip(" \t") for label, _, value in found if label.strip(" \t").lower() == "payload-oxum"]
    right = f"{sum(map(len, model.payload.values()))}.{len(model.payload)}"
    _demand(
        not values or [re.sub(r"\b0+(?=[0-9])", "", v) for v in values] == [right], f"the oxum is {values}"
    )


def _check_fetch(model: _Model, *, exact_names: bool) -> None:
    for line in _lines(_text(model, "fetch.txt")) if "fetch.txt" in model.files else ():
        parts = re.split(r"[ \t]+", line, maxsplit=2)
        _demand(len(parts) == 3, f"fetch.txt: {line!r}")
        _demand(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:.", parts[0]), f"fetch.txt: {parts[0]!r}")
        _demand(re.fullmatch(r"[0-9]+|-", parts[1], re.ASCII), f"fetch.txt: {parts[1]!r}")
        present = _decoded(model, parts[2]) in model.payload
        _demand(present or not exact_names, f"fetch.txt: {parts[2]!r} is not there")
