"""What a process knows stays in it."""

import subprocess
import sys

from app.settings import ROOT

ASKED = """
import ctypes, resource
from app.undumped import keep_memory_in
libc = ctypes.CDLL(None)
before = libc.prctl(3, 0, 0, 0, 0)
keep_memory_in()
print(before, libc.prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))
"""


def test_a_process_with_keys_leaves_no_core_and_is_looked_into_by_nobody() -> None:
    told = subprocess.run([sys.executable, "-c", ASKED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1 0 (0, 0)"
