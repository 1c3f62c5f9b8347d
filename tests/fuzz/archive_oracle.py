"""Reads archives with the standard library and the programs of this machine, without archtool.

Each reading is a folder on disk; `fuzz.oracle` then checks strictly whether it is a valid bag, and two
readings must agree on every file of the bag. A docstring or comment that begins with "No fault" describes a
difference that is allowed: a verifier may still call the bag valid.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fuzz.archive_programs import NotReadError, is_zip, make_readable, programs_for
from fuzz.oracle import why_not_valid

MAX_BYTES = 64 * 1024 * 1024  # of one archive's members: one that declares more is not extracted
MAX_NAME_BYTES = 255
MARK = "bagit.txt"
_WINDOWS_ROOT = re.compile(r"^(?:[A-Za-z]:|[/\\](?:\.\.?(?=[/\\]))?)+")  # tar/util.c of libarchive 3.6


def why_not_a_valid_archive(path: Path, scratch: Path, *, exact_names: bool = True) -> str | None:
    """Return the first reason why the bag in this archive is not valid, or `None`."""
    try:
        with extracted_by_library(path, scratch) as root:
            return why_not_valid(root, exact_names=exact_names)
    except NotReadError as error:
        return f"the standard library: {error}"


def why_readings_differ(path: Path, files: dict[str, bytes], scratch: Path) -> Iterator[str]:
    """Yield how the files that archtool extracted differ from those that other programs extract."""
    for name, extract in (("the standard library", extract_by_library), *programs_for(path)):
        with _empty(scratch):
            try:
                extract(path, scratch)
                if is_zip(path) and _has_only_backslashes(path):
                    _split_at_backslashes(scratch)
                root = find_bag(scratch)
                own_files, other_files = files, read_folder(root)
            except NotReadError as error:
                yield f"{name}: {error}"
                continue
            if name == "bsdtar":
                other_files = _composed(other_files, {})
                own_files = _composed(
                    _without_windows_root(own_files) if root == scratch else own_files, other_files
                )
                # No fault: bsdtar stops at a broken member beside the bag, and extracts none of the rest
                if is_zip(path) and has_broken_member(path):
                    own_files = {name: data for name, data in own_files.items() if name in other_files}
            reason = _difference(own_files, other_files)
            if reason is not None:
                yield f"{name} extracts differently: {reason}"


def _has_only_backslashes(path: Path) -> bool:
    """No fault: if every name is written with backslashes, archtool reads them as slashes, and warns.

    Some programs do too, some only if the zip was made on DOS; read literally, the zip has no bag.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.orig_filename for info in archive.infolist()]
    except Exception:  # noqa: BLE001 - the library raises many errors for unreadable input
        return False
    return any("\\" in name for name in names) and not any("/" in name for name in names)


def _split_at_backslashes(folder: Path) -> None:
    """Move files with backslashes in their names to the paths with slashes.

    Raises:
        NotReadError: a name leads out of the folder, or to an existing file.
    """
    for name in sorted(os.listdir(folder)):
        if "\\" not in name:
            continue
        target = folder.joinpath(*(part for part in name.split("\\") if part))
        if ".." in target.parts or target.is_file():
            raise NotReadError(f"the name {name!r}")
        try:
            if name.endswith("\\"):
                (folder / name).unlink() if (folder / name).is_file() else (folder / name).rmdir()
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                (folder / name).rename(target)
        except OSError as error:
            raise NotReadError(f"the name {name!r}: {error}") from error


def has_broken_member(path: Path) -> bool:
    """Report whether a zip has a member that the library cannot read, in the bag or beside it."""
    with zipfile.ZipFile(path) as archive:
        return not all(_is_readable(archive, info) for info in archive.infolist())


def _without_windows_root(files: dict[str, bytes]) -> dict[str, bytes]:
    """No fault: bsdtar removes a drive or root of Windows from the beginning of a member's name."""
    return {_WINDOWS_ROOT.sub("", name): data for name, data in files.items()}


def _composed(files: dict[str, bytes], other_files: dict[str, bytes]) -> dict[str, bytes]:
    """No fault: bsdtar converts the names of pax attributes to the composed form (NFC).

    If two names become one, it keeps one file, which must be one of the two.
    """
    composed: dict[str, bytes] = {}
    for name, data in files.items():
        one_name = unicodedata.normalize("NFC", name)
        if one_name not in composed or other_files.get(one_name) == data:
            composed[one_name] = data
    return composed


def _difference(own_files: dict[str, bytes], other_files: dict[str, bytes]) -> str | None:
    differing = sorted(
        n for n in own_files.keys() | other_files.keys() if own_files.get(n) != other_files.get(n)
    )
    if not differing:
        return None
    differences = [
        (n, "only archtool" if n not in other_files else "only the other" if n not in own_files else "bytes")
        for n in differing
    ]
    return repr(differences[:4])


