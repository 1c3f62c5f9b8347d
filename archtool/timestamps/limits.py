"""How large timestamps, certificates and evidence records can be before they are refused."""

from __future__ import annotations

MAX_CERTIFICATES = 32  # in one signed data; four are many
MAX_PATH = 8  # certificates from a signer to a root
MAX_ISSUERS_TRIED = 256  # of one search: certificates that issue each other in circles end here

MAX_INTEGER_BYTES = 64  # serial numbers have 20, nonces a few more
MAX_OID_BYTES = 64  # the longest ones in use have 12

MAX_NAMED = 20  # files in findings of one kind; more add no information

MAX_RECORD_BYTES = 64 * 1024 * 1024  # 66 bytes for each file and chain: a million files in one chain
MAX_TIMESTAMPS = 1000  # in one record: one a month for eighty years
MAX_STEPS = 64  # to the root of a tree: enough for 2**64 packages

MAX_RSA_BITS = 16384  # the time of a check grows with the square of the length

MAX_TIMESTAMP_BYTES = 256 * 1024  # with all certificates 10 kB; with revocation lists some hundred kB
MAX_SHOWN_CHARS = 300
