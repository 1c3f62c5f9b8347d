"""Queries written by hand, which count what the report of a register says; nothing of archtool is used.

Numbers of the last day come from the tables of the state, numbers of the past from the events: `happened`
is the view of them that `Archive.rows` defines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from played_year.archive import Archive

_TOTALS = """
SELECT
    (SELECT count(*) FROM holding WHERE withdrawn_at IS NULL) AS holdings,
    count(*) AS copies,
    sum(holding.size_bytes) AS bytes,
    count(*) FILTER (WHERE state NOT IN ('ok', 'never-checked')) AS known_bad,
    count(*) FILTER (WHERE state = 'never-checked') AS never_checked,
    count(*) FILTER (WHERE julianday(:now) - julianday(coalesce(checked_at, added_at)) > 90) AS overdue,
    count(*) FILTER (WHERE coalesce(checked_at, added_at) > :now) AS in_future
FROM copy JOIN holding ON holding.key = copy.holding WHERE removed_at IS NULL
"""
_STATES = """
SELECT state, count(*) AS copies, sum(holding.size_bytes) AS bytes,
    count(*) FILTER (WHERE state NOT IN ('ok', 'never-checked') AND state_since >= :night) AS new
FROM copy JOIN holding ON holding.key = copy.holding WHERE removed_at IS NULL GROUP BY state
"""
_OVERDUE = """
SELECT
    count(*) AS count,
    count(*) FILTER (WHERE julianday(:night) - julianday(since) <= 90) AS new,
    0 AS left_out
FROM (SELECT coalesce(checked_at, added_at) AS since FROM copy WHERE removed_at IS NULL)
WHERE julianday(:now) - julianday(since) > 90
"""
_FAULTS = """
SELECT holding.name, holding.size_bytes AS bytes, (
    SELECT record ->> '$.detail.problem_count' FROM event
    WHERE record ->> '$.detail.place' = copy.place AND record ->> '$.event' = 'fixity-check'
    ORDER BY number DESC LIMIT 1
) AS problem_count, (
    SELECT count(*) FROM copy AS other
    WHERE other.holding = copy.holding AND other.key <> copy.key AND other.removed_at IS NULL
) AS other_copies
FROM copy JOIN holding ON holding.key = copy.holding
WHERE removed_at IS NULL AND state NOT IN ('ok', 'never-checked') ORDER BY holding.name
"""
_MONTHS = """
SELECT
    substr(at, 1, 7) AS month,
    count(*) FILTER (WHERE event = 'fixity-check' AND outcome = 'success') AS full_checks,
    count(*) FILTER (WHERE event = 'validation' AND outcome = 'success') AS quick_checks,
    count(*) FILTER (WHERE event IN ('fixity-check', 'validation') AND outcome = 'failure') AS failures,
    count(*) FILTER (WHERE outcome = 'indeterminate') AS indeterminate,
    coalesce(sum(detail ->> '$.bytes') FILTER (WHERE event = 'fixity-check'), 0) AS bytes,
    count(*) FILTER (WHERE event = 'ingestion') AS registered,
    count(*) FILTER (WHERE event = 'repair') AS repairs,
    count(*) FILTER (WHERE event NOT IN ('fixity-check', 'validation', 'ingestion', 'repair', 'audit-begun',
        'audit-ended')) AS other_events
FROM happened GROUP BY month ORDER BY month
"""
# The life of each copy: its state after each event that changed it, NULL once it is gone. A copy keeps the
# place at which it was registered, so that moves do not tear its life apart.
_HISTORY = """
WITH life AS (
    SELECT number, holding, detail ->> '$.place' AS place,
        iif(event IN ('ingestion', 'replication'), 'never-checked', detail ->> '$.state') AS state
    FROM happened WHERE event IN ('ingestion', 'replication', 'fixity-check')
    UNION ALL
    SELECT number, holding, detail ->> '$.from', 'never-checked' FROM happened WHERE event = 'relocation'
    UNION ALL
    SELECT happened.number, arrived.holding, arrived.detail ->> '$.place', 'never-checked' FROM happened
    JOIN happened AS arrived ON arrived.number < happened.number
        AND arrived.event IN ('ingestion', 'replication')
        AND arrived.detail ->> '$.place' LIKE (happened.detail ->> '$.from') || '/%'
    WHERE happened.event = 'shelf-moved'
    UNION ALL
    SELECT number, happened.holding, copy.place, NULL FROM happened
    JOIN holding ON holding.name = happened.holding JOIN copy ON copy.holding = holding.key
    WHERE event = 'withdrawal'
), named AS (
    SELECT number, holding, state,
        replace(iif(place = :moved_to, :moved_from, place), '/third-again/', '/third/') AS copy
    FROM life
), change AS (
    SELECT number, holding, state, lag(state) OVER (PARTITION BY copy ORDER BY number) AS earlier FROM named
), running AS (
    SELECT number, 0 AS holdings, (state IS NOT NULL) - (earlier IS NOT NULL) AS copies,
        ((state IS NOT NULL) - (earlier IS NOT NULL))
            * (SELECT size_bytes FROM holding WHERE name = change.holding) AS bytes,
        coalesce(state NOT IN ('ok', 'never-checked'), 0)
            - coalesce(earlier NOT IN ('ok', 'never-checked'), 0) AS known_bad,
        coalesce(state = 'never-checked', 0) - coalesce(earlier = 'never-checked', 0) AS never_checked
    FROM change
    UNION ALL
    SELECT number, (event = 'ingestion') - (event = 'withdrawal'), 0, 0, 0, 0 FROM happened
), summed AS (
    SELECT number, sum(holdings) OVER w AS holdings, sum(copies) OVER w AS copies, sum(bytes) OVER w AS bytes,
        sum(known_bad) OVER w AS known_bad, sum(never_checked) OVER w AS never_checked
    FROM running WINDOW w AS (ORDER BY number)
)
SELECT DISTINCT at, holdings, copies, bytes, known_bad, never_checked, 0 AS overdue, 0 AS in_future
FROM happened JOIN summed USING (number) WHERE event = 'audit-ended' ORDER BY at
"""
_LONGEST_WAIT = """
WITH checked AS (
    SELECT holding, at, lag(at) OVER (PARTITION BY holding, iif(detail ->> '$.place' LIKE '%/mirror/%', 1, 0)
        ORDER BY number) AS earlier
    FROM happened
    WHERE event IN ('ingestion', 'replication') OR event = 'fixity-check' AND outcome <> 'indeterminate'
)
SELECT max(julianday(at) - julianday(earlier)) AS days FROM checked
"""
_RUNS = """
SELECT
    begun.detail ->> '$.due' AS due,
    ended.detail ->> '$.seconds' AS seconds,
    ended.detail ->> '$.extra_count' AS extra_count,
    ended.detail ->> '$.known_bad' AS known_bad,
    ended.detail ->> '$.known_unread' AS known_unread,
    (begun.detail ->> '$.due') - count(checked.number) AS left,
    count(checked.number) AS checked,
    sum(checked.detail ->> '$.bytes') AS bytes,
    (SELECT json_group_object(state, copies) FROM (
        SELECT detail ->> '$.state' AS state, count(*) AS copies FROM happened
        WHERE run = begun.run AND event = 'fixity-check' GROUP BY state
    )) AS counts,
    begun.at AS at
