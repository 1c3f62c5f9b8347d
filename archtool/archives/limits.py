"""Limits above which an archive is refused: a hostile one can fill memory or disk, or take endless time."""

from __future__ import annotations

from dataclasses import dataclass

MAX_MEMBERS = 2_000_000  # each takes some hundred bytes of memory
MAX_EXPANSION = 250  # bytes out for each byte in, over the whole archive; text rarely reaches 20
MAX_DEPTH = 256  # nested folders; every folder is a step on the way to each of its files
MAX_TINY_STREAMS = 10_000  # consecutive compressed streams, and one more for each MIN_STREAM_BYTES
MIN_STREAM_BYTES = 256  # unpacked: even one stream for each file has at least 512 bytes of a tar
MIN_JUDGED_BYTES = 64 * 1024 * 1024  # an archive that expands to less does no harm, whatever the ratio

MAX_HEADER_BYTES = 1024 * 1024  # one header of a tar: a name of 4,096 bytes and some attributes
MAX_MEMBER_HEADER_BYTES = 8 * 1024 * 1024  # all headers of one member, with the map of a sparse file
MAX_SPARSE_PIECES = 250_000  # of all sparse files of a tar: each takes some hundred bytes of memory
MAX_SHARED_BYTES = 64 * 1024 * 1024  # a file kept in memory for the hard links to it in a compressed tar
MAX_HEADERS_REPEATED = 1_000  # attributes that apply to all following members of a tar
MAX_XZ_MEMORY_BYTES = 256 * 1024 * 1024  # `xz -9` needs 65 MiB; a header can ask for 4 GiB
MAX_KEPT_BYTES = 64 * 1024 * 1024  # tag files kept from the first pass over a compressed tar
MAX_FINDINGS_OF_ONE_KIND = 1_000  # more than a person reads


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that a user who trusts the archive can raise."""

    members: int = MAX_MEMBERS
    expansion: int = MAX_EXPANSION
    depth: int = MAX_DEPTH


MAX_SIZE_BYTES = 2**63  # no file system stores more, and seeking would overflow

MAX_OFFSET = 2**63  # no file is longer, and seeking further raises an error
