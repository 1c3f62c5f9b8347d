"""Compares two bags: what only one of them has, and what differs.

`compare` has the request and the steps. `side` opens and reads one bag. `pairing` pairs the files of both
bags and assigns each to a class. `metadata` and `trust` compare tag files and attestations, field by field if
`documents` knows the fields. `result` has the complete comparison, its verdicts and its facts; `findings`
reports it, with the kinds in `finding_kinds`.
"""
