"""Keys live in the memory of a process and must not leave it by a core file or another process's look (H4)."""

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def keep_memory_in() -> None:
    """No core file of this process and its children, and no look into it by others of its user."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A core that is piped to a program of the machine asks for no limit; one that cannot be dumped is not piped either.
    if sys.platform == "linux" and ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError("the memory of this process cannot be kept from being dumped")
