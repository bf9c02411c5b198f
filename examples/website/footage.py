"""The claim for footage that a filled form makes: at which place, from when to when, by what ground, to what end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from examples.website.choices import Choices
from examples.website.words import KOREA

JSON = dict[str, Any]
Typed = Mapping[str, Sequence[str]]
PART = "footage"
_PARTS = ("site", "from", "to", "description", "ground", "kind")
_SAY = "장소, 시간, 알아볼 수 있는 모습, 까닭, 원하시는 것을 모두 적어 주십시오."


def offered(choices: Choices) -> bool:
    """Tell whether there is a place whose footage can be asked for."""
    return "access" in choices.rights and bool(choices.sites)


def claim(typed: Typed, choices: Choices) -> JSON | None:
    """Return the claim for what was typed; None where nothing was. The desk says what is wrong with it."""
    said = {name: one(typed, name) for name in _PARTS}
    if not offered(choices) or not any(said[name] for name in ("from", "to", "description")):
        return None
    media = {name: value for name, value in said.items() if value}
    return {
        "right": "access",
        "media": media | {name: _moment(media[name]) for name in ("from", "to") if name in media},
    }


def missing(made: JSON | None) -> dict[str, str]:
    """Return what is plainly missing in the part."""
    return {PART: _SAY} if made is not None and len(made["media"]) < len(_PARTS) else {}


def one(typed: Typed, name: str) -> str:
    values = typed.get(f"{PART}_{name}") or [""]
    return values[0].strip()


def _moment(typed: str) -> str:
    """Return the moment of a clock in Korea; what is no moment goes as it is, for the desk to say so."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=KOREA).isoformat()
    except ValueError:
        return typed
