"""What a test may need beyond Python. Missing on a bare machine: skipped, with the reason. REQUIRE_ALL=1: a failure."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

NODE_FOLDER = Path(__file__).parent / "node"


def _lacking(item: pytest.Item) -> str | None:
    for tool in ("pdftotext", "pdftoppm"):
        if item.get_closest_marker(f"needs_{tool}") and shutil.which(tool) is None:
            return f"{tool} is missing (package poppler-utils)"
    if item.get_closest_marker("needs_node"):
        if shutil.which("node") is None:
            return "node is missing (package nodejs)"
        if not (NODE_FOLDER / "node_modules" / "standardwebhooks").is_dir():
            return "the official webhook verifier is missing (npm ci --prefix tests/node)"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what cannot run here."""
    reason = _lacking(item)
    if reason is not None:
        pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything must run, a test that did not is one that failed."""
    report = yield
    if report.skipped and os.environ.get("REQUIRE_ALL") == "1":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and REQUIRE_ALL lets none be: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module that skips itself."""
    report = yield
    if report.skipped and os.environ.get("REQUIRE_ALL") == "1":
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, and REQUIRE_ALL lets none be: {report.longrepr}"
    return report
