"""The figures: kept as JSON, shown as ratios to the yardstick and to the last committed run."""

import json
import math
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

BASELINE = Path(__file__).parent / "baseline.json"
YARDSTICK = "echo (yardstick)"


@dataclass(frozen=True, slots=True)
class Figure:
    """One operation at one number of connections."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    ratio: float
    """Answers a second, as a part of the yardstick's at the same number of connections."""
    cpu_ratio: float
    """CPU time an answer, in times of the yardstick's."""


Figures = dict[str, dict[int, Figure]]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the bench."""

    figures: Figures
    statements: dict[str, int]
    seconds_to_ready: float
    memory_mb: float


def write(run: Run) -> None:
    """Make this run the baseline."""
    kept: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "seconds_to_ready": round(run.seconds_to_ready, 2),
        "memory_mb": round(run.memory_mb),
        "statements": run.statements,
        "figures": {
            name: {str(connections): _rounded(figure) for connections, figure in by.items()}
            for name, by in run.figures.items()
        },
    }
    BASELINE.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def baseline() -> dict[str, Any]:
    """The last committed run, or nothing."""
    if not BASELINE.exists():
        return {}
    kept: dict[str, Any] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return kept


def show(run: Run) -> str:
    """The table, and what changed."""
    before = baseline()
    lines = [
        f"{'operation':<24}{'conn':>5}{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'x echo':>9}"
        f"{'CPU x':>8}{'vs base':>9}{'CPU vs':>8}",
    ]
    for name, by in run.figures.items():
        lines += [_line(name, connections, figure, before) for connections, figure in by.items()]
    lines += ["", "SQL statements a call, without BEGIN and COMMIT:"]
    for name, counted in run.statements.items():
        was = before.get("statements", {}).get(name)
        lines.append(f"  {name:<24}{counted:>4}" + ("" if was in (None, counted) else f"   (was {was})"))
    lines += ["", f"start to ready {run.seconds_to_ready:.2f} s, API memory {run.memory_mb:.0f} MB after the run"]
    lines.append(
        "x echo, CPU x: in times of the yardstick of this run. vs base: that ratio against bench/baseline.json."
    )
    if not before:
        lines.append("There is no bench/baseline.json yet: `make bench ARGS=--write` makes it.")
    return "\n".join(lines)


def _line(name: str, connections: int, figure: Figure, before: dict[str, Any]) -> str:
    was = before.get("figures", {}).get(name, {}).get(str(connections), {})
    return (
        f"{name:<24}{connections:>5}{figure.per_second:>9,.0f}{figure.p50_ms:>9.2f}{figure.p99_ms:>9.2f}"
        f"{figure.cpu_ms:>9.3f}{figure.ratio:>9.3f}{figure.cpu_ratio:>8.1f}"
        f"{_change(figure.ratio, was.get('ratio')):>9}{_change(figure.cpu_ratio, was.get('cpu_ratio')):>8}"
    )


def _change(now: float, was: float | None) -> str:
    return f"{(now / was - 1) * 100:+.0f} %" if was and math.isfinite(now) else "-"


def _rounded(figure: Figure) -> dict[str, float]:
    return {name: float(f"{value:.4g}") for name, value in asdict(figure).items()}
