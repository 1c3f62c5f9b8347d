"""What the standard library and the programs of this machine make of an archive: nothing of archtool.

Each reading is a folder on disk; the strict notion of a valid bag (`fuzz.oracle`) is then asked about it, and
two readings must agree on every file of the bag. Where they may differ is said beside each exception here:
such a difference is no fault of whoever calls the bag valid.
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

MAX_BYTES = 64 * 1024 * 1024  # of one archive's members: what is said to be larger is not extracted
MAX_NAME_BYTES = 255
MARK = "bagit.txt"
_WINDOWS_ROOT = re.compile(r"^(?:[A-Za-z]:|[/\\](?:\.\.?(?=[/\\]))?)+")  # tar/util.c of libarchive 3.6


def why_not_a_valid_archive(path: Path, scratch: Path, *, exact_names: bool = True) -> str | None:
    """The first reason found against calling the bag in this archive valid; `None` where there is none."""
    try:
        with extracted_by_library(path, scratch) as root:
            return why_not_valid(root, exact_names=exact_names)
    except NotReadError as error:
        return f"the standard library: {error}"


def why_readings_differ(path: Path, files: dict[str, bytes], scratch: Path) -> Iterator[str]:
    """How the files that archtool extracted differ from what others extract of the bag."""
    for name, extract in (("the standard library", extract_by_library), *programs_for(path)):
        with _empty(scratch):
            try:
                extract(path, scratch)
                if is_zip(path) and _has_only_backslashes(path):
                    _split_at_backslashes(scratch)
                root = find_bag(scratch)
                ours, theirs = files, read_folder(root)
            except NotReadError as error:
                yield f"{name}: {error}"
                continue
            if name == "bsdtar":
                theirs = _composed(theirs, {})
                ours = _composed(_without_windows_root(ours) if root == scratch else ours, theirs)
                # No fault: at what is broken beside the bag bsdtar ends, and extracts nothing of the rest
                if is_zip(path) and has_broken_member(path):
                    ours = {name: data for name, data in ours.items() if name in theirs}
            why = _difference(ours, theirs)
            if why is not None:
                yield f"{name} extracts otherwise: {why}"


def _has_only_backslashes(path: Path) -> bool:
    """No fault: where every name is written with backslashes, archtool reads them as slashes, and warns.

    Some programs do too, some only where the zip was made on DOS; read to the letter there is no bag in it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.orig_filename for info in archive.infolist()]
    except Exception:  # noqa: BLE001 - whatever the library raises of what it cannot read
        return False
    return any("\\" in name for name in names) and not any("/" in name for name in names)


def _split_at_backslashes(folder: Path) -> None:
    """Put what was extracted under names with backslashes where these would lie with slashes.

    Raises:
        NotReadError: a name leads elsewhere, or to a file that is there.
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
    """Whether a zip holds something that the library cannot read, in the bag or beside it."""
    with zipfile.ZipFile(path) as archive:
        return not all(_is_readable(archive, info) for info in archive.infolist())


def _without_windows_root(files: dict[str, bytes]) -> dict[str, bytes]:
    """No fault: bsdtar takes from the beginning of a member's name what is a drive or a root on Windows."""
    return {_WINDOWS_ROOT.sub("", name): data for name, data in files.items()}


def _composed(files: dict[str, bytes], theirs: dict[str, bytes]) -> dict[str, bytes]:
    """No fault: bsdtar brings the names of pax attributes into the composed form (NFC).

    Of two names that become one it can keep one file only, which must be one of these two.
    """
    composed: dict[str, bytes] = {}
    for name, data in files.items():
        one_name = unicodedata.normalize("NFC", name)
        if one_name not in composed or theirs.get(one_name) == data:
            composed[one_name] = data
    return composed


def _difference(ours: dict[str, bytes], theirs: dict[str, bytes]) -> str | None:
    odd = sorted(n for n in ours.keys() | theirs.keys() if ours.get(n) != theirs.get(n))
    if not odd:
        return None
    told = [(n, "only ours" if n not in theirs else "only theirs" if n not in ours else "bytes") for n in odd]
    return repr(told[:4])


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
    """The bag's folder as the standard library extracts it.

    Raises:
        NotReadError: it refuses the archive, or there is not one bag in it.
    """
    with _empty(scratch):
        extract_by_library(path, scratch)
        if is_zip(path) and _has_only_backslashes(path):
            _split_at_backslashes(scratch)
        yield find_bag(scratch)


def extract_by_library(path: Path, scratch: Path) -> None:
    """Extract everything below a folder, with the standard library.

    Raises:
        NotReadError: it cannot.
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
    except Exception as error:  # whatever the library raises of what it cannot read
        raise NotReadError(f"{type(error).__name__}: {error}") from error
    make_readable(scratch)


def _without_padding(data: bytes) -> bytes:
    """No fault: the library may take the padding that xz allows (§2.2) for a stream of another format."""
    bare = data.rstrip(b"\0")
    return bare if data.startswith(b"\xfd7zXZ\0") and (len(data) - len(bare)) % 4 == 0 else data


def _filter(member: tarfile.TarInfo, scratch: str) -> tarfile.TarInfo | None:
    """No fault: a tar may say a time that no system can keep; a bag says nothing of times.

    The library gives up on such a tar, the programs set another time.
    """
    if not abs(member.mtime) < 2**40:  # `nan` is neither less nor more
        member = member.replace(mtime=0, deep=False)
    if member.type == b"V":  # No fault: a label is no file; this filter gives up on it, other readers do not
        return None
    return None if _is_too_long(member.name) else tarfile.data_filter(member, scratch)


def _is_too_long(name: str) -> bool:
    """No fault: no disk holds such a name, and so there is no file of it in any reading."""
    return any(len(os.fsencode(part)) > MAX_NAME_BYTES for part in name.split("/"))


def _extract_zip(path: Path, scratch: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_BYTES:
            raise NotReadError("too large to be extracted")
        seen: set[str] = set()
        for info in archive.infolist():
            info.filename = _name_in_zip(info)
            # No fault: a folder that is named twice is one folder for everybody: it has no bytes to differ in
            if info.filename in seen and not info.is_dir():
                raise NotReadError(f"two members of the name {info.filename!r}")
            seen.add(info.filename)
            if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise NotReadError(f"{info.filename!r} is no file")
            if not _is_too_long(info.filename) and _is_readable(archive, info):
                archive.extract(info, scratch)


def _is_readable(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """No fault: what is broken beside the bag nobody looked at. In the bag such a file will be missed."""
    try:
        archive.read(info)
    # zipfile raises NotImplementedError for a compression method that it does not know
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        return False
    return True


def _name_in_zip(info: zipfile.ZipInfo) -> str:
    """No fault: where no flag says so the library reads UTF-8 as the code page of the first zips.

    Whether such a name is UTF-8 nobody says; programs of today take it for that wherever it can be.
    """
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except ValueError:
        return info.filename


def find_bag(folder: Path) -> Path:
    """The one folder that is the bag.

    Raises:
        NotReadError: there is none, or more than one.
    """
    if (folder / MARK).is_file():
        return folder
    found = [child for child in folder.iterdir() if child.is_dir() and (child / MARK).is_file()]
    if len(found) != 1:
        raise NotReadError(f"{len(found)} bags in it")
    return found[0]


def read_folder(root: Path) -> dict[str, bytes]:
    """Every file below a folder; what is no file is told of in the place of its bytes."""
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
