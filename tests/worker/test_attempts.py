"""The schedule of attempts, and the place where a test may kill the worker."""

import os
import signal
import subprocess
import sys

import pytest

from app.gateways.outcome import Permanent, Retryable
from app.gateways.webhooks import Attempt
from app.services import attempts
from tests.worker.holders import failed


@pytest.mark.parametrize(
    ("attempt", "number", "least", "most"),
    (
        (failed(), 1, 4, 6),
        (failed(), 2, 240, 360),
        (failed(), 9, 69_120, 103_680),
        (Attempt(Permanent("endpoint_host_not_allowed"), None, 0, b""), 3, 1_440, 2_160),
        (Attempt(Retryable("timeout"), None, 15_000, b""), 1, 60, 72),
        (failed(429), 1, 60, 72),
        (failed(503), 1, 60, 72),
        (failed(502), 1, 4, 6),
        (failed(429, 999_999), 1, 120, 120),
        (failed(429, 0), 1, 60, 60),
        (failed(429, 90), 1, 90, 90),
        (failed(503, 400), 2, 400, 400),
        (failed(503, 999_999), 2, 600, 600),
        (failed(500, 7), 1, 7, 7),
    ),
)
def test_the_wait_follows_the_schedule_and_what_was_asked(attempt, number, least, most):
    waits = [attempts.wait(number, attempt).total_seconds() for _ in range(200)]
    assert all(least <= one <= most for one in waits)
    if least != most:
        assert len(set(waits)) > 1


def test_the_schedule_is_that_of_the_specification():
    assert attempts.WAITS_S == (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
    assert sum(attempts.WAITS_S) == 75 * 3_600 + 35 * 60 + 5
    assert attempts.ATTEMPTS_MOST == 10


@pytest.mark.parametrize(
    ("armed", "env", "passes"),
    (
        ("deliver.after_2xx", "", 0),
        ("deliver.after_2xx:3", "", 2),
        ("other", "", 4),
        ("deliver.after_2xx", "production", 4),
    ),
)
def test_a_crash_point_kills_at_its_pass_and_nowhere_else(armed, env, passes):
    program = "from app.crashpoints import crashpoint\nfor _ in range(4):\n crashpoint('deliver.after_2xx')\n print(1)"
    environment = {**os.environ, "DESK_CRASHPOINT": armed, "ENV": env}
    ended = subprocess.run(
        [sys.executable, "-uc", program], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.stdout.count("1") == passes
    assert ended.returncode == (0 if passes == 4 else -signal.SIGKILL)
