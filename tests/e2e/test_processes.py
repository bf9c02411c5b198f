"""The journey over real processes, and two deaths in the middle of it: nothing is lost, nothing happens twice."""

import asyncio
import io
import json
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from app import db
from app.opening import open_desk
from app.settings import Settings
from app.tokens import LIFETIME, Role
from examples.client import Desk, UnreachableError, new_key
from tests.conftest import REGISTER_SECRET, serving
from tests.e2e.nursery import Born, Nursery
from tests.e2e.processes import Mailbox, Process, SmsGateway, configure, free_port, holder, ready, until
from tests.invariants import Answered, look

pytestmark = pytest.mark.slow
ACTIONS = ["hold", "release", "collect", "correct", "delete", "suspend", "resume", "withdraw_consent"]
CODE = re.compile(r"(?<!\d)\d{8}(?!\d)")
GILDONG = {"name": "홍길동", "phone": "010-1234-5678", "email": "gildong@example.com"}
PERSON = ("홍길동", "1234-5678", "1012345678", "gildong@", "바다길")
CORRECTION = {
    "right": "correction",
    "changes": [
        {"category": "separate_service", "field": "address", "current": None, "corrected": "부산광역시 바다길 3"}
    ],
}


class Stage:
    """Everything around one database."""

    def __init__(self, folder: Path, env: dict[str, str], mailbox: Mailbox, sms: SmsGateway, nursery: Nursery) -> None:
        self.folder, self.env, self.mailbox, self.sms, self.nursery = folder, env, mailbox, sms, nursery
        self.url = f"http://127.0.0.1:{env['PORT']}"
        self.desk = open_desk(Settings.load(env), pool_size=3)
        self.processes: list[Process | Born] = []

    def api(self, **more: str) -> Born:
        """An API process without a worker."""
        return self._start("serve", {"WORKER": "none", **more})

    def worker(self, **more: str) -> Born:
        """A worker process."""
        return self._start("worker", more)

    def _start(self, command: str, more: dict[str, str]) -> Born:
        log = self.folder / f"{command}-{len(self.processes)}.log"
        born = self.nursery.start(command, env={**self.env, **more}, log=log)
        self.processes.append(born)
        return born

    def hold_promises(self, *, at_rest: bool = False, **known: Any) -> None:
        """What the world and the rows show now."""
        known = {"mails": self.mailbox.mails, "texts": self.sms.messages, "canaries": PERSON, **known}
        logs = [one for name in ("serve", "worker") for one in self.folder.glob(f"{name}-*.log")]
        url = self.env["DATABASE_URL"]
        assert look(Settings.load(self.env), url, logs=sorted(logs), at_rest=at_rest, **known) == []

    def token(self, role: str, sub: str) -> str:
        """A token of this instance."""
        return self.desk.issuer.issue(role, sub, LIFETIME[Role(role)], now=db.now())

    def calling(self, role: str, sub: str) -> Desk:
        """The example client in a role."""
        return Desk(self.url, self.token(role, sub))

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        async with self.desk.database.transaction() as session:
            found: int = (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
            return found

    async def code(self, after: int) -> str:
        """The code in the first SMS that came after so many."""

        async def came() -> str | None:
            fresh = [
                CODE.findall(one["text"]) for one in self.sms.messages[after:] if one["template"].startswith("code")
            ]
            return fresh[0][0] if fresh else None

        found = await until(came, "a code")
        assert found is not None
        return found


@pytest.fixture
async def stage(database_url: str, register_url: str, tmp_path: Path, nursery: Nursery) -> AsyncIterator[Stage]:
    """Mail, SMS and register are real servers; the desk's own processes are started by the test."""
    gateway = SmsGateway()
    with Mailbox() as mailbox, serving(gateway.app) as sms_url:
        env = {
            "DATA_DIR": str(tmp_path / "data"),
            "DATABASE_URL": database_url,
            "PORT": str(free_port()),
            "REGISTER_URL": register_url,
            "REGISTER_SECRET": REGISTER_SECRET,
            "SMTP_URL": mailbox.url,
            "SMS_URL": f"{sms_url}/sms",
            "SMS_TOKEN": "sms-token",
            "EXAMPLES": "0",
        }
        built = Stage(tmp_path, env, mailbox, gateway, nursery)
        yield built
        for process in built.processes:
            process.kill()
        await built.desk.database.dispose()


async def _register(stage: Stage, name: str, scheme: str) -> Process:
    process, address = holder(stage.folder, name)
    stage.processes.append(process)
    async with stage.calling("admin", "admin-1") as admin:
        registered = await admin.create_system(
            {
                "name": name,
                "kind": "processor",
                "categories": ["online_mall", "separate_service"],
                "actions": ACTIONS,
                "matches_by": ["subject_ref", "name", "phone"],
                "endpoint_url": address,
                "scheme": scheme,
                "contact_email": "holder@example.com",
            }
        )
        configure(stage.folder, name, stage.url, registered, scheme)

        async def active() -> bool:
            return (await admin.system(registered["id"]))["state"] == "active"

        await until(active, f"the challenge of {name}")
    return process


async def _prove(stage: Stage, filed: dict[str, Any], *, purpose: str = "identity") -> dict[str, Any]:
    async with Desk(stage.url, filed["requester_token"]) as person:
        before = len(stage.sms.messages)
        asked = await person.ask_for_code(filed["id"], "phone_code", purpose=purpose)
        return dict(await person.answer(asked["id"], code=await stage.code(before)))


async def _status(stage: Stage, filed: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    async with Desk(stage.url, filed["requester_token"]) as person:

        async def there() -> dict[str, Any] | None:
            seen = await person.request(filed["id"])
            return dict(seen) if {claim["status"] for claim in seen["claims"]} == wanted else None

        found = await until(there, f"the claims to be {wanted}")
        assert found is not None
        return found


async def test_the_journey_over_api_and_two_workers(stage: Stage) -> None:
    stage.api()
    stage.worker()
    stage.worker()
    await ready(stage.url)
    await asyncio.gather(_register(stage, "mall", "v1"), _register(stage, "logistics", "v1a"))

    async with stage.calling("website", "kt-site") as website:
        filed = dict(
            await website.file_request(
                {
                    "capacity": "self",
                    "channel": "web",
                    "subject": GILDONG,
                    "claims": [
                        {"right": "access", "aspects": ["items", "purposes"], "categories": ["online_mall"]},
                        CORRECTION,
                    ],
                    "notify_by": "email",
                }
            )
        )
    assert await _prove(stage, filed) == {"status": "verified"}
    correction = filed["claims"][1]["id"]
    async with stage.calling("officer", "officer-1") as officer:

        async def assessed() -> bool:
            return (await officer.assessment(correction))["state"] == "ready"

        await until(assessed, "the assessment")
        seen = await officer.claim(correction)
        await officer.decide(correction, {"outcome": "approve"}, etag=seen.etag or "")
    await _status(stage, filed, {"closed"})

    async def told() -> bool:
        return sum("답변이 준비되었습니다" in mail["subject"] for mail in stage.mailbox.mails) == 2

    await until(told, "two mails, one for each notice")
    # Beside them: the alert to the contact that did not prove; to the desk, that it has holders to register.
    assert {mail["to"] for mail in stage.mailbox.mails} <= {"gildong@example.com", stage.desk.policy.desk_email}
    assert not any("홍길동" in mail["text"] + mail["subject"] for mail in stage.mailbox.mails)

    grant = (await _prove(stage, filed, purpose="release"))["grant"]
    async with Desk(stage.url, filed["requester_token"]) as person:
        listed = (await person.notices(filed["id"]))["items"]
        forms = {one["form"]: await person.open_notice(one["id"], grant) for one in listed}
        assert set(forms) == {"9", "10"}
        page = PdfReader(io.BytesIO(forms["10"].content)).pages[0].extract_text()
        assert filed["receipt_no"] in page
        package = await person.fetch_package(filed["claims"][0]["id"], grant)
        assert package.content.startswith(b"PK")
    store = json.loads((stage.folder / "mall-store.json").read_text(encoding="utf-8"))
    assert "부산광역시 바다길 3" in json.dumps(store, ensure_ascii=False)
    # What the processes log; the invented example that a development instance prints on stdout is not a log.
    logs = "".join(one.read_text(encoding="utf-8", errors="replace") for one in stage.folder.glob("*.log"))
    assert not any(canary in logs for canary in PERSON)
    stage.hold_promises()
    assert not any(secret in logs for secret in _secrets(stage.folder))
    assert [_core_limits(process.pid) for process in stage.processes[:3]] == [["0", "0"]] * 3


def _secrets(folder: Path) -> list[str]:
    """What the desk made for itself."""
    made = [path for path in (folder / "data" / "secrets").iterdir() if path.name != "issuer"]
    assert len(made) >= 4
    return [path.read_text("utf-8").strip().rpartition(":")[2] for path in made]


def _core_limits(pid: int) -> list[str]:
    """How large a core file this process may leave, whatever kills it."""
    limits = Path(f"/proc/{pid}/limits").read_text("utf-8").splitlines()
    return next(line.split()[4:6] for line in limits if line.startswith("Max core file"))


async def test_an_api_that_dies_between_commit_and_answer_answers_the_same_key_the_same(stage: Stage) -> None:
    dying = stage.api(DESK_CRASHPOINT="answer.after_commit")
    await ready(stage.url)
    body = {
        "capacity": "self",
        "channel": "web",
        "subject": GILDONG,
        "claims": [{"right": "access", "aspects": ["items"], "categories": ["online_mall"]}],
    }
    key = new_key()
    async with stage.calling("website", "kt-site") as website:
        with pytest.raises(UnreachableError):
            await website.file_request(body, key=key)
    assert await dying.ended() == -signal.SIGKILL
    assert await stage.count("request") == 1

    stage.api()
    await ready(stage.url)
    async with stage.calling("website", "kt-site") as website:
        first = dict(await website.file_request(body, key=key))
        again = dict(await website.file_request(body, key=key))
    assert first == again and first["access_code"]
    assert await stage.count("request") == 1
    assert await stage.count("audit_entry") == first["anchor"]["seq"] == 1
    stage.hold_promises(answered=[Answered(key, f"/v1/requests/{one['id']}", one) for one in (first, again)])


async def test_a_worker_that_dies_between_delivery_and_record_delivers_again_and_the_holder_acts_once(
    stage: Stage,
) -> None:
    stage.api()
    first = stage.worker()
    await ready(stage.url)
    await _register(stage, "mall", "v1")
    assert first.stop() == 0
    dying = stage.worker(DESK_CRASHPOINT="deliver.after_2xx")
    async with stage.calling("website", "kt-site") as website:
        filed = dict(
            await website.file_request(
                {
                    "capacity": "self",
                    "channel": "web",
                    "subject": GILDONG,
                    "claims": [{"right": "access", "aspects": ["items"], "categories": ["online_mall"]}],
                    "notify_by": "sms",
                }
            )
        )
    await _prove(stage, filed)
    assert await dying.ended() == -signal.SIGKILL
    async with stage.desk.database.transaction() as session:
        # A minute passes, and the lease of the dead worker ends.
        await session.execute(text("UPDATE delivery SET lease_until = now() WHERE lease IS NOT NULL"))
    stage.worker()
    await _status(stage, filed, {"closed"})

    async def delivered() -> bool:
        async with stage.desk.database.transaction() as session:
            rows = (await session.execute(text("SELECT state FROM delivery WHERE type = 'task.created'"))).scalars()
            return set(rows) == {"delivered"}

    await until(delivered, "the second delivery")
    store = json.loads((stage.folder / "mall-store.json").read_text(encoding="utf-8"))
    assert await stage.count("task") == 1
    assert store
    stage.hold_promises()
