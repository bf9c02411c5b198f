"""The form (요구서): who asks for whom, and what."""

from collections.abc import Mapping

from examples.website import footage_page
from examples.website.choices import SELF, Choice, Choices, Standing
from examples.website.form import CORRECTIONS, MANDATE, REQUESTER, Typed, standing_of
from examples.website.markup import Child, Html, el
from examples.website.page import ask, form, hidden, page, summary, text, ticks, ways, wrong
from examples.website.words import HINTS, MANDATED, STARTS, SUBJECTS

Errors = Mapping[str, str]
OWN: dict[str, str | tuple[str, ...]] = {
    "access": "access_",
    "correction": "correction_",
    "deletion": "deletion_",
    "suspension": ("suspension_", "ends_contract"),
    "consent_withdrawal": "withdrawal_",
}
# What a browser may fill in of itself: of whoever sits in front of it, never of somebody else.
FILLED_IN = {"name": "name", "birth_date": "bday", "phone": "tel", "email": "email"}


def filing(choices: Choices, csrf: str, key: str, typed: Typed, errors: Errors) -> str:
    """Return the form for one standing, with what was typed before and what is wrong with it."""
    standing = standing_of(typed, choices)
    others = [(STARTS[name], f"/file?capacity={name}") for name in choices.standings if name != standing.id]
    return page(
        STARTS.get(standing.id, standing.label),
        summary(errors),
        el("p", "수집할 때 여쭌 것보다 더 여쭙지 않습니다. 주민등록번호는 적지 마십시오."),
        _beforehand(standing),
        form(
            "/file",
            csrf,
            hidden("key", key),
            hidden("capacity", standing.id),
            *_form(choices, standing, typed, errors),
            button="요구서 내기",
        ),
        el("details", el("summary", "다른 경우입니까?"), ways(*others)),
    )


def _beforehand(standing: Standing) -> Html | None:
    if standing.id == SELF:
        return None
    needed = ("무엇이 필요한지 먼저 보기", f"/needed?capacity={standing.id}")
    blank = [("위임장 양식 내려받기 (PDF)", "/power-of-attorney")] if standing.mandate else []
    told = "대신 요구하시는 분과 그 자격을 확인해야 합니다. 서류는 요구서를 내신 뒤에 이 홈페이지에 올리시면 됩니다."
    return el("div", el("p", told), ways(needed, *blank), class_="say")


def _form(choices: Choices, standing: Standing, typed: Typed, errors: Errors) -> list[Child]:
    return [
        _requester(standing, typed, errors),
        _subject(choices, standing, typed, errors),
        _mandate(standing, typed, errors),
        el("h2", "무엇을 요구하십니까?", id="rights", tabindex="-1"),
        wrong("rights", errors),
        el("p", "필요한 것만 여십시오. 여러 가지를 한 번에 요구하셔도 기한은 각각 계산됩니다.", class_="hint"),
        _access(choices, typed, errors),
        footage_page.part(choices, typed, errors),
        _correction(choices, typed, errors),
        _deletion(choices, typed, errors),
        _suspension(choices, typed, errors),
        _withdrawal(choices, typed, errors),
        ticks(
            "notify_by",
            "결과를 어떻게 알려 드릴까요?",
            choices.notify_by,
            {"notify_by": ["email"], **typed},
            errors,
            kind="radio",
        ),
    ]


def _requester(standing: Standing, typed: Typed, errors: Errors) -> Html | None:
    """Who sits in front of the page, where they ask for somebody else; nothing but what the policy names is asked."""
    if not standing.requester:
        return None
    boxes = [
        ask(one, typed, errors, before=REQUESTER, autocomplete=FILLED_IN.get(one.id), hint=HINTS.get(one.id))
        for one in standing.requester
    ]
    return el("fieldset", el("legend", "요구하시는 분"), *boxes)


def _subject(choices: Choices, standing: Standing, typed: Typed, errors: Errors) -> Html:
    own = standing.id == SELF
    boxes = []
    for one in choices.subject:
        if one.input == "address":
            continue
        must = one.required or one.id in standing.subject_also
        hint = SUBJECTS.get(standing.id, {}).get(one.id)
        filled_in = FILLED_IN.get(one.id) if own else "off"
        boxes.append(ask(one, typed, errors, required=must, hint=hint, autocomplete=filled_in))
    legend = "요구하시는 분" if own else "누구의 개인정보입니까?"
    return el("fieldset", el("legend", legend), *boxes, _address(choices, typed, errors))


def _address(choices: Choices, typed: Typed, errors: Errors) -> Html | None:
    if not any(one.input == "address" for one in choices.subject):
        return None
    return el(
        "details",
        el("summary", "우편으로 받으시려면 주소를 적으십시오"),
        text("postal_code", "우편번호 5자리", typed, errors, inputmode="numeric", autocomplete="postal-code"),
        text("road_address", "도로명 주소", typed, errors, autocomplete="address-line1"),
        text("detail", "상세 주소", typed, errors, autocomplete="address-line2"),
    )


def _mandate(standing: Standing, typed: Typed, errors: Errors) -> Html | None:
    if not standing.mandate:
        return None
    started = {f"{MANDATE}deliver_to": ["subject"], **typed}
    boxes = [ask(one, started, errors, before=MANDATE, hint=MANDATED.get(one.id)) for one in standing.mandate]
    return el("fieldset", el("legend", "위임장에 적힌 대로"), *boxes)


def _right(name: str, choices: Choices, typed: Typed, errors: Errors, *children: Child) -> Html | None:
    """Return the part of one right the policy offers; it stands open when something was typed in it."""
    if name not in choices.rights:
        return None
    opened = any(one.startswith(OWN[name]) and any(values) for one, values in typed.items())
    title = el("summary", choices.rights[name])
    return el("details", title, wrong(name, errors), *children, id=name, open=opened, tabindex="-1")


def _access(choices: Choices, typed: Typed, errors: Errors) -> Html | None:
    return _right(
        "access",
        choices,
        typed,
        errors,
        ticks("access_aspects", "열람하실 사항 (하나 이상)", choices.aspects, typed, errors),
        ticks("access_categories", "분야 (고르지 않으면 전부)", choices.categories, typed, errors),
    )


def _correction(choices: Choices, typed: Typed, errors: Errors) -> Html | None:
    return _right("correction", choices, typed, errors, *[_change(row, choices, typed, errors) for row in CORRECTIONS])


def _change(row: int, choices: Choices, typed: Typed, errors: Errors) -> Html:
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


def _deletion(choices: Choices, typed: Typed, errors: Errors) -> Html | None:
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


def _suspension(choices: Choices, typed: Typed, errors: Errors) -> Html | None:
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


def _withdrawal(choices: Choices, typed: Typed, errors: Errors) -> Html | None:
    boxes = ticks("withdrawal_purposes", "동의를 철회하실 목적", choices.consents, typed, errors)
    return _right("consent_withdrawal", choices, typed, errors, boxes)
