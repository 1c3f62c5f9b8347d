"""Names of files and folders that a system, a program or a storage device adds to people's own files.

None of them belongs to the material. `new`, `check`, `pack` and `verify` use this one list, and report every
file that they leave out because of it. A file that a description declares by name is never one of these.

Sources: Apple, "AppleSingle/AppleDouble Formats" (`._name`) and the macOS names in GitHub's public ignore
templates; Microsoft, Shell `desktop.ini` and thumbnail caches, Office owner files (`~$name`); LibreOffice,
`.~lock.name#`; freedesktop.org Trash specification (`.Trash-1000`); Linux NFS client, "silly rename"
(`.nfs…`); FUSE (`.fuse_hidden…`); Synology DSM (`@eaDir`, `#recycle`), QNAP QTS (`@Recycle`, `.@__thumb`).
"""

from __future__ import annotations

import re
from functools import lru_cache

# name in lower case (these systems ignore case) → description
_NAMES = {
    ".ds_store": "the macOS Finder's view of a folder",
    ".localized": "a mark of macOS",
    ".apdisk": "a mark of macOS",
    ".volumeicon.icns": "an icon of macOS",
    ".com.apple.timemachine.donotpresent": "a mark of macOS Time Machine",
    ".com.apple.timemachine.supported": "a mark of macOS Time Machine",
    "icon\r": "an icon of macOS",
    ".appledouble": "metadata of macOS files",
    ".appledb": "a database of an Apple file server",
    ".appledesktop": "a database of an Apple file server",
    ".lsoverride": "a mark of macOS",
    ".spotlight-v100": "the search index of macOS",
    ".trashes": "the waste basket of macOS",
    ".fseventsd": "a log of macOS",
    ".temporaryitems": "temporary files of macOS",
    ".documentrevisions-v100": "old versions kept by macOS",
    ".pkinstallsandboxmanager": "a folder of the macOS installer",
    "network trash folder": "the waste basket of an Apple file server",
    "temporary items": "temporary files of an Apple file server",
    "__macosx": "what macOS adds to a zip",
    "thumbs.db": "a thumbnail cache of Windows",
    "thumbs.db:encryptable": "a thumbnail cache of Windows",
    "ehthumbs.db": "a thumbnail cache of Windows",
    "ehthumbs_vista.db": "a thumbnail cache of Windows",
    "desktop.ini": "the Windows Explorer's view of a folder",
    "$recycle.bin": "the waste basket of Windows",
    "recycler": "the waste basket of Windows",
    "system volume information": "a system folder of Windows",
    ".directory": "the KDE file manager's view of a folder",
    "lost+found": "what a file system check of Linux recovered",
    "@eadir": "thumbnails and indexes of a Synology NAS",
    "@tmp": "temporary files of a Synology NAS",
    "@sharebin": "a folder of a Synology NAS",
    "#recycle": "the waste basket of a Synology NAS",
    "#snapshot": "the snapshots of a Synology NAS",
    "@recycle": "the waste basket of a QNAP NAS",
    "@recently-snapshot": "the snapshots of a QNAP NAS",
    ".@__thumb": "thumbnails of a QNAP NAS",
    ".@upload_cache": "temporary files of a QNAP NAS",
    ".@qmariadb": "a database of a QNAP NAS",
    ".qsync": "a folder of a QNAP NAS",
    ".streams": "extended attributes kept by a QNAP NAS",
}
_PATTERNS = (
    (re.compile(r"\._."), "metadata of a macOS file (AppleDouble)"),
    (re.compile(r"~\$."), "a lock file of Microsoft Office"),
    (re.compile(r"~wr[a-z]\d+\.tmp$"), "a temporary file of Microsoft Word"),
    (re.compile(r"\.~lock\..+#$"), "a lock file of LibreOffice"),
    (re.compile(r"\.trash-\d+$"), "a waste basket"),
    (re.compile(r"\.nfs[0-9a-f]{16,}$"), "a deleted file that a program still holds open (NFS)"),
    (re.compile(r"\.fuse_hidden[0-9a-f]+$"), "a deleted file that a program still holds open (FUSE)"),
    (re.compile(r".+@syno(eastream|resource)$"), "metadata kept by a Synology NAS"),
)


def system_item(path: str) -> tuple[str, str] | None:
    """Return the part of a path that a system added, and its description; `None` for a person's own file.

    The part can be a folder: for `scans/@eaDir/1.tif/thumb.jpg` it is `scans/@eaDir`.
    """
    end = 0
    for part in path.split("/"):
        end += len(part) + 1
        description = _describe(part)
        if description is not None:
            return path[: end - 1], description
    return None


@lru_cache(maxsize=4096)  # in a deep tree the same folder names are checked many times
def _describe(name: str) -> str | None:
    folded = name.casefold()
    known = _NAMES.get(folded)
    if known is not None:
        return known
    return next((description for pattern, description in _PATTERNS if pattern.match(folded)), None)
