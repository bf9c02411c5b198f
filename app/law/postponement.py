"""Putting access off (Act 35(3) second sentence, Decree 42(2)): for a ground, until a day, and told in time."""

from collections.abc import Collection
from datetime import date, timedelta

from app.errors import Conflict, Invalid
from app.law import grounds
from app.law.terms import ControllerKind, Edition, Ground, Right


def check(
    ground: str,
    *,
    right: Right,
    edition: Edition,
    controller: ControllerKind,
    media: bool,
    arrived_on: date,
    today: date,
    due_on: date,
    expected_on: date,
    used: Collection[str],
    longest_days: int,
    reason: str,
) -> Ground:
    """The ground, if access may be put off for it until that day (Act 35(3), Decree 42(2)).

    Only for access, before the statutory day, never twice for one ground, and no longer than the policy allows after
    that day. The law gives no putting off for correction, deletion or suspension.
    """
    basis = edition.deferral.basis
    if right not in edition.deferral.rights or today >= due_on or ground in used:
        raise Conflict("postponement.not_allowed", basis=basis)
    found = grounds.check(
        edition,
        ground,
        right,
        controller,
        "postpone",
        {"cause": reason},
        on=arrived_on,
        ends_contract=False,
        media=media,
    )
    if not today < expected_on <= due_on + timedelta(days=longest_days):
        raise Invalid("field.value", pointer="/expected_on", basis=basis)
    return found
