"""What people decide on a claim, checked against the assessment (Act 35(4), 36(4), 37(4); Decree 42)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.errors import Invalid
from app.law import grounds, proposal
from app.law.assessment import Item
from app.law.terms import ControllerKind, Edition, Event, ItemOutcome, Outcome, Right


@dataclass(frozen=True, slots=True)
class VerdictItem:
    """What is decided on one item, with ground and facts where it is not granted."""

    item: str
    outcome: ItemOutcome
    ground: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an officer proposes or the machine grants: the whole, the items it speaks of, and the public reason."""

    outcome: Outcome
    items: tuple[VerdictItem, ...] = ()
    reason: str | None = None


def check(
    verdict: Verdict,
    assessed: tuple[Item, ...],
    right: Right,
    edition: Edition,
    controller: ControllerKind,
    *,
    on: date,
    ends_contract: bool,
    media: Collection[str] = (),
) -> tuple[VerdictItem, ...]:
    """The complete list of decided items, or what is wrong with it (Act 35(4), 36(4), 37(4); Decree 42(1)).

    An item the verdict does not speak of takes the assessment's proposal, so that the rest is always granted
    (Decree 42(1)). What is refused or kept needs a ground open here, with its facts, and a reason for the person.
    `on` is the day of arrival, by which the edition was chosen; `media` the categories that are footage, to which other
    grounds are open than to data.
    """
    spoken = _spoken(verdict, assessed)
    decided = []
    for one in assessed:
        index, said = spoken.get(one.item, (None, _proposal(one)))
        pointer = "/items" if index is None else f"/items/{index}"
        whole = _with_facts(said, one)
        if (whole.outcome is ItemOutcome.HAND_OVER) != (one.proposed is ItemOutcome.HAND_OVER):
            # Whose data it is stands in the policy: nobody hands ours over, or decides on another's.
            raise Invalid("decision.inconsistent", pointer=f"{pointer}/outcome", basis="법 26⑧")
        if one.ground == grounds.PSEUDONYMISED and whole.outcome is not one.proposed:
            raise Invalid("decision.inconsistent", pointer=f"{pointer}/outcome", basis="법 28의5①, 28의7")
        film = one.item.partition(".")[0] in media
        _check_item(whole, right, edition, controller, on=on, ends_contract=ends_contract, media=film, pointer=pointer)
        _check_until(whole, one, right, pointer)
        decided.append(whole)
    _check_outcome(verdict, decided, right)
    return tuple(decided)


def as_decided(item: Item, decided: VerdictItem, right: Right, edition: Edition) -> Item:
    """The item as people decided it, in the words that its person is told (Act 35(4), 36(4), 37(4)).

    Where they kept to the proposal its words stand; else those of the ground they chose, or of a plain grant, so that
    a refused item never says what was proposed for it.
    """
    until = date.fromisoformat(decided.facts["until"]) if "until" in decided.facts else item.until
    if (decided.outcome, decided.ground) == (item.proposed, item.ground):
        return replace(item, facts=dict(decided.facts), until=until)
    if decided.ground is None:
        basis, text = proposal.GRANTED[right]
        return replace(item, ground=None, basis=basis, text=text, facts={}, until=None)
    ground = edition.grounds[decided.ground]
    return replace(
        item, ground=ground.id, basis=ground.article.ko, text=ground.text, facts=dict(decided.facts), until=until
    )


def event(outcome: Outcome) -> Event:
    """What a decision is in the life of the claim; nothing held, or another's data, is an answer granted."""
    return _EVENT[outcome]


_EVENT = {
    Outcome.APPROVE: Event.APPROVE,
    Outcome.NOTHING_HELD: Event.APPROVE,
    Outcome.HANDED_OVER: Event.APPROVE,
    Outcome.PARTIAL: Event.APPROVE_PARTLY,
    Outcome.REFUSE: Event.REFUSE,
}


_GIVING = (ItemOutcome.GRANT, ItemOutcome.HAND_OVER)


def outcome(verdict: Outcome, decided: tuple[VerdictItem, ...]) -> Outcome:
    """What the claim came to: handed over where all of it belongs to others (Act 26(8))."""
    handed = decided and all(one.outcome is ItemOutcome.HAND_OVER for one in decided)
    return Outcome.HANDED_OVER if handed else verdict


