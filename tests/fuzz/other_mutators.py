"""Changes that ignore the structure of tag files: to bytes and to whole files."""

from __future__ import annotations

from random import Random

from fuzz import tokens
from fuzz.folder import Fifo, Folder, Folders, Item, Link


def change_bytes(random: Random, items: Folders) -> None:
    """Flip, cut, insert or repeat some bytes of a file, or copy them from another file."""
    names = [n for n, item in items.items() if isinstance(item, bytes)]
    if not names:
        return
    name = random.choice(names)
    data = items[name]
    assert isinstance(data, bytes)
    start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    block = data[start:end]
    match random.randrange(7):
        case 0 if data:
            at = min(start, len(data) - 1)
            items[name] = data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]
        case 1:
            items[name] = data[:start]
        case 2:
            items[name] = data[:start] + random.randbytes(random.randrange(1, 9)) + data[start:]
        case 3:
            items[name] = data[:end] + block * random.randrange(1, 20) + data[end:]
        case 4:
            items[name] = data[:start] + data[end:]
        case 5:
            items[name] = data[:start] + bytes(len(block)) + data[end:]
        case _:
            other = items[random.choice(names)]
            assert isinstance(other, bytes)
            items[name] = data[:start] + other[: end - start] + data[end:]


def add_file(random: Random, items: Folders) -> None:
    """Add a file, with the bytes of another or with none."""
    contents = [item for item in items.values() if isinstance(item, bytes)]
    items.setdefault(random.choice(tokens.NAMES), random.choice((b"", b"new", *contents)))


def remove_file(random: Random, items: Folders) -> None:
    """Remove a file."""
    if items:
        del items[random.choice(list(items))]


def empty_file(random: Random, items: Folders) -> None:
    """Empty a file."""
    if items:
        items[random.choice(list(items))] = b""


def rename_file(random: Random, items: Folders) -> None:
    """Rename a file, change the Unicode form of its name, or move it to another folder."""
    if items:
        old = random.choice(list(items))
        worn = old + random.choice("~ .")
        moved = random.choice(("", "data/", "data/box/", "notes/", "data/a/")) + old.rpartition("/")[2]
        new = random.choice((tokens.reworded(random, old), random.choice(tokens.NAMES), moved, worn))
        items[new] = items.pop(old)


def swap_files(random: Random, items: Folders) -> None:
    """Swap the bytes of two files."""
    if items:
        one, other = random.choice(list(items)), random.choice(list(items))
        items[one], items[other] = items[other], items[one]


def replace_by_something_else(random: Random, items: Folders) -> None:
    """Replace a file by a link, a FIFO or a folder; the file can be moved elsewhere."""
    if not items:
        return
    old = random.choice(list(items))
    things: tuple[Item, ...] = (
        Link("../outside"), Link("nowhere"), Link("."), Link(old.rpartition("/")[2]), Link("bagit.txt"),
        Link("/"),
        Link("a"), Fifo(), Folder(),
    )  # fmt: skip
    new = random.choice((old, random.choice(tokens.NAMES)))
    if random.random() < 0.3:
        items[random.choice(tokens.NAMES)] = items[old]
    items[new] = random.choice(things)
