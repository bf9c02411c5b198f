"""`python -m tests.soak --minutes 10`: people ask while the parts of the desk are killed; exit 1 if a promise broke.

Everybody files under a key of their own and asks again under the same until there is an answer, proves who they are by
the code that came, and goes. A holder of data does its tasks. In the end everything is started once more and given time
to finish; then nothing that was answered may be missing, nothing stand twice, and the twelve promises hold.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app import db, embedded, migrations
from app.opening import open_desk
from app.settings import Settings
from app.tokens import LIFETIME, Role
from examples.client import Desk, ProblemError, UnreachableError, new_key
from tests.conftest import REGISTER_SECRET, serving
from tests.e2e.nursery import Born, Nursery
from tests.e2e.processes import Mailbox, Process, SmsGateway, configure, free_port, holder, ready, until
from tests.e2e.test_processes import ACTIONS, CODE
from tests.invariants import Answered, look

PEOPLE = 4
PAUSES_S = (1.5, 6.0)
REST_S = 240.0
T = TypeVar("T")
UNEXPECTED = re.compile(r"unexpected (\w+) in request")
AT_WORK = (
    "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    " AND task_name NOT IN ('sweep', 'watch', 'tidy')"
    " AND coalesce(scheduled_at, now()) <= now() + interval '2 minutes')"
    " + (SELECT count(*) FROM delivery WHERE state = 'pending')"
    " + (SELECT count(*) FROM task WHERE status IN ('pending', 'acknowledged'))"
)


@dataclass
class Told:
    """What came of it."""

    filed: int = 0
    again: int = 0
    """Calls that were made again, because nothing or a refusal for now came back."""
    refused: int = 0
    proven: int = 0
    gave_up: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    longest_s: float = 0.0
    """The longest that anybody waited for the answer to a filing."""
    answered: list[Answered] = field(default_factory=list)


class Soak:
    """The database, the desk's processes over it, and everybody around."""

    def __init__(
        self, folder: Path, nursery: Nursery, mailbox: Mailbox, texts: SmsGateway, urls: dict[str, str]
    ) -> None:
        self.folder, self.nursery, self.mailbox, self.texts = folder, nursery, mailbox, texts
        self.cluster = embedded.start(folder / "database")
        migrations.upgrade(self.cluster.url)
        self.env = {
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": self.cluster.url,
            "PORT": str(free_port()),
            "REGISTER_URL": urls["register"],
            "REGISTER_SECRET": REGISTER_SECRET,
            "SMTP_URL": mailbox.url,
            "SMS_URL": f"{urls['sms']}/sms",
            "SMS_TOKEN": "sms-token",
            "EXAMPLES": "0",
            "LOG_LEVEL": "WARNING",
        }
        self.url = f"http://127.0.0.1:{self.env['PORT']}"
        self.desk = open_desk(Settings.load(self.env), pool_size=1)
        self.told = Told()
        self.running: dict[str, Born] = {}
        for part in ("api", "worker"):
            self.start(part)

    def start(self, part: str) -> None:
        """One of the desk's processes, over the same files."""
        command, more = ("serve", {"WORKER": "none"}) if part == "api" else ("worker", {})
        self.running[part] = self.nursery.start(command, env={**self.env, **more}, log=self.folder / f"{part}.log")

    def kill(self, part: str) -> None:
        """End a part as a machine that loses its power, and start it again."""
        self.told.killed[part] += 1
        if part != "postgresql":
            self.running[part].kill()
            self.start(part)
            return
        os.kill(self.cluster.pid, signal.SIGKILL)
        self.cluster.stop()
        self.cluster = embedded.start(self.folder / "database")
        assert self.cluster.url == self.env["DATABASE_URL"], "it came back elsewhere"

    def calling(self, role: str, sub: str) -> Desk:
        """The example client in a role."""
        token = self.desk.issuer.issue(role, sub, LIFETIME[Role(role)], now=db.now())
        return Desk(self.url, token)

    async def person(self, number: int) -> None:
        """One person's way through the desk."""
        phone, key = f"010-{number // 10_000:04d}-{number % 10_000:04d}", new_key()
        body = {
            "capacity": "self",
            "channel": "web",
            "subject": {"name": "홍길동", "phone": phone, "email": f"person{number}@example.com"},
            "claims": [{"right": "access", "aspects": ["items", "purposes"], "categories": ["online_mall"]}],
            "notify_by": "sms",
        }
        began = time.monotonic()
        async with self.calling("website", "soak-site") as website:
            filed = dict(await self.insist(lambda: website.file_request(body, key=key)))
        self.told.filed += 1
        self.told.longest_s = max(self.told.longest_s, time.monotonic() - began)
        self.told.answered.append(Answered(key, f"/v1/requests/{filed['id']}", filed))
        async with Desk(self.url, filed["requester_token"]) as mine:
            try:
                asking, before = new_key(), len(self.texts.messages)
                asked = await self.insist(lambda: mine.ask_for_code(filed["id"], "phone_code", key=asking))
                code = await self.code(phone, before)
                await self.insist(lambda: mine.answer(asked["id"], code=code))
                self.told.proven += 1
            except (ProblemError, AssertionError) as error:
                self.told.gave_up[getattr(error, "code", "no code came")] += 1

    async def insist(self, call: Callable[[], Awaitable[T]]) -> T:
        """Ask until there is an answer; a no that is meant is one."""
        while True:
            try:
                return await call()
            except UnreachableError:
                self.told.again += 1
            except ProblemError as problem:
                if problem.status not in (429, 503) or not problem.retry_after:
                    raise
                self.told.again += 1
            await asyncio.sleep(0.3)

    async def code(self, phone: str, after: int) -> str:
        """The code that this person was sent."""
        number = "+82" + phone.replace("-", "")[1:]

        async def came() -> str | None:
            fresh = [
                CODE.findall(one["text"])
                for one in self.texts.messages[after:]
                if one["to"] == number and one["template"].startswith("code")
            ]
            return fresh[-1][0] if fresh else None

        found = await until(came, "a code", seconds=90)
        assert found is not None
        return found

    async def register(self) -> Process:
        """A holder of what is asked for."""
        process, address = holder(self.folder, "mall")
        async with self.calling("admin", "admin-1") as admin:
            registered = await admin.create_system(
                {
                    "name": "mall",
                    "kind": "processor",
                    "categories": ["online_mall"],
                    "actions": ACTIONS,
                    "matches_by": ["subject_ref", "name", "phone"],
                    "endpoint_url": address,
                    "scheme": "v1a",
                    "contact_email": "holder@example.com",
                }
            )
            configure(self.folder, "mall", self.url, registered, "v1a")

            async def active() -> bool:
                return bool((await admin.system(registered["id"]))["state"] == "active")

            await until(active, "the challenge")
        return process

    async def press(self, minutes: float) -> None:
        """People come and parts die until the time is over; whoever is on the way goes on to the end."""
        end = time.monotonic() + minutes * 60
        numbers = iter(range(1, 10_000_000))

        async def people() -> None:
            while time.monotonic() < end:
                await self.person(next(numbers))

        async def killer() -> None:
            while True:
                await asyncio.sleep(random.uniform(*PAUSES_S))
                if time.monotonic() > end:
                    return
                self.kill(random.choice(("api", "worker", "postgresql")))

        await asyncio.gather(killer(), *(people() for _ in range(PEOPLE)))

    async def rest(self) -> None:
        """Everything runs; wait until nothing is under way."""
        await ready(self.url)

        async def quiet() -> bool:
            async with self.desk.database.transaction() as session:
                (row,) = await db.run(session, f"SELECT ({AT_WORK}) AS left_over", {})
            return bool(row.left_over == 0)

        await until(quiet, "the desk to come to rest", seconds=REST_S)

    def close(self) -> None:
        """End what runs."""
        for one in self.running.values():
            one.kill()
        self.cluster.stop()


