"""The certification of one endpoint: every scenario played, and what came of it as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.receivers.exchange import Answer, Endpoint
from app.receivers.scenarios import SCENARIOS, Scenario


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario and its answers; `passed` is None where it was not played."""

    scenario: Scenario
    passed: bool | None
    answers: Sequence[Answer]


async def certify(to: Endpoint) -> list[Row]:
    """Play every scenario for which there is a key. One that nobody answers at all is not played further."""
    rows: list[Row] = []
    for scenario in SCENARIOS:
        unplayed = scenario.key is not None and getattr(to.keys, scenario.key) is None
        if unplayed or (rows and not any(one.status for one in to.answers)):
            rows.append(Row(scenario, None, ()))
            continue
        answers = await scenario.act(to)
        rows.append(Row(scenario, scenario.passes(answers), answers))
    return rows


def is_whole(rows: Sequence[Row]) -> bool:
    """Whether nothing failed."""
    return not any(row.passed is False for row in rows)


def table(to: Endpoint, rows: Sequence[Row]) -> Iterator[str]:
    """The report, line by line."""
    yield f"{to.url}, scheme {to.keys.scheme}"
    for number, row in enumerate(rows, start=1):
        word = {True: "pass", False: "FAIL", None: "-   "}[row.passed]
        yield f"{number:3} {word}  {row.scenario.name:<52}{row.scenario.expects:<24}{_got(row)}".rstrip()
    played = [row for row in rows if row.passed is not None]
    yield f"{sum(row.passed is True for row in played)} of {len(played)} passed, {len(rows) - len(played)} not played"


def _got(row: Row) -> str:
    """The different answers in the order they came; nothing where the row is about all of them."""
    if row.scenario.expects == "always":
        return ""
    return " ".join(dict.fromkeys(str(one.status or "none") for one in row.answers))
