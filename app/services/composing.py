"""From a decided claim to the statutory notice and the access package: facts in, values of `documents` out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.desk import Desk
from app.documents.notices import (
    AccessNotice,
    Done,
    Granted,
    Item,
    NothingHeld,
    Notice,
    Objection,
    PartlyDone,
    PartlyGranted,
    Recipient,
    Refused,
    ResultNotice,
    Sender,
    Shape,
    StatedGround,
    Viewing,
    Way,
    Withheld,
)
from app.documents.package import (
    AccessPackage,
    CategoryTold,
    ConsentTold,
    Held,
    ProvisionTold,
    PurposeTold,
    Value,
    WithheldTold,
)
from app.law import deadline
from app.law.terms import Aspect, Basis, Category, ItemOutcome, Outcome, Right
from app.models import Claim, Decision, Request
from app.policy import bodies

ANSWER_DAYS = 10
_ASKED = {
    Right.ACCESS: "개인정보 열람",
    Right.CORRECTION: "개인정보 정정",
    Right.DELETION: "개인정보 삭제",
    Right.SUSPENSION: "개인정보 처리정지",
    Right.CONSENT_WITHDRAWAL: "동의 철회",
}
_DONE = {
    Right.CORRECTION: "요구하신 항목을 정정하고 보유하는 시스템과 수탁자에게 반영을 확인하였습니다.",
    Right.DELETION: "요구하신 항목을 복구할 수 없도록 삭제하였습니다.",
    Right.SUSPENSION: "요구하신 목적의 처리를 정지하였습니다.",
    Right.CONSENT_WITHDRAWAL: "동의를 철회하고 그 동의에 따른 처리를 그만두었습니다.",
}
_OPEN = "요구를 받아들여 조치하고 있으며, 아래 보유처의 회신을 기다리고 있습니다."
_OTHER_WAYS = (
    "다른 연락처(전화번호·전자우편)로 다시 요구하실 수 있습니다.",
    "홈페이지에 로그인하여 요구하시거나, 신분증을 가지고 방문하여 확인받으실 수 있습니다.",
)
_BASIS = {
    Basis.CONSENT: "동의",
    Basis.CONTRACT: "계약의 이행",
    Basis.STATUTE: "법령상 의무",
    Basis.INTEREST: "정당한 이익",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a claim came to, opened for composing."""

    request: Request
    claim: Claim
    decision: Decision | None
    typed: dict[str, Any]
    reason: str | None
    silent: tuple[str, ...]
    informed: tuple[str, ...]
    closes: datetime | None
    on: date
    kept_until: dict[str, str]


def notice(desk: Desk, facts: Facts) -> Notice:
    """Form 9 for access, form 10 for the rest (Decree 41(5), 42(2), 43(3), 44(2))."""
    right = Right(facts.claim.right)
    shared: dict[str, Any] = {
        "receipt_no": facts.request.receipt_no,
        "sender": sender(desk),
        "recipient": _recipient(facts.typed),
        "request_summary": _summary(desk, facts.claim),
        "objection": _objection(desk, facts),
        "dated": facts.on,
        "items": _items(desk, facts),
        "silent": facts.silent,
    }
    if right is Right.ACCESS:
        return AccessNotice(answer=_access_answer(desk, facts), **shared)
    return ResultNotice(right=right, answer=_result_answer(desk, facts), informed=facts.informed, **shared)


def package(desk: Desk, facts: Facts, collected: Iterable[tuple[str, str, list[dict[str, str]]]]) -> AccessPackage:
    """What the person asked to see, from what holders returned (holder, category, records), policy and registry."""
    found = list(collected)
    decided = facts.decision.items if facts.decision else []
    asked = dict.fromkeys(item["item"].partition(".")[0] for item in decided)
    return AccessPackage(
        receipt_no=facts.request.receipt_no,
        sender=sender(desk),
        recipient=_recipient(facts.typed),
        aspects=frozenset(Aspect(one) for one in facts.claim.scope["aspects"]),
        categories=tuple(_told(desk, desk.policy.categories[one], found, decided) for one in asked),
        dated=facts.on,
        silent=facts.silent,
    )


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


def _recipient(typed: dict[str, Any]) -> Recipient:
    address = typed.get("address")
    if not address:
        return Recipient(name=typed["name"])
    lines = " ".join(one for one in (address["road_address"], address.get("detail")) if one)
    return Recipient(name=typed["name"], postal_code=address["postal_code"], address=lines)


def _summary(desk: Desk, claim: Claim) -> str:
    """What was asked, in the policy's own labels."""
    scope, policy = claim.scope, desk.policy
    named = [policy.categories[one].label.ko for one in scope.get("categories") or ()]
    named += [_label(desk, f"{one['category']}.{one['field']}") for one in scope.get("fields") or ()]
    named += [_label(desk, f"{one['category']}.{one['field']}") for one in scope.get("changes") or ()]
    named += [policy.purposes[one].label.ko for one in scope.get("purposes") or ()]
    return f"{_ASKED[Right(claim.right)]}: {', '.join(dict.fromkeys(named)) or '보유한 모든 개인정보'}"


