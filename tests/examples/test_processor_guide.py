"""docs/processors.md: its code is the files beside it, and those do what it says against a real desk.

Java is compiled and run where a JDK is installed, else it is not collected: no other test depends on one.
"""

import asyncio
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import standardwebhooks

from app import contract, db, signature
from app.errors import Unauthenticated
from app.law.deadline import seoul_date
from examples.common.signature import SignatureRefusedError, verify
from tests.api.acts import YOUNGHEE
from tests.api.walk import Contract
from tests.examples.sender import ROOT
from tests.examples.test_example_certified import certify, lines, new_keys
from tests.house import ONLINE_MALL, House, key

GUIDE, FILES = ROOT / "docs" / "processors.md", ROOT / "docs" / "processors"
NODE = ROOT / "tests" / "node"
BLOCK = re.compile(r"<!-- (\S+?)(?:: (.+?))? -->\n```\w+\n(.*?)```\n", re.DOTALL)
DOCUMENT: dict[str, Any] = json.loads(contract.FILE.read_text(encoding="utf-8"))
VECTORS: dict[str, Any] = json.loads((FILES / "vectors.json").read_text(encoding="utf-8"))
RECEIVERS = {"python": [sys.executable, "receiver.py"], "node": ["node", "receiver.mjs"]}
if shutil.which("javac"):
    RECEIVERS["java"] = ["java", "Receiver.java"]
NODE_SCRIPT = """
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const { verified } = await import(process.argv[1] + "/receiver.mjs");
const { Webhook } = createRequire(process.cwd() + "/")("standardwebhooks");
const given = JSON.parse(readFileSync(process.argv[1] + "/vectors.json", "utf-8"));
const said = given.vectors.map((one) => verified(one.headers, Buffer.from(one.body), one.keys, one.now) !== null);
const signed = given.signing_keys.v1.map((secret) => given.vectors.map((one) =>
  new Webhook(secret).sign(one.headers["webhook-id"], new Date(one.headers["webhook-timestamp"] * 1000), one.body)));
process.stdout.write(JSON.stringify({ said, signed }));
"""


def _module(name: str) -> ModuleType:
    found = importlib.util.spec_from_file_location(name, FILES / f"{name}.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _part(file: Path, name: str | None) -> str:
    """What stands in a file between the mark of this name and the next, as far left as it goes."""
    text = file.read_text(encoding="utf-8")
    if name is None:
        return text
    marked = re.split(r"^ *(?:#|//) ([a-z ]+)\n", text, flags=re.MULTILINE)
    return textwrap.dedent(dict(zip(marked[1::2], marked[2::2], strict=True))[name]).strip("\n") + "\n"


def test_the_code_of_the_guide_is_the_files_and_its_bodies_are_of_the_contract() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == len(re.findall(r"^```(?:python|js|java|json)$", text, re.MULTILINE))
    checked = Contract(DOCUMENT)
    for named, part, body in blocks:
        if named.startswith("processors/"):
            assert body == _part(ROOT / "docs" / named, part or None), named
        else:
            checked.check({"$ref": f"#/components/schemas/{named}"}, json.loads(body))
    assert {"TaskCreated", "EndpointChallenge", "AcknowledgementIn", "ResultIn", "ChecksIn"} <= {
        one[0] for one in blocks
    }


def test_the_guide_tells_every_event_action_and_result_and_no_path_that_is_none() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    results = DOCUMENT["components"]["schemas"]["ResultIn"]["properties"]["result"]["enum"]
    actions = DOCUMENT["components"]["schemas"]["TaskRef"]["properties"]["action"]["enum"]
    assert [word for word in (*DOCUMENT["webhooks"], *results, *actions) if f"`{word}`" not in text] == []
    known = {
        (method.upper(), re.sub(r"\{\w+\}", "{id}", path))
        for path, methods in DOCUMENT["paths"].items()
        for method in methods
    }
    named = set(re.findall(r"(GET|POST|PUT) (/[\w/{}.-]+)", text))
    assert len(named) > 10 and named <= known


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda one: one["name"])
def test_every_verifier_says_the_same_of_a_vector(vector: dict[str, Any]) -> None:
    headers, body, keys, now = vector["headers"], vector["body"].encode(), vector["keys"], vector["now"]

    def believes(check: Callable[[], object]) -> bool:
        try:
            return check() is not None
        except (Unauthenticated, SignatureRefusedError):
            return False

    said = [
        believes(lambda: _module("receiver").verified(headers, body, keys, now)),
        believes(lambda: signature.verify(keys, headers, body, now=now)),
        believes(lambda: verify(headers, body, keys, now=now)),
    ]
    assert said == [vector["accepted"]] * 3


def _tokens(vector: dict[str, Any]) -> list[str]:
    found: list[str] = vector["headers"]["webhook-signature"].split(" ")
    return found


def test_what_is_accepted_under_v1_is_what_the_official_library_signs() -> None:
    for vector in VECTORS["vectors"]:
        headers = vector["headers"]
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        for secret in (one for one in vector["keys"] if one.startswith("whsec_")):
            right = standardwebhooks.Webhook(secret).sign(headers["webhook-id"], at, vector["body"])
            in_time = abs(vector["now"] - at.timestamp()) <= 300
            assert (right in _tokens(vector) and in_time) == vector["accepted"], vector["name"]
    pair = VECTORS["signing_keys"]["v1a"][0]
    assert signature.public_key(pair["private"]) == pair["public"]


