"""The pages: start, form, way back, status, code, documents, and what is said when something is not possible."""

from collections.abc import Mapping
from typing import Any

from examples.website.form import CORRECTIONS, Choice, Choices, Typed
from examples.website.markup import Child, Html, el
from examples.website.page import form, page, said, summary, text, ticks, wrong
from examples.website.words import (
    ITEM_OUTCOMES,
    METHODS,
    OUTCOMES,
    STATUSES,
    WAITING_FOR,
    step,
)

JSON = dict[str, Any]
NOTHING: dict[str, str] = {}
OWN: dict[str, str | tuple[str, ...]] = {
    "access": "access_",
    "correction": "correction_",
    "deletion": "deletion_",
    "suspension": ("suspension_", "ends_contract"),
    "consent_withdrawal": "withdrawal_",
}


def start(choices: Choices) -> str:
    """Return the first page."""
    return page(
        "개인정보 권리 행사",
        el(
            "p",
            f"{choices.controller}가 가진 고객님의 개인정보를 보거나, 고치거나, 지우거나, 쓰지 않게 하실 수 있습니다.",
        ),
        el("ul", el("li", el("a", "새로 요구하기", href="/file")), el("li", el("a", "처리 상황 보기", href="/track"))),
        el("p", "만 14세 미만 아동에 관한 요구는 법정대리인이 하셔야 합니다.", class_="hint"),
    )


def filing(choices: Choices, csrf: str, key: str, typed: Typed, errors: Mapping[str, str]) -> str:
    """Return the form, with what was typed before and what is wrong with it."""
    return page(
        "새로 요구하기",
        summary(errors),
        el("p", "수집할 때 여쭌 것보다 더 여쭙지 않습니다. 주민등록번호는 적지 마십시오."),
        form("/file", csrf, _hidden("key", key), *_form(choices, typed, errors), button="요구서 내기"),
    )


def _form(choices: Choices, typed: Typed, errors: Mapping[str, str]) -> list[Child]:
    return [
        _person(typed, errors),
        el("h2", "무엇을 요구하십니까?", id="rights", tabindex="-1"),
        wrong("rights", errors),
        el("p", "필요한 것만 여십시오. 여러 가지를 한 번에 요구하셔도 기한은 각각 계산됩니다.", class_="hint"),
        _access(choices, typed, errors),
        _correction(choices, typed, errors),
        _deletion(choices, typed, errors),
        _suspension(choices, typed, errors),
        _right(
            "consent_withdrawal",
            choices,
            typed,
            errors,
            ticks("withdrawal_purposes", "동의를 철회하실 목적", choices.consents, typed, errors),
        ),
        ticks(
            "notify_by",
            "결과를 어떻게 알려 드릴까요?",
            choices.notify_by,
            {"notify_by": ["email"], **typed},
            errors,
            kind="radio",
        ),
    ]


def _person(typed: Typed, errors: Mapping[str, str]) -> Html:
    same_name = "미성년자이시거나, 이름이 같은 다른 분과 가려야 할 때만 적으십시오."
    return el(
        "fieldset",
        el("legend", "요구하시는 분"),
        text("name", "성명 (필수)", typed, errors, autocomplete="name", required="required", maxlength=100),
        text(
            "phone",
            "휴대전화번호",
            typed,
            errors,
            type="tel",
            autocomplete="tel",
            hint="전화번호와 전자우편 가운데 하나만 적으셔도 됩니다.",
        ),
        text("email", "전자우편", typed, errors, type="email", autocomplete="email"),
        text("customer_no", "고객번호", typed, errors, hint="아시는 경우에만 적으십시오."),
        text("birth_date", "생년월일", typed, errors, type="date", autocomplete="bday", hint=same_name),
        el(
            "details",
            el("summary", "우편으로 받으시려면 주소를 적으십시오"),
            text("postal_code", "우편번호 5자리", typed, errors, inputmode="numeric", autocomplete="postal-code"),
            text("road_address", "도로명 주소", typed, errors, autocomplete="address-line1"),
            text("detail", "상세 주소", typed, errors, autocomplete="address-line2"),
        ),
    )


def _right(name: str, choices: Choices, typed: Typed, errors: Mapping[str, str], *children: Child) -> Html | None:
    """Return the part of one right the policy offers; it stands open when something was typed in it."""
    if name not in choices.rights:
        return None
    opened = any(one.startswith(OWN[name]) and any(values) for one, values in typed.items())
    title = el("summary", choices.rights[name])
    return el("details", title, wrong(name, errors), *children, id=name, open=opened, tabindex="-1")


