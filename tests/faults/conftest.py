"""What is too slow or too rough for every run: `make faults`."""

from tests.e2e.conftest import nursery

__all__ = ["nursery"]
