"""Values that hostile and careless programs write into the headers of archives."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

ESCAPED = Path(tempfile.gettempdir(), "archtool-escaped")
"""An absolute path that is writable for all users: a member that leaves its archive would be found there."""
NAMES = (
    b"../escaped", os.fsencode(ESCAPED), b"//escaped", b"bag/../../escaped",
    b"bag/data/../../../escaped",
    b"~/escaped", b"~root/x", b"", b".", b"..", b"/", b"./", b"./bag/data/a", b"bag//data/a", b"bag/./data/a",
    b"bag/data/a/", b"bag/data", b"bag/data/", b"bag", b"bag/", b"bag/data/a/b", b"bag/DATA/a",
    b"Bag/bagit.txt",
    b"bag/data/A", b"bag\\data\\a", b"..\\..\\escaped", b"C:\\x", b"C:x", b"bag/data/a\\b", b"bag/data/x\0y",
    b"bag/data/\xff", b"bag/data/\xc3\xa9", b"bag/data/e\xcc\x81", b"bag/data/a ", b"bag/data/ a",
    b"bag/data/a.", b"bag/data/CON", b"bag/data/\n", b"bag/data/\x1b[2J", b"bag/data/" + b"n" * 80,
    b"bag/data/" + b"n" * 300, b"bag/" + b"d/" * 40 + b"x", b"bag/" + b"d/" * 400 + b"x", b"other/bagit.txt",
    b"other/x", b"bagit.txt", b"data/a", b"bag/bagit.txt", b"bag/manifest-sha512.txt", b"bag/data/new",
    b"bag/tagmanifest-sha512.txt", b"bag/fetch.txt", b"bag/metadata/x", b"bag/.hidden", b"bag-evil/outside",
    b"././@LongLink", b"PaxHeader/x", b"bag/data/*", b"bag/data/[a]", b"-rf", b"--checkpoint-action=exec=x",
    b"@x", b"bag/data/a:b", b"bag/data/\xe2\x80\xaea", b"outside",
)  # fmt: skip
TARGETS = (
    b"bag/data/a", b"data/a", b"a", b"../../outside", b"../../../outside", b"/etc/passwd", b"..", b".", b"/",
    b"bag/bagit.txt", b"bag/data", b"nowhere", b"", b"outside", b"../outside", b"bag/data/link",
)  # fmt: skip
NUMBERS = (
    b"", b"0", b"1", b"7", b"-1", b"00000000000", b"77777777777", b"777777777777", b"00000000001\0",
    b"            ", b"0x10", b"8", b"1 1", b" 5", b"5 ", b"5\0" + b"7" * 10, b"1_0", b"+5", b"\xff" * 12,
    b"\x80" + b"\0" * 11, b"\x80" + b"\0" * 10 + b"\x05", b"\x80" + b"\xff" * 11, b"\xff" * 11 + b"\xfb",
    b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", b"1777777777777777777777", b"\xc2\xb2",
)  # fmt: skip
PAX_KEYS = (
    b"path", b"linkpath", b"size", b"mtime", b"uid", b"gid", b"uname", b"charset", b"hdrcharset", b"comment",
    b"GNU.sparse.name", b"GNU.sparse.size", b"GNU.sparse.realsize", b"GNU.sparse.major", b"GNU.sparse.minor",
    b"GNU.sparse.map", b"GNU.sparse.numblocks", b"GNU.sparse.offset", b"GNU.sparse.numbytes",
    b"SCHILY.xattr.user.x", b"SCHILY.realsize", b"LIBARCHIVE.xattr.x", b"RHT.security.selinux", b"realtime.x",
    b"", b"\xff", b"x\0y", b"a=b", b"SCHILY.filetype", b"GNU.volume.label", b"GNU.dumpdir", b"atime",
)  # fmt: skip
PAX_VALUES = (
    b"", b"0", b"1", b"-1", b"5", b"99999999999999999999", b"nan", b"inf", b"-inf", b"1e400", b"1.5", b"\xff",
    b"x", b"\0", b"BINARY", b"ISO-IR 10646 2000 UTF-8", b"0,1", b"0,1,2", b"0,0,1,1", b"directory",
    b"\xd9\xa3",
    b"1_0", b" 1", b"+1",
)  # fmt: skip
EXTRAS = (
    b"", b"\0", b"\1\0", b"\1\0\x08\0" + b"\5" + b"\0" * 7, b"\1\0\xff\xff", b"\1\0\0\0",
    b"\1\0\x10\0" + b"\xff" * 16, b"\x99\x99\4\0abcd", b"\x75\x70\5\0\1abcd", b"UT\5\0\3\0\0\0\0",
    b"\x99\x90\7\0\2\0AE\3\0\0", b"\x75\x78\x0b\0\1\4\0\0\0\0\4\0\0\0\0", b"\xca\xfe\0\0",
)  # fmt: skip
RUBBISH = (b"\0", bytes(512), b"x", b"x" * 700, b"PK\3\4", b"PK\5\6" + bytes(18), b"PK\1\2", b"\x1f\x8b\x08")
NUMBERS_OF_A_ZIP = (0, 1, 2, 5, 30, 46, 255, 512, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)
