"""Footage on the form: the part in which it is asked for."""

from collections.abc import Mapping

from examples.website.choices import Choices
from examples.website.footage import PART, Typed, offered, one
from examples.website.markup import Child, Html, el
from examples.website.page import text, ticks, wrong


def part(choices: Choices, typed: Typed, errors: Mapping[str, str]) -> Html | None:
    """Return this part of the form; it stands open when something was typed in it."""
    if not offered(choices):
        return None
    opened = any(name.startswith(f"{PART}_") and any(values) for name, values in typed.items())
    title = el("summary", "영상(CCTV) 열람")
    return el(
        "details", title, wrong(PART, errors), *_boxes(choices, typed, errors), id=PART, open=opened, tabindex="-1"
    )


def _boxes(choices: Choices, typed: Typed, errors: Mapping[str, str]) -> list[Child]:
    chosen = one(typed, "site")
    places = [el("option", one.label, value=one.id, selected=one.id == chosen) for one in choices.sites]
    name = f"{PART}_site"
    return [
        el("p", "내시는 즉시 그 시간의 영상을 지우지 않도록 그 장소에 요청합니다.", class_="hint"),
        el("label", "장소", for_=name),
        el("select", el("option", "고르지 않음", value=""), places, id=name, name=name),
        text(f"{PART}_from", "언제부터", typed, errors, type="datetime-local", hint=f"{choices.window_hours}시간까지"),
        text(f"{PART}_to", "언제까지", typed, errors, type="datetime-local"),
        text(f"{PART}_description", "알아볼 수 있는 모습 (옷, 가진 물건)", typed, errors, maxlength=500),
        ticks(f"{PART}_ground", "까닭", choices.grounds, typed, errors, kind="radio"),
        ticks(f"{PART}_kind", "원하시는 것", choices.kinds, typed, errors, kind="radio"),
    ]
