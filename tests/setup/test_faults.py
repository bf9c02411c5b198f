"""docs/faults.md names tests that are there."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
CELL = re.compile(r"\[\w+\]\((?P<file>[^)]+)\) (?P<tests>`\w+`(?:, `\w+`)*)")


def test_every_row_names_tests_that_exist() -> None:
    rows = [line for line in (DOCS / "faults.md").read_text(encoding="utf-8").splitlines() if line.startswith("| F")]
    named = 0
    for row in rows:
        cells = list(CELL.finditer(row))
        assert cells, row
        for cell in cells:
            written = (DOCS / cell["file"]).read_text(encoding="utf-8")
            for name in re.findall(r"`(\w+)`", cell["tests"]):
                assert f"def {name}(" in written, name
                named += 1
    assert named >= len(rows) >= 19
