"""The tables of the register, as numbered migrations: each raises the version of the schema by one.

A migration that was released is never changed; a change of the tables is a new one at the end. The events are
the register: all other tables follow from them (`projection`) and can be rebuilt.

Source: SQLite, https://www.sqlite.org/stricttables.html and /gencol.html (3.38 or later for `->>`).
"""

from __future__ import annotations

APPLICATION_ID = 0x41524348  # "ARCH" (PRAGMA application_id)
MIN_SQLITE = (3, 38, 0)  # the operator ->>

_EVENTS = """
CREATE TABLE event (
    number  INTEGER PRIMARY KEY,
    record  TEXT NOT NULL,     -- canonical JSON (RFC 8785) with the digest of the event before
    digest  BLOB NOT NULL CHECK (length(digest) = 32),     -- SHA-256 of the record
    holding TEXT GENERATED ALWAYS AS (record ->> '$.holding') VIRTUAL
) STRICT;
CREATE INDEX event_of_holding ON event (holding, number) WHERE holding IS NOT NULL;
CREATE INDEX event_of_register ON event (number) WHERE holding IS NULL;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT raise(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT raise(ABORT, 'an event is never deleted'); END;
CREATE TRIGGER event_follows_the_last BEFORE INSERT ON event
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM event)
  OR instr(NEW.record, '"previous":"' || coalesce(    -- without parsing JSON: it is done for each event
     (SELECT lower(hex(digest)) FROM event ORDER BY number DESC LIMIT 1), printf('%064d', 0)) || '"') = 0
BEGIN SELECT raise(ABORT, 'an event must follow the last one'); END;

CREATE TABLE head_signature (   -- signatures on the head of the chain; they are no part of it
    number    INTEGER NOT NULL REFERENCES event,
    key       TEXT NOT NULL,    -- fingerprint, 'SHA256:…'
    signer    TEXT NOT NULL,    -- name that the signer gave
    statement TEXT NOT NULL,    -- the signed text (`head_statement`)
    signature TEXT NOT NULL,    -- SSHSIG, armoured
    timestamp BLOB,             -- RFC 3161 token over the signature
    PRIMARY KEY (number, key)
) STRICT;
"""

_STATE = """
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE holding (
    key           INTEGER PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    title         TEXT,
    kind          TEXT NOT NULL CHECK (kind IN ('package', 'bag')),
    files         INTEGER,
    size_bytes    INTEGER,
    manifests     TEXT NOT NULL,    -- JSON: {"manifest-sha512.txt": "sha512:<hex of the file's digest>"}
    head          TEXT,             -- newest attestation, '0001-packaging sha512:<hex>'
    formats       TEXT,             -- JSON: {"fmt/95": 3}
    accession     TEXT,
    custodian     TEXT,
    registered_at TEXT NOT NULL,
    withdrawn_at  TEXT,
    content       TEXT GENERATED ALWAYS AS (substr(manifests, 41, 16)) VIRTUAL -- a part of the first digest
) STRICT;

CREATE INDEX holding_by_content ON holding (content);
CREATE INDEX holding_kept ON holding (name) WHERE withdrawn_at IS NULL;
CREATE INDEX holding_withdrawn ON holding (name) WHERE withdrawn_at IS NOT NULL;

CREATE TABLE copy (
    key              INTEGER PRIMARY KEY,
    holding          INTEGER NOT NULL REFERENCES holding,
    place            TEXT NOT NULL,     -- absolute path, or MEDIUM:path
    kind             TEXT NOT NULL CHECK (kind IN ('folder', 'archive', 'medium')),
    size_bytes       INTEGER NOT NULL,
    rank             INTEGER NOT NULL,  -- 0 known to be bad, 1 never checked, 2 in order
    state            TEXT NOT NULL,
    state_since      TEXT NOT NULL,
    waiting_since    TEXT NOT NULL,     -- checked_at, or the registration of a copy never checked
    checked_at       TEXT,              -- last full check that reached a verdict
    quick_checked_at TEXT,
    tried_at         TEXT,              -- last check of any kind, with or without a verdict
    added_at         TEXT NOT NULL,
    removed_at       TEXT,
    head             TEXT,              -- newest attestation that was seen in this copy
    absent           TEXT,              -- what was not there at the last check: 'package' or 'shelf'
    trust            TEXT,              -- of a copy in order, if asked: accepted, unsigned, not-accepted
    tag_manifests    TEXT               -- of a copy without attestations; JSON, as `manifests` of the holding
) STRICT;
CREATE UNIQUE INDEX copy_at_place ON copy (place) WHERE removed_at IS NULL;
CREATE INDEX copy_of_holding ON copy (holding);
CREATE INDEX copy_by_urgency ON copy (rank, waiting_since, key, size_bytes, kind) WHERE removed_at IS NULL;
CREATE INDEX copy_to_retry ON copy (tried_at, key, size_bytes, kind) WHERE rank = 0 AND removed_at IS NULL;
CREATE INDEX copy_on_medium ON copy (place) WHERE kind = 'medium' AND removed_at IS NULL;
CREATE INDEX copy_not_accepted ON copy (key) WHERE trust = 'not-accepted' AND removed_at IS NULL;
CREATE INDEX copy_by_state ON copy (state, size_bytes) WHERE removed_at IS NULL;

CREATE TABLE shelf (
    place    TEXT PRIMARY KEY,
    added_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    id       TEXT PRIMARY KEY,
    begun_at TEXT NOT NULL,
    ended_at TEXT,
    begun    TEXT NOT NULL,    -- JSON: what was to be checked
    ended    TEXT              -- JSON: what was found, and the totals of the register
) STRICT, WITHOUT ROWID;
CREATE INDEX run_by_time ON run (begun_at);

CREATE TABLE month (           -- how many events of each kind a month had
    month      TEXT NOT NULL,  -- 2026-11
    event      TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    events     INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (month, event, outcome)
) STRICT, WITHOUT ROWID;
"""

