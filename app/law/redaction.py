"""Stretches that speak of somebody else are hidden, and the rest is opened (Act 35(4), Decree 42(1)).

A stretch names a record of one holder, a field of it, and from which character up to which (the last not included).
Characters are code points, as in the text that an officer reads.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.errors import Fault, Invalid
from app.law import grounds
from app.law.proposal import Item
from app.law.terms import ControllerKind, Edition, Ground, ItemOutcome, Label, Right

HIDDEN = "■■■"
"""As long whatever stands behind it, so that it does not tell the length of a name."""

Place = tuple[str, int, str]
"""Where a value stands: whose answer, which record of it, which field."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is hidden of one value, and by which ground."""

    place: Place
    starts: int
    ends: int
    ground: str


def check(stretches: Sequence[Stretch], values: Mapping[Place, str]) -> None:
    """Refuse stretches that lie outside what was collected, are empty, or overlap; `/redactions/n` says which."""
    faults = [fault for at, one in enumerate(stretches) for fault in _faults(f"/redactions/{at}", one, values)]
    ordered = sorted(range(len(stretches)), key=lambda at: (stretches[at].place, stretches[at].starts, at))
    faults += [
        Fault(f"/redactions/{later}", "field.inconsistent")
        for earlier, later in pairwise(ordered)
        if _overlap(stretches[earlier], stretches[later])
    ]
    if faults:
        raise Invalid(faults[0].code, faults=tuple(faults))


def check_grounds(
    stretches: Sequence[Stretch],
    stated: Sequence[tuple[str, Mapping[str, str]]],
    edition: Edition,
    controller: ControllerKind,
    *,
    on: date,
) -> dict[str, Ground]:
    """The grounds by name, each open here with its facts, and each hiding something (Act 35(4); `/grounds/n`)."""
    used = {one.ground for one in stretches}
    found: dict[str, Ground] = {}
    for at, (name, facts) in enumerate(stated):
        if name in found or name not in used:
            raise Invalid("field.inconsistent", pointer=f"/grounds/{at}/ground")
        found[name] = _open(name, facts, edition, controller, on=on, pointer=f"/grounds/{at}")
    faults = tuple(
        Fault(f"/redactions/{at}/ground", "ground.required")
        for at, one in enumerate(stretches)
        if one.ground not in found
    )
    if faults:
        raise Invalid("ground.required", faults=faults, basis=edition.basis.get(Right.ACCESS))
    return found


def hidden(value: str, stretches: Iterable[Stretch]) -> str:
    """The value with its stretches hidden."""
    for one in sorted(stretches, key=lambda one: one.starts, reverse=True):
        value = f"{value[: one.starts]}{HIDDEN}{value[one.ends :]}"
    return value


def withheld(item: str, ground: Ground, facts: Mapping[str, str]) -> Item:
    """The part of an item that is not opened, beside the item itself, which is (Decree 42(1))."""
    return Item(
        item=f"{item}#{ground.id}",
        proposed=ItemOutcome.REFUSE,
        ground=ground.id,
        basis=ground.article.ko,
        until=None,
        holders=(),
        facts=dict(facts),
        text=Label(f"{_PART.ko} {ground.text.ko}", f"{_PART.en} {ground.text.en}"),
    )


_PART = Label(
    f"이 항목 가운데 다른 사람에 관한 부분을 가렸습니다({HIDDEN}).",
    f"What speaks of somebody else in this item is hidden ({HIDDEN}).",
)


def _open(
    name: str, facts: Mapping[str, str], edition: Edition, controller: ControllerKind, *, on: date, pointer: str
) -> Ground:
    ground = grounds.check(
        edition,
        name,
        Right.ACCESS,
        controller,
        ItemOutcome.REFUSE.value,
        facts,
        on=on,
        ends_contract=False,
        pointer=pointer,
    )
    if ground.effect == "except":
        # What the right does not reach at all is no part of an answer to it.
        raise Invalid("ground.not_available", pointer=f"{pointer}/ground", basis=edition.basis.get(Right.ACCESS))
    return ground


def _faults(at: str, one: Stretch, values: Mapping[Place, str]) -> Iterator[Fault]:
    value = values.get(one.place)
    if value is None:
        yield Fault(at, "field.value")
    elif not 0 <= one.starts < one.ends:
        yield Fault(f"{at}/to", "field.inconsistent")
    elif one.ends > len(value):
        yield Fault(f"{at}/to", "field.value")


def _overlap(one: Stretch, next_: Stretch) -> bool:
    return one.place == next_.place and next_.starts < one.ends
