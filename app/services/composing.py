"""From a decided claim to the statutory notice and the access package: facts in, values of `documents` out."""

from datetime import date
from typing import Any

from app.desk import Desk
from app.documents.notices import (
    AccessAnswer,
    AccessNotice,
    Barred,
    Done,
    Fee,
    Footage,
    Granted,
    HandedOver,
    Item,
    NothingHeld,
    Notice,
    Objection,
    PartlyDone,
    PartlyGranted,
    Postponed,
    Recipient,
    Refused,
    ResultAnswer,
    ResultNotice,
    Sender,
    Shape,
    StatedGround,
    Viewing,
    Way,
    Withheld,
)
from app.documents.tongue import Tongue, either, say
from app.documents.wording import results
from app.law import deadline
from app.law.terms import Aspect, Capacity, ItemOutcome, Label, Outcome, Right, Whose
from app.models import Claim, Decision
from app.policy import bodies
from app.policy.words import ASPECTS
from app.services import counted, itemised, left_over, recipients, showing
from app.services.facts import Facts

ANSWER_DAYS = 10
BARS_DELETION = "A36_1"


def notice(desk: Desk, facts: Facts, *, answer: Postponed | None = None) -> Notice:
    """Form 9 for access, form 10 for the rest (Decree 41(5), 42(2), 43(3), 44(2)); `answer` where access is put off."""
    right, tongue = Right(facts.claim.right), facts.tongue
    shared: dict[str, Any] = {
        "receipt_no": facts.request.receipt_no,
        "sender": sender(desk, tongue),
        "forms": desk.rulebook.named(facts.claim.edition).forms,
        "recipient": recipient(facts, tongue),
        "request_summary": summary(desk, facts.claim, tongue),
        "objection": objection(desk, facts),
        "dated": facts.on,
        "silent": facts.silent,
        "counted": counted.lines(facts.claim.due_steps, tongue),
        "easy": facts.young,
        "language": tongue,
    }
    if right is Right.ACCESS:
        access = answer or _access_answer(desk, facts)
        items = () if isinstance(access, NothingHeld | Footage) else _items(desk, facts)
        told = facts.provided if isinstance(access, Granted | PartlyGranted) else 0
        return AccessNotice(answer=access, items=items, provided=told, **shared)
    result, items = _result_answer(desk, facts), _items(desk, facts)
    return ResultNotice(right=right, answer=result, items=items, informed=facts.informed, **shared)


def postponed(
    desk: Desk, claim: Claim, ground_id: str, reason: str, expected_on: date, tongue: Tongue = "ko"
) -> Postponed:
    """Why access is put off and until when (Act 35(3), Decree 42(2))."""
    found = desk.rulebook.named(claim.edition).grounds[ground_id]
    stated = StatedGround(article=say(found.article, tongue), text=say(found.text, tongue))
    return Postponed(withheld=Withheld(reason=reason, grounds=(stated,)), expected_on=expected_on)


def sender(desk: Desk, tongue: Tongue = "ko") -> Sender:
    """In whose name it goes out (policy ch. 13)."""
    policy = desk.policy
    return Sender(
        controller=say(policy.controller, tongue),
        desk=say(policy.desk, tongue),
        phone=policy.desk_phone,
        email=policy.desk_email,
        approver=say(policy.approver, tongue),
    )


def recipient(facts: Facts, tongue: Tongue = "ko") -> Recipient:
    """Who is told, in what standing and for whom; with an address where one was given."""
    for_another = facts.who.party is Whose.REQUESTER
    acting = say(results.ACTING[Capacity(facts.request.capacity)], tongue) if for_another else ""
    subject: str = facts.typed["name"]
    address = facts.typed.get("address") or {}
    return Recipient(
        # Whose data is destroyed before the answer is written is left with their standing alone.
        name=facts.who.name or acting or subject,
        postal_code=address.get("postal_code", ""),
        address=" ".join(one for one in (address.get("road_address"), address.get("detail")) if one),
        acting_as=acting,
        subject=subject if acting else "",
    )


def summary(desk: Desk, claim: Claim, tongue: Tongue = "ko") -> str:
    """What was asked, in the policy's own labels."""
    scope = claim.scope
    if scope.get("media"):
        return showing.summary(scope["media"], tongue)
    asked = [f"{say(results.ASKED[Right(claim.right)], tongue)}: {named(desk, scope, tongue)}"]
    if scope.get("aspects"):
        aspects = ", ".join(say(ASPECTS[Aspect(one)], tongue) for one in scope["aspects"])
        asked.append(f"{say(results.ASPECTS_ASKED, tongue)}: {aspects}")
    if claim.right == Right.SUSPENSION or scope.get("ends_contract"):
        # Whether a contract may stand against the claim turns on this (Act 37(2)4).
        asked.append(say(results.ENDS_CONTRACT if scope.get("ends_contract") else results.KEEPS_CONTRACT, tongue))
    return "\n".join(asked)


