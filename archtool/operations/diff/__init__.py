"""Compares two bags: what only one of them has, and what is not the same in both.

Read from the top: `compare` has the request and the steps. `side` opens one bag and reads it. `pairing` pairs
the files of both and puts each into a class. `metadata` and `trust` compare tag files and attestations, field
by field where `documents` knows the fields. `result` has all that was seen, as verdicts and facts, which
`findings` reports; each finding is of one of the `kinds`.
"""
