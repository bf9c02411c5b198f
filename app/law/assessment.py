"""What the law says to each item of a claim (Act 35, 36, 37, 21(1)); the machine proposes, it never refuses."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from app.law import proposal, reasons, retention
from app.law.controller import Category, DeciderRule, Policy
from app.law.proposal import Item, Matter, Scope
from app.law.reasons import Reading
from app.law.terms import Capacity, Decider, Edition, ItemOutcome, Right

__all__ = ["Item", "Scope", "assess", "decides", "uncontested"]

_NONE: Mapping[str, Collection[str]] = {}


def assess(
    scope: Scope,
    policy: Policy,
    edition: Edition,
    *,
    since: date,
    holders: Mapping[str, tuple[str, ...]],
    nothing_held: bool,
    on: date | None = None,
    capacity: Capacity = Capacity.SELF,
    gone: str | None = None,
    withdrawn: Mapping[str, Collection[str]] = _NONE,
) -> tuple[Item, ...]:
    """Every item of a claim with a proposal, its article and its reasons (Act 35(3), 36(1)(2), 37(2)(3), 21(1)).

    `since` is the day from which statutory retention is counted, `on` the day of arrival (the same where it is not
    said), `holders` who holds each category, `capacity` in what standing it is asked, `gone` what is known of footage
    that its recorder no longer has, `withdrawn` to which purposes of a category consent was withdrawn before. The scope
    names only what the policy has (filing saw to that). Of a person of whom nothing is held there is no item.
    """
    if nothing_held:
        return ()
    matter = Matter(scope, policy, edition, on or since, holders, capacity, gone, withdrawn)
    items = _READING[scope.right](matter, since)
    return tuple(_explained(matter, one, since) for one in {one.item: one for one in items}.values())


def uncontested(
    items: Iterable[Item],
    *,
    one_match_or_nothing: bool,
    assured: bool,
    free_text: bool,
    other_open: bool,
    media: bool = False,
) -> bool:
    """Whether nothing in a claim wants a person's judgement (Act 37-2: no automated decision against anybody).

    Free text names other people and footage shows them, so an officer reads or sees it (Act 35(4)2); so does one where
    another claim of the person is open on the category.
    """
    plain = all(one.proposed in _GIVING for one in items)
    return plain and one_match_or_nothing and assured and not free_text and not other_open and not media


def decides(
    policy: Policy,
    right: Right,
    capacity: Capacity,
    *,
    uncontested: bool,
    short_lived: bool,
    items: tuple[Item, ...],
    upheld: bool = False,
) -> Decider:
    """Who decides, by the policy's table (Act 31, 37-2); whatever is kept or refused takes two people.

    A claim without items is one of somebody of whom nothing is held: the answer gives nothing and destroys nothing,
    and is the machine's where the match is clear. Where no rule fits, two people decide. What was objected to and
    upheld is a person's: the machine would answer as before (Act 38(5)).
    """
    if any(one.proposed not in _GIVING for one in items):
        return Decider.TWO
    fits = (
        rule.decider
        for rule in policy.deciders
        if _fits(rule, right, capacity, uncontested=uncontested, short_lived=short_lived)
    )
    found = Decider.MACHINE if not items and uncontested else next(fits, Decider.TWO)
    return Decider.OFFICER if upheld and found is Decider.MACHINE else found


def _fits(rule: DeciderRule, right: Right, capacity: Capacity, *, uncontested: bool, short_lived: bool) -> bool:
    return (
        rule.outcome == "grant"
        and right in rule.rights
        and capacity in rule.capacities
        and rule.uncontested in (None, uncontested)
        and rule.short_lived in (None, short_lived)
    )


_GIVING = (ItemOutcome.GRANT, ItemOutcome.HAND_OVER)
"""What takes nothing from the person: passing on to whoever answers for it is no refusal."""


def _explained(matter: Matter, item: Item, since: date) -> Item:
    """The item with its reasons."""
    scope, policy = matter.scope, matter.policy
    category, _, name = item.item.replace(":", ".").partition(".")
    found = policy.categories[category]
    media = found.media
    reading = Reading(scope.right, policy, matter.edition, since, matter.on, scope.ends_contract, media)
    purpose = name if name in found.purposes else None
    told = reasons.of(reading, found, purpose=purpose, ground=item.ground, holders=len(item.holders), field=name)
    return replace(item, reasons=told)


def _access(matter: Matter, _: date) -> list[Item]:
    if matter.scope.media:
        return [proposal.footage(matter, one) for one in _asked(matter)]
    return [
        proposal.beyond(matter, one, name) or proposal.shown(matter, one, name)
        for one in _asked(matter)
        for name in _field_ids(matter, one)
    ]


def _correction(matter: Matter, _: date) -> list[Item]:
    known = matter.policy.categories
    return [
        proposal.beyond(matter, known[category], name) or proposal.granted(matter, category, name)
        for category, name in matter.scope.changes
    ]


def _deletion(matter: Matter, since: date) -> list[Item]:
    items: list[Item] = []
    for category, names in _asked_for_deletion(matter).items():
        found = matter.policy.categories[category]
        items += [proposal.beyond(matter, found, name) or proposal.deleted(matter, found, name) for name in names]
        if not (found.owner or found.pseudonymised):
            items += _still_kept(matter, category, since)
    return items


def _still_kept(matter: Matter, category: str, since: date) -> list[Item]:
    found = retention.kept(matter.policy, category, since, on=matter.on)
    still = (one for one in found if one.until >= matter.on)
    return [proposal.kept(matter, category, one) for one in still]


def _suspension(matter: Matter, _: date) -> list[Item]:
    """Each purpose; what has none of its own, as footage, is one item."""
    purposes = matter.policy.purposes
    items = [proposal.beyond(matter, one, None) or proposal.granted(matter, one.id, None) for one in _bare(matter)]
    for one, purpose in _each_purpose(matter):
        items.append(proposal.beyond(matter, one, purpose) or proposal.stopped(matter, one, purposes[purpose]))
    return items


def _bare(matter: Matter) -> list[Category]:
    """Categories without purposes, where they are named."""
    return [one for one in _asked(matter) if not one.purposes] if matter.scope.categories is not None else []


def _withdrawal(matter: Matter, since: date) -> list[Item]:
    """Each purpose; where none is left the data goes, but for the records that a statute keeps (Act 21(1), 37(3))."""
    purposes = matter.policy.purposes
    items: list[Item] = []
    ended: dict[str, set[str]] = {}
    for one, purpose in _each_purpose(matter):
        item = proposal.beyond(matter, one, purpose) or proposal.withdrawn(matter, one, purposes[purpose])
        items.append(item)
        if item.proposed is ItemOutcome.GRANT:
            ended.setdefault(one.id, set(matter.withdrawn.get(one.id, ()))).add(purpose)
    for category, gone in ended.items():
        if set(matter.policy.categories[category].purposes) <= gone and matter.has("A21_1", "keep"):
            items += _still_kept(matter, category, since)
    return items


def _asked_for_deletion(matter: Matter) -> dict[str, list[str | None]]:
    """Category to its fields. Fields alone are just these; with neither fields nor categories all is meant."""
    fields_alone = matter.scope.categories is None and matter.scope.fields
    asked = {one.id: _field_ids(matter, one) for one in ([] if fields_alone else _asked(matter))}
    for category, name in matter.scope.fields:
        asked.setdefault(category, []).append(name)
    return asked


def _asked(matter: Matter) -> list[Category]:
    every = matter.policy.categories
    return [every[one] for one in (every if matter.scope.categories is None else matter.scope.categories)]


def _field_ids(matter: Matter, category: Category) -> list[str | None]:
    """A category without fields (footage) is one item where it is named; among "all" it wants place and time first."""
    if category.fields:
        return [one.id for one in category.fields]
    return [] if matter.scope.categories is None else [None]


def _each_purpose(matter: Matter) -> list[tuple[Category, str]]:
    """Each (category, purpose) asked; a purpose that no asked category lists is stopped in all of them.

    Without purposes, every purpose of the categories is meant: all of the processing may be stopped.
    """
    asked, purposes = _asked(matter), matter.scope.purposes
    if not purposes:
        return [(one, purpose) for one in asked for purpose in one.purposes]
    return [
        (one, purpose)
        for purpose in purposes
        for one in ([listing for listing in asked if purpose in listing.purposes] or asked)
    ]


_READING: dict[Right, Callable[[Matter, date], list[Item]]] = {
    Right.ACCESS: _access,
    Right.CORRECTION: _correction,
    Right.DELETION: _deletion,
    Right.SUSPENSION: _suspension,
    Right.CONSENT_WITHDRAWAL: _withdrawal,
}
