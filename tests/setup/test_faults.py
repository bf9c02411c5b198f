"""docs/faults.md has every row of the matrix, and names tests that are there."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
CELL = re.compile(r"\[\w+\]\((?P<file>[^)]+)\) (?P<tests>`\w+`(?:, `\w+`)*)")
ROWS = 58
ELSEWHERE = "not here: "
"""How a row begins to say why no test injects it."""


def test_every_row_names_tests_that_exist_or_says_why_not() -> None:
    rows = [line for line in (DOCS / "faults.md").read_text(encoding="utf-8").splitlines() if line.startswith("| F")]
    assert [row.split("|")[1].strip() for row in rows] == [f"F{number}" for number in range(1, ROWS + 1)]
    for row in rows:
        shown = row.split("|")[4].strip()
        cells = list(CELL.finditer(shown))
        assert cells or shown.startswith(ELSEWHERE), row
        for cell in cells:
            written = (DOCS / cell["file"]).read_text(encoding="utf-8")
            for name in re.findall(r"`(\w+)`", cell["tests"]):
                assert f"def {name}(" in written, name
