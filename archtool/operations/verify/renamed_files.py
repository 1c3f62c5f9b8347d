"""Finds listed files that are missing under their names and exist under other names.

Without this, a file that was renamed in transfer (other letter case, a replaced character, a backslash,
another folder) would be reported twice: as a missing file and as an unlisted one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from archtool.bagit.fixity import FixityTask
from archtool.bagit.layout import BagLayout
from archtool.bagit.model import Bag, Manifest, ManifestEntry
from archtool.files.hashing.digests import Algorithm
from archtool.files.paths import normal_form
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.limits import MAX_CANDIDATES
from archtool.operations.open_package.opened_bag import OpenedBag
from archtool.operations.verify.fixity_check import NoObserver, check_files
from archtool.progress import NoProgress


def layout_with_renamed_files(opened: OpenedBag, concurrency: Concurrency) -> BagLayout:
    """Return the layout with the listed files that exist under other names.

    If listed files are missing, every file that no manifest lists is read and compared with them by digest;
    more than `MAX_CANDIDATES` such files are not read.
    """
    bag, layout = opened.bag, opened.layout
    missing = list(_missing(bag, layout))
    candidates = list(_unlisted(bag, layout)) if missing else []
    if not missing or not candidates or len(candidates) > MAX_CANDIDATES:
        return layout
    algorithms = tuple(dict.fromkeys(manifest.algorithm for manifest, _ in missing if manifest.algorithm))
    tasks = [FixityTask(path, layout.known_size(path), (), algorithms) for path in candidates]
    records, _ = check_files(opened.source, tasks, NoObserver(), concurrency, NoProgress())
    by_digest: dict[tuple[Algorithm, str], list[str]] = {}
    for record in records:
        for digest in record.digests:
            by_digest.setdefault((digest.algorithm, digest.hex), []).append(record.path)
    return replace(layout, renamed=_pair(missing, by_digest))


def _missing(bag: Bag, layout: BagLayout) -> Iterator[tuple[Manifest, ManifestEntry]]:
    fetched = {normal_form(item.path) for item in bag.fetch}
    for manifest in (*bag.manifests, *bag.tag_manifests):
        for entry in layout.absent_entries(manifest) if manifest.algorithm is not None else ():
            if entry.hex and entry.path not in layout.others and normal_form(entry.path) not in fetched:
                yield manifest, entry


def _unlisted(bag: Bag, layout: BagLayout) -> Iterator[str]:
    manifests = (*bag.manifests, *bag.tag_manifests)
    listed = {layout.disk_path(path) for manifest in manifests for path in manifest.paths}
    own = {manifest.name for manifest in manifests} | {"bagit.txt"}
    yield from (path for path in layout.files if path not in listed and path not in own)


def _pair(
    missing: Sequence[tuple[Manifest, ManifestEntry]], by_digest: Mapping[tuple[Algorithm, str], list[str]]
) -> dict[str, str]:
    """Choose one file for each listed name: with the same bytes, and with the most similar name."""
    renamed: dict[str, str] = {}
    used: set[str] = set()
    for manifest, entry in missing:
        if entry.path in renamed or manifest.algorithm is None:
            continue
        same_bytes = [p for p in by_digest.get((manifest.algorithm, entry.hex), ()) if p not in used]
        if same_bytes:
            renamed[entry.path] = min(same_bytes, key=lambda path: _distance(entry.path, path))
            used.add(renamed[entry.path])
    return renamed


def _distance(listed: str, path: str) -> tuple[bool, bool, bool, str]:
    """Return a sort key: least for names that differ only in letter case, Unicode form or separator."""
    one, other = _fold(listed), _fold(path)
    is_same_name = one.rpartition("/")[2] == other.rpartition("/")[2]
    is_same_folder = one.rpartition("/")[0] == other.rpartition("/")[0]
    return one != other, not is_same_name, not is_same_folder, path


def _fold(path: str) -> str:
    return normal_form(path).casefold().replace("\\", "/")
