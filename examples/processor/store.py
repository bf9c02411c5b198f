"""The holder's records and its inbox in one file, so that an act and the memory of it are written together."""

import copy
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from examples.common.files import write_json
from examples.processor import recorder
from examples.processor.actions import act

JSON = dict[str, Any]
REMEMBERED = 10_000


class Store:
    """What this system holds, what it has been told, and what it answered. All changes survive a crash."""

    def __init__(self, path: Path | None, seed: Path | None) -> None:
        self._path = path
        if path is not None and path.exists():
            content = json.loads(path.read_text("utf-8"))
        else:
            content = {"people": json.loads(seed.read_text("utf-8")) if seed else []}
        self.people: list[JSON] = content["people"]
        self.shelf: JSON = content.get("shelf", {})
        self._seen: dict[str, bool] = dict.fromkeys(content.get("seen", []), True)
        self._results: dict[str, JSON | None] = content.get("results", {})
        self._open: list[str] = content.get("open", [])
        self._save()

    @property
    def open_tasks(self) -> list[str]:
        """The tasks told of and not yet answered, oldest first."""
        return list(self._open)

    def note(self, webhook_id: str, task_id: str) -> bool:
        """Remember an event and its task; False when this event was here before."""
        if webhook_id in self._seen:
            return False
        self._seen[webhook_id] = True
        for oldest in list(self._seen)[:-REMEMBERED]:
            del self._seen[oldest]
        self._open += [] if self._is_known(task_id) else [task_id]
        self._save()
        return True

    def add(self, task_id: str) -> None:
        """Put a task among the open ones, unless it is there or its report has gone out."""
        if not self._is_known(task_id):
            self._open.append(task_id)
            self._save()

    def drop(self, task_id: str) -> None:
        """Forget an open task: it was cancelled, or cannot be answered by us."""
        self._open = [one for one in self._open if one != task_id]
        self._save()

    def _is_known(self, task_id: str) -> bool:
        """Tell whether the task is open, or the desk has our result of it."""
        return task_id in self._open or (task_id in self._results and self._results[task_id] is None)

    def result(self, task: JSON) -> JSON:
        """Act on a task once, and return the same result however often it is asked for.

        Without this memory a crash between the act and its report would turn "deleted" into "not held".
        """
        remembered = self._results.get(task["id"])
        if remembered is not None:
            return remembered
        people, shelf = copy.deepcopy(self.people), copy.deepcopy(self.shelf)
        try:
            if task.get("media"):
                result = recorder.act(shelf, task, datetime.fromtimestamp(time.time(), recorder.KOREA))
            else:
                result = act(people, task)
        except (LookupError, TypeError, ValueError, AttributeError) as defect:
            # A task we cannot make sense of: the desk hears that nothing was done, and people decide.
            print(f"task {task['id']}: {type(defect).__name__}", file=sys.stderr, flush=True)
            people, shelf = self.people, self.shelf
            result = {"result": "failed", "note": "this system could not act"}
        self.people, self.shelf, self._results[task["id"]] = people, shelf, result
        self._save()
        return result

    def report_went_out(self, task_id: str) -> None:
        """Close a task. What was collected is not kept a second time."""
        self._results[task_id] = None
        for oldest in [one for one, body in self._results.items() if body is None][:-REMEMBERED]:
            del self._results[oldest]
        self.drop(task_id)

    def _save(self) -> None:
        if self._path is not None:
            told = {"seen": list(self._seen), "results": self._results, "open": self._open}
            write_json(self._path, {"people": self.people, "shelf": self.shelf, **told})