FROM happened AS begun
JOIN happened AS ended ON ended.run = begun.run AND ended.event = 'audit-ended'
JOIN happened AS checked ON checked.run = begun.run AND checked.event = 'fixity-check'
WHERE begun.event = 'audit-begun' GROUP BY begun.run ORDER BY at DESC
"""
_FORMATS = """
SELECT format.key AS format, count(*) AS holdings, sum(format.value) AS files, 0 AS bytes
FROM holding, json_each(holding.formats) AS format
WHERE withdrawn_at IS NULL AND formats IS NOT NULL GROUP BY format.key ORDER BY holdings DESC, format
"""
_NOT_TRUSTED = """
SELECT name AS holding, place FROM copy JOIN holding ON holding.key = copy.holding
WHERE removed_at IS NULL AND trust = 'not-accepted' ORDER BY holding, place
"""
_CUSTODY = """
SELECT custodian, count(*) AS holdings, sum(files) AS files, sum(size_bytes) AS bytes
FROM holding WHERE withdrawn_at IS NULL GROUP BY custodian ORDER BY holdings DESC, custodian
"""
_COPIES_OF_HOLDINGS = """
SELECT copies, count(*) AS holdings FROM (
    SELECT (SELECT count(*) FROM copy WHERE copy.holding = holding.key AND removed_at IS NULL
) AS copies
    FROM holding WHERE withdrawn_at IS NULL
) GROUP BY copies ORDER BY copies
"""
_SHELVES = """
SELECT place, (
    SELECT count(*) FROM copy WHERE copy.place LIKE shelf.place || '/%' AND removed_at IS NULL
) AS copies
FROM shelf ORDER BY place
"""
_LAST_RUNS = 20
_POINTS = 240


def count_by_hand(archive: Archive, **values: str) -> dict[str, Any]:
    """Return every number of the report, with the report's names; `values` are parameters of the queries."""
    (totals,) = archive.rows(_TOTALS, **values)
    (overdue,) = archive.rows(_OVERDUE, **values)
    states = {row["state"]: row for row in archive.rows(_STATES, **values)}
    history = archive.rows(_HISTORY, **values)
    step = -(-len(history) // _POINTS)
    last_first = history[::-1]
    runs = [row | {"counts": json.loads(row["counts"])} for row in archive.rows(_RUNS, **values)]
    for run, night in zip(runs, last_first, strict=True):
        run["totals"] = {name: night[name] for name in (*totals,)}
    faults, not_trusted = archive.rows(_FAULTS), archive.rows(_NOT_TRUSTED)
    return {
        "events": archive.rows("SELECT count(*) AS n FROM event")[0]["n"],
        "check_every_days": 90,
        "totals": totals,
        "states": states,
        "faults": {
            "count": len(faults),
            "new": sum(row["new"] for row in states.values()),
            "left_out": 0,
            "list": faults,
        },
        "not_trusted": {"count": len(not_trusted), "left_out": 0, "list": not_trusted},
        "overdue": overdue,
        "history": last_first[::step][::-1],
        "months": archive.rows(_MONTHS),
        "formats": archive.rows(_FORMATS),
        "custody": archive.rows(_CUSTODY),
        "copies_of_holdings": archive.rows(_COPIES_OF_HOLDINGS),
        "shelves": archive.rows(_SHELVES),
        "runs": runs[:_LAST_RUNS],
        "run": runs[0],
    }


def longest_wait_days(archive: Archive) -> float:
    """Return how long a copy waited at most for its next check."""
    return float(archive.rows(_LONGEST_WAIT)[0]["days"])


def numbers_of(value: Any) -> Any:
    """Return a value without anything that is not a number, or that contains none."""
    if isinstance(value, Mapping):
        kept = {name: numbers_of(member) for name, member in value.items()}
        return {name: member for name, member in kept.items() if member is not None} or None
    if isinstance(value, list):
        numbers = [numbers_of(member) for member in value]
        return numbers if any(member is not None for member in numbers) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