def _objection(desk: Desk, facts: Facts) -> Objection:
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
            label=_label(desk, item["item"]),
            outcome=ItemOutcome(item["outcome"]),
            ground=_ground(desk, facts.claim, item) if item["ground"] else None,
            until=_until(facts, item),
        )
        for item in (facts.decision.items if facts.decision else [])
    )


def _until(facts: Facts, item: dict[str, Any]) -> date | None:
    """Until when it is kept: the holder's own report where there is one, else the latest day the statute can mean."""
    told = facts.kept_until.get(item["basis"]) if item["outcome"] == ItemOutcome.KEEP else None
    until = told or item["until"]
    return date.fromisoformat(until) if until else None


def _access_answer(desk: Desk, facts: Facts) -> Granted | PartlyGranted | Refused | NothingHeld:
    assert facts.decision is not None
    match Outcome(facts.decision.outcome):
        case Outcome.NOTHING_HELD:
            return NothingHeld(other_ways=_OTHER_WAYS)
        case Outcome.APPROVE:
            return Granted(viewing=_viewing(desk, facts))
        case Outcome.PARTIAL:
            return PartlyGranted(viewing=_viewing(desk, facts), withheld=_withheld(desk, facts))
        case Outcome.REFUSE:
            return Refused(withheld=_withheld(desk, facts))


def _result_answer(desk: Desk, facts: Facts) -> Done | PartlyDone | Refused | NothingHeld:
    assert facts.decision is not None
    action = _OPEN if facts.silent else _DONE[Right(facts.claim.right)]
    match Outcome(facts.decision.outcome):
        case Outcome.NOTHING_HELD:
            return NothingHeld(other_ways=_OTHER_WAYS)
        case Outcome.APPROVE:
            return Done(action=action)
        case Outcome.PARTIAL:
            return PartlyDone(action=action, withheld=_withheld(desk, facts))
        case Outcome.REFUSE:
            return Refused(withheld=_withheld(desk, facts))


def _viewing(desk: Desk, facts: Facts) -> Viewing:
    opens = facts.claim.available_from or facts.claim.granted_at
    assert opens is not None
    return Viewing(
        opens=deadline.seoul_time(opens),
        closes=deadline.seoul_time(facts.closes) if facts.closes else None,
        place=f"{desk.policy.controller.ko} 개인정보 요구 창구({desk.policy.website})",
        shapes=(Shape.FILE,),
        ways=(Way.OTHER,),
        other_way="홈페이지에서 인증번호 확인 후 내려받기",
    )


def _withheld(desk: Desk, facts: Facts) -> Withheld:
    assert facts.decision is not None
    kept = [item for item in facts.decision.items if item["outcome"] != ItemOutcome.GRANT]
    grounds = tuple(dict.fromkeys(_ground(desk, facts.claim, item) for item in kept))
    return Withheld(reason=facts.reason or "법령에 따라 보존하여야 하는 기록입니다.", grounds=grounds)


def _ground(desk: Desk, claim: Claim, item: dict[str, Any]) -> StatedGround:
    found = desk.rulebook.named(claim.edition).grounds[item["ground"]]
    shown = [str(value) for name, value in item["facts"].items() if name not in ("record_class", "until")]
    return StatedGround(article=found.article.ko, text=found.text.ko, facts=tuple(shown))


def _label(desk: Desk, item: str) -> str:
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


def _told(
    desk: Desk,
    category: Category,
    collected: list[tuple[str, str, list[dict[str, str]]]],
    decided: list[dict[str, Any]],
) -> CategoryTold:
    policy = desk.policy
    mine = [item for item in decided if item["item"].partition(".")[0] == category.id]
    granted = {item["item"].partition(".")[2] for item in mine if item["outcome"] == ItemOutcome.GRANT}
    purposes = [policy.purposes[one] for one in category.purposes]
    base = CategoryTold(id=category.id, label=category.label.ko, source=", ".join(category.routes) or category.label.ko)
    return replace(
        base,
        held=tuple(_held(category, holder, rows, granted) for holder, name, rows in collected if name == category.id),
        purposes=tuple(PurposeTold(label=one.label.ko, basis=_BASIS[one.basis]) for one in purposes),
        retention=category.retention.ko,
        third_parties=tuple(_provision(one) for one in policy.parties if one.kind == "third_party"),
        processors=tuple(_provision(one) for one in policy.parties if one.kind == "processor"),
        consents=tuple(
            ConsentTold(purpose=one.label.ko, content=", ".join(field.label.ko for field in category.fields))
            for one in purposes
            if one.basis is Basis.CONSENT
        ),
        withheld=tuple(
            WithheldTold(
                label=_label(desk, item["item"]), ground=StatedGround(article=item["basis"], text=item["text"]["ko"])
            )
            for item in mine
            if item["outcome"] != ItemOutcome.GRANT
        ),
    )


def _held(category: Category, holder: str, rows: list[dict[str, str]], granted: set[str]) -> Held:
    labels = {field.id: field.label.ko for field in category.fields}
    return Held(
        holder=holder,
        records=tuple(
            tuple(
                Value(field=name, label=labels.get(name, name), value=value)
                for name, value in row.items()
                if name in granted
            )
            for row in rows
        ),
    )


def _provision(party: Any) -> ProvisionTold:
    return ProvisionTold(name=party.label.ko, purpose=party.task.ko)
