"""What a request will need, told before anything is filed or typed about anybody."""

from collections.abc import Mapping
from typing import Any

from examples.website.choices import Choice, Choices
from examples.website.form import Typed
from examples.website.markup import Child, Html, el
from examples.website.page import page, summary, text, ticks, ways
from examples.website.words import DECIDERS, NOT_SO, PARTIES, STARTS

JSON = dict[str, Any]


def needed(choices: Choices, typed: Typed, errors: Mapping[str, str], found: JSON | None) -> str:
    """Return the questions, and the answer once they are answered."""
    return page(
        "무엇이 필요합니까?",
        summary(errors),
        _answer(choices, found) if found else None,
        el("p", "누구인지는 여쭙지 않습니다. 고르신 경우에 무엇이 필요한지만 알려 드립니다."),
        _questions(choices, typed, errors),
    )


def _questions(choices: Choices, typed: Typed, errors: Mapping[str, str]) -> Html:
    standings = [Choice(name, STARTS.get(name, one.label)) for name, one in choices.standings.items()]
    rights = [Choice(name, label) for name, label in choices.rights.items()]
    kinds = {kind.id: kind for one in choices.standings.values() for kind in one.relationships}
    asked: list[Child] = [
        ticks("capacity", "누구의 개인정보입니까?", standings, typed, errors, kind="radio"),
        ticks("right", "무엇을 요구하십니까?", rights, typed, errors, kind="radio"),
    ]
    if kinds:
        legend = "법정대리인이시면, 정보주체와의 관계"
        asked.append(ticks("relationship", legend, kinds.values(), typed, errors, kind="radio"))
    hint = "적지 않으셔도 됩니다. 아동이나 미성년자이면 적어 주십시오."
    age = text("age", "정보주체의 만 나이", typed, errors, type="number", min=0, max=150, hint=hint)
    send = el("button", "보기", type="submit")
    # Nothing is changed by asking, and nobody is named: an ordinary link that may be kept.
    return el("form", *asked, age, send, method="get", action="/needed")


def _answer(choices: Choices, found: JSON) -> Html:
    title = el("h2", f"{choices.standings[found['capacity']].label} - {choices.rights[found['right']]}")
    if not found["may"]:
        sentence = NOT_SO.get(found["code"], "이렇게는 요구하실 수 없습니다.")
        return el("section", title, el("p", sentence, class_="say", role="status"), class_="card")
    return el(
        "section",
        title,
        el("h3", "본인 확인"),
        el("ul", [_proving(choices, one) for one in found["verify"]]),
        _papers(found["documents"]),
        _alternatives(found["alternatives"]),
        el("h3", "결정과 기다리는 날"),
        el("p", "결정하는 사람: ", ", ".join(DECIDERS.get(one, one) for one in found["decides"])),
        el("p", _waiting(found)),
        ways(("요구하러 가기", f"/file?capacity={found['capacity']}")),
        class_="card",
    )


def _proving(choices: Choices, one: JSON) -> Html:
    labels = [choices.methods.get(method, method) for method in one["methods"]]
    return el("li", f"{PARTIES[one['party']]}: {' 또는 '.join(labels)}")


def _papers(documents: list[JSON]) -> list[Html]:
    if not documents:
        return [el("h3", "서류"), el("p", "필요한 서류가 없습니다.")]
    told = "저희 기록으로 확인되면 서류가 필요 없을 수 있습니다. 내신 뒤에 알려 드립니다."
    return [el("h3", "서류"), el("ul", [paper(one) for one in documents]), el("p", told, class_="hint")]


def paper(document: JSON) -> Html:
    """Return one paper: what it is, how to get it, how old it may be."""
    return el("li", el("strong", document["label"]["ko"]), el("br"), " ".join(about(document)))


def about(document: JSON) -> list[str]:
    """Return the sentences about a paper."""
    told = [document["hint"]["ko"]]
    if document["max_age_days"] is not None:
        told.append(f"내시는 날 기준으로 {document['max_age_days']}일 안에 발급받은 것이어야 합니다.")
    if document["issuer_number"]:
        told.append("발급기관의 문서확인번호가 보여야 합니다.")
    return told


def _alternatives(found: list[JSON]) -> list[Html]:
    if not found:
        return []
    rows = [el("li", one["label"]["ko"], *[f" - {doc['label']['ko']}" for doc in one["documents"]]) for one in found]
    return [el("h3", "다른 방법"), el("ul", rows)]


def _waiting(found: JSON) -> str:
    least, most = found["wait_days"], found["wait_days_at_most"]
    if not most:
        return "받아들이기로 한 날부터 바로 받으실 수 있습니다."
    days = f"{most}일" if least == most else f"{least}일에서 {most}일"
    return f"받아들이기로 한 날부터 {days} 뒤에 받으실 수 있습니다. 모르는 요구를 멈출 수 있게 하는 기간입니다."