def named(desk: Desk, scope: dict[str, Any], tongue: Tongue) -> str:
    """The categories, fields and purposes that a claim names; everything where it names none."""
    policy = desk.policy
    single = (*(scope.get("fields") or ()), *(scope.get("changes") or ()))
    found = (
        *(say(policy.categories[one].label, tongue) for one in scope.get("categories") or ()),
        *(itemised.label(desk, f"{one['category']}.{one['field']}", tongue) for one in single),
        *(say(policy.purposes[one].label, tongue) for one in scope.get("purposes") or ()),
    )
    return ", ".join(dict.fromkeys(found)) or say(results.EVERYTHING, tongue)


def objection(desk: Desk, facts: Facts) -> Objection:
    """How to object, until when, and who else can be asked (Act 38(5), policy ch. 12)."""
    policy = desk.policy
    until = facts.on.toordinal() + policy.settled.objection_window_days
    return Objection(
        how=say(policy.objection, facts.tongue),
        until=date.fromordinal(until),
        answer_days=ANSWER_DAYS,
        bodies=outside(desk, facts.on, facts.tongue),
    )


def outside(desk: Desk, on: date, tongue: Tongue) -> tuple[str, ...]:
    """The bodies outside the company that can be turned to on this day (policy ch. 12)."""
    return tuple(f"{say(one.label, tongue)} {one.contact}" for one in bodies(desk.policy, on))


def _items(desk: Desk, facts: Facts) -> tuple[Item, ...]:
    return tuple(
        Item(
            label=itemised.label(desk, item["item"], facts.tongue),
            outcome=ItemOutcome(item["outcome"]),
            ground=itemised.ground(desk, facts.claim, item, facts.tongue) if item["ground"] else None,
            until=_until(facts, item),
            detail=_detail(desk, facts, item),
            absent=_is_absent(facts, item),
        )
        for item in facts.items
    )


def _detail(desk: Desk, facts: Facts, item: dict[str, Any]) -> str:
    """What is to be known of an item beside what became of it."""
    if _is_absent(facts, item):
        return say(results.ABSENT, facts.tongue)
    if item["outcome"] == ItemOutcome.HAND_OVER:
        [(name, contact)] = _controllers(desk, facts, [item])
        return either(facts.tongue, f"넘긴 곳: {name} ({contact})", f"Passed on to {name} ({contact})")
    return say(results.LATEST, facts.tongue) if item["until"] and not _reported(facts, item) else ""


def _is_absent(facts: Facts, item: dict[str, Any]) -> bool:
    return item["outcome"] == ItemOutcome.GRANT and item["item"].partition(".")[0] in facts.absent


def _nothing_there(facts: Facts) -> bool:
    """Whether of all that was granted nothing was found anywhere."""
    granted = [item for item in facts.items if item["outcome"] == ItemOutcome.GRANT]
    return bool(granted) and all(_is_absent(facts, item) for item in granted)


def _until(facts: Facts, item: dict[str, Any]) -> date | None:
    """Until when it is kept: the holder's own earlier day where it told one, else the latest the statute can mean."""
    until = _reported(facts, item) or item["until"]
    return date.fromisoformat(until) if until else None


def _reported(facts: Facts, item: dict[str, Any]) -> str | None:
    day = facts.kept_until.get(item["basis"]) if item["outcome"] == ItemOutcome.KEEP else None
    # A holder's day shortens what was decided and never lengthens it.
    return day if day is not None and day <= (item["until"] or day) else None


def _access_answer(desk: Desk, facts: Facts) -> AccessAnswer:
    assert facts.decision is not None
    match Outcome(facts.decision.outcome):
        case Outcome.NOTHING_HELD:
            return NothingHeld(other_ways=_other_ways(facts))
        case Outcome.APPROVE if facts.sight is not None:
            return _shown(desk, facts, facts.sight)
        case Outcome.APPROVE if _nothing_there(facts) and facts.claim.scope["aspects"] == [Aspect.ITEMS]:
            # Whoever asked only what is held is told that nothing is; another contact may lead further.
            return NothingHeld(other_ways=_other_ways(facts))
        case Outcome.APPROVE:
            return Granted(viewing=_viewing(desk, facts))
        case Outcome.PARTIAL:
            return PartlyGranted(viewing=_viewing(desk, facts), withheld=_withheld(desk, facts))
        case Outcome.REFUSE:
            return Refused(withheld=_withheld(desk, facts))
        case Outcome.HANDED_OVER:
            return _handed_over(desk, facts)


def _shown(desk: Desk, facts: Facts, sight: showing.Sight) -> AccessAnswer:
    opens, cameras = facts.claim.available_from or facts.claim.granted_at, desk.policy.cameras
    assert opens is not None and cameras is not None
    opens, fee = deadline.seoul_time(opens), _fee(facts.decision)
    return showing.answer(sight, facts.tongue, opens=opens, fee=fee, cameras=cameras)


