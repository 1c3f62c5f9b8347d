"""The kinds of findings about the archive that contains a bag."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_AGAIN = "fetch or copy the archive again, or ask its maker for a correct one"
_UNUSABLE = ExitCode.INPUT_UNUSABLE

DAMAGED = Kind(
    "archive.damaged", _ERROR, "The archive is truncated or broken: a part of it cannot be read.", _AGAIN,
    exit_code=_UNUSABLE,
)  # fmt: skip
END_MISSING = Kind(
    "archive.end-missing", _WARNING, "A tar ends without its end mark: it may be truncated.", _AGAIN,
)  # fmt: skip
FOREIGN_DATA = Kind(
    "archive.foreign-data", _WARNING, "The archive contains bytes that belong to no member.",
    "no tool extracts them and no digest protects them: find out who added them",
)  # fmt: skip
TWO_READINGS = Kind(
    "archive.two-readings", _ERROR, "Other programs read other files from this archive, or another format.",
    "do not extract it before you know who made it; ask them to make the archive again", exit_code=_UNUSABLE,
)  # fmt: skip
UNSAFE_MEMBER = Kind(
    "archive.unsafe-member", _ERROR, "A member's name leads outside the folder to which it is extracted.",
    "the member was not read; do not extract this archive before you know who made it", "RFC 8493 §5.1",
)  # fmt: skip
DUPLICATE_MEMBER = Kind(
    "archive.duplicate-member", _ERROR, "Two members have the same name: tools extract different ones.",
    "ask the maker of the archive which one is correct; the first was checked",
)  # fmt: skip
LYING_SIZE = Kind(
    "archive.lying-size", _ERROR, "Tools read the headers of a member in different ways.",
    "tools extract different files from it: do not trust it before you know who made it",
)  # fmt: skip
CHECKSUM_DIFFERS = Kind(
    "archive.checksum-differs", _ERROR, "A member of a zip differs from the zip's checksum.", _AGAIN,
)  # fmt: skip
MEMBER_UNREADABLE = Kind(
    "archive.member-unreadable", _ERROR, "A member is encrypted, or packed with an unsupported method.",
    "extract it with the program that made it (with its password, if it has one) and verify the folder, "
    "or make the archive again without a password and with the method deflate", exit_code=_UNUSABLE,
)  # fmt: skip
BACKSLASHES = Kind(
    "archive.backslashes", _WARNING, "The names in a zip contain `\\`, which was read as `/`.",
    "some tools do not read it as `/`: make the archive again, for example with PowerShell 7 or 7-Zip",
    "APPNOTE.TXT 6.3 §4.4.17.1",
)  # fmt: skip
BACKSLASH = Kind(
    "archive.backslash-in-name", _ERROR, "A name in a zip contains a `\\`, which some tools read as a `/`.",
    "extract the archive with the program that made it and verify the folder, or make the archive again "
    "with another program", "APPNOTE.TXT 6.3 §4.4.17.1",
)  # fmt: skip
VOLUME_LABEL = Kind(
    "archive.volume-label", _WARNING, "A tar has a volume label; some tools extract it as an empty file.",
    "nothing is lost; make the archive without a label (GNU tar's option -V) so that all tools agree",
)  # fmt: skip
LINKED_FILES = Kind(
    "archive.hard-links", _NOTE, "Files of a tar are hard links to earlier ones, and were read as copies.",
    "nothing needs to be done; `unpack` writes each as a separate file",
)  # fmt: skip
SPARSE_FILES = Kind(
    "archive.sparse-files", _NOTE, "Files of a tar are stored without their zeros, and were read with them.",
    "nothing needs to be done; `unpack` writes the zeros",
)  # fmt: skip
OUTSIDE_BAG = Kind(
    "archive.outside-bag", _WARNING, "Members are outside the one folder that is the bag.",
    "no manifest lists them; they were not checked, and `unpack` leaves them out",
)  # fmt: skip
SPECIAL_MEMBER = Kind(
    "archive.special-member", _ERROR, "The archive contains a link, a device or similar outside the bag.",
    "do not extract this archive with other tools before you know who made it", "RFC 8493 §5.1",
)  # fmt: skip
NO_BASE_FOLDER = Kind(
    "archive.no-base-folder", _WARNING, "The bag's files are at the top of the archive, in no folder.",
    "extract it into a new folder",
)  # fmt: skip
SEVERAL_BAGS = Kind(
    "archive.several-bags", _ERROR, "The archive contains more than one bag; only the first was checked.",
    "extract it and verify each bag separately",
)  # fmt: skip
TOO_MANY_MEMBERS = Kind(
    "archive.too-many-members", _ERROR, "The archive contains more members than the limit allows.",
    "if you trust its maker, raise the limit with --max-members", exit_code=_UNUSABLE,
)  # fmt: skip
EXPANDS_TOO_FAR = Kind(
    "archive.expands-too-far", _ERROR, "The archive expands to more bytes than the limit allows.",
    "if you trust its maker, raise the limit with --max-expansion", exit_code=_UNUSABLE,
)  # fmt: skip
TOO_DEEP = Kind(
    "archive.too-deep", _ERROR, "A member is nested in more folders than the limit allows.",
    "if you trust its maker, raise the limit with --max-depth", exit_code=_UNUSABLE,
)  # fmt: skip
