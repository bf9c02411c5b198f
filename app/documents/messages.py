"""Mails and text messages: plain words, no personal data, never what the result is.

A code message holds exactly one run of eight digits. Text messages hold no link; mails may name the site.
Nothing held is told in the very words of any other result, so that a message gives nothing away.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from app.documents.wording import MAILS, TEXTS

Language = Literal["ko", "en"]

_CODE = re.compile(r"[0-9]{8}")
_RUN = re.compile(r"\d{8,}")


class Kind(StrEnum):
    """What a message is for."""

    CODE = "code"
    ACCESS_CODE = "access_code"
    RESULT = "result"
    NOTHING_HELD = "nothing_held"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    APPROVER_TODO = "approver_todo"
    OFFICER_TODO = "officer_todo"


@dataclass(frozen=True, slots=True)
class Text:
    """One message as its carrier gets it; `subject` is empty in a text message."""

    subject: str
    body: str
    template: str
    params: dict[str, str]


PARAMS: Mapping[Kind, frozenset[str]] = {
    Kind.CODE: frozenset({"controller", "code", "minutes"}),
    Kind.ACCESS_CODE: frozenset({"controller", "receipt_no", "access_code", "desk_phone"}),
    Kind.RESULT: frozenset({"controller", "receipt_no", "site", "desk_phone", "desk_email"}),
    Kind.NOTHING_HELD: frozenset({"controller", "receipt_no", "site", "desk_phone", "desk_email"}),
    Kind.WITHDRAWN: frozenset({"controller", "receipt_no", "desk_phone", "desk_email"}),
    Kind.LAPSED: frozenset({"controller", "receipt_no", "site", "desk_phone", "desk_email"}),
    Kind.APPROVER_TODO: frozenset({"controller", "receipt_no", "due_on"}),
    Kind.OFFICER_TODO: frozenset({"controller", "receipt_no", "due_on"}),
}

# One template for both: whoever reads over a shoulder, or in the gateway's log, learns only that there is an answer.
_TEMPLATE: Mapping[Kind, str] = {Kind.NOTHING_HELD: "result"}


def mail(kind: Kind, language: Language, params: Mapping[str, str]) -> Text:
    """A mail; personal data stands neither in its subject nor in its body."""
    template = _TEMPLATE.get(kind, kind.value)
    checked = _checked(kind, params)
    subject, body = MAILS[template, language]
    return _sealed(kind, Text(subject.format_map(checked), body.format_map(checked), f"{template}.{language}", checked))


def sms(kind: Kind, language: Language, params: Mapping[str, str]) -> Text:
    """A text message without any link; its params are those that its words use, for the gateway's own template."""
    template = _TEMPLATE.get(kind, kind.value)
    checked = _checked(kind, params)
    body = TEXTS[template, language]
    used = {name: value for name, value in checked.items() if "{" + name + "}" in body}
    return _sealed(kind, Text("", body.format_map(checked), f"{template}.{language}", used))


def _checked(kind: Kind, params: Mapping[str, str]) -> dict[str, str]:
    """Exactly the params of the kind, each one line: a line break would open a mail header."""
    if params.keys() != PARAMS[kind]:
        raise ValueError(f"a message {kind} takes {sorted(PARAMS[kind])}")
    for name, value in params.items():
        if not value.strip() or not value.isprintable():
            raise ValueError(f"param {name} is one line of text")
    return dict(params)


def _sealed(kind: Kind, text: Text) -> Text:
    """A code message tells one code and nothing else that looks like one."""
    if kind is Kind.CODE:
        code = text.params["code"]
        if not _CODE.fullmatch(code) or _RUN.findall(f"{text.subject}\n{text.body}") != [code]:
            raise ValueError("a code message holds exactly one run of eight digits")
    return text