def _spoken(verdict: Verdict, assessed: tuple[Item, ...]) -> dict[str, tuple[int, VerdictItem]]:
    known = {one.item for one in assessed}
    spoken: dict[str, tuple[int, VerdictItem]] = {}
    for index, one in enumerate(verdict.items):
        if one.item not in known:
            raise Invalid("decision.unknown_item", pointer=f"/items/{index}/item")
        if one.item in spoken:
            raise Invalid("decision.inconsistent", pointer=f"/items/{index}/item")
        spoken[one.item] = (index, one)
    return spoken


def _proposal(item: Item) -> VerdictItem:
    return VerdictItem(item.item, item.proposed, item.ground, item.facts)


def _with_facts(said: VerdictItem, item: Item) -> VerdictItem:
    """Where the verdict keeps the proposed ground, the facts that the assessment found stand beside those said.

    A verdict that keeps the proposed outcome and names no ground keeps the proposed one.
    """
    ground = said.ground
    if ground is None and said.outcome is item.proposed:
        ground = item.ground
    if ground is None or ground != item.ground:
        return said
    return VerdictItem(said.item, said.outcome, ground, {**item.facts, **said.facts})


def _check_item(
    one: VerdictItem,
    right: Right,
    edition: Edition,
    controller: ControllerKind,
    *,
    on: date,
    ends_contract: bool,
    media: bool,
    pointer: str,
) -> None:
    if one.outcome in _GIVING:
        if one.ground is not None:
            raise Invalid("decision.inconsistent", pointer=f"{pointer}/ground")
        return
    if one.ground is None:
        raise Invalid("ground.required", pointer=f"{pointer}/ground", basis=edition.basis.get(right))
    effect = one.outcome.value
    grounds.check(
        edition,
        one.ground,
        right,
        controller,
        effect,
        one.facts,
        on=on,
        ends_contract=ends_contract,
        media=media,
        pointer=pointer,
    )


def _check_until(decided: VerdictItem, item: Item, right: Right, pointer: str) -> None:
    """People may find a later day than the assessment, never one before the statute's own (Act 21(1) proviso).

    What is kept from deletion is kept until a day; without one it is refused or deleted. A statute keeps records and
    no purposes: a purpose that goes on is kept for a ground of Article 37(2).
    """
    if decided.outcome is not ItemOutcome.KEEP:
        return
    if decided.ground == "A21_1" and right is Right.CONSENT_WITHDRAWAL and item.record_class is None:
        raise Invalid("ground.not_available", pointer=f"{pointer}/ground", basis="법 21① 단서")
    if "until" not in decided.facts:
        if item.until is None and right is Right.DELETION:
            raise Invalid("decision.inconsistent", pointer=f"{pointer}/outcome", basis="법 21① 단서")
        return
    try:
        until = date.fromisoformat(decided.facts["until"])
    except ValueError:
        raise Invalid("field.format", pointer=f"{pointer}/facts/until") from None
    if item.until is not None and until < item.until:
        raise Invalid("decision.inconsistent", pointer=f"{pointer}/facts/until", basis="법 21① 단서")


# Where the law says that the reason is told.
_REASON = {
    Right.ACCESS: "법 35④, 영 42②",
    Right.CORRECTION: "영 43③",
    Right.DELETION: "법 36④, 영 43③",
    Right.SUSPENSION: "법 37④, 영 44②",
    Right.CONSENT_WITHDRAWAL: "법 37④",
}


def _check_outcome(verdict: Verdict, decided: list[VerdictItem], right: Right) -> None:
    granted = sum(one.outcome in _GIVING for one in decided)
    if not decided:
        fitting = {Outcome.NOTHING_HELD, Outcome.APPROVE}
    elif granted == len(decided):
        fitting = {Outcome.APPROVE}
    else:
        fitting = {Outcome.PARTIAL} if granted else {Outcome.REFUSE}
    if verdict.outcome not in fitting:
        # That the rest is opened is written for access; for the other rights it follows from the single items.
        basis = "영 42①" if right is Right.ACCESS else None
        raise Invalid("decision.inconsistent", pointer="/outcome", basis=basis)
    if verdict.outcome in (Outcome.PARTIAL, Outcome.REFUSE) and not (verdict.reason or "").strip():
        raise Invalid("decision.reason_required", pointer="/reason", basis=_REASON[right])