def _result_answer(desk: Desk, facts: Facts) -> ResultAnswer:
    assert facts.decision is not None
    right = Right(facts.claim.right)
    match Outcome(facts.decision.outcome):
        case Outcome.NOTHING_HELD:
            return NothingHeld(other_ways=_other_ways(facts))
        case Outcome.APPROVE:
            return Done(action=_action(desk, facts, _done(facts, right)))
        case Outcome.PARTIAL:
            return PartlyDone(action=_action(desk, facts, _partly_done(facts, right)), withheld=_withheld(desk, facts))
        case Outcome.REFUSE:
            withheld, statutes = _withheld(desk, facts), _barring(facts)
            return Barred(statutes=statutes, withheld=withheld) if statutes else Refused(withheld=withheld)
        case Outcome.HANDED_OVER:
            return _handed_over(desk, facts)


def _done(facts: Facts, right: Right) -> Label:
    if facts.silent:
        return results.OPEN
    return results.NOTHING_THERE[right] if _nothing_there(facts) else results.DONE[right]


def _partly_done(facts: Facts, right: Right) -> Label:
    if facts.silent:
        return results.OPEN_PARTLY
    return results.NOTHING_THERE_PARTLY[right] if _nothing_there(facts) else results.PARTLY_DONE[right]


def _barring(facts: Facts) -> tuple[str, ...]:
    """The statutes that name the data as data to be collected, where nothing else bars its deletion (Act 36(1)(4))."""
    if {item["ground"] for item in facts.items} != {BARS_DELETION}:
        return ()
    return tuple(dict.fromkeys(item["facts"]["statute"] for item in facts.items))


def _action(desk: Desk, facts: Facts, said: Label) -> str:
    return "\n".join((say(said, facts.tongue), *left_over.lines(desk, facts)))


def _handed_over(desk: Desk, facts: Facts) -> HandedOver:
    """To whom: each other controller whose data the claim asked for (Act 26(8))."""
    return HandedOver(controllers=_controllers(desk, facts, facts.items))


def _controllers(desk: Desk, facts: Facts, items: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    """The other controllers to whom these items belong: name and contact of each."""
    policy = desk.policy
    owners = dict.fromkeys(policy.categories[item["item"].partition(".")[0]].owner for item in items)
    found = [policy.controllers[one] for one in owners if one is not None]
    return tuple((say(one.label, facts.tongue), one.contact) for one in found)


def _other_ways(facts: Facts) -> tuple[str, ...]:
    ways = results.OTHER_WAYS if facts.who.party is Whose.SUBJECT else results.OTHER_WAYS_FOR_ANOTHER
    return tuple(say(one, facts.tongue) for one in ways)


def _viewing(desk: Desk, facts: Facts) -> Viewing:
    opens = facts.claim.available_from or facts.claim.granted_at
    assert opens is not None
    paper = recipients.gets_paper(facts.request, facts.claim, facts.who.party)
    return Viewing(
        opens=deadline.seoul_time(opens),
        closes=deadline.seoul_time(facts.closes) if facts.closes else None,
        place=either(
            facts.tongue,
            f"{desk.policy.controller.ko} 개인정보 요구 창구({desk.policy.website})",
            f"The rights desk of {desk.policy.controller.en} ({desk.policy.website})",
        ),
        shapes=(Shape.FILE, Shape.COPY) if paper else (Shape.FILE,),
        ways=(Way.POST, Way.OTHER) if paper else (Way.OTHER,),
        other_way=say(results.DOWNLOAD, facts.tongue),
        fee=_fee(facts.decision),
    )


def _fee(decision: Decision | None) -> Fee:
    """What was charged (Decree 47); mostly nothing."""
    charged = decision.fee if decision is not None else None
    if not charged:
        return Fee()
    return Fee(fee=charged["fee"], postage=charged["postage"], breakdown=charged["breakdown"])


def _withheld(desk: Desk, facts: Facts) -> Withheld:
    assert facts.decision is not None
    kept = [item for item in facts.items if item["outcome"] in (ItemOutcome.KEEP, ItemOutcome.REFUSE)]
    merged: dict[tuple[str, str], dict[str, None]] = {}
    for one in (itemised.ground(desk, facts.claim, item, facts.tongue) for item in kept):
        # Each ground is said once, with the facts of every item that it covers.
        merged.setdefault((one.article, one.text), {}).update(dict.fromkeys(one.facts))
    grounds = tuple(
        StatedGround(article=article, text=text, facts=tuple(said)) for (article, text), said in merged.items()
    )
    return Withheld(reason=facts.reason or say(results.KEPT_BY_LAW, facts.tongue), grounds=grounds)
