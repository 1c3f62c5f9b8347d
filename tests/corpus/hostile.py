"""Paths that leave the bag, links and special files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from corpus.case import LISTED, MANIFEST, SHA, TAG_MANIFEST, Build, Case, then, wrong
from unit.bagit.bag_builders import LETTER, LETTER_NAME, bag_files, with_tag_manifest, write_bag

_INSIDE = "No file outside the bag is read: {} is refused in every list."
_NOT_A_FILE = "A link is never followed, and a special file is never opened."
# form of the path to a file beside the bag → its finding, and the answer of bagit 1.9.0 if it is in a
# payload manifest, in a tag manifest and in fetch.txt
_WAYS: dict[str, tuple[str, Callable[[Path], str], tuple[str, str, str]]] = {
    "absolute": ("an absolute path", lambda root: str(root.parent / "outside"), ("invalid",) * 3),
    "climbing": ("a path that climbs", lambda _: "../outside", ("invalid",) * 3),
    "climbing-out-of-data": ("a path that climbs", lambda _: "data/../../outside", ("invalid",) * 3),
    "to-a-neighbour-of-longer-name": (
        "a path that climbs", lambda root: f"../{root.name}-evil/outside", ("valid",) * 3),
    "to-a-home-folder": ("a path that begins with ~", lambda _: "~/outside", ("invalid",) * 3),
    "to-the-home-folder-of-root": ("a path that begins with ~", lambda _: "~root/outside", ("invalid",) * 3),
}  # fmt: skip


def _write_outside(root: Path) -> None:
    """Write files outside the bag that have the listed digest."""
    for path in (root.parent / "outside", root.parent / f"{root.name}-evil" / "outside"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LETTER)


def _in_manifest(way: Callable[[Path], str]) -> Build:
    def build(root: Path) -> None:
        _write_outside(root)
        write_bag(root, bag_files() | {MANIFEST: (LISTED + f"{SHA}  {way(root)}\n").encode()})

    return build


def _in_tag_manifest(way: Callable[[Path], str]) -> Build:
    def build(root: Path) -> None:
        _write_outside(root)
        files = with_tag_manifest(bag_files())
        write_bag(root, files | {TAG_MANIFEST: files[TAG_MANIFEST] + f"{SHA}  {way(root)}\n".encode()})

    return build


def _in_fetch(way: Callable[[Path], str]) -> Build:
    def build(root: Path) -> None:
        _write_outside(root)
        write_bag(root, bag_files(extra={"fetch.txt": f"https://example.org/x - {way(root)}\n".encode()}))

    return build


_TWO = bag_files({"data/box/b": b"b", LETTER_NAME: LETTER})
_PLACES = (
    ("manifest", _in_manifest, "manifest.unsafe-path"),
    ("tag-manifest", _in_tag_manifest, "manifest.unsafe-path"),
    ("fetch", _in_fetch, "fetch.unsafe-path"),
)


def _replaced(name: str, make: Callable[[Path, Path], object]) -> Build:
    """Build a bag in which something else replaces a file; the file itself lies beside the bag."""

    def change(root: Path) -> None:
        outside = root.parent / "outside"
        (root / name).rename(outside)
        make(root / name, outside)

    return then(_TWO, change)


def _link(path: Path, target: Path) -> None:
    path.symlink_to(target)


def _fifo(path: Path, _outside: Path) -> None:
    os.mkfifo(path)


def _link_inside(root: Path) -> None:
    (root / "data" / "box" / "b").unlink()
    (root / "data" / "box" / "b").symlink_to("../letter.txt")


def _added(change: Callable[[Path], object]) -> Build:
    return then(bag_files(), change)


# fmt: off
CASES: tuple[Case, ...] = (
    *(wrong(f"{place}-{name}", _INSIDE.format(description), "§5.1", build(way), code, loc)
      for name, (description, way, answers) in _WAYS.items()
      for (place, build, code), loc in zip(_PLACES, answers, strict=True)),
    wrong("payload-file-is-a-link-to-outside", _NOT_A_FILE, "§5.1", _replaced(LETTER_NAME, _link),
          "bag.not-a-file", "invalid"),
    wrong("payload-file-is-a-link-to-another", _NOT_A_FILE, "§5.1",
          then(bag_files({LETTER_NAME: LETTER, "data/box/b": LETTER}), _link_inside), "bag.not-a-file",
          "valid"),
    wrong("payload-folder-is-a-link", _NOT_A_FILE, "§5.1", _replaced("data/box", _link),
          "bag.not-a-file complete.file-missing", "invalid"),
    wrong("data-is-a-link", _NOT_A_FILE, "§5.1", _replaced("data", _link),
          "bag.not-a-file complete.file-missing", "invalid"),
    wrong("manifest-is-a-link", _NOT_A_FILE, "§5.1", _replaced(MANIFEST, _link),
          "bag.not-a-file manifest.none", "valid"),
    wrong("link-not-listed", _NOT_A_FILE, "§5.1",
          _added(lambda root: (root / "data" / "link").symlink_to("..")),
          "bag.not-a-file", "valid"),
    wrong("link-to-nothing", _NOT_A_FILE, "§5.1",
          _added(lambda root: (root / "notes.txt").symlink_to("nothing")),
          "bag.not-a-file", "valid"),
    wrong("payload-file-is-a-fifo", _NOT_A_FILE, "§5.1", _replaced(LETTER_NAME, _fifo), "bag.not-a-file",
          "hangs"),
    wrong("bag-info-is-a-fifo", _NOT_A_FILE, "§5.1", _added(lambda root: os.mkfifo(root / "bag-info.txt")),
          "bag.not-a-file", "hangs"),
    wrong("fifo-not-listed", _NOT_A_FILE, "§5.1", _added(lambda root: os.mkfifo(root / "data" / "fifo")),
          "bag.not-a-file", "invalid"),
)
# fmt: on
