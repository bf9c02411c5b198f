"""The garbage collector set as in the service: what is imported stays for good and is not looked through again."""

import gc

gc.disable()  # until everything is imported


def pytest_collection_finish() -> None:
    """From here on only what tests make is collected."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 100)
    gc.enable()
