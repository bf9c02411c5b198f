"""The copy itself, in SQLite: what was told and the place after it are written in one step."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

JSON = dict[str, Any]
_TABLES = """
CREATE TABLE IF NOT EXISTS hold (id TEXT PRIMARY KEY, told TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS subject (name TEXT, hold_id TEXT, PRIMARY KEY (name, hold_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS subject_hold ON subject (hold_id);
CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY CHECK (id = 1), after TEXT NOT NULL, covers TEXT NOT NULL);
"""


class Store:
    """The holds as we were last told of them. Without a place it is no copy: a snapshot has to be taken first."""

    def __init__(self, path: Path | None) -> None:
        # Without it a statement of Python's own would open the transactions.
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._db.executescript(_TABLES)
        row = self._db.execute("SELECT after, covers FROM place").fetchone()
        self.after: str | None = row[0] if row else None
        self.covers: JSON = json.loads(row[1]) if row else {}

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def begin(self) -> None:
        """Empty it for a snapshot. It is no copy again until the snapshot has been read to its end."""
        self.after, self.covers = None, {}
        self._write((), None, "DELETE FROM place", "DELETE FROM subject", "DELETE FROM hold")

    def put(self, items: Iterable[JSON]) -> None:
        """Put a page of a snapshot that goes on."""
        self._write(items, None)

    def move(self, items: Iterable[JSON], page: JSON) -> None:
        """Put what was told, and with it the place after it."""
        self._write(items, page)
        self.after, self.covers = page["after"], page["covers"]

    def holds(self, name: str) -> list[JSON]:
        """Return the active holds of whoever has this name in the feed, the oldest first."""
        query = "SELECT hold.told FROM subject JOIN hold ON hold.id = subject.hold_id WHERE subject.name = ?"
        found: list[JSON] = [json.loads(told) for (told,) in self._db.execute(query, (name,))]
        return sorted(found, key=lambda one: (one["since"], one["hold_id"]))

    def _write(self, items: Iterable[JSON], page: JSON | None, *before: str) -> None:
        with closing(self._db.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                for statement in before:
                    cursor.execute(statement)
                for item in items:
                    _put(cursor, item)
                if page is not None:
                    said = (page["after"], json.dumps(page["covers"]))
                    cursor.execute("INSERT OR REPLACE INTO place VALUES (1, ?, ?)", said)
                cursor.execute("COMMIT")
            except BaseException:
                cursor.execute("ROLLBACK")
                raise


def _put(cursor: sqlite3.Cursor, item: JSON) -> None:
    """Put a hold as it stands now; told twice it is the same."""
    cursor.execute("DELETE FROM subject WHERE hold_id = ?", (item["hold_id"],))
    cursor.execute("DELETE FROM hold WHERE id = ?", (item["hold_id"],))
    if item["active"]:
        told = {name: value for name, value in item.items() if name != "subjects"}
        cursor.execute("INSERT INTO hold VALUES (?, ?)", (item["hold_id"], json.dumps(told, ensure_ascii=False)))
        names = [(name, item["hold_id"]) for name in item["subjects"]]
        cursor.executemany("INSERT INTO subject VALUES (?, ?)", names)
