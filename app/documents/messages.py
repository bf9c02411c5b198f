"""Mails and text messages: plain words, no personal data, never what the result is.

A code message holds exactly one run of eight digits. Text messages hold no link; mails may name the site. Who is
under age hears it in words that a twelve-year-old understands (`easy`).
Nothing held is told in the very words of any other result, so that a message gives nothing away.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from app.documents.wording import WORDS, Tone

Language = Literal["ko", "en"]

_CODE = re.compile(r"[0-9]{8}")
_RUN = re.compile(r"\d{8,}")


class Kind(StrEnum):
    """What a message is for."""

    CODE = "code"
    CONFIRM_CODE = "confirm_code"
    ACCESS_CODE = "access_code"
    RESULT = "result"
    RESULT_PAPER = "result_paper"
    NOTHING_HELD = "nothing_held"
    DEFERRAL_ENDED = "deferral_ended"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    LAPSED_STANDING = "lapsed_standing"
    SUPPLEMENT = "supplement"
    REMINDER = "reminder"
    GUARDIAN_ENDED = "guardian_ended"
    MANDATE_ENDED = "mandate_ended"
    MANDATE_OVER = "mandate_over"
    ALERT = "alert"
    ALERT_GUARDIAN = "alert_guardian"
    FROZEN = "frozen"
    FREEZE_RELEASED = "freeze_released"
    DISOWNED = "disowned"
    APPROVER_TODO = "approver_todo"
    APPROVER_FREEZE = "approver_freeze"
    OFFICER_TODO = "officer_todo"
    POSTPONED = "postponed"
    OBJECTION_RECEIVED = "objection_received"
    OBJECTION_TODO = "objection_todo"
    RULING = "ruling"
    FENCED_DESTROYED = "fenced_destroyed"
    FOLLOW_UP_DONE = "follow_up_done"
    INCIDENT_NOTICE = "incident_notice"
    INCIDENT_POSSIBLE = "incident_possible"
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_CLOCK = "incident_clock"
    INCIDENT_OVER = "incident_over"
    DUE_THREE = "due_three"
    DUE_ONE = "due_one"
    DUE_TODAY = "due_today"
    DUE_OVER = "due_over"
    OUTLOOK = "outlook"
    REGISTRY_TODO = "registry_todo"
    AUDIT_CHECKPOINT = "audit_checkpoint"
    DESTRUCTION_TODO = "destruction_todo"
    DESTRUCTION_DONE = "destruction_done"
    HOLDER_TOLD = "holder_told"
    HOLDER_FAILING = "holder_failing"
    HOLDER_LATE = "holder_late"
    HOLDER_LINK = "holder_link"
    HOLDER_PIN = "holder_pin"


ONE_CONTACT = frozenset(
    {
        Kind.CODE,
        Kind.CONFIRM_CODE,
        Kind.ACCESS_CODE,
        Kind.ALERT,
        Kind.ALERT_GUARDIAN,
        Kind.HOLDER_LINK,
        Kind.HOLDER_PIN,
    }
)
"""Secrets that are meant for one contact and no other: they follow nobody to another channel."""

PERSONAL = frozenset(
    {
        Kind.RESULT,
        Kind.RESULT_PAPER,
        Kind.NOTHING_HELD,
        Kind.DEFERRAL_ENDED,
        Kind.WITHDRAWN,
        Kind.LAPSED,
        Kind.LAPSED_STANDING,
        Kind.SUPPLEMENT,
        Kind.REMINDER,
        Kind.GUARDIAN_ENDED,
        Kind.MANDATE_ENDED,
        Kind.MANDATE_OVER,
        Kind.FROZEN,
        Kind.FREEZE_RELEASED,
        Kind.DISOWNED,
        Kind.POSTPONED,
        Kind.OBJECTION_RECEIVED,
        Kind.RULING,
        Kind.FENCED_DESTROYED,
        Kind.FOLLOW_UP_DONE,
    }
)
"""What a person is owed: where one channel fails it goes by the next, and at last by hand.

