"""The kinds of findings about a bag, each with the clause of RFC 8493 on which it is based."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_RESTORE = "restore this file from another copy, then verify again"
_REMAKE = "ask the maker of the bag for a correct one, or make a new one with archtool pack"

BAG_UNREADABLE = Kind(
    "bag.unreadable", _ERROR, "The bag cannot be read.", "check the path and the permissions",
    exit_code=ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
NOT_A_BAG = Kind(
    "bag.not-a-bag", _ERROR, "The folder or archive contains nothing that makes it a bag.",
    "name the bag's own folder, or an archive of it", "RFC 8493 §2", ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
DECLARATION_MISSING = Kind(
    "declaration.missing", _ERROR, "There is no bagit.txt, which declares a folder to be a bag.",
    "check that this is the bag's own folder; if so, " + _REMAKE, "RFC 8493 §2.1.1",
)  # fmt: skip
DECLARATION_MALFORMED = Kind(
    "declaration.malformed", _ERROR, "bagit.txt does not consist of the two required lines in their order.",
    "bagit.txt contains `BagIt-Version: M.N`, then `Tag-File-Character-Encoding: UTF-8`, and nothing else",
    "RFC 8493 §2.1.1",
)  # fmt: skip
DECLARATION_BOM = Kind(
    "declaration.bom", _ERROR, "bagit.txt begins with a byte-order mark.",
    "save bagit.txt as UTF-8 without a byte-order mark", "RFC 8493 §2.1.1",
)  # fmt: skip
VERSION_UNKNOWN = Kind(
    "declaration.version-unknown", _ERROR, "The bag declares a version of BagIt that archtool does not know.",
    "0.93 to 0.97 and 1.0 are known; a later version of archtool can know more", "RFC 8493 §2.1.1",
)  # fmt: skip
ENCODING_UNKNOWN = Kind(
    "declaration.encoding-unknown", _ERROR, "bagit.txt names a character encoding that does not exist.",
    "it should be UTF-8", "RFC 8493 §2.1.1",
)  # fmt: skip
NO_PAYLOAD_FOLDER = Kind(
    "bag.no-payload-folder", _ERROR, "There is no folder `data/`.", _REMAKE, "RFC 8493 §2.1.2",
)  # fmt: skip
TAG_FILE_UNREADABLE = Kind(
    "bag.tag-file-unreadable", _ERROR, "A tag file exists but cannot be read.",
    "check its permissions and the disk, then verify again", "RFC 8493 §3", ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
TAG_FILE_TOO_LARGE = Kind(
    "bag.tag-file-too-large", _ERROR, "A tag file is larger than archtool reads into memory.",
    "the limit is archtool's, BagIt has none: check the file with another program, such as sha512sum -c",
    exit_code=ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
TAG_FILE_ENCODING = Kind(
    "bag.tag-file-encoding", _ERROR, "A tag file is not in the encoding that bagit.txt declares.", _REMAKE,
    "RFC 8493 §2.3",
)  # fmt: skip
TAG_FILE_BOM = Kind(
    "bag.tag-file-bom", _ERROR, "A tag file begins with a byte-order mark that its encoding does not need.",
    _REMAKE, "RFC 8493 §2.3",
)  # fmt: skip
LINE_TOO_LONG = Kind(
    "bag.line-too-long", _ERROR, "A line of a manifest or of fetch.txt is longer than any usable path.",
    _REMAKE, exit_code=ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
TOO_MANY_ERRORS = Kind(
    "bag.too-many-errors", _ERROR, "A tag file has so many faults that it was not read to its end.", _REMAKE,
    exit_code=ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
NOT_A_FILE = Kind(
    "bag.not-a-file", _ERROR, "The bag contains a link, FIFO, socket or device, which has no bytes.",
    "replace it by the intended file, or remove it", "RFC 8493 §5.1",
)  # fmt: skip
FOLDER_UNREADABLE = Kind(
    "bag.folder-unreadable", _ERROR, "A folder of the bag cannot be listed.",
    "check its permissions and the disk, then verify again", exit_code=ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
EMPTY_FOLDER = Kind(
    "bag.empty-folder", _NOTE, "A folder of the payload is empty: no manifest can list it.",
    "put a file into it (for instance `.keep`) if the folder itself is important", "RFC 8493 §2.1.3",
)  # fmt: skip

MANIFEST_NONE = Kind(
    "manifest.none", _ERROR, "There is no payload manifest.", _REMAKE, "RFC 8493 §2.1.3"
)  # fmt: skip
MANIFEST_TOO_MANY = Kind(
    "manifest.too-many", _ERROR, "There are more manifests than archtool reads.", _REMAKE,
    exit_code=ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
MANIFEST_NAME = Kind(
    "manifest.name", _ERROR, "A manifest's file name is not `manifest-` and a lower-case algorithm.",
    "rename the manifest to the name given, on the disk and in the tag manifests; or " + _REMAKE,
    "RFC 8493 §2.4",
)  # fmt: skip
MANIFEST_ALGORITHM = Kind(
    "manifest.algorithm-unknown", _WARNING, "A manifest uses an algorithm that archtool cannot compute.",
    "its digests were not checked; the other manifests were", "RFC 8493 §2.4",
)  # fmt: skip
MANIFEST_NO_KNOWN = Kind(
    "manifest.no-known-algorithm", _ERROR, "No manifest uses an algorithm that archtool can compute.",
    "no payload file was checked: use a tool that knows the algorithm", "RFC 8493 §2.4",
)  # fmt: skip
MANIFEST_WEAK = Kind(
    "manifest.weak-algorithm", _NOTE, "All manifests use algorithms for which collisions can be made.",
    "they find accidental changes; add a sha512 manifest to find deliberate ones", "RFC 8493 §5.4",
)  # fmt: skip
MANIFEST_LINE = Kind(
    "manifest.line-malformed", _ERROR, "A line of a manifest is not a digest, blanks and a path.", _REMAKE,
    "RFC 8493 §2.1.3",
)  # fmt: skip
MANIFEST_DIGEST = Kind(
    "manifest.digest-malformed", _ERROR, "A digest in a manifest does not fit its algorithm.", _REMAKE,
    "RFC 8493 §2.1.3",
)  # fmt: skip
MANIFEST_MD5SUM = Kind(
    "manifest.md5sum-form", _WARNING, "A manifest's line has the form that md5sum writes (`*` or `./`).",
    "archtool read it as md5sum does; other tools may refuse it", "RFC 8493 §6.1.3",
)  # fmt: skip
MANIFEST_UNSAFE = Kind(
    "manifest.unsafe-path", _ERROR, "A manifest names a path that leads outside the bag.",
    "the path was not opened; do not trust this bag before you know who made it", "RFC 8493 §5.1",
)  # fmt: skip
MANIFEST_PATH = Kind(
    "manifest.path-malformed", _ERROR, "A manifest names a path that is not in its plain form.", _REMAKE,
    "RFC 8493 §2.1.3",
)  # fmt: skip
MANIFEST_FOLDER = Kind(
    "manifest.lists-folder", _ERROR, "A manifest lists a folder: only files can be listed.", _REMAKE,
    "RFC 8493 §2.1.3",
)  # fmt: skip
MANIFEST_NOT_ENCODED = Kind(
    "manifest.name-not-encoded", _WARNING, "A manifest contains a name that is not percent-encoded.",
    "it was read unchanged; CR, LF and (since 1.0) % must be written %0D, %0A and %25",
    "RFC 8493 §2.1.3",
)  # fmt: skip
MANIFEST_OUTSIDE = Kind(
    "manifest.not-payload", _ERROR, "A payload manifest lists something that is not below data/.", _REMAKE,
    "RFC 8493 §2.1.3",
)  # fmt: skip
MANIFEST_TAG_FILE = Kind(
    "manifest.lists-tag-file", _WARNING, "A payload manifest of an old bag lists something outside data/.",
    "the file was checked; since 1.0 only tag manifests may list it", "RFC 8493 §2.1.3",
)  # fmt: skip
MANIFEST_OMITS = Kind(
    "manifest.omits-file", _NOTE, "A payload file of an old bag is listed in some manifests only.",
    "allowed before 1.0; fewer digests protect this file", "RFC 8493 §3",
)  # fmt: skip
MANIFEST_TWICE = Kind(
    "manifest.listed-twice", _ERROR, "A manifest lists the same file more than once (1.0).", _REMAKE,
    "RFC 8493 §2.1.3",
)  # fmt: skip
MANIFEST_REPEATED = Kind(
    "manifest.repeated-line", _WARNING, "A manifest of an old bag lists a file twice, with the same digest.",
    "nothing is lost; since 1.0 every file must be listed exactly once", "RFC 8493 §2.1.3",
)  # fmt: skip
MANIFEST_CONTRADICTION = Kind(
    "manifest.contradiction", _ERROR, "A manifest lists two different digests of one file.", _REMAKE,
    "RFC 8493 §2.1.3",
)  # fmt: skip
TAGMANIFEST_PAYLOAD = Kind(
    "tagmanifest.lists-payload", _ERROR, "A tag manifest lists something below data/.", _REMAKE,
    "RFC 8493 §2.2.1",
)  # fmt: skip
TAGMANIFEST_SELF = Kind(
    "tagmanifest.lists-tag-manifest", _ERROR,
    "A tag manifest lists a tag manifest; in a bag before 1.0 this is a note.", _REMAKE, "RFC 8493 §2.2.1",
)  # fmt: skip
TAGMANIFEST_OMITS = Kind(
    "tagmanifest.omits-manifest", _ERROR,
    "A tag manifest does not list every payload manifest; in a bag before 1.0 this is a note.", _REMAKE,
    "RFC 8493 §2.2.1",
)  # fmt: skip
TAGMANIFEST_UNLISTED = Kind(
    "tagmanifest.unlisted-file", _WARNING, "A tag file is in no tag manifest: no digest protects it.",
    "if it belongs to the bag, its tag manifests should list it", "RFC 8493 §2.2.1",
)  # fmt: skip
TAGMANIFEST_SETS = Kind(
    "tagmanifest.sets-differ", _WARNING, "A tag manifest omits a tag file that another one lists.",
    "each tag manifest should list the same files", "RFC 8493 §2.2.1",
)  # fmt: skip

INFO_LINE = Kind(
    "baginfo.line-malformed", _ERROR, "A line of bag-info.txt is not `Label: value`.", _REMAKE,
    "RFC 8493 §2.2.2",
)  # fmt: skip
INFO_BLANK = Kind(
    "baginfo.blank-line", _WARNING, "bag-info.txt contains empty lines.",
    "other tools may refuse them; remove them in the next version", "RFC 8493 §2.2.2",
)  # fmt: skip
INFO_REPEATED = Kind(
    "baginfo.repeated", _WARNING, "bag-info.txt repeats a label that should occur once.",
    "find out which of the values is correct", "RFC 8493 §2.2.2",
)  # fmt: skip
OXUM_MALFORMED = Kind(
    "oxum.malformed", _ERROR, "Payload-Oxum is not `bytes.files`.", _REMAKE, "RFC 8493 §2.2.2"
)  # fmt: skip
OXUM_TWICE = Kind(
    "oxum.repeated", _ERROR, "Payload-Oxum is given more than once.", _REMAKE, "RFC 8493 §2.2.2"
)  # fmt: skip
OXUM_DIFFERS = Kind(
    "oxum.differs", _ERROR, "The payload differs in size or number of files from bag-info.txt.",
    "check the missing and unlisted files below", "RFC 8493 §2.2.2",
)  # fmt: skip
FETCH_LINE = Kind(
    "fetch.line-malformed", _ERROR, "A line of fetch.txt is not a URL, a length and a path.", _REMAKE,
    "RFC 8493 §2.2.3",
)  # fmt: skip
FETCH_URL = Kind(
    "fetch.url-malformed", _ERROR, "fetch.txt names something that is not an absolute URI.", _REMAKE,
    "RFC 8493 §2.2.3",
)  # fmt: skip
FETCH_LENGTH = Kind(
    "fetch.length-malformed", _ERROR, "A length in fetch.txt is neither digits nor `-`.", _REMAKE,
    "RFC 8493 §2.2.3",
)  # fmt: skip
FETCH_OUTSIDE = Kind(
    "fetch.not-payload", _ERROR, "fetch.txt lists something that is not below data/.", _REMAKE,
    "RFC 8493 §2.2.3",
)  # fmt: skip
FETCH_UNSAFE = Kind(
    "fetch.unsafe-path", _ERROR, "fetch.txt names a path that leads outside the bag.",
    "the path was not opened or fetched; do not trust this bag before you know who made it", "RFC 8493 §5.1",
)  # fmt: skip
FETCH_UNLISTED = Kind(
    "fetch.not-in-manifest", _ERROR, "fetch.txt names a file that a payload manifest does not list.", _REMAKE,
    "RFC 8493 §2.2.3",
)  # fmt: skip
FETCH_HOLE = Kind(
    "complete.to-fetch", _ERROR, "A payload file is not present yet: fetch.txt lists its URL.",
    "get the missing files with archtool fetch, then verify again", "RFC 8493 §3",
)  # fmt: skip

FILE_MISSING = Kind(
    "complete.file-missing", _ERROR, "A manifest lists a file that is missing.", _RESTORE, "RFC 8493 §3"
)  # fmt: skip
FILE_RENAMED = Kind(
    "complete.file-renamed", _ERROR,
    "A listed file is missing, and an unlisted file has the same bytes.",
    "rename it back; nothing was lost", "RFC 8493 §3",
)  # fmt: skip
FILE_UNLISTED = Kind(
    "complete.file-unlisted", _ERROR, "A file below data/ is not listed in a payload manifest.",
    "find out who added it; remove it if it does not belong there", "RFC 8493 §3",
)  # fmt: skip

DIGEST_MISMATCH = Kind(
    "fixity.digest-mismatch", _ERROR, "A file differs from the digest in a manifest.", _RESTORE,
    "RFC 8493 §3",
)  # fmt: skip
READ_UNSTABLE = Kind(
    "fixity.read-unstable", _ERROR, "Two readings of one file returned different bytes.",
    "suspect the disk, the memory or the network: copy the bag elsewhere and verify it there", "RFC 8493 §3",
)  # fmt: skip
NOT_CHECKED = Kind(
    "fixity.not-checked", _ERROR, "A file is listed only with algorithms that archtool cannot compute.",
    "the file was not compared: use a tool that knows the algorithm", "RFC 8493 §3",
)  # fmt: skip
FILE_UNREADABLE = Kind(
    "fixity.file-unreadable", _ERROR, "A file exists but could not be read to its end.",
    "check its permissions and the disk, then verify again", exit_code=ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
FILE_CHANGED = Kind(
    "fixity.changed-while-read", _ERROR, "A file changed while it was being read: it has no definite digest.",
    "wait until nothing writes to the bag any more, then verify again", exit_code=ExitCode.INPUT_UNUSABLE,
)  # fmt: skip

UNICODE_FORM = Kind(
    "name.unicode-form", _WARNING, "A name on disk and in the manifest differ only in their Unicode form.",
    "a system has changed the form of the name; the bytes were checked", "RFC 8493 §6.1.1.3",
)  # fmt: skip
UNICODE_TWINS = Kind(
    "name.unicode-twins", _ERROR, "Two names differ only in their Unicode form.",
    "rename one of them: on many systems they are one name", "RFC 8493 §6.1.1.3",
)  # fmt: skip
CASE_TWINS = Kind(
    "name.case-twins", _WARNING, "Two names differ only in upper and lower case.",
    "Windows and macOS cannot store both; rename one in the next version of the package", "RFC 8493 §6.1.2",
)  # fmt: skip
SECOND_OPINION = Kind(
    "second-opinion.differs", _WARNING, "The Library of Congress bagit library returns another verdict.",
    "read its messages; archtool's own findings are based on the clauses that they name", "RFC 8493 §3",
)  # fmt: skip
SECOND_OPINION_SAME = Kind(
    "second-opinion.agrees", _NOTE, "The Library of Congress bagit library returns the same verdict.",
    "nothing to do",
)  # fmt: skip
SECOND_OPINION_NONE = Kind(
    "second-opinion.not-asked", _WARNING, "The Library of Congress bagit library was not run.",
    "it reads folders only: run archtool unpack, then verify the folder",
)  # fmt: skip

# The kinds of findings about a bag that violates a BagIt profile.

_PROFILE_SOURCE = "BagIt Profiles 1.4"
_PROFILE_ADVICE = "ask for a bag that follows the profile, or verify against another profile"


PROFILE_WEAK_ALGORITHM = Kind(
    "profile.weak-algorithm", Severity.NOTE,
    "A manifest is written in an algorithm for which collisions can be made, because a profile requires it.",
    "nothing to do: it finds accidental changes; other manifests and a signature find deliberate ones",
    "RFC 8493 §5.4",
)  # fmt: skip
PROFILE_FORM_NOT_CHECKED = Kind(
    "profile.form-not-checked", Severity.NOTE,
    "The profile has rules about archives, and check does not know the form of the package.",
    "pack compares the ending of -o with the profile: archtool pack DESCRIPTION -o NAME.tar --profile FILE",
    _PROFILE_SOURCE,
)  # fmt: skip


def _kind(code: str, summary: str) -> Kind:
    return Kind(f"profile.{code}", Severity.ERROR, summary, _PROFILE_ADVICE, _PROFILE_SOURCE)


PROFILE_VERSION = _kind("version-not-accepted", "The profile does not accept bags of this version of BagIt.")
PROFILE_LABEL_MISSING = _kind("label-missing", "bag-info.txt lacks a label that the profile requires.")
PROFILE_LABEL_VALUE = _kind(
    "label-value", "A label of bag-info.txt has a value that the profile does not allow."
)
PROFILE_LABEL_REPEATED = _kind("label-repeated", "bag-info.txt repeats a label that the profile allows once.")
PROFILE_MANIFEST_REQUIRED = _kind("manifest-required", "A manifest that the profile requires is missing.")
PROFILE_MANIFEST_NOT_ALLOWED = _kind("manifest-not-allowed", "The profile does not allow this manifest.")
PROFILE_FETCH_NOT_ALLOWED = _kind("fetch-not-allowed", "The profile does not allow fetch.txt.")
PROFILE_FETCH_REQUIRED = _kind("fetch-required", "The profile requires fetch.txt.")
PROFILE_PAYLOAD_NOT_EMPTY = _kind("payload-not-empty", "The profile requires an empty payload.")
PROFILE_SERIALISATION = _kind(
    "serialization-required", "The profile requires a serialised bag; this is a folder."
)
PROFILE_SERIALISATION_FORBIDDEN = _kind(
    "serialization-forbidden", "The profile requires a folder, not an archive."
)
PROFILE_SERIALISATION_FORMAT = _kind(
    "serialization-format", "The profile does not accept this format of archive."
)
PROFILE_FOLDER_NAME = _kind(
    "folder-name", "The folder in the archive has not the name of the archive, as the profile requires."
)
PROFILE_FILE_REQUIRED = _kind("file-required", "A file that the profile requires is missing.")
PROFILE_FILE_NOT_ALLOWED = _kind("file-not-allowed", "The profile does not allow this file.")
