"""P9, P10: what was destroyed is gone, and nobody is named where no name belongs."""

import re
from collections.abc import Iterator

from psycopg import sql

from tests.invariants.world import World

_NUMBER = re.compile(r"(?<![0-9A-Fa-f-])\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}(?![0-9A-Fa-f-])")
_PHONE = re.compile(r"(?<![0-9A-Za-z+_-])(?:01[016789]-?\d{3,4}-?\d{4}|\+8210\d{8})(?![0-9A-Za-z_-])")
_TOKEN = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}|whs(?:ec|k)_[A-Za-z0-9+/]{20,}")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SEALED = ("outbox",)
"""What stands under these names is what was sent to the person: there it belongs."""


def p9_what_is_destroyed_is_gone(world: World) -> Iterator[str]:
    """Of what is written as destroyed neither the bytes nor the key are left, and nothing unfinished lies about."""
    for row in world.ask(_LEFT_BEHIND):
        yield f"{row['what']} {row['id']} is destroyed, and something of it is left"
    for path, _ in world.written():
        if path.suffix == ".tmp":
            yield f"a file was left unfinished: {path.name}"


def p9_of_a_destroyed_request_nothing_is_left(world: World) -> Iterator[str]:
    """No row leads to it any more, and what was sealed beside the chain is gone."""
    gone = sorted(world.destroyed)
    for row in world.ask(_WITH_REQUEST):
        place = {"table": sql.Identifier(row["table_name"]), "column": sql.Identifier(row["column_name"])}
        left = sql.SQL("SELECT count(*) AS rows FROM {table} WHERE {column}::text = ANY(%s)").format(**place)
        found = world.rows.execute(left, (gone,)).fetchone()
        if found and found["rows"]:
            yield f"{found['rows']} rows of {row['table_name']} are of a request that was destroyed"
    for entry in world.chain:
        if entry["detail_ct"] is not None and str(entry["request_id"]) in world.destroyed:
            yield f"the sealed detail of entry {entry['seq']} is of a request that was destroyed"


def p10_nobody_is_named(world: World) -> Iterator[str]:
    """No number, address, token or known word stands in logs, URLs, the chain, jobs, events or subjects."""
    for where, said in _open_places(world):
        for what, pattern in (("a resident number", _NUMBER), ("a telephone number", _PHONE), ("a token", _TOKEN)):
            if pattern.search(said):
                yield f"{what} stands in {where}"
        for canary in world.canaries:
            if canary in said:
                yield f"a word that names a person stands in {where}"
    for where, said in _logs(world):
        if _ADDRESS.search(said):
            yield f"an address stands in {where}"


def p10_rows_and_files_name_nobody(world: World) -> Iterator[str]:
    """Where data lies, it lies sealed: no known word can be read in a dump or in a file."""
    for name, said in world.tables.items():
        if _NUMBER.search(said):
            yield f"a resident number can be read in table {name}"
        if any(canary in said for canary in world.canaries):
            yield f"a word that names a person can be read in table {name}"
    for path, said in world.written(but=_SEALED):
        if any(canary in said for canary in world.canaries):
            yield f"a word that names a person can be read in {path.name}"


def _open_places(world: World) -> Iterator[tuple[str, str]]:
    yield from _logs(world)
    for place, url in enumerate(world.urls):
        yield f"URL {place}", url
    for entry in world.chain:
        yield f"entry {entry['seq']} of the chain", bytes(entry["body"]).decode()
    for row in world.ask("SELECT id, task_name, args::text AS said FROM procrastinate_jobs"):
        yield f"job {row['task_name']}", row["said"]
    for row in world.ask("SELECT id, body FROM delivery"):
        yield f"event {row['id']}", bytes(row["body"]).decode()
    for one in world.mails or ():
        yield "the subject of a mail", str(one.get("subject") or "")


def _logs(world: World) -> Iterator[tuple[str, str]]:
    for path, said in world.logged():
        yield f"the log {path.name}", said


_WITH_REQUEST = """
SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables USING (table_name)
WHERE columns.table_schema = 'public' AND tables.table_type = 'BASE TABLE'
AND (column_name = 'request_id' OR (table_name, column_name) = ('request', 'id'))
AND table_name NOT IN ('audit_entry', 'destroyed_request') AND table_name NOT LIKE 'access_log%%'
"""
_LEFT_BEHIND = """
SELECT 'paper' AS what, evidence.id FROM evidence WHERE destroyed_at IS NOT NULL AND (
    name_ct IS NOT NULL OR EXISTS (SELECT FROM evidence_chunk WHERE evidence_id = evidence.id))
UNION ALL
SELECT 'package', package.id FROM package WHERE destroyed_at IS NOT NULL
AND EXISTS (SELECT FROM package_chunk WHERE package_id = package.id)
UNION ALL
SELECT 'requester', request_id FROM requester WHERE destroyed_at IS NOT NULL
AND (key IS NOT NULL OR details_ct IS NOT NULL)
UNION ALL
SELECT 'proof of a holder', task_proof.id FROM task_proof WHERE destroyed_at IS NOT NULL
AND EXISTS (SELECT FROM task_proof_chunk WHERE proof_id = task_proof.id)
UNION ALL
SELECT 'chunk of a paper', evidence_id FROM evidence_chunk
WHERE NOT EXISTS (SELECT FROM evidence WHERE evidence.id = evidence_chunk.evidence_id)
UNION ALL
SELECT 'original of a scanned paper', evidence.id FROM evidence
JOIN evidence_chunk ON evidence_id = evidence.id AND part = 'original' WHERE state <> 'scan_pending'
"""
