"""What a holder does with its own records for each action of a task. Pure: people and a task in, a result out.

A person in the store:

    {"subject_ref": "C-1029", "name": "홍길동", "phone": "+82...", "email": "...",
     "data": {"online_mall": [{"name": "홍길동", "phone": "+82..."}]},      what is held, by category
     "records": {"payment_5y": {"category": "online_mall", "rows": [...]}},  what another statute keeps, once claimed
     "kept": {}, "marks": {}}                                                 kept apart; what may not be done now
"""

import copy
from collections.abc import Callable, Iterable
from typing import Any

from examples.common.compare import folded

JSON = dict[str, Any]
NOT_HELD: JSON = {"result": "not_held"}
DONE: JSON = {"result": "done"}


def act(people: list[JSON], task: JSON) -> JSON:
    """Carry out a task and return the body of its result. The people are changed in place."""
    action = ACTIONS.get(task["action"])
    if action is None:
        return {"result": "failed", "note": "this system does not know the action"}
    found = [person for person in people if _is(person, task.get("subject") or {})]
    if len(found) > 1:
        return {"result": "failed", "note": "more than one person fits what was given"}
    return copy.deepcopy(action(found[0], task)) if found else dict(NOT_HELD)


def _is(person: JSON, subject: JSON) -> bool:
    """Tell whether all that was given fits. A customer number decides alone: the rest may have been corrected."""
    given = {name: value for name, value in subject.items() if value}
    if "subject_ref" in given and person.get("subject_ref"):
        return bool(given["subject_ref"] == person["subject_ref"])
    known = {name: value for name, value in given.items() if person.get(name)}
    return bool(known) and all(folded(name, str(person[name])) == folded(name, str(known[name])) for name in known)


def collect(person: JSON, task: JSON) -> JSON:
    """Hand over what is held: the fields asked for, or every one."""
    fields = task.get("fields")
    data = {
        category: [
            {name: row[name] for name in row if not fields or name in fields} for row in person["data"][category]
        ]
        for category in _categories(person, task)
    }
    return {"result": "done", "data": data} if data else NOT_HELD


def correct(person: JSON, task: JSON) -> JSON:
    """Write the corrected value into every row that has the field.

    The contact by which the desk names this person stays as a key: its next tasks may still use the former one.
    """
    held = [_write(person, task, change) for change in task.get("changes") or []]
    if not any(held):
        return NOT_HELD
    return DONE if all(held) else {"result": "partly_done", "note": "one of the fields is not held here"}


def _write(person: JSON, task: JSON, change: JSON) -> bool:
    category = change.get("category") or task.get("category")
    rows = [row for row in person["data"].get(category, []) if change["field"] in row]
    for row in rows:
        row[change["field"]] = change["corrected"]
    return bool(rows)


def delete(person: JSON, task: JSON) -> JSON:
    """Delete the category or some of its fields; put aside what a statute keeps and say until when.

    A task that names a record is about what was put aside before: its period is over.
    """
    if task.get("record_class"):
        return _destroy(person, task["record_class"])
    categories, fields = _categories(person, task), task.get("fields")
    if not categories:
        return NOT_HELD
    kept = [_put_aside(person, one) for one in task.get("keep") or [] if _has_record(person, one, categories)]
    for category in categories:
        rows = [{k: v for k, v in row.items() if k not in fields} for row in person["data"][category]] if fields else []
        person["data"][category] = [row for row in rows if row]
        if not person["data"][category]:
            del person["data"][category]
    return DONE | {"method": "erased from the store"} | ({"kept": kept} if kept else {})


def _destroy(person: JSON, record_class: str) -> JSON:
    """Destroy a record that a statute had kept, wherever it lies by now."""
    held = [person.get(place, {}).pop(record_class, None) for place in ("kept", "records")]
    return DONE | {"method": "erased from the store"} if any(held) else NOT_HELD


def withdraw_consent(person: JSON, task: JSON) -> JSON:
    """Note which purposes ended; where no purpose is left, the task names the fields that go (Act 37(3))."""
    noted = mark("consent_withdrawn")(person, task)
    return delete(person, task) if noted == DONE and task.get("fields") else noted


def _has_record(person: JSON, keep: JSON, categories: list[str]) -> bool:
    return bool(person.get("records", {}).get(keep["record_class"], {}).get("category") in categories)


def _put_aside(person: JSON, keep: JSON) -> JSON:
    """Move records to where nothing but the statute's purpose may reach them (Act 21(3))."""
    record = person["records"].pop(keep["record_class"])
    person.setdefault("kept", {})[keep["record_class"]] = record | {"until": keep["until"]}
    return {"statute": keep.get("basis") or keep["record_class"], "until": keep["until"]}


def mark(name: str) -> Callable[[JSON, JSON], JSON]:
    """Return the action that notes what must not be done (or has been learned) about the person's categories."""

    def place(person: JSON, task: JSON) -> JSON:
        categories = _categories(person, task)
        for category in categories:
            person.setdefault("marks", {}).setdefault(name, {})[category] = {
                "task_id": task["id"],
                "fields": task.get("fields"),
                "purposes": task.get("purposes"),
            }
        return DONE if categories else NOT_HELD

    return place


def unmark(name: str) -> Callable[[JSON, JSON], JSON]:
    """Return the action that ends what `mark` began; nothing marked is as good as ended."""

    def lift(person: JSON, task: JSON) -> JSON:
        marked = person.setdefault("marks", {}).get(name, {})
        for category in [task["category"]] if task.get("category") else list(marked):
            marked.pop(category, None)
        return DONE

    return lift


def _categories(person: JSON, task: JSON) -> list[str]:
    """Return the categories of the task that are held of this person; a task that names none means all."""
    asked: Iterable[str] = [task["category"]] if task.get("category") else list(person["data"])
    return [category for category in asked if person["data"].get(category)]


ACTIONS: dict[str, Callable[[JSON, JSON], JSON]] = {
    "collect": collect,
    "correct": correct,
    "delete": delete,
    "hold": mark("held"),
    "release": unmark("held"),
    "suspend": mark("suspended"),
    "resume": unmark("suspended"),
    "withdraw_consent": withdraw_consent,
    "preserve": mark("preserved"),
    "inform": mark("informed"),
}
