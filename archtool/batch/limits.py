"""How many jobs a batch can have, and how large their parts can be."""

from __future__ import annotations

from archtool.description.limits import MAX_DESCRIPTION_BYTES

MAX_CHUNK_JOBS = 100
MAX_CHUNK_PAYLOAD_BYTES = 256 * 1024 * 1024  # some seconds of a common disk
MAX_CHUNK_SENT_BYTES = 1024 * 1024  # before compression: jobs can hold whole descriptions
MAX_FILES_COUNTED = 1_000  # to estimate a payload's size: a folder with more files fills a chunk anyway

MAX_SENDINGS = 5  # of one chunk that no worker could run

MAX_TRIES = 3  # another worker can do the same job, and each can block the other for an instant
MAX_IDLE_SECONDS = 30.0  # an idle process gets no job after that time

MAX_RUNS = 8  # at a time on one cluster, a worker keeps that many configurations

MAX_CHUNKS_SENT = 1_000  # for any size of cluster: the scheduler keeps sent chunks in memory

MAX_MESSAGE_CHARACTERS = 1000  # a line must stay short enough to be read; the job's result has the full text

MAX_RECORDED_FINDINGS = 20  # of one failed job: more than a person reads before correcting some of them
MAX_RECORDED_CHARACTERS = 10_000  # of one failed job's findings: its line must be shorter than MAX_LINE_BYTES

MAX_SHARDS = 10_000  # every run reads the journals of all shares

MAX_LINE_BYTES = 64 * 1024  # a key is a path, and paths are shorter than 4 KiB

MAX_LINES = 10_000_000

MAX_KEY_CHARACTERS = 1_000  # the output folder comes before it, and a path has at most 4,096 bytes
MAX_NAME_BYTES = 255

MAX_JSON_LINE_BYTES = MAX_DESCRIPTION_BYTES + 64 * 1024  # a description and its wrapper