@pytest.mark.needs_node
def test_node_says_the_same_and_its_official_library_signs_the_same() -> None:
    command = ["node", "--input-type=module", "-e", NODE_SCRIPT, str(FILES)]
    done = subprocess.run(command, cwd=NODE, capture_output=True, text=True, check=True, timeout=60)
    found = json.loads(done.stdout)
    assert found["said"] == [one["accepted"] for one in VECTORS["vectors"]]
    for secret, signed in zip(VECTORS["signing_keys"]["v1"], found["signed"], strict=True):
        for vector, right in zip(VECTORS["vectors"], signed, strict=True):
            if vector["accepted"] and vector["keys"] == [secret]:
                assert right in _tokens(vector)


class Running:
    """A receiver of the guide as a process, and the file of the keys it trusts."""

    def __init__(self, language: str, folder: Path) -> None:
        self.keys = folder / f"{language}.txt"
        self._process = subprocess.Popen(
            RECEIVERS[language],
            cwd=FILES,
            env={**os.environ, "WEBHOOK_KEYS_FILE": str(self.keys), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self._told = self._process.stdout
        self.url = self._told.readline().strip()

    def told(self) -> list[str]:
        """The next line: a type and an id."""
        return self._told.readline().split()

    def end(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.wait()
        self._told.close()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    """Start a receiver of the guide; end it after the test."""
    running: list[Running] = []

    def start(language: str) -> Running:
        running.append(Running(language, tmp_path))
        return running[-1]

    yield start
    for one in running:
        one.end()


@pytest.mark.parametrize(
    "language", [pytest.param(one, marks=[pytest.mark.needs_node] if one == "node" else []) for one in RECEIVERS]
)
def test_each_receiver_of_the_guide_is_certified_for_both_schemes(
    run: Callable[[str], Running], tmp_path: Path, language: str
) -> None:
    receiver = run(language)
    made = [new_keys(tmp_path, scheme) for scheme in ("v1", "v1a")]
    receiver.keys.write_text("\n".join(one for _, trusted in made for one in trusted), encoding="utf-8")
    for file, _ in made:
        done = certify(receiver.url, file)
        assert (lines(done, "FAIL"), lines(done, "-"), done.exit_code) == (set(), set(), 0), done.stdout


@pytest.mark.needs_node
async def test_each_receiver_takes_a_real_event_over_a_rotation(house: House, run: Callable[[str], Running]) -> None:
    """Registered and challenged, told of a task under v1, told of the next under v1 and v1a, then under v1a alone."""
    receivers = {language: run(language) for language in RECEIVERS}
    systems = {}
    for language, receiver in receivers.items():
        systems[language] = await house.system(language, endpoint_url=receiver.url, scheme="v1")
        receiver.keys.write_text(systems[language].registered["keys"][0]["secret"] + "\n", encoding="utf-8")
    await house.workshop.run()
    headers = house.auth("admin")
    seen = [(await house.api.get(f"/v1/systems/{one.id}", headers=headers)).json() for one in systems.values()]
    assert {one["state"] for one in seen} == {"active"}
    await house.prove(await house.file(ONLINE_MALL))
    for language, system in systems.items():
        [task] = await system.tasks()
        assert receivers[language].told() == ["task.created", task["id"]]
        path, body = f"/v1/systems/{system.id}/keys", {"scheme": "v1a", "overlap_hours": 24}
        reply = await house.api.post(path, json=body, headers={**headers, **key()})
        old = receivers[language].keys.read_text(encoding="utf-8")
        # Of the three one still trusts the old key alone, one the new alone, one both.
        lines_of = {"python": [old], "node": [reply.json()["public_key"]]}
        trusted = lines_of.get(language, [old, reply.json()["public_key"]])
        receivers[language].keys.write_text("\n".join(trusted), encoding="utf-8")
    await house.prove(await house.file(ONLINE_MALL, subject=YOUNGHEE))
    for language, system in systems.items():
        assert receivers[language].told() == ["task.created", (await system.tasks())[-1]["id"]]


async def test_the_work_of_the_guide_fetches_acts_answers_and_catches_up(house: House, url: str) -> None:
    work = _module("work")
    mall = await house.system()
    client = mall.registered["client"]
    desk = work.Desk(url, client["client_id"], client["client_secret"])
    assert await asyncio.to_thread(lambda: list(work.waiting(desk))) == []
    await house.prove(await house.file(ONLINE_MALL))
    [task] = await asyncio.to_thread(lambda: list(work.waiting(desk)))
    assert task["subject"]["name"] == "홍길동"
    answer = {"result": "done", "data": {"online_mall": [{"name": "홍길동"}]}}

    # A result may be refused alone; by signed message it is acknowledged, and twice makes no difference.
    nobodys = {"task_id": "0193b9a0-0000-7000-8000-000000000000", "result": "done"}
    [refused] = await asyncio.to_thread(work.answer_many, desk, [nobodys])
    assert (refused["status"], refused["problem"]["code"]) == (404, "task.not_found")
    path, headers = f"/v1/systems/{mall.id}/keys", {**house.auth("admin"), **key()}
    secret = (await house.api.post(path, json={"scheme": "v1"}, headers=headers)).json()["secret"]
    said = {
        "type": "task.acknowledged",
        "timestamp": db.now().isoformat(),
        "data": {"task_id": task["id"], "expected_on": seoul_date(db.now()).isoformat()},
    }
    for duplicate in (False, True):
        told = await asyncio.to_thread(work.call_back, desk, mall.id, secret, "m-1", said)
        assert (told["duplicate"], told["task"]["status"]) == (duplicate, "acknowledged")

    await asyncio.to_thread(work.answer, desk, task["id"], lambda found: answer | {"note": found["action"]})
    assert [one["id"] for one in await mall.tasks("done")] == [task["id"]]
    await asyncio.to_thread(work.answer, desk, task["id"], lambda _: {})
    assert await asyncio.to_thread(work.answer_many, desk, [answer | {"task_id": task["id"]}]) == []
