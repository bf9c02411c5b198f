"""`make demo`: the whole journey, told on screen, holds."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_demo_holds_from_the_first_step_to_the_last(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "examples.demo"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    last = re.search(r"Every step held: (\d+) checks in (\d+) s\. Everything is in (.+)", told.stdout)
    assert last is not None
    assert int(last[1]) > 190
    saved = {file.name for file in (Path(last[3]) / "documents").iterdir()}
    assert {"열람자료.zip", "홍길동-통지서-1.pdf", "김영희-통지서.pdf", "남궁새벽-통지서.pdf"} <= saved
    assert {"위임장-양식.pdf", "윤서진-통지서.pdf", "임도현-통지서.pdf"} <= saved
