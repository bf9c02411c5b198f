"""From a decided claim to the statutory notice and the access package: facts in, values of `documents` out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.desk import Desk
from app.documents import korean
from app.documents.notices import (
    AccessAnswer,
    AccessNotice,
    Done,
    Fee,
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
from app.law import deadline
from app.law.terms import Aspect, Capacity, ItemOutcome, Outcome, Right, Whose
from app.models import Claim, Decision, Request
from app.policy import bodies
from app.policy.words import ASPECTS
from app.services import recipients
from app.services.recipients import Recipient as Told

ANSWER_DAYS = 10
_ASKED = {
    Right.ACCESS: "개인정보 열람",
    Right.CORRECTION: "개인정보 정정",
    Right.DELETION: "개인정보 삭제",
    Right.SUSPENSION: "개인정보 처리정지",
    Right.CONSENT_WITHDRAWAL: "동의 철회",
}
_DONE = {
    Right.CORRECTION: "요구하신 항목을 정정하였고, 그 개인정보를 가진 시스템과 수탁자에도 반영된 것을 확인하였습니다.",
    Right.DELETION: "요구하신 항목을 복구할 수 없도록 삭제하였습니다.",
    Right.SUSPENSION: "요구하신 목적의 처리를 정지하였습니다. 그 목적으로는 이용하거나 제공하지 않습니다.",
    Right.CONSENT_WITHDRAWAL: "동의 철회를 반영하여 그 동의에 따른 처리를 그만두고, 파기 등 필요한 조치를 하였습니다.",
}
_PARTLY_DONE = {
    Right.CORRECTION: "요구하신 항목 가운데 일부를 정정하였고, 그 개인정보를 가진 시스템과 수탁자에도 반영된 것을 "
    "확인하였습니다.\n정정하지 않은 항목과 그 사유를 아래에 적었습니다.",
    Right.DELETION: "요구하신 항목 가운데 일부를 복구할 수 없도록 삭제하였습니다.\n"
    "삭제하지 않은 항목과 그 사유를 아래에 적었습니다.",
    Right.SUSPENSION: "요구하신 목적 가운데 일부의 처리를 정지하였습니다. 그 목적으로는 이용하거나 제공하지 않습니다.\n"
    "정지하지 않은 목적과 그 사유를 아래에 적었습니다.",
    Right.CONSENT_WITHDRAWAL: "동의 철회를 반영하여 그 동의에 따른 처리를 그만두고, 파기 등 필요한 조치를 하였습니다.\n"
    "계속 처리하거나 보존하는 항목과 그 사유를 아래에 적었습니다.",
}
_OPEN = "요구를 받아들여 조치하고 있으며, 지금까지의 상황을 알려 드립니다."
_OPEN_PARTLY = (
    "요구의 일부를 받아들여 조치하고 있으며, 지금까지의 상황을 알려 드립니다.\n"
    "받아들이지 않은 항목과 그 사유를 아래에 적었습니다."
)
_LATEST = "보존 기한은 법령이 정한 기간이 가장 늦게 끝나는 날입니다. 실제 기한이 먼저 오면 그때 파기합니다."
_OTHER_WAYS = (
    "예전에 쓰시던 전화번호나 전자우편으로 인증번호 받기",
    "홈페이지에 로그인하여 확인받거나, 신분증을 가지고 방문하여 확인받기",
)
_OTHER_WAYS_FOR_ANOTHER = (
    "정보주체가 예전에 쓰던 전화번호, 전자우편이나 고객번호를 적어 다시 요구하기",
    "서류와 신분증을 가지고 방문하여 확인받기",
)
_ACTING = {Capacity.GUARDIAN: "법정대리인", Capacity.DELEGATE: "대리인"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a claim came to, opened for composing."""

    request: Request
    claim: Claim
    decision: Decision | None
    items: list[dict[str, Any]]
    who: Told
    """Whom the answer goes to."""
    typed: dict[str, Any]
    """What was typed about the subject."""
    reason: str | None
    silent: tuple[str, ...]
    informed: tuple[str, ...]
    closes: datetime | None
    on: date
    kept_until: dict[str, str]
    partly: tuple[str, ...] = ()
    young: bool = False
    """Who reads the answer is under age."""


def notice(desk: Desk, facts: Facts, *, answer: Postponed | None = None) -> Notice:
    """Form 9 for access, form 10 for the rest (Decree 41(5), 42(2), 43(3), 44(2)); `answer` where access is put off."""
    right = Right(facts.claim.right)
    shared: dict[str, Any] = {
        "receipt_no": facts.request.receipt_no,
        "sender": sender(desk),
        "recipient": recipient(facts),
        "request_summary": summary(desk, facts.claim),
        "objection": objection(desk, facts),
        "dated": facts.on,
        "items": _items(desk, facts),
        "silent": facts.silent,
        "easy": facts.young,
    }
    if right is Right.ACCESS:
        return AccessNotice(answer=answer or _access_answer(desk, facts), **shared)
    return ResultNotice(right=right, answer=_result_answer(desk, facts), informed=facts.informed, **shared)


