"""Where a request stands, and what each party can do next."""

from typing import Any

from examples.website.choices import Choices
from examples.website.markup import Child, Html, el
from examples.website.needed_page import paper
from examples.website.page import form, hidden, page, ways
from examples.website.words import (
    ITEM_OUTCOMES,
    METHODS,
    OUTCOMES,
    STATUSES,
    THEIR_METHODS,
    WAITING_FOR,
    day,
    hour,
    step,
)

JSON = dict[str, Any]
ENDED = ("withdrawn", "closed", "refused", "lapsed", "carried_out")


def status(request: JSON, filed: JSON | None, csrf: str, choices: Choices) -> str:
    """Return where a request stands."""
    actions = request.get("actions", [])
    return page(
        "처리 상황",
        _receipt(filed) if filed else None,
        el("p", "접수번호 ", el("span", request["receipt_no"], class_="number")),
        el("p", _waiting(request), class_="say"),
        [_step(one, request, csrf) for one in request.get("next_steps", []) if one["step"] in actions],
        _mandate(request, csrf, choices),
        [_claim(claim, csrf, choices, can_withdraw="withdraw" in actions) for claim in request["claims"]],
        ways(("새로 고침", "/status"), ("낸 서류 보기, 더 내기", "/papers")),
        form("/leave", csrf, button="나가기", plain=True),
    )


def _waiting(request: JSON) -> str:
    if request.get("frozen"):
        return "요구를 잠시 멈추고 사람이 확인하고 있습니다. 하실 일은 없습니다."
    return WAITING_FOR.get(request.get("waiting_for", ""), "")


def _receipt(filed: JSON) -> Html:
    return el(
        "section",
        el("h2", "접수되었습니다"),
        el("p", "아래 두 가지를 적어 두십시오. 나중에 처리 상황을 보실 때 필요합니다."),
        el(
            "dl",
            el("dt", "접수번호"),
            el("dd", filed["receipt_no"], class_="number"),
            el("dt", "조회번호"),
            el("dd", filed["access_code"], class_="number"),
        ),
        el("p", "적어 주신 글에서 주민등록번호로 보이는 부분은 가렸습니다.") if filed.get("adjusted") else None,
        class_="card",
    )


def _step(one: JSON, request: JSON, csrf: str) -> Html:
    if one["step"] == "upload":
        return _upload(one)
    return _fetch(one, csrf) if one["step"] == "fetch" else _verify(one, request, csrf)


def _verify(one: JSON, request: JSON, csrf: str) -> Html:
    """A party proves itself; of a delegate's two the person's own is passed on by the delegate."""
    if one["party"] == request.get("party"):
        lead: Child = "확인이 끝나야 절차가 시작됩니다."
        return _card("본인 확인", lead, *_codes(one, METHODS, csrf))
    told = hidden("whose", "theirs")
    lead = "위임하신 분의 연락처로 인증번호를 보냅니다. 그분께서 알려 주시는 번호를 적으시면 위임하신 것이 확인됩니다."
    return _card("위임하신 분의 확인", lead, *_codes(one, THEIR_METHODS, csrf, told))


def _upload(one: JSON) -> Html:
    rows = [paper(document) for document in one["documents"] if not document["optional"]]
    others = [paper(document) for document in one["documents"] if document["optional"]]
    also = [el("p", "휴대전화나 전자우편으로 확인하실 수 없으면 아래 서류로도 됩니다."), el("ul", others)]
    lead = "주민등록번호 뒷자리는 꼭 가려 주십시오. 휴대전화로 찍은 사진도 됩니다."
    asked = [el("ul", rows)] if rows else []
    return _card("서류 내기", lead, *asked, *(also if others else []), ways(("서류 올리기", "/papers")))


def _fetch(one: JSON, csrf: str) -> Html:
    lead = "결과 통지서와 열람 자료는 본인 확인에 쓰신 연락처로 인증번호를 다시 받으신 뒤에 열립니다."
    return _card("결과 받기", lead, *_codes(one, METHODS, csrf, hidden("purpose", "release")))


