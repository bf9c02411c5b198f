"""The wire model: strict about scalars, at home with what JSON cannot write."""

import enum
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import pytest
from pydantic import ValidationError

from app.http.body import Day, Id, Moment, Wire

T = TypeVar("T")


class Colour(enum.StrEnum):
    """A closed list."""

    RED = "red"


class Plain(Wire):
    """One enum, used once: Pydantic keeps it apart from the model's schema."""

    colour: Colour


class Odd(Wire):
    """Fields named like the words of a schema, and a model within itself."""

    default: Colour
    type: Colour | None = None
    members: frozenset[Colour] = frozenset()
    metadata: tuple[Colour, ...] = ()
    kids: "tuple[Odd, ...]" = ()


class Page(Wire, Generic[T]):
    """A generic."""

    items: tuple[T, ...]


class Heir(Plain):
    """A subclass."""

    by_colour: dict[Colour, tuple[Colour, int]]


class Times(Wire):
    """What Python may give to an answer."""

    on: Day
    at: Moment
    ref: Id


@pytest.mark.parametrize(
    ("model", "sent"),
    (
        (Plain, {"colour": "red"}),
        (
            Odd,
            {
                "default": "red",
                "type": "red",
                "members": ["red"],
                "metadata": ["red"],
                "kids": [{"default": "red", "kids": []}],
            },
        ),
        (Page[Plain], {"items": [{"colour": "red"}]}),
        (Heir, {"colour": "red", "by_colour": {"red": ["red", 1]}}),
    ),
)
def test_reads_parsed_json(model: type[Wire], sent: dict[str, Any]) -> None:
    read = model.model_validate(sent)
    assert read.model_dump(mode="json", exclude_unset=True) == sent
    assert read == model.model_validate_json(read.model_dump_json())


@pytest.mark.parametrize(
    ("model", "sent"),
    (
        (Plain, {"colour": 5}),
        (Odd, {"default": "red", "kids": {}}),
        (Odd, {"default": "red", "metadata": "red"}),
        (Heir, {"colour": "red", "by_colour": {"red": ["red", "1"]}}),
        (Heir, {"colour": "red", "by_colour": {"red": ["red", True]}}),
        (Plain, {"colour": "red", "more": 1}),
        (Times, {"on": datetime(2026, 1, 1, tzinfo=UTC), "at": datetime(2026, 1, 1, tzinfo=UTC), "ref": UUID(int=1)}),
        (Times, {"on": date(2026, 1, 1), "at": datetime(2026, 1, 1), "ref": UUID(int=1)}),
    ),
)
def test_converts_nothing(model: type[Wire], sent: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(sent)
    assert "input_value" not in str(caught.value)


def test_is_frozen() -> None:
    with pytest.raises(ValidationError):
        Plain(colour=Colour.RED).colour = Colour.RED  # type: ignore[misc]


def test_answers_are_built_from_python_values() -> None:
    times = Times(on=date(2026, 11, 22), at=datetime(2026, 11, 22, 1, tzinfo=UTC), ref=UUID(int=1))
    assert times.model_dump(mode="json") == {
        "on": "2026-11-22",
        "at": "2026-11-22T01:00:00Z",
        "ref": "00000000-0000-0000-0000-000000000001",
    }


def test_the_schema_tells_the_formats() -> None:
    properties = Times.model_json_schema()["properties"]
    assert [properties[name].get("format") for name in ("on", "at", "ref")] == ["date", "date-time", "uuid"]