def postponed(desk: Desk, claim: Claim, ground_id: str, reason: str, expected_on: date) -> Postponed:
    """Why access is put off and until when (Act 35(3), Decree 42(2))."""
    found = desk.rulebook.named(claim.edition).grounds[ground_id]
    stated = StatedGround(article=found.article.ko, text=found.text.ko)
    return Postponed(withheld=Withheld(reason=reason, grounds=(stated,)), expected_on=expected_on)


def sender(desk: Desk) -> Sender:
    """In whose name it goes out (policy ch. 13)."""
    policy = desk.policy
    return Sender(
        controller=policy.controller.ko,
        desk=policy.desk.ko,
        phone=policy.desk_phone,
        email=policy.desk_email,
        approver=policy.approver.ko,
    )


def recipient(facts: Facts) -> Recipient:
    """Who is told, in what standing and for whom; with an address where one was given."""
    acting = _ACTING[Capacity(facts.request.capacity)] if facts.who.party is Whose.REQUESTER else ""
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


def summary(desk: Desk, claim: Claim) -> str:
    """What was asked, in the policy's own labels."""
    scope, policy = claim.scope, desk.policy
    named = [policy.categories[one].label.ko for one in scope.get("categories") or ()]
    named += [label(desk, f"{one['category']}.{one['field']}") for one in scope.get("fields") or ()]
    named += [label(desk, f"{one['category']}.{one['field']}") for one in scope.get("changes") or ()]
    named += [policy.purposes[one].label.ko for one in scope.get("purposes") or ()]
    asked = [f"{_ASKED[Right(claim.right)]}: {', '.join(dict.fromkeys(named)) or '보유한 모든 개인정보'}"]
    if scope.get("aspects"):
        asked.append(f"열람을 요구하신 사항: {', '.join(ASPECTS[Aspect(one)].ko for one in scope['aspects'])}")
    if claim.right == Right.SUSPENSION:
        # Whether a contract may stand against the claim turns on this (Act 37(2)4).
        asked.append(f"계약 해지 의사: {'밝히셨음' if scope.get('ends_contract') else '밝히지 않으셨음'}")
    return "\n".join(asked)


def objection(desk: Desk, facts: Facts) -> Objection:
    """How to object, until when, and who else can be asked (Act 38(5), policy ch. 12)."""
    policy = desk.policy
    until = facts.on.toordinal() + policy.settled.objection_window_days
    return Objection(
        how=policy.objection.ko,
        until=date.fromordinal(until),
        answer_days=ANSWER_DAYS,
        bodies=tuple(f"{one.label.ko} {one.contact}" for one in bodies(policy, facts.on)),
    )


def _items(desk: Desk, facts: Facts) -> tuple[Item, ...]:
    return tuple(
        Item(
            label=label(desk, item["item"]),
            outcome=ItemOutcome(item["outcome"]),
            ground=ground(desk, facts.claim, item) if item["ground"] else None,
            until=_until(facts, item),
            detail=_LATEST if item["until"] and not _reported(facts, item) else "",
        )
        for item in facts.items
    )


def _until(facts: Facts, item: dict[str, Any]) -> date | None:
    """Until when it is kept: the holder's own report where there is one, else the latest day the statute can mean."""
    until = _reported(facts, item) or item["until"]
    return date.fromisoformat(until) if until else None


def _reported(facts: Facts, item: dict[str, Any]) -> str | None:
    return facts.kept_until.get(item["basis"]) if item["outcome"] == ItemOutcome.KEEP else None


def _access_answer(desk: Desk, facts: Facts) -> AccessAnswer:
    assert facts.decision is not None
    match Outcome(facts.decision.outcome):
        case Outcome.NOTHING_HELD:
            return NothingHeld(other_ways=_other_ways(facts))
        case Outcome.APPROVE:
            return Granted(viewing=_viewing(desk, facts))
        case Outcome.PARTIAL:
            return PartlyGranted(viewing=_viewing(desk, facts), withheld=_withheld(desk, facts))
        case Outcome.REFUSE:
            return Refused(withheld=_withheld(desk, facts))
        case Outcome.HANDED_OVER:
            return _handed_over(desk, facts)