# counting a million copies takes a quarter of a second, and every audit and every plan of one counts them
_TOTALS = """
CREATE TABLE total (           -- what is in the tables `holding` and `copy`; the triggers below keep it
    name       TEXT PRIMARY KEY,    -- 'holdings', or 'rank-N' for the copies of a rank
    entries    INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO total VALUES ('holdings', 0, 0), ('rank-0', 0, 0), ('rank-1', 0, 0), ('rank-2', 0, 0);

CREATE TRIGGER holding_comes AFTER INSERT ON holding WHEN NEW.withdrawn_at IS NULL
BEGIN UPDATE total SET entries = entries + 1 WHERE name = 'holdings'; END;
CREATE TRIGGER holding_goes AFTER DELETE ON holding WHEN OLD.withdrawn_at IS NULL
BEGIN UPDATE total SET entries = entries - 1 WHERE name = 'holdings'; END;
CREATE TRIGGER holding_changes AFTER UPDATE OF withdrawn_at ON holding
BEGIN
    UPDATE total SET entries = entries + (NEW.withdrawn_at IS NULL) - (OLD.withdrawn_at IS NULL)
    WHERE name = 'holdings';
END;
CREATE TRIGGER copy_comes AFTER INSERT ON copy WHEN NEW.removed_at IS NULL
BEGIN
    UPDATE total SET entries = entries + 1, size_bytes = size_bytes + NEW.size_bytes
    WHERE name = 'rank-' || NEW.rank;
END;
CREATE TRIGGER copy_goes AFTER DELETE ON copy WHEN OLD.removed_at IS NULL
BEGIN
    UPDATE total SET entries = entries - 1, size_bytes = size_bytes - OLD.size_bytes
    WHERE name = 'rank-' || OLD.rank;
END;
CREATE TRIGGER copy_changes AFTER UPDATE OF rank, size_bytes, removed_at ON copy
BEGIN
    UPDATE total SET entries = entries - 1, size_bytes = size_bytes - OLD.size_bytes
    WHERE name = 'rank-' || OLD.rank AND OLD.removed_at IS NULL;
    UPDATE total SET entries = entries + 1, size_bytes = size_bytes + NEW.size_bytes
    WHERE name = 'rank-' || NEW.rank AND NEW.removed_at IS NULL;
END;
"""

MIGRATIONS = (_EVENTS + _STATE + _TOTALS,)
"""The script of migration N is at index N - 1."""
STATE_TABLES = ("copy", "holding", "setting", "shelf", "run", "month")
"""The tables that follow from the events, in an order in which they can be emptied."""
