"""A task as its holder's page shows it: what to do in plain words, with exactly what a machine would be given (F9)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import text
from app.desk import Desk, desk_of
from app.documents import korean
from app.documents.answer_page import Asked, Choice, Field, Row
from app.documents.wording import answering as words
from app.law.terms import FootageKind
from app.models import Request, System
from app.services.answer_links import Opened

KEPT_MOST = 5
_NOTE = Field("note", "덧붙이실 말씀이나 하실 수 없는 까닭", "area")
_PHOTO = Field("photo", "증거가 되는 사진이나 서류 (없어도 됩니다)", "photo", "10MB까지. JPEG, PNG, HEIC, TIFF, PDF")
_SEAT = (
    Field("place", "볼 수 있는 곳", hint="예: 강남점 2층 안내대"),
    Field("day", "볼 수 있는 날", "date"),
    Field("opens", "몇 시부터", "time"),
    Field("closes", "몇 시까지", "time"),
    Field("masked", "다른 사람은 알아볼 수 없게 가렸습니다", "check"),
)


async def asked(session: AsyncSession, opened: Opened, whole: dict[str, Any]) -> Asked:
    """The page of one task, from what its holder is given of it."""
    desk, task = desk_of(session), opened.task
    request = await session.get_one(Request, task.request_id)
    return Asked(
        title=_title(whole),
        controller=desk.policy.controller.ko,
        receipt_no=request.receipt_no,
        due=korean.hour(task.due_at),
        desk_phone=desk.policy.desk_phone,
        whom=_whom(whole),
        what=(*_what(desk, whole), *(await _filmed(session, whole))),
        choices=_choices(whole, in_part=task.fence_id is None),
        fields=_fields(desk, whole, in_part=task.fence_id is None),
        at_once=whole["media"] is not None and not needs_seat(whole),
    )


def needs_seat(whole: dict[str, Any]) -> bool:
    """Whether footage is to be seen or handed over: then it has to be said where and when."""
    media = whole["media"] or {}
    return whole["action"] == "collect" and media.get("kind") in (FootageKind.VIEW, FootageKind.COPY)


def collected(whole: dict[str, Any]) -> list[str]:
    """The fields whose values are to be written down."""
    return list(whole["fields"] or ()) if whole["action"] == "collect" and whole["media"] is None else []


def kept_rows(whole: dict[str, Any], *, in_part: bool) -> int:
    """For how many statutes there is room; none where nothing can stay."""
    return min(max(len(whole["keep"]), 1), KEPT_MOST) if in_part and whole["action"] in words.PARTS else 0


def _filming(whole: dict[str, Any]) -> str | None:
    """Which words footage takes: what is asked of it, or that it is let go."""
    media = whole["media"]
    if media is None:
        return None
    return str(media["kind"]) if whole["action"] == "collect" else str(whole["action"])


def _ends_purposes(whole: dict[str, Any]) -> bool:
    """A withdrawal that leaves purposes names no fields: nothing is destroyed (Act 37(3))."""
    return whole["action"] == "withdraw_consent" and not whole["fields"]


def _title(whole: dict[str, Any]) -> str:
    if _ends_purposes(whole):
        return words.ONLY_PURPOSES
    return words.FILMED_TITLE.get(_filming(whole) or "", words.TITLE[whole["action"]])


def _whom(whole: dict[str, Any]) -> tuple[Row, ...]:
    known = (whole["subject"] or {}).items()
    return tuple(
        (words.FOUND_BY[name], (text.national(value) if name == "phone" else value,)) for name, value in known if value
    )


def _what(desk: Desk, whole: dict[str, Any]) -> list[Row]:
    category, policy = desk.policy.categories[whole["category"]], desk.policy
    fields = {one.id: one.label.ko for one in category.fields}
    rows: list[Row] = [("어떤 정보", (category.label.ko,))]
    if whole["right"]:
        rows.append(("요구한 일", (words.RIGHT[whole["right"]],)))
    if whole["fields"] and whole["media"] is None:
        rows.append(("항목", (", ".join(fields.get(one, one) for one in whole["fields"]),)))
    if whole["purposes"]:
        named = (policy.purposes[one].label.ko if one in policy.purposes else one for one in whole["purposes"])
        rows.append(("무엇에 쓰던 것", (", ".join(named),)))
    if whole["changes"]:
        lines = (f"{fields.get(one['field'], one['field'])}: {_change(one)}" for one in whole["changes"])
        rows.append(("바뀐 내용", tuple(lines)))
    if whole["record_class"]:
        rows.append(("지울 기록", (policy.records[whole["record_class"]].label.ko,)))
    if whole["keep"]:
        rows.append(("법 때문에 남기는 것", tuple(_keep(desk, one) for one in whole["keep"])))
    return rows


def _change(change: dict[str, Any]) -> str:
    return f"{change['current']} → {change['corrected']}" if change["current"] else f"{change['corrected']}(으)로"


def _keep(desk: Desk, one: dict[str, str]) -> str:
    record = desk.policy.records.get(one["record_class"])
    until = korean.day(date.fromisoformat(one["until"]))
    return f"{record.label.ko if record else one['record_class']}: {one['basis']}, {until}까지"


async def _filmed(session: AsyncSession, whole: dict[str, Any]) -> list[Row]:
    """Which place, which hours; to look for somebody also how they looked and who comes."""
    media = whole["media"]
    if media is None:
        return []
    site = await session.get_one(System, UUID(media["site"]))
    rows: list[Row] = [
        ("장소", (site.name,)),
        ("언제부터", (_hour(media["from"]),)),
        ("언제까지", (_hour(media["to"]),)),
    ]
    if media.get("description"):
        rows.append(("찾는 모습", tuple(korean.lines(media["description"]))))
    if media.get("ground"):
        rows.append(("까닭", (words.FILMED_FOR[media["ground"]],)))
    if media.get("visitor"):
        rows.append(("오실 분", (media["visitor"],)))
    if media.get("not_before"):
        rows.append(("보실 수 있는 때", (f"{_hour(media['not_before'])}부터",)))
    if media.get("not_after"):
        rows.append(("늦어도", (f"{korean.day(date.fromisoformat(media['not_after']))}까지",)))
    if media.get("destroys_copy"):
        rows.append(("만든 사본", ("함께 지워 주세요",)))
    return rows


def _choices(whole: dict[str, Any], *, in_part: bool) -> tuple[Choice, ...]:
    filming = _filming(whole)
    done = words.FILMED_DONE.get(filming or "", words.DONE[whole["action"]])
    done = words.ONLY_PURPOSES_DONE if _ends_purposes(whole) else done
    part = in_part and filming is None and whole["action"] in words.PARTS
    return (
        Choice("done", done),
        *((Choice("partly_done", words.PARTLY),) if part else ()),
        Choice("not_held", words.NOT_FILMED if filming else words.NOT_HELD),
        Choice("failed", words.FAILED_ABOVE if filming and not needs_seat(whole) else words.FAILED),
    )


def _fields(desk: Desk, whole: dict[str, Any], *, in_part: bool) -> tuple[Field, ...]:
    labels = {one.id: one.label.ko for one in desk.policy.categories[whole["category"]].fields}
    found = [Field(f"data-{one}", labels.get(one, one), "area") for one in collected(whole)]
    if whole["media"] is None:
        for place in range(kept_rows(whole, in_part=in_part)):
            kept = whole["keep"][place] if place < len(whole["keep"]) else {"basis": "", "until": ""}
            found.append(Field(f"statute-{place}", "남기는 것이 있으면, 어느 법 때문인가요?", value=kept["basis"]))
            found.append(Field(f"until-{place}", "언제까지 남기나요?", "date", value=kept["until"]))
    seat = _SEAT if needs_seat(whole) else ()
    return (*found, *seat, _NOTE, _PHOTO)


def _hour(moment: str) -> str:
    return korean.hour(datetime.fromisoformat(moment))