def _result_answer(desk: Desk, facts: Facts) -> ResultAnswer:
    assert facts.decision is not None
    right = Right(facts.claim.right)
    match Outcome(facts.decision.outcome):
        case Outcome.NOTHING_HELD:
            return NothingHeld(other_ways=_other_ways(facts))
        case Outcome.APPROVE:
            action = _OPEN if facts.silent else _DONE[right]
            return Done(action="\n".join((action, *_left_over(facts))))
        case Outcome.PARTIAL:
            action = _OPEN_PARTLY if facts.silent else _PARTLY_DONE[right]
            return PartlyDone(action="\n".join((action, *_left_over(facts))), withheld=_withheld(desk, facts))
        case Outcome.REFUSE:
            return Refused(withheld=_withheld(desk, facts))
        case Outcome.HANDED_OVER:
            return _handed_over(desk, facts)


def _handed_over(desk: Desk, facts: Facts) -> HandedOver:
    """To whom: each other controller whose data the claim asked for (Act 26(8))."""
    policy = desk.policy
    owners = dict.fromkeys(policy.categories[item["item"].partition(".")[0]].owner for item in facts.items)
    found = [policy.controllers[one] for one in owners if one is not None]
    return HandedOver(controllers=tuple((one.label.ko, one.contact) for one in found))


def _other_ways(facts: Facts) -> tuple[str, ...]:
    return _OTHER_WAYS if facts.who.party is Whose.SUBJECT else _OTHER_WAYS_FOR_ANOTHER


def _left_over(facts: Facts) -> list[str]:
    """What holders report beyond the decision: a record of theirs that a statute keeps, an act done in part."""
    assert facts.decision is not None
    foreseen = {item["basis"] for item in facts.items if item["outcome"] == ItemOutcome.KEEP}
    told = [
        f"다음 기록은 법령에 따라 보존한다고 알려 왔습니다: {statute}, {korean.day(date.fromisoformat(until))}까지"
        for statute, until in sorted(facts.kept_until.items())
        if statute not in foreseen
    ]
    if facts.partly:
        where = ", ".join(facts.partly)
        told.append(f"일부만 조치하였다고 알려 온 곳: {where}. 자세한 내용은 아래 담당 부서로 문의해 주십시오.")
    return told


def _viewing(desk: Desk, facts: Facts) -> Viewing:
    opens = facts.claim.available_from or facts.claim.granted_at
    assert opens is not None
    paper = recipients.gets_paper(facts.request, facts.claim, facts.who.party)
    return Viewing(
        opens=deadline.seoul_time(opens),
        closes=deadline.seoul_time(facts.closes) if facts.closes else None,
        place=f"{desk.policy.controller.ko} 개인정보 요구 창구({desk.policy.website})",
        shapes=(Shape.FILE, Shape.COPY) if paper else (Shape.FILE,),
        ways=(Way.POST, Way.OTHER) if paper else (Way.OTHER,),
        other_way="홈페이지에서 인증번호 확인 후 내려받기",
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
    kept = [item for item in facts.items if item["outcome"] != ItemOutcome.GRANT]
    merged: dict[tuple[str, str], dict[str, None]] = {}
    for one in (ground(desk, facts.claim, item) for item in kept):
        # Each ground is said once, with the facts of every item that it covers.
        merged.setdefault((one.article, one.text), {}).update(dict.fromkeys(one.facts))
    grounds = tuple(
        StatedGround(article=article, text=text, facts=tuple(said)) for (article, text), said in merged.items()
    )
    return Withheld(reason=facts.reason or "법령에 따라 보존하여야 하는 기록입니다.", grounds=grounds)


def ground(desk: Desk, claim: Claim, item: dict[str, Any]) -> StatedGround:
    """The ground of an item as told to the person: article, words, and the facts that meet it (Decree 42(2))."""
    edition = desk.rulebook.named(claim.edition)
    found, record = edition.grounds[item["ground"]], desk.policy.records.get(item["record_class"] or "")
    # What stands in brackets tells the officer how to write the fact; it is not for the person.
    names = {name: label.ko.partition("(")[0] for name, label in edition.facts.items()}
    if record is not None:
        names["statute"] = record.label.ko
    shown = [
        f"{names.get(name, name)}: {value}"
        for name, value in item["facts"].items()
        if name not in ("record_class", "until")
    ]
    return StatedGround(article=found.article.ko, text=found.text.ko, facts=tuple(shown))


def label(desk: Desk, item: str) -> str:
    """An item in the policy's words: a field, a purpose, a kept record, or a whole category."""
    policy = desk.policy
    if ":" in item:
        category, record = item.split(":")
        return f"{policy.categories[category].label.ko} - {policy.records[record].label.ko}"
    category, _, name = item.partition(".")
    if not name:
        return policy.categories[category].label.ko
    for one in policy.categories[category].fields:
        if one.id == name:
            return f"{policy.categories[category].label.ko} - {one.label.ko}"
    return f"{policy.categories[category].label.ko} - {policy.purposes[name].label.ko}"