def _codes(one: JSON, labels: dict[str, str], csrf: str, *more: Html) -> list[Html]:
    party = hidden("party", one["party"])
    return [
        form("/code", csrf, hidden("method", method), party, *more, button=labels[method])
        for method in one["methods"]
        if method in labels
    ]


def _card(title: str, lead: Child, *children: Child) -> Html:
    return el("section", el("h2", title), el("p", lead), *children, class_="card")


def _mandate(request: JSON, csrf: str, choices: Choices) -> Html | None:
    mandate = request.get("mandate")
    if mandate is None:
        return None
    rights = ", ".join(choices.rights.get(one, one) for one in mandate["rights"])
    to = "대리인" if mandate["deliver_to"] == "delegate" else "위임하신 분"
    told = [el("p", f"맡긴 권리: {rights}. {mandate['expires_on']}까지. 결과는 {to}께 알려 드립니다.")]
    if mandate["revoked_at"]:
        return _card("위임", "위임이 끝났습니다.", *told)
    own = request.get("party") == "subject"
    lead = "다른 분께 맡기신 요구입니다. 언제든지 끝내실 수 있습니다." if own else "위임을 받아 하신 요구입니다."
    button = "위임 끝내기" if own else "위임받은 일 그만두기"
    return _card("위임", lead, *told, form("/mandate-end", csrf, button=button, plain=True))


def _claim(claim: JSON, csrf: str, choices: Choices, *, can_withdraw: bool) -> Html:
    return el(
        "section",
        el("h2", choices.rights.get(claim["right"], claim["right"])),
        _footage(claim.get("media")),
        el("p", STATUSES.get(claim["status"], claim["status"])),
        el("p", "기한 ", el("strong", claim["due_on"])),
        _days(claim.get("due_steps") or []),
        _decision(claim.get("decision") or {}, choices),
        _holders(claim.get("holders") or {}),
        el("p", "자료를 받으실 수 있는 날: ", day(claim["available_from"])) if claim.get("available_from") else None,
        form("/withdraw", csrf, hidden("claim_id", claim["id"]), button="이 요구 취하하기", plain=True)
        if can_withdraw and claim["status"] not in ENDED
        else None,
        class_="card",
    )


def _footage(media: JSON | None) -> Html | None:
    """Which film it is about, where it is about film."""
    if not media:
        return None
    older = " 보관 기간이 지나 이미 지워졌을 수 있어 확인합니다." if media["likely_expired"] else ""
    return el("p", f"{media['name']} 영상, ", hour(media["from"]), "부터 ", hour(media["to"]), f"까지.{older}")


def _days(steps: list[JSON]) -> Html | None:
    rows = [el("li", f"{one['date']} {step(one['step'])} ({one['basis']})") for one in steps]
    return el("details", el("summary", "기한은 이렇게 셉니다"), el("ol", rows)) if rows else None


def _decision(decision: JSON, choices: Choices) -> Html | None:
    """What was decided; of an answer that goes to the other party only what came of it."""
    if not decision.get("outcome"):
        return None
    who = {"person": " (담당자가 결정함)", "machine": " (자동으로 승인됨)"}.get(decision.get("decided_by") or "", "")
    reason = el("p", "이유: ", decision["reason"]) if decision.get("reason") else None
    outcome = OUTCOMES.get(decision["outcome"], decision["outcome"])
    rows = [_item(one, choices) for one in decision.get("items") or []]
    return el("div", el("p", el("strong", outcome), who), reason, el("ul", rows) if rows else None)


def _item(item: JSON, choices: Choices) -> Html:
    done = ITEM_OUTCOMES.get(item["outcome"], item["outcome"])
    until = f" ({item['until']}까지)" if item.get("until") else ""
    why = f" - {item['text']}" if item.get("text") and item["outcome"] != "grant" else ""
    return el("li", f"{choices.name_of(item['item'])}: {done}{until}{why}")


def _holders(holders: JSON) -> Html | None:
    if not holders.get("told"):
        return None
    return el("p", f"개인정보를 가진 곳 {holders['told']}곳에 알렸고, {holders['done']}곳이 조치를 마쳤습니다.")