Not the word of a leak: it goes by a contact that was chosen as safe, and what follows is for people to choose.
"""

CODES = frozenset({Kind.CODE, Kind.CONFIRM_CODE, Kind.HOLDER_PIN})
"""What is typed back to prove a contact: one run of eight digits, and no other."""

TO_HOLDERS = frozenset({Kind.HOLDER_TOLD, Kind.HOLDER_FAILING, Kind.HOLDER_LATE, Kind.HOLDER_LINK, Kind.HOLDER_PIN})
"""To companies and stores that hold data, in Korean whatever the person of the request reads."""


@dataclass(frozen=True, slots=True)
class Text:
    """One message as its carrier gets it; `subject` is empty in a text message."""

    subject: str
    body: str
    template: str
    params: dict[str, str]


_TOLD = frozenset({"controller", "receipt_no", "desk_phone", "desk_email"})
_ANSWERED = _TOLD | {"site"}
_PAPERS = _ANSWERED | {"due_on", "missing"}
_STOP = frozenset({"controller", "stop_code", "site", "desk_phone"})
_STAFF = frozenset({"controller", "receipt_no", "due_on"})
_HOURS = frozenset({"controller", "receipt_no", "due_at"})
# A leak is told whole (Act 34(1)); whoever it is may never have asked us anything, so a receipt number says nothing.
_LEAKED = frozenset({"controller", "leaked", "known_at", "how", "can_do", "did", "contact", "desk_phone"})

PARAMS: Mapping[Kind, frozenset[str]] = {
    Kind.CODE: frozenset({"controller", "code", "minutes", "desk_phone"}),
    Kind.CONFIRM_CODE: frozenset({"controller", "receipt_no", "code", "minutes", "desk_phone"}),
    Kind.ACCESS_CODE: frozenset({"controller", "receipt_no", "access_code", "desk_phone"}),
    Kind.RESULT: _ANSWERED,
    Kind.RESULT_PAPER: _ANSWERED,
    Kind.NOTHING_HELD: _ANSWERED,
    Kind.DEFERRAL_ENDED: _ANSWERED,
    Kind.WITHDRAWN: _TOLD,
    Kind.LAPSED: _ANSWERED,
    Kind.LAPSED_STANDING: _ANSWERED,
    Kind.SUPPLEMENT: _PAPERS,
    Kind.REMINDER: _PAPERS,
    Kind.GUARDIAN_ENDED: _ANSWERED,
    Kind.MANDATE_ENDED: _TOLD,
    Kind.MANDATE_OVER: _TOLD,
    Kind.ALERT: _STOP,
    Kind.ALERT_GUARDIAN: _STOP,
    Kind.FROZEN: _TOLD,
    Kind.FREEZE_RELEASED: _TOLD,
    Kind.DISOWNED: _TOLD,
    Kind.APPROVER_TODO: _STAFF,
    Kind.APPROVER_FREEZE: _STAFF,
    Kind.OFFICER_TODO: _STAFF,
    Kind.POSTPONED: _ANSWERED,
    Kind.OBJECTION_RECEIVED: _TOLD | {"due_on"},
    Kind.OBJECTION_TODO: _STAFF,
    Kind.RULING: _ANSWERED,
    Kind.FENCED_DESTROYED: _ANSWERED,
    Kind.FOLLOW_UP_DONE: _ANSWERED,
    Kind.INCIDENT_NOTICE: _LEAKED,
    Kind.INCIDENT_POSSIBLE: _LEAKED,
    Kind.INCIDENT_OPENED: _HOURS,
    Kind.INCIDENT_CLOCK: _HOURS,
    Kind.INCIDENT_OVER: _HOURS,
    Kind.DUE_THREE: _STAFF | {"what"},
    Kind.DUE_ONE: _STAFF | {"what"},
    Kind.DUE_TODAY: _STAFF | {"what"},
    Kind.DUE_OVER: _STAFF | {"what"},
    Kind.HOLDER_TOLD: _TOLD | {"due_on"},
    Kind.HOLDER_FAILING: _TOLD | {"due_on"},
    Kind.HOLDER_LATE: _TOLD | {"due_on"},
    Kind.HOLDER_LINK: _TOLD | {"mark", "due_at", "url", "until"},
    Kind.HOLDER_PIN: frozenset({"controller", "receipt_no", "mark", "code", "desk_phone"}),
    Kind.REGISTRY_TODO: frozenset({"controller", "first", "count"}),
    Kind.AUDIT_CHECKPOINT: frozenset({"controller", "first", "origin", "size", "root", "signature", "key"}),
    Kind.DESTRUCTION_TODO: frozenset({"controller", "due_on", "count"}),
    Kind.DESTRUCTION_DONE: frozenset({"controller", "due_on", "count"}),
    Kind.OUTLOOK: frozenset({"controller", "first", "last", "due", "silent", "footage", "receipts"}),
}

# One template for both: whoever reads over a shoulder, or in the gateway's log, learns only that there is an answer.
_TEMPLATE: Mapping[Kind, str] = {Kind.NOTHING_HELD: "result"}


def mail(kind: Kind, language: Language, params: Mapping[str, str], easy: bool = False) -> Text:
    """A mail; personal data stands neither in its subject nor in its body."""
    template, tone = _chosen(kind, language, easy=easy)
    checked, said = _checked(kind, params), WORDS[template][tone]
    subject, body = said.subject.format_map(checked), said.mail.format_map(checked)
    return _sealed(kind, Text(subject, body, f"{template}.{tone}", checked))


def sms(kind: Kind, language: Language, params: Mapping[str, str], easy: bool = False) -> Text:
    """A text message without any link; its params are those that its words use, for the gateway's own template."""
    template, tone = _chosen(kind, language, easy=easy)
    checked, body = _checked(kind, params), WORDS[template][tone].sms
    used = {name: value for name, value in checked.items() if "{" + name + "}" in body}
    return _sealed(kind, Text("", body.format_map(checked), f"{template}.{tone}", used))


def _chosen(kind: Kind, language: Language, *, easy: bool) -> tuple[str, Tone]:
    """Whose words, in which tone: plain English is plain enough, and what only adults read has no easy words."""
    template = _TEMPLATE.get(kind, kind.value)
    tone: Tone = "easy" if easy and language == "ko" and "easy" in WORDS[template] else language
    return template, tone


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
    if kind in CODES:
        code = text.params["code"]
        if not _CODE.fullmatch(code) or _RUN.findall(f"{text.subject}\n{text.body}") != [code]:
            raise ValueError("a code message holds exactly one run of eight digits")
    return text
