"""What we sign, the official Node library verifies; what was changed on the way, it refuses."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from app import signature

NODE = Path(__file__).resolve().parents[1] / "node"
SCRIPT = """
const { Webhook } = require("standardwebhooks");
const given = JSON.parse(require("fs").readFileSync(0, "utf-8"));
try { new Webhook(given.secret).verify(given.body, given.headers); process.stdout.write("verified"); }
catch (error) { process.stdout.write("refused"); }
"""

pytestmark = pytest.mark.needs_node


def _verdict(secret: str, body: str, headers: dict[str, str]) -> str:
    given = json.dumps({"secret": secret, "body": body, "headers": headers})
    return subprocess.run(
        ["node", "-e", SCRIPT], cwd=NODE, input=given, capture_output=True, text=True, check=True, timeout=30
    ).stdout


def test_the_official_node_library_verifies_what_we_sign() -> None:
    secret, other = signature.new_secret(), signature.new_secret()
    body = '{"type":"task.created","data":{"task_id":"한글"}}'
    headers = signature.headers([secret], "msg_1", int(time.time()), body.encode())
    assert _verdict(secret, body, headers) == "verified"
    assert _verdict(other, body, headers) == "refused"
    assert _verdict(secret, body + " ", headers) == "refused"


def test_it_verifies_with_either_key_while_one_follows_the_other() -> None:
    old, new = signature.new_secret(), signature.new_secret()
    headers = signature.headers([new, old], "msg_2", int(time.time()), b"{}")
    assert _verdict(old, "{}", headers) == _verdict(new, "{}", headers) == "verified"


def test_it_refuses_what_is_too_old() -> None:
    secret = signature.new_secret()
    headers = signature.headers([secret], "msg_3", int(time.time()) - 301, b"{}")
    assert _verdict(secret, "{}", headers) == "refused"