def _access(choices: Choices, typed: Typed, errors: Mapping[str, str]) -> Html | None:
    return _right(
        "access",
        choices,
        typed,
        errors,
        ticks("access_aspects", "열람하실 사항 (하나 이상)", choices.aspects, typed, errors),
        ticks("access_categories", "분야 (고르지 않으면 전부)", choices.categories, typed, errors),
    )


def _correction(choices: Choices, typed: Typed, errors: Mapping[str, str]) -> Html | None:
    return _right("correction", choices, typed, errors, *[_change(row, choices, typed, errors) for row in CORRECTIONS])


def _change(row: int, choices: Choices, typed: Typed, errors: Mapping[str, str]) -> Html:
    name = f"correction_field_{row}"
    chosen = (typed.get(name) or [""])[0]
    options = [el("option", one.label, value=one.id, selected=one.id == chosen) for one in choices.fields]
    return el(
        "fieldset",
        el("legend", f"고칠 것 {row}"),
        el("label", "항목", for_=name),
        el("select", el("option", "고르지 않음", value=""), options, id=name, name=name),
        text(f"correction_current_{row}", "지금 기록된 값 (아시는 경우)", typed, errors),
        text(f"correction_corrected_{row}", "바른 값", typed, errors),
    )


def _deletion(choices: Choices, typed: Typed, errors: Mapping[str, str]) -> Html | None:
    return _right(
        "deletion",
        choices,
        typed,
        errors,
        ticks("deletion_all", "범위", [Choice("yes", "가지고 있는 모든 개인정보")], typed, errors),
        ticks("deletion_categories", "분야 전체", choices.categories, typed, errors),
        ticks("deletion_fields", "항목 하나하나", choices.fields, typed, errors),
        text("deletion_reason", "이유 (적지 않으셔도 됩니다)", typed, errors),
    )


def _suspension(choices: Choices, typed: Typed, errors: Mapping[str, str]) -> Html | None:
    ends = [Choice("no", "아니요, 계약은 그대로 둡니다"), Choice("yes", "예, 계약도 해지합니다")]
    return _right(
        "suspension",
        choices,
        typed,
        errors,
        ticks("suspension_purposes", "멈추게 하실 목적", choices.purposes, typed, errors),
        ticks("ends_contract", "계약도 해지하십니까?", ends, typed, errors, kind="radio"),
        text("suspension_reason", "이유 (적지 않으셔도 됩니다)", typed, errors),
    )


def track(csrf: str, typed: Typed, errors: Mapping[str, str]) -> str:
    """Return the way back to a request."""
    return page(
        "처리 상황 보기",
        summary(errors),
        form(
            "/track",
            csrf,
            text("receipt_no", "접수번호", typed, errors, inputmode="numeric", autocomplete="off", required="required"),
            text("access_code", "조회번호", {}, errors, autocomplete="off", required="required"),
            button="보기",
        ),
    )


def status(request: JSON, filed: JSON | None, csrf: str, choices: Choices, *, sentence: str | None = None) -> str:
    """Return where a request stands."""
    actions = request.get("actions", [])
    return page(
        "처리 상황",
        said(sentence),
        _receipt(filed) if filed else None,
        el("p", "접수번호 ", el("span", request["receipt_no"], class_="number")),
        el("p", WAITING_FOR.get(request.get("waiting_for", ""), ""), class_="say"),
        _verify(request, csrf) if "verify" in actions else None,
        [_claim(claim, csrf, choices, can_withdraw="withdraw" in actions) for claim in request["claims"]],
        _fetch(request, csrf) if "fetch" in actions else None,
        el("p", el("a", "새로 고침", href="/status")),
        form("/leave", csrf, button="나가기", plain=True),
    )


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


def _verify(request: JSON, csrf: str) -> Html:
    offered = [one for step in request.get("next_steps", []) if step["step"] == "verify" for one in step["methods"]]
    ways = [form("/code", csrf, _hidden("method", one), button=METHODS[one]) for one in offered if one in METHODS]
    return el("section", el("h2", "본인 확인"), el("p", "확인이 끝나야 절차가 시작됩니다."), *ways, class_="card")


def _fetch(request: JSON, csrf: str) -> Html:
    offered = [one for step in request.get("next_steps", []) if step["step"] == "fetch" for one in step["methods"]]
    ways = [
        form("/code", csrf, _hidden("method", one), _hidden("purpose", "release"), button=METHODS[one])
        for one in offered or METHODS
        if one in METHODS
    ]
    lead = "결과 통지서와 열람 자료는 본인 확인에 쓰신 연락처로 인증번호를 다시 받으신 뒤에 열립니다."
    return el("section", el("h2", "결과 받기"), el("p", lead), *ways, class_="card")


