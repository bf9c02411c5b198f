"""What happened to a request, read from the audit chain in each role's own words."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor
from app.documents.messages import PERSONAL
from app.law.terms import Capacity, Reached, Whose
from app.models import AuditEntry, Request
from app.services import counted, recipients
from app.services.parties import NOBODY
from app.services.visibility import visible

STAFF = ("officer", "approver")
LONGEST = 1_000

# What a party, a call center and a clerk are told happened, and how; the rest is the desk's own work.
PUBLIC: dict[str, tuple[str, str]] = {
    "request.file": ("요구를 접수했습니다.", "The request was filed."),
    "request.freeze": ("확인할 것이 있어 진행을 멈추었습니다.", "It was stopped while something is checked."),
    "freeze.rule": ("멈추었던 요구의 확인을 마쳤습니다.", "The check for which it was stopped is over."),
    "verification.ask": ("본인 확인을 요청했습니다.", "A verification was asked for."),
    "verification.answer": ("본인 확인에 답했습니다.", "The verification was answered."),
    "verification.attest": ("담당자가 신분증 등 서류를 확인했습니다.", "Documents were seen by our staff."),
    "evidence.upload": ("서류를 받았습니다.", "A paper was received."),
    "evidence.review": ("담당자가 서류를 확인했습니다.", "A paper was reviewed by our staff."),
    "evidence.destroy": ("받은 서류를 파기했습니다.", "A paper was destroyed."),
    "supplement.ask": ("더 필요한 서류를 알려 드렸습니다.", "We told what papers are still needed."),
    "mandate.end": ("위임이 끝났습니다.", "The mandate has ended."),
    "claim.verify": ("확인 절차를 마쳤습니다.", "The verification is complete."),
    "footage.preserve": (
        "요구하신 시간의 영상을 지우지 않도록 그 장소에 요청했습니다.",
        "The place was asked not to write over the footage of that time.",
    ),
    "footage.view": ("영상을 보신 것을 기록했습니다.", "It was recorded that the footage was seen."),
    "footage.provide": ("영상의 사본을 드린 것을 기록했습니다.", "It was recorded that a copy was handed over."),
    "footage.release": ("보존하던 영상을 더 보존하지 않습니다.", "The footage is no longer kept."),
    "claim.approve": ("요구를 받아들이기로 결정했습니다.", "It was decided to grant the claim."),
    "claim.approve_partly": ("요구의 일부를 받아들이기로 결정했습니다.", "It was decided to grant the claim in part."),
    "claim.refuse": ("요구를 받아들이지 않기로 결정했습니다.", "It was decided to refuse the claim."),
    "claim.carry_out": ("필요한 조치를 마쳤습니다.", "What was decided was carried out."),
    "claim.report_open": (
        "아직 조치 결과가 확인되지 않은 곳이 있어 지금까지의 상황을 알려 드렸습니다.",
        "Not every holder has answered yet; you were told where it stands.",
    ),
    "claim.postpone": (
        "답변을 미루고 그 까닭과 예정일을 알려 드렸습니다.",
        "It was put off; you were told why and until when.",
    ),
    "claim.resume": ("미루었던 요구를 다시 진행합니다.", "The claim that was put off goes on."),
    "claim.object": ("이의제기를 받았습니다.", "Your objection was taken."),
    "claim.confirm": (
        "이의제기를 살펴 처음 결정을 그대로 두었습니다.",
        "After your objection the decision was confirmed.",
    ),
    "claim.overturn": ("이의제기를 받아들여 다시 판단합니다.", "Your objection was upheld; it is decided anew."),
    "claim.drop_objection": ("이의제기를 거두셨습니다.", "The objection was taken back."),
    "objection.file": ("미룬 것에 대한 이의제기를 받았습니다.", "Your objection to the delay was taken."),
    "objection.rule": (
        "미룬 것에 대한 이의제기의 결과를 알려 드렸습니다.",
        "There is a ruling on your objection to the delay.",
    ),
    "objection.drop": ("미룬 것에 대한 이의제기를 거두셨습니다.", "The objection to the delay was taken back."),
    "fence.report": (
        "개인정보를 가진 곳에서 법령에 따라 보존하는 기록이 있다고 알려 왔습니다.",
        "A holder of the data has told of a record that a statute keeps there.",
    ),
    "fence.begin": (
        "법령에 따라 남겨 두었던 기록의 보존 기간이 끝나 파기를 시작했습니다.",
        "The period of a record that a statute kept is over, and its destruction has begun.",
    ),
    "fence.destroy": (
        "법령에 따라 남겨 두었던 기록을 파기했습니다.",
        "A record that a statute had kept was destroyed.",
    ),
    "follow_up.carry_out": (
        "처리를 멈춘 개인정보에 필요한 조치를 마쳤습니다.",
        "The data whose processing was stopped was dealt with.",
    ),
    "claim.notify": ("결과 통지서를 준비했습니다.", "The notice of the result is ready."),
    "claim.withdraw": ("요구를 취하했습니다.", "The claim was withdrawn."),
    "claim.disown": ("확인한 결과 더 진행하지 않고 마쳤습니다.", "It was checked and goes no further."),
    "claim.lapse": (
        "정해진 날까지 본인 확인이 되지 않아 요구를 마쳤습니다. 언제든지 다시 요구하실 수 있습니다.",
        "It could not be verified in time and ends; you may file again at any time.",
    ),
    "request.recall": (
        "안전을 위해 자료를 거두어들이고 접속을 모두 끝냈습니다.",
        "For safety the results were called back and every access was ended.",
    ),
    "message.send": ("알려 드렸습니다.", "You were told."),
    "message.return": (
        "알려 드린 것이 도착하지 않아 다른 방법으로 알려 드립니다.",
        "What we sent did not arrive; you are told another way.",
    ),
    "message.fail": (
        "알려 드리려 했으나 보내지 못하여 다른 방법으로 알려 드립니다.",
        "What we sent was not taken; you are told another way.",
    ),
    "sources.tell": ("개인정보를 어디에서 받았는지 알려 드렸습니다.", "You were told where data came from."),
    "relay.plan": (
        "이 개인정보와 관련된 다른 곳에 요구를 전달합니다.",
        "The claim is passed on to somebody else whom the data concerns.",
    ),
    "relay.send": ("요구를 다른 곳에 전달했습니다.", "The claim was passed on."),
    "relay.answer": ("전달받은 곳의 답을 확인했습니다.", "Whom it was passed on to has answered."),
    "notice.open": ("통지서를 열어 보았습니다.", "The notice was opened."),
    "package.fetch": ("열람 자료를 내려받았습니다.", "The package was fetched."),
}
_ENDED = (
    "대신 요구하실 수 있는 자격이 끝나 요구를 마쳤습니다. 본인이 언제든지 다시 요구하실 수 있습니다.",
    "Who asked may no longer ask for the person, so it ends; the person may file again at any time.",
)
_DIED = (
    "위임이 끝나 요구를 마쳤습니다.",
    "The mandate has ended, and so does the claim.",
)
_NOT_MANDATED = (
    "위임장에 표시되지 않은 권리여서 요구를 마쳤습니다. 본인이 언제든지 직접 요구하실 수 있습니다.",
    "The mandate does not cover this right, so the claim ends; the person may file it at any time.",
)
_TOLD = ("message.send", "message.return", "message.fail")
_CHANNELS = {"mail": ("전자우편으로", "by e-mail"), "sms": ("문자메시지로", "by text message")}
_BY_PEOPLE = {
    "post": ("우편으로", "by post"),
    "phone": ("전화로", "by telephone"),
    "visit": ("직접 뵙고", "in person"),
}
# Why what was granted waits, by the rule that applied (C4).
_STANDING = ("다른 사람을 대신한 요구여서", "because it was asked for somebody else")
_WHY: dict[str, tuple[str, str]] = {
    Capacity.GUARDIAN: _STANDING,
    Capacity.DELEGATE: _STANDING,
    Reached.CHANGED: ("최근에 바뀐 연락처가 있어", "because a contact on record was changed lately"),
    Reached.OTHER: (
        "전부터 쓰시던 연락처가 아닌 방법으로 확인하셔서",
        "because the verification was not by a contact known of old",
    ),
}
# The answer, and what is done with it, is the business of the party it goes to.
_OF_THE_ANSWER = (
    "claim.approve",
    "claim.approve_partly",
    "claim.refuse",
    "claim.report_open",
    "claim.postpone",
    "claim.resume",
    "claim.object",
    "claim.confirm",
    "claim.overturn",
    "claim.drop_objection",
    "fence.report",
    "fence.begin",
    "fence.destroy",
    "follow_up.carry_out",
    "objection.file",
    "objection.rule",
    "objection.drop",
    "sources.tell",
    "relay.plan",
    "relay.send",
    "relay.answer",
    "notice.open",
    "package.fetch",
    "footage.view",
    "footage.provide",
)
# That somebody stopped it would tell whom nobody identified that there is a person behind the name.
_OF_A_STOP = ("request.freeze", "freeze.rule")
# The papers are the business of whoever hands them in.
_OF_THE_PAPERS = ("evidence.upload", "evidence.review", "evidence.destroy", "supplement.ask")


async def read(session: AsyncSession, request_id: UUID, *, by: Actor) -> list[dict[str, Any]]:
    """What happened, read from the audit chain, as far as it is this role's and this party's business."""
    request = await visible(session, request_id, by)
    mine = select(col(AuditEntry.seq), col(AuditEntry.body)).where(col(AuditEntry.request_id) == request_id)
    rows = (await session.execute(mine.order_by(col(AuditEntry.seq)).limit(LONGEST))).all()
    entries = [(row.seq, json.loads(row.body)) for row in rows]
    days = await counted.of_events(session, request_id, entries)
    if by.role in STAFF:
        return [_happening(seq, entry, days, staff=True) for seq, entry in entries]
    answered = await recipients.is_for(session, request, by)
    return [
        _happening(seq, entry, days, staff=False)
        for seq, entry in entries
        if entry["action"] in PUBLIC and _concerns(entry, request, by, answered=answered)
    ]


def _concerns(entry: dict[str, Any], request: Request, by: Actor, *, answered: bool) -> bool:
    action, facts = entry["action"], entry["facts"] or {}
    if action in _TOLD:
        return _heard(facts, by, answered=answered, alone=request.capacity == Capacity.SELF)
    if action in _OF_A_STOP and request.identity == NOBODY:
        return False
    if not answered and (action in _OF_THE_ANSWER or facts.get("purpose") == "release"):
        return False
    alone = by.role == "requester" and by.party == Whose.SUBJECT and request.capacity != Capacity.SELF
    return not (alone and action in _OF_THE_PAPERS)


def _heard(facts: dict[str, Any], by: Actor, *, answered: bool, alone: bool) -> bool:
    """What was said to a party is that party's; who filed for somebody else sees what concerns the procedure."""
    if facts["kind"] not in PERSONAL:
        return False
    return facts["party"] == by.party if by.role == "requester" else answered or alone


