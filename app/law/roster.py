"""Who holds data by the policy, beside who is registered: what an admin is asked to confirm (Act 26, 30)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.law.terms import Label


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody whom the policy names: `categories` is empty where it says nothing of what they hold."""

    id: str
    label: Label
    kind: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registered:
    """A system of the registry; `party` is what the policy calls it, as far as somebody said so."""

    id: str
    kind: str
    party: str | None
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is otherwise in the registry: `new`, `changed` or `gone`; a holder may have several systems."""

    change: str
    kind: str
    party: str
    system_id: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]


def differences(holders: Sequence[Holder], registered: Sequence[Registered]) -> Iterator[Difference]:
    """What would have to change in the registry for it to say what the policy says."""
    for holder in holders:
        if holder.categories:
            mine = [one for one in registered if (one.kind, one.party) == (holder.kind, holder.id)]
            yield from _of(holder, mine)
    for one in registered:
        if one.party is not None and named(holders, one.kind, one.party) is None:
            yield Difference("gone", one.kind, one.party, one.id, one.categories, ())


def named(holders: Iterable[Holder], kind: str, party: str) -> Holder | None:
    """The holder that the policy calls so."""
    return next((one for one in holders if (one.kind, one.id) == (kind, party)), None)


def called(holders: Iterable[Holder], kind: str, name: str) -> str | None:
    """What the policy calls a system of this name, where the name is the policy's own."""
    return next((one.id for one in holders if one.kind == kind and name in (one.label.ko, one.label.en)), None)


def _of(holder: Holder, mine: Sequence[Registered]) -> Iterator[Difference]:
    if not mine:
        yield Difference("new", holder.kind, holder.id, None, (), holder.categories)
        return
    held = {category for one in mine for category in one.categories}
    missing = tuple(category for category in holder.categories if category not in held)
    for one in mine:
        # What nobody has yet goes to the system that was registered first.
        after = tuple(it for it in one.categories if it in holder.categories) + (missing if one is mine[0] else ())
        if after != one.categories:
            yield Difference("changed", one.kind, holder.id, one.id, one.categories, after)
