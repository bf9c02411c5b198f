"""P12: what a holder has said is not unsaid by a message that comes twice, late, or in another order."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tests.invariants.world import World

_RANK = {"pending": 0, "acknowledged": 1, "failed": 2, "done": 3, "partly_done": 3, "not_held": 3}
_OVER = 3


def p12_no_step_back(world: World) -> Iterator[str]:
    """Along the chain a task's results never fall in rank, none follows a final one, and the last one is its state."""
    said = defaultdict(list)
    for entry in world.noted("task.answer"):
        said[entry["facts"]["task"]].append(entry["facts"]["result"])
    for row in world.ask("SELECT id, status, finished_at FROM task ORDER BY id"):
        results = said.get(str(row["id"]), [])
        for before, after in pairwise(results):
            if _RANK[before] == _OVER or _RANK[after] <= _RANK[before]:
                yield f"task {row['id']} went from {before} to {after}"
        told = _RANK.get(results[-1], 0) if results else 0
        if row["status"] != "cancelled" and _RANK[row["status"]] < told:
            yield f"task {row['id']} is {row['status']}, and its holder said {results[-1]}"
        if _RANK.get(row["status"], 0) == _OVER and row["status"] not in results:
            yield f"task {row['id']} is {row['status']}, and nobody said so"
