"""What tests of processes share."""

from collections.abc import Iterator

import pytest

from tests.e2e.nursery import Nursery


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Processes that start quickly; its own start is paid once."""
    opened = Nursery(tmp_path_factory.mktemp("nursery"))
    yield opened
    opened.close()