async def register(request: Request) -> JSONResponse:
    """Knows everybody who asks, by the number they named, for years."""
    asked = await request.json()
    if not asked.get("phone"):
        return JSONResponse({"matches": []})
    contact = {"kind": "phone", "value": asked["phone"], "since": "2020-01-01", "holder": "subject"}
    known = {
        "subject_ref": f"C-{asked['phone'][-8:]}",
        "name": "홍길동",
        "birth_date": "1990-01-02",
        "contacts": [contact],
        "guardians": [],
        "flags": [],
    }
    return JSONResponse({"matches": [known]})


async def _soak(folder: Path, nursery: Nursery, minutes: float) -> int:
    gateway, known = SmsGateway(), Starlette(routes=[Route("/lookup", register, methods=["POST"])])
    with Mailbox() as mailbox, serving(gateway.app) as sms, serving(known) as register_url:
        soak = Soak(folder, nursery, mailbox, gateway, {"sms": sms, "register": register_url})
        try:
            await ready(soak.url)
            mall = await soak.register()
            began = time.monotonic()
            await soak.press(minutes)
            pressed = time.monotonic() - began
            await soak.rest()
            rested = time.monotonic() - began - pressed
            mall.stop()
            broken = look(
                Settings.load(soak.env),
                soak.env["DATABASE_URL"],
                logs=[folder / "api.log", folder / "worker.log"],
                answered=soak.told.answered,
                mails=mailbox.mails,
                texts=gateway.messages,
                canaries=("홍길동",),
            )
            # Whoever finds a part dead is told to come again: a 500 has words for nobody.
            unexpected = Counter(UNEXPECTED.findall((folder / "api.log").read_text(encoding="utf-8", errors="replace")))
        finally:
            soak.close()
            await soak.desk.database.dispose()
    told = soak.told
    print(f"{pressed:.0f} s under load; killed: {dict(told.killed)}")
    print(f"{told.filed} requests filed and answered, {told.proven} people proven; not proven: {dict(told.gave_up)}")
    print(
        f"{told.again} calls made again; a filing waited {told.longest_s:.1f} s at most; at rest after {rested:.0f} s"
    )
    for one in broken:
        print(one)
    for kind, times in unexpected.items():
        print(f"{times} answers were 500: {kind}")
    print(f"{len(broken)} times a promise is broken" if broken else "every promise holds")
    return 1 if broken or unexpected else 0


def main() -> int:
    """Press, rest, look."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--minutes", type=float, default=10.0)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="desk-soak-") as made:
        nursery = Nursery(Path(made))
        try:
            return asyncio.run(_soak(Path(made), nursery, wanted.minutes))
        finally:
            nursery.close()


if __name__ == "__main__":
    sys.exit(main())