@contextmanager
def _empty(folder: Path) -> Iterator[None]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def extracted_by_library(path: Path, scratch: Path) -> Iterator[Path]:
    """Extract with the standard library; return the bag's folder.

    Raises:
        NotReadError: the library refuses the archive, or there is not exactly one bag in it.
    """
    with _empty(scratch):
        extract_by_library(path, scratch)
        if is_zip(path) and _has_only_backslashes(path):
            _split_at_backslashes(scratch)
        yield find_bag(scratch)


def extract_by_library(path: Path, scratch: Path) -> None:
    """Extract everything below a folder, with the standard library.

    Raises:
        NotReadError: the library cannot extract the archive.
    """
    try:
        if is_zip(path):
            _extract_zip(path, scratch)
        else:
            with tarfile.open(fileobj=io.BytesIO(_without_padding(path.read_bytes())), errorlevel=1) as tar:
                if sum(member.size for member in tar) > MAX_BYTES:
                    raise NotReadError("too large to be extracted")
                tar.extractall(scratch, filter=_filter)  # noqa: S202 - "data", but for times
    except NotReadError:
        raise
    except Exception as error:  # the library raises many errors for unreadable input
        raise NotReadError(f"{type(error).__name__}: {error}") from error
    make_readable(scratch)


def _without_padding(data: bytes) -> bytes:
    """No fault: the library can mistake the padding that xz allows (§2.2) for a stream of another format."""
    bare = data.rstrip(b"\0")
    return bare if data.startswith(b"\xfd7zXZ\0") and (len(data) - len(bare)) % 4 == 0 else data


def _filter(member: tarfile.TarInfo, scratch: str) -> tarfile.TarInfo | None:
    """No fault: a tar can have a time that no system can store; a bag has no times.

    The library refuses such a tar, the programs set another time.
    """
    if not abs(member.mtime) < 2**40:  # `nan` is neither less nor more
        member = member.replace(mtime=0, deep=False)
    if member.type == b"V":  # No fault: a label is not a file; this filter refuses it, other readers do not
        return None
    return None if _is_too_long(member.name) else tarfile.data_filter(member, scratch)


def _is_too_long(name: str) -> bool:
    """No fault: no disk can store such a name, so no reading has the file."""
    return any(len(os.fsencode(part)) > MAX_NAME_BYTES for part in name.split("/"))


def _extract_zip(path: Path, scratch: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_BYTES:
            raise NotReadError("too large to be extracted")
        names_seen: set[str] = set()
        for info in archive.infolist():
            info.filename = _name_in_zip(info)
            # No fault: a folder that is named twice is one folder for every reader; it has no bytes to differ
            if info.filename in names_seen and not info.is_dir():
                raise NotReadError(f"two members of the name {info.filename!r}")
            names_seen.add(info.filename)
            if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise NotReadError(f"{info.filename!r} is no file")
            if not _is_too_long(info.filename) and _is_readable(archive, info):
                archive.extract(info, scratch)


def _is_readable(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """No fault: a broken member beside the bag is not read. In the bag it is a missing file."""
    try:
        archive.read(info)
    # a RuntimeError is a compression method that zipfile does not know, or a member that is encrypted
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        return False
    return True


def _name_in_zip(info: zipfile.ZipInfo) -> str:
    """No fault: without the flag for UTF-8 the library reads a name in the code page of the first zips.

    The zip does not state the encoding of such a name; current programs decode it as UTF-8 if they can.
    """
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except ValueError:
        return info.filename


def find_bag(folder: Path) -> Path:
    """Return the one folder that is the bag.

    Raises:
        NotReadError: there is no such folder, or more than one.
    """
    if (folder / MARK).is_file():
        return folder
    found = [child for child in folder.iterdir() if child.is_dir() and (child / MARK).is_file()]
    if len(found) != 1:
        raise NotReadError(f"{len(found)} bags in it")
    return found[0]


def read_folder(root: Path) -> dict[str, bytes]:
    """Return every file below a folder; a special file has a description instead of its bytes."""
    files: dict[str, bytes] = {}
    for folder, folders, names in os.walk(root):
        for name in (*names, *(f for f in folders if os.path.islink(os.path.join(folder, f)))):  # noqa: PTH114, PTH118
            path = os.path.join(folder, name)  # noqa: PTH118 - names as they are
            short = os.path.relpath(path, root)
            if stat.S_ISREG(os.lstat(path).st_mode):
                with open(path, "rb") as file:  # noqa: PTH123 - the same
                    files[short] = file.read()
            else:
                files[short] = b"<no file>"
    return files
