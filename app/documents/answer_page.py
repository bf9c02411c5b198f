"""The page on which a holder without a machine sees its task and answers (F6): Korean, for a telephone, no script.

Every value is escaped where it is written; what a choice or a field is called stands in `answer_words`.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Literal

from app.documents.page import broken, shell, styled

STYLE = "answer.css"
Row = tuple[str, tuple[str, ...]]
"""A name and what it is, line by line."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be given."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """Something to fill in."""

    name: str
    label: str
    kind: Literal["text", "area", "date", "time", "check", "photo"] = "text"
    hint: str = ""
    value: str = ""
    """What stands in it at first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A task as its holder sees it."""

    title: str
    controller: str
    receipt_no: str
    due: str
    desk_phone: str
    whom: tuple[Row, ...]
    what: tuple[Row, ...]
    choices: tuple[Choice, ...]
    fields: tuple[Field, ...]
    at_once: bool = False
    """Whether each answer is a button of its own: nothing has to be filled in for the usual one."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What has to be changed: in which field, and how; `name` is empty where it is none of them."""

    name: str
    said: str


@cache
def policy() -> str:
    """What the page may do: bear its own style, be sent back to where it came from, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(styled(STYLE).encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def pin(path: str, *, controller: str, desk_phone: str, wrong: str | None = None) -> str:
    """Asks for the number. Nothing of the task stands here."""
    faults = (Wrong("pin", wrong),) if wrong else ()
    return _shell(
        "번호를 넣어 주세요",
        f"<p>{escape(controller)} 개인정보 요구 창구에서 보낸 화면입니다.</p>",
        *_wrong(faults),
        f'<form method="post" action="{escape(path)}/pin">',
        '<div class="field"><label for="pin">문자나 전화로 받으신 번호 여덟 자리</label>',
        '<input id="pin" name="pin" class="pin" type="text" inputmode="numeric" autocomplete="one-time-code"'
        f' maxlength="20" required{_invalid("pin", faults)}></div>',
        '<button type="submit">열기</button>',
        "</form>",
        f'<p class="faint">번호를 받지 못하셨으면 {escape(desk_phone)}번으로 전화해 주세요.</p>',
    )


def task(path: str, asked: Asked, *, said: Mapping[str, str], wrong: Iterable[Wrong] = ()) -> str:
    """The task and its answer; `said` is what was filled in before."""
    faults = tuple(wrong)
    return _shell(
        asked.title,
        f"<p>{escape(asked.controller)} · 접수번호 {escape(asked.receipt_no)}</p>",
        f"<p><strong>{escape(asked.due)}까지</strong> 알려 주세요.</p>",
        *_wrong(faults),
        *_rows("누구의 정보인가요", asked.whom),
        *_rows("무엇에 관한 일인가요", asked.what),
        f'<form method="post" action="{escape(path)}/answer" enctype="multipart/form-data">',
        *(() if asked.at_once else _radios(asked.choices, said, faults)),
        *(_field(one, said, faults) for one in asked.fields),
        *(_buttons(asked.choices) if asked.at_once else ('<button type="submit">보내기</button>',)),
        "</form>",
        f'<p class="faint">한 번만 보낼 수 있습니다. 궁금하신 점은 {escape(asked.desk_phone)}번으로 전화해 주세요.</p>',
    )


def done(at: str, *, controller: str, receipt_no: str, desk_phone: str) -> str:
    """The answer was taken."""
    return _shell(
        "잘 받았습니다",
        f'<div class="done" role="status"><p>접수번호 {escape(receipt_no)}</p>'
        f"<p>받은 때: <strong>{escape(at)}</strong></p></div>",
        "<p>더 하실 일은 없습니다. 이 화면은 닫으셔도 됩니다. 주소는 이제 열리지 않습니다.</p>",
        f'<p class="faint">고치실 것이 있으면 {escape(controller)} {escape(desk_phone)}번으로 전화해 주세요.</p>',
    )


def over(*, cancelled: bool, desk_phone: str) -> str:
    """There is nothing to do any more."""
    title = "하지 않으셔도 됩니다" if cancelled else "이미 끝난 일입니다"
    return _shell(
        title,
        "<p>이 일은 더 필요하지 않아 거두었습니다.</p>" if cancelled else "<p>이 일은 이미 결과를 받았습니다.</p>",
        f'<p class="faint">궁금하신 점은 {escape(desk_phone)}번으로 전화해 주세요.</p>',
    )


def problem(title: str, detail: str) -> str:
    """Something that is not the page's own affair, in the words of its problem."""
    return _shell(title, f"<p>{escape(detail)}</p>")


