"""How much one command reads, keeps in memory and compares."""

from __future__ import annotations

from archtool.description.limits import MAX_VALUES

MAX_CLAIMS = 1000  # each processes every byte of its file: a hostile inventory must not multiply the work

MAX_JSON_DEPTH = 128  # twice the depth of a description: recursive checks must end
MAX_DESCRIBED_VALUES = 4 * MAX_VALUES  # several values can be derived from one value of the description

MAX_DRAFT_FILES = 10_000  # a description that names more was not written by hand

MAX_FILES_WITH_PROPERTIES = 20  # whose properties a draft tells: each PDF takes a quarter of a second

MAX_DIFFERENCES_PER_FILE = 200  # people read no more, and a hostile document can have millions

MAX_FINDINGS_OF_ONE_KIND = 1_000  # two bags can differ in millions of files

MAX_SIDECAR_FILES = 100_000  # ten for each of the 9,999 attestations that there can be
MAX_SIDECAR_BYTES = 256 * 1024 * 1024  # all of it is kept in memory until it is judged

MAX_GROUP_FILES = 2_000_000  # in the list of a group: half a kilobyte of memory for each
MAX_LIST_FAULTS = 1_000  # wrong lines of one list that are reported; a hostile list can have millions
MAX_PARTS = 200  # of one payload: all are open at a time, until their digests are known

MAX_EVIDENCE_BYTES = 256 * 1024 * 1024  # kept in memory until it is signed: some million manifest lines

MAX_OWN_TAG_BYTES = 64 * 1024 * 1024  # of one package: kept in memory until it is signed

MAX_PATTERNS = 1_000  # of `left-out` in one folder: each is compared with each undeclared file

MAX_PATTERN_MATCHES = 10_000  # files that one pattern declares one by one; a folder can declare any number
MAX_NAMED = 1_000  # undeclared files that are reported by name; all of them are counted

MAX_COMPARED = 200  # names that a missing name is compared with: those next to it in alphabetical order

MAX_SOURCE_FILES = 2_000_000  # a description in a home folder must not start a walk of hours

MAX_RECORDS_BYTES = 128 * 1024 * 1024  # of all records together: they stay in memory until all files are read

MAX_POLICY_BYTES = 1024 * 1024

MAX_TRUST_FILE_BYTES = 16 * 1024 * 1024  # some hundred thousand signers
MAX_AUTHORITIES_BYTES = 16 * 1024 * 1024  # a system's whole list of roots has 0.3 MB

MAX_CANDIDATES = 10_000  # unlisted files: each is read, and a hostile bag can contain any number

MAX_ATTEMPTS = 3  # if the lock is not free in time, the package can change again

MAX_SIMILAR_NAMES = 10_000  # names that a missing name is compared with: each comparison takes time

MAX_ATTESTATION_BYTES = 256 * 1024 * 1024  # a chain of about 800 attestations; all of it is kept in memory

MAX_ENTRIES = 10_000_000  # in a folder that is searched: the wrong one must not keep a run busy for a day

MAX_QUOTED_BYTES = 512 * 1024 * 1024  # of texts that are read to show their lines: some seconds

MAX_PROPOSED_ANNEXES = 12  # in a draft: more rows of asterisks are probably chapters
MAX_PROPOSED_BYTES = 128 * 1024 * 1024  # of a text that is searched for annexes: some seconds

MAX_EXPORTED_TEXT_BYTES = 16 * 1024 * 1024  # of one package: a long book has 2 MB, and lines take memory
