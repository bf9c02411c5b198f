"""Looking into a policy file before it has a shape: what is there, whatever its type, and where it stands."""

from collections.abc import Iterator
from typing import Any

from app.marked import Place, Sheet


def entries(sheet: Sheet, place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The groups of a list, with the place of each; whatever is of another type is told by the shape."""
    found = _at(sheet.value, place)
    for index, entry in enumerate(found if isinstance(found, list) else ()):
        if isinstance(entry, dict):
            yield (*place, index), entry


def ids(sheet: Sheet, name: str) -> set[str]:
    """The names that the entries of a list have."""
    return {entry["id"] for _, entry in entries(sheet, (name,)) if isinstance(entry.get("id"), str)}


def texts(entry: dict[str, Any], name: str) -> list[tuple[int, str]]:
    """The texts of a list inside an entry, with their positions."""
    found = entry.get(name)
    return [(at, one) for at, one in enumerate(found) if isinstance(one, str)] if isinstance(found, list) else []


def words(entry: dict[str, Any], name: str) -> set[str]:
    """The texts of a list inside an entry."""
    return {text for _, text in texts(entry, name)}


def unique(sheet: Sheet, place: Place, key: str) -> None:
    """Note every entry of a list that has a name again."""
    seen: set[str] = set()
    for here, entry in entries(sheet, place):
        name = entry.get(key)
        if isinstance(name, str) and name in seen:
            sheet.flaw((*here, key), f"'{name}' stands twice")
        elif isinstance(name, str):
            seen.add(name)


def refer(sheet: Sheet, here: Place, entry: dict[str, Any], name: str, known: set[str], text: str) -> None:
    """Note every name of a list inside an entry that nothing answers to, or that stands there again."""
    seen: set[str] = set()
    for at, one in texts(entry, name):
        if one not in known:
            sheet.flaw((*here, name, at), f"'{one}' {text}")
        elif one in seen:
            sheet.flaw((*here, name, at), f"'{one}' stands twice")
        seen.add(one)


def _at(value: Any, place: Place) -> Any:
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
