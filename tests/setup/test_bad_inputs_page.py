"""docs/bad-inputs.md names tests that are there, and every number of the agreed list."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
CELL = re.compile(r"\[\w+\]\((?P<file>[^)]+)\) (?P<tests>`\w+`(?:, `\w+`)*)")
AGREED = (
    1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, 22, 23, 25, 26, 28, 29, 31, 32, 34, 35, 37, 38, 40, 41, 43, 44,
    46, 47, 49, 50, 52, 53, 55, 56, 58, 59, 61, 62, 64, 65, 67, 68, 70, 71, 73, 74, 76, 77, 79, 80, 82, 83, 85, 86, 88,
    89, 91, 92, 94, 95, 97, 98, 100, 101, 103, 104, 106, 107, 109, 110, 112, 113, 115, 116, 118, 119, 121, 122,
)  # fmt: skip


def test_every_row_names_tests_that_exist_and_no_number_is_left_out() -> None:
    lines = (DOCS / "bad-inputs.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if re.match(r"\| \d* \| ", line)]
    assert tuple(int(row[0].strip("| ")) for row in rows if row[0] != "| ") == AGREED
    assert len(rows) > len(AGREED) + 20, "neighbours"
    for row in rows:
        assert len(row) == 4, row
        cells = list(CELL.finditer(row[3]))
        assert cells, row
        for cell in cells:
            written = (DOCS / cell["file"]).read_text(encoding="utf-8")
            for name in re.findall(r"`(\w+)`", cell["tests"]):
                assert f"def {name}(" in written, name