def _happening(seq: int, entry: dict[str, Any], days: dict[int, tuple[str, str]], *, staff: bool) -> dict[str, Any]:
    ko, en = _said(entry)
    if seq in days:
        ko, en = f"{ko} {days[seq][0]}", f"{en} {days[seq][1]}"
    told: dict[str, Any] = {
        "seq": seq,
        "at": entry["at"],
        "action": entry["action"],
        "claim_id": entry["claim"],
        "text": {"ko": ko, "en": en},
    }
    if staff:
        told["actor"] = entry["actor"]
        told["facts"] = entry["facts"]
    return told


def _said(entry: dict[str, Any]) -> tuple[str, str]:
    action, facts = entry["action"], entry["facts"] or {}
    ko, en = PUBLIC.get(action, (action, action))
    if action == "claim.lapse" and "ended" in facts:
        return _DIED if facts["ended"] == "mandate.death" else _ENDED
    if action == "claim.lapse" and facts.get("cause") == "mandate.scope":
        return _NOT_MANDATED
    if action == "message.send":
        by_ko, by_en = _BY_PEOPLE.get(facts.get("way", "")) or _CHANNELS.get(facts["channel"], ("", ""))
        return f"{by_ko} {ko}".strip(), f"{en.removesuffix('.')} {by_en}".strip() + "."
    if "wait" in facts:
        waits_ko, waits_en = _waits(date.fromisoformat(facts["available_on"]), facts["wait"])
        return f"{ko} {waits_ko}", f"{en} {waits_en}"
    return ko, en


def _waits(opens: date, wait: dict[str, Any]) -> tuple[str, str]:
    """From when it can be fetched, and why not before."""
    why = _WHY.get(wait["capacity"]) or _WHY.get(wait["reached"])
    because_ko, because_en = (f"{why[0]} ", f" {why[1]},") if why else ("", "")
    return (
        f"{because_ko}잘못 전해지는 일이 없도록 {wait['days']}일 동안 기다리며, 답변 기한 안인 "
        f"{opens.year}년 {opens.month}월 {opens.day}일부터 받으실 수 있습니다.",
        f"It waits {wait['days']} days so that it reaches nobody else,{because_en} and can be fetched from "
        f"{opens.isoformat()}, within the statutory time.",
    )
