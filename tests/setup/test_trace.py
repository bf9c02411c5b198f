"""The trace of promises and duties points at what is there, and leaves no promise out."""

import re

import pytest
import yaml

from tests import traced
from tests.traced import ROOT, Line

EVERY = [*traced.lines("promises"), *traced.lines("duties")]
POLICY = ROOT / "policies" / "ktmns-2024-12-06.yaml"
CHAPTERS = 15


@pytest.mark.parametrize("line", EVERY, ids=lambda one: one.place)
def test_a_line_names_its_rule_its_code_and_its_tests_and_they_are_there(line: Line) -> None:
    if line.elsewhere:
        assert not (line.rule or line.code or line.tests)
        return
    assert line.says and line.rule and line.code and line.tests
    assert all(one.startswith("tests/") for one in line.tests)
    assert traced.missing(line) == []


def test_no_promise_is_left_out() -> None:
    promised = {one["chapter"] for one in yaml.safe_load(POLICY.read_text("utf-8"))["promises"]}
    traced_places = {one.place for one in traced.lines("promises")}
    assert promised - traced_places == set()
    chapters = {int(re.match(r"\d+", place)[0]) for place in traced_places if re.match(r"\d+", place)}  # type: ignore[index]
    assert chapters == set(range(1, CHAPTERS + 1))


def test_nothing_stands_twice() -> None:
    places = [one.place for one in EVERY]
    assert len(places) == len(set(places))


def test_a_line_that_points_nowhere_is_found() -> None:
    line = Line("8.9", "nothing", "none", ("app/law/nowhere.py::rule", "app/law/age.py::no_such"), ("tests/x.py",), "")
    assert traced.missing(line) == [*line.code, *line.tests]


def test_every_trap_of_the_law_has_one_test() -> None:
    """Fifty mistakes that look right at first; each is a test by its number."""
    found = [
        int(number)
        for file in sorted((ROOT / "tests" / "api").glob("test_traps_*.py"))
        for number in re.findall(r"^(?:async )?def test_trap_(\d\d)_", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert sorted(found) == list(range(1, 51))


def test_the_page_is_fresh() -> None:
    assert traced.PAGE.read_text("utf-8") == traced.page(), "run python -m tests.traced"