def _shell(title: str, *body: str) -> str:
    return shell(title, f"<h1>{escape(title)}</h1>", *body, style=STYLE)


def _rows(title: str, rows: tuple[Row, ...]) -> tuple[str, ...]:
    if not rows:
        return ()
    told = (
        f"<div><dt>{escape(name)}</dt><dd>{'<br>'.join(broken(one) for one in values)}</dd></div>"
        for name, values in rows
    )
    return (f"<section><h2>{escape(title)}</h2><dl>", *told, "</dl></section>")


def _wrong(faults: tuple[Wrong, ...]) -> tuple[str, ...]:
    if not faults:
        return ()
    told = (
        f'<li><a href="#{escape(one.name)}">{escape(one.said)}</a></li>' if one.name else f"<li>{escape(one.said)}</li>"
        for one in faults
    )
    return ('<div class="wrong" role="alert" id="wrong"><h2>다시 봐 주세요</h2><ul>', *told, "</ul></div>")


def _radios(choices: tuple[Choice, ...], said: Mapping[str, str], faults: tuple[Wrong, ...]) -> tuple[str, ...]:
    chosen = said.get("result")
    told = (
        f'<label class="choice" for="result{"" if place == 0 else f"-{place}"}">'
        f'<input type="radio" id="result{"" if place == 0 else f"-{place}"}" name="result"'
        f' value="{escape(one.value)}" required{" checked" if one.value == chosen else ""}'
        f"{_invalid('result', faults)}> {escape(one.label)}</label>"
        for place, one in enumerate(choices)
    )
    return ("<fieldset><legend>어떻게 되었나요?</legend>", *told, "</fieldset>")


def _buttons(choices: tuple[Choice, ...]) -> tuple[str, ...]:
    return tuple(
        f'<button type="submit" name="result" value="{escape(one.value)}"{"" if place == 0 else " class=other"}>'
        f"{escape(one.label)}</button>"
        for place, one in enumerate(choices)
    )


def _field(one: Field, said: Mapping[str, str], faults: tuple[Wrong, ...]) -> str:
    name, value = escape(one.name), escape(said.get(one.name, one.value))
    marked = _invalid(one.name, faults) or (f' aria-describedby="{name}-hint"' if one.hint else "")
    hint = f'<p class="faint" id="{name}-hint">{escape(one.hint)}</p>' if one.hint else ""
    label = f'<label for="{name}">{escape(one.label)}</label>'
    if one.kind == "check":
        checked = " checked" if said.get(one.name) else ""
        box = f'<input type="checkbox" id="{name}" name="{name}" value="yes"{checked}{marked}>'
        return f'<label class="choice" for="{name}">{box} {escape(one.label)}</label>{hint}'
    if one.kind == "area":
        # A line break right behind the tag is not part of what stands in it: one is given away.
        area = f'<textarea id="{name}" name="{name}" rows="3"{marked}>\n{value}</textarea>'
        return f'<div class="field">{label}{hint}{area}</div>'
    if one.kind == "photo":
        kinds = 'accept="image/jpeg,image/png,image/heic,image/tiff,application/pdf"'
        return f'<div class="field">{label}{hint}<input type="file" id="{name}" name="{name}" {kinds}{marked}></div>'
    return (
        f'<div class="field">{label}{hint}'
        f'<input type="{one.kind}" id="{name}" name="{name}" value="{value}"{marked}></div>'
    )


def _invalid(name: str, faults: tuple[Wrong, ...]) -> str:
    if not any(one.name == name for one in faults):
        return ""
    return ' aria-invalid="true" aria-describedby="wrong"'
