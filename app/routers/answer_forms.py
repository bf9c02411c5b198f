"""What a holder wrote on its page, read into the report that a machine would have sent; or what has to be changed."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app import text
from app.documents.answer_page import Asked, Wrong
from app.documents.wording import answering as words
from app.errors import Invalid, Problem
from app.http.catalogue import catalogue
from app.services import answer_sheet
from app.services.arranging import Arrangement
from app.services.fulfilment import Report

_SEOUL = ZoneInfo("Asia/Seoul")
_AT = {"/media/place": "place", "/media/from": "day", "/media/to": "closes", "/media/masked": "masked"}
"""Where on the page stands what a fault of the report points at; the rest bears its own name."""
_FOUND = ("done", "partly_done")


class Form:
    """One form: read part by part, with what is wrong gathered on the way."""

    def __init__(self, asked: Asked, whole: Mapping[str, Any], said: Mapping[str, str]) -> None:
        self.wrong: list[Wrong] = []
        self._asked, self._whole, self._said = asked, dict(whole), said

    def report(self) -> Report:
        """The report; worth something only where nothing is wrong."""
        result = self._said.get("result", "")
        if result not in {one.value for one in self._asked.choices}:
            self.wrong.append(Wrong("result" if not self._asked.at_once else "", words.CHOOSE))
        note = self._free("note")
        if result == "failed" and not note:
            self.wrong.append(Wrong("note", words.WHY))
        return Report(
            result=result,
            facts={"kept": self._kept() if result == "partly_done" else [], "onward": [], "at": None},
            said={"note": note} if note else {},
            data=self._data() if result in _FOUND else None,
            media=self._seat() if result in _FOUND and answer_sheet.needs_seat(self._whole) else None,
        )

    def _kept(self) -> list[dict[str, str]]:
        rows = [one.name.partition("-")[2] for one in self._asked.fields if one.name.startswith("statute-")]
        kept = []
        for place in rows:
            statute, until = self._line(f"statute-{place}"), self._day(f"until-{place}")
            if statute and until:
                kept.append({"statute": statute, "until": until.isoformat()})
            elif statute and not self._is_wrong(f"until-{place}"):
                self.wrong.append(Wrong(f"until-{place}", words.UNTIL))
            elif until and not self._is_wrong(f"statute-{place}"):
                self.wrong.append(Wrong(f"statute-{place}", words.STATUTE))
        if rows and not kept and not self.wrong:
            self.wrong.append(Wrong("statute-0", words.STATUTE))
        return kept

    def _data(self) -> dict[str, list[dict[str, str]]] | None:
        row = {name: value for name in answer_sheet.collected(self._whole) if (value := self._free(f"data-{name}"))}
        return {self._whole["category"]: [row]} if row else None

    def _seat(self) -> Arrangement | None:
        place, day = self._line("place"), self._day("day")
        opens, closes = self._hour("opens"), self._hour("closes")
        if not place and not self._is_wrong("place"):
            self.wrong.append(Wrong("place", words.PLACE))
        if not (day and opens and closes) and not self._is_wrong("day"):
            self.wrong.append(Wrong("day", words.WHEN))
        if not (place and day and opens and closes):
            return None
        from_, to = (datetime.combine(day, one, _SEOUL) for one in (opens, closes))
        return Arrangement(place, from_, to, masked=bool(self._said.get("masked")))

    def _free(self, name: str) -> str:
        try:
            return text.free_text(self._said.get(name, "").strip(), pointer=f"/{name}").text
        except Invalid as problem:
            self.wrong += told(problem)
            return ""

    def _line(self, name: str) -> str:
        value = self._said.get(name, "").strip()
        try:
            return text.line(value, pointer=f"/{name}") if value else ""
        except Invalid as problem:
            self.wrong += told(problem)
            return ""

    def _day(self, name: str) -> date | None:
        value = self._said.get(name, "").strip()
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.wrong.append(Wrong(name, words.DATE))
            return None

    def _hour(self, name: str) -> time | None:
        try:
            return time.fromisoformat(self._said.get(name, "").strip()).replace(tzinfo=None)
        except ValueError:
            return None

    def _is_wrong(self, name: str) -> bool:
        return any(one.name == name for one in self.wrong)


def told(problem: Problem) -> list[Wrong]:
    """What a problem says, at the fields that it is about."""
    entries = catalogue()
    if not problem.faults:
        return [Wrong("", entries[problem.code].detail["ko"])]
    return [Wrong(_name(one.pointer), entries[one.code].detail["ko"]) for one in problem.faults]


def _name(pointer: str) -> str:
    name = _AT.get(pointer, pointer.removeprefix("/"))
    return "" if "/" in name else name
