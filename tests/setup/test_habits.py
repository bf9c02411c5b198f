"""Habits that are executable: one writer of a claim's status, a handler for every job, an act for every duty."""

import ast
import re
from pathlib import Path

from app import worker
from app.desk import Desk
from app.law.lifecycle import TABLE, Duty
from app.services import casebook
from tests.house import Workshop

APP = Path(__file__).resolve().parents[2] / "app"
# Events of later parts of the service: no act of this version raises them.


def _targets(node: ast.AST) -> list[ast.AST]:
    """What a statement assigns to, tuples taken apart."""
    if isinstance(node, ast.Assign):
        whole: list[ast.AST] = list(node.targets)
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        whole = [node.target]
    else:
        return []
    return [part for one in whole for part in (one.elts if isinstance(one, ast.Tuple) else [one])]


def _writes_of_status(source: str) -> list[str]:
    """What is written as `<name>.status = ...`, by the name."""
    return [
        ast.unparse(one.value)
        for node in ast.walk(ast.parse(source))
        for one in _targets(node)
        if isinstance(one, ast.Attribute) and one.attr == "status"
    ]


def test_only_the_casebook_writes_the_status_of_a_claim() -> None:
    writers = {
        str(path.relative_to(APP)): names
        for path in APP.rglob("*.py")
        if (names := [one for one in _writes_of_status(path.read_text(encoding="utf-8")) if "task" not in one])
    }
    assert writers == {"services/casebook.py": ["claim"]}


def test_the_search_for_writers_finds_one() -> None:
    assert _writes_of_status("other.status, task.version = 'closed', 2") == ["other"]


def test_every_job_has_a_handler(desk: Desk) -> None:
    handled = set(worker.queue_of(desk, Workshop(desk).world).tasks)
    deferred = {
        name
        for path in APP.rglob("*.py")
        for name in re.findall(r'Job\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert deferred | set(casebook.LATER.values()) <= handled


def test_every_duty_of_this_version_has_an_act_or_a_job() -> None:
    owed = {duty for (status, event), step in TABLE.items() if status for duty in step.duties}
    mapped = set(casebook.NOW) | set(casebook.LATER)
    assert owed <= mapped
    assert not set(casebook.NOW) & set(casebook.LATER)
    assert mapped <= set(Duty)