def _claim(claim: JSON, csrf: str, choices: Choices, *, can_withdraw: bool) -> Html:
    open_still = claim["status"] not in ("withdrawn", "closed", "refused", "lapsed", "carried_out")
    return el(
        "section",
        el("h2", choices.rights.get(claim["right"], claim["right"])),
        el("p", STATUSES.get(claim["status"], claim["status"])),
        el("p", "기한 ", el("strong", claim["due_on"])),
        _days(claim.get("due_steps") or []),
        _decision(claim.get("decision") or {}, choices),
        _holders(claim.get("holders") or {}),
        el("p", "자료를 받으실 수 있는 날: ", claim["available_from"][:10]) if claim.get("available_from") else None,
        form("/withdraw", csrf, _hidden("claim_id", claim["id"]), button="이 요구 취하하기", plain=True)
        if can_withdraw and open_still
        else None,
        class_="card",
    )


def _days(steps: list[JSON]) -> Html | None:
    rows = [el("li", f"{one['date']} {step(one['step'])} ({one['basis']})") for one in steps]
    return el("details", el("summary", "기한은 이렇게 셉니다"), el("ol", rows)) if rows else None


def _decision(decision: JSON, choices: Choices) -> Html | None:
    if not decision.get("outcome"):
        return None
    who = "담당자가 결정함" if decision.get("decided_by") == "person" else "자동으로 승인됨"
    reason = el("p", "이유: ", decision["reason"]) if decision.get("reason") else None
    outcome = OUTCOMES.get(decision["outcome"], decision["outcome"])
    rows = [_item(one, choices) for one in decision.get("items") or []]
    return el("div", el("p", el("strong", outcome), f" ({who})"), reason, el("ul", rows) if rows else None)


def _item(item: JSON, choices: Choices) -> Html:
    done = ITEM_OUTCOMES.get(item["outcome"], item["outcome"])
    until = f" ({item['until']}까지)" if item.get("until") else ""
    why = f" - {item['text']}" if item.get("text") and item["outcome"] != "grant" else ""
    return el("li", f"{choices.name_of(item['item'])}: {done}{until}{why}")


def _holders(holders: JSON) -> Html | None:
    if not holders.get("told"):
        return None
    counts = [len(one) if isinstance(one, list) else one for one in (holders["told"], holders.get("done", 0))]
    return el("p", f"개인정보를 가진 곳 {counts[0]}곳에 알렸고, {counts[1]}곳이 조치를 마쳤습니다.")


def code(csrf: str, purpose: str, *, errors: Mapping[str, str] = NOTHING) -> str:
    """Return the page that asks for the code."""
    box = text(
        "code", "인증번호 8자리", {}, errors, inputmode="numeric", autocomplete="one-time-code", required="required"
    )
    return page(
        "인증번호",
        summary(errors),
        el("p", "인증번호를 보냈습니다. 10분 안에 적어 주십시오. 새로 받으시면 앞의 번호는 쓸 수 없습니다."),
        form("/answer", csrf, box, button="확인" if purpose == "identity" else "확인하고 문서 열기"),
        el("p", el("a", "처리 상황으로 돌아가기", href="/status")),
    )


def documents(notices: list[JSON], claims: list[JSON], opened: set[str], csrf: str, choices: Choices) -> str:
    """Return what the release code opens: each notice once, as file or as page, and each package once."""
    once = "인증번호 한 번으로 각 문서를 한 번씩 여실 수 있습니다. 다시 보시려면 인증번호를 새로 받으십시오."
    rights = {str(one["id"]): choices.rights.get(one["right"], str(one["right"])) for one in claims}
    rows = [_notice(one, rights.get(str(one.get("claim_id")), ""), csrf) for one in notices if one["id"] not in opened]
    packages = [one["id"] for one in claims if (one.get("package") or {}).get("available") and one["id"] not in opened]
    ways = [form("/package", csrf, _hidden("claim_id", one), button="열람 자료 받기 (zip)") for one in packages]
    none = el("p", "지금 열 수 있는 문서가 없습니다.") if not rows and not ways else None
    return page(
        "문서 받기", el("p", once), rows, ways, none, el("p", el("a", "처리 상황으로 돌아가기", href="/status"))
    )


def _notice(notice: JSON, right: str, csrf: str) -> Html:
    shown = _hidden("notice_id", notice["id"])
    return el(
        "section",
        el("h2", f"{right} 결과 통지서".strip()),
        form("/notice", csrf, shown, _hidden("form", "pdf"), button="PDF로 받기"),
        form("/notice", csrf, shown, _hidden("form", "html"), button="화면으로 보기", plain=True),
        class_="card",
    )


def trouble(title: str, sentence: str) -> str:
    """Return what is said when something is not possible."""
    return page(title, el("p", sentence, role="alert"), el("p", el("a", "처음으로", href="/")))


def _hidden(name: str, value: str) -> Html:
    return el("input", type="hidden", name=name, value=value)
