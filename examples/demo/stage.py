"""The demo's parts as real processes: the household of examples, the service, the website, the call center's tool."""

import asyncio
import base64
import contextlib
import json
import os
import secrets
import signal
import socket
import sys
from pathlib import Path
from typing import Any, Self

import httpx

from examples.client import Credentials, Desk
from examples.common.signature import scheme_of
from examples.demo.post import Post
from examples.demo.sign_in import SignIn
from examples.demo.telling import StepFailedError, until

JSON = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
DESK = (sys.executable, "-m", "app.cli")
# Whatever the terminal has set for another instance must not reach this one.
SETTINGS = (
    *("ENV", "DATABASE_URL", "DATABASE_DIRECT_URL", "PORT", "HOST", "PUBLIC_URL", "DATA_DIR", "POLICY_FILE"),
    *("RULEBOOK_DIR", "EXAMPLES", "MASTER_KEYS", "LOOKUP_KEY", "TOKEN_KEY", "AUDIT_KEY", "TRUSTED_ISSUERS"),
    *("REGISTER_URL", "REGISTER_SECRET", "SMTP_URL", "MAIL_FROM", "SMS_URL", "SMS_TOKEN", "CLAMD", "LEDGER_DIR"),
    *("WORKER", "TRUSTED_PROXIES", "ENDPOINT_CONFIRMATION", "EGRESS_NETWORKS", "EGRESS_PROXY", "SYSTEM_TLS_DIR"),
    *("LOG_LEVEL", "DOCS"),
)
STAFF = {
    "admin": ("admin", "admin-1"),
    "officer": ("officer", "officer-1"),
    "approver": ("approver", "approver-1"),
    "officer as approver": ("approver", "officer-1"),
    "second officer": ("officer", "officer-2"),
    "second approver": ("approver", "approver-2"),
    "third approver": ("approver", "approver-3"),
}


class Program:
    """A child process whose lines go to a file, and one of them, the first, to us."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process, self.log = process, log

    @classmethod
    async def start(cls, *command: str, env: dict[str, str], log: Path) -> Self:
        """Start it; what it says on stderr is kept in the log."""
        with log.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=ROOT,
                env=env,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=out,
            )
        return cls(process, log)

    async def hear(self) -> JSON:
        """Return the next line of JSON that it says."""
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            raise StepFailedError("a program that says where it is", self.tail())
        heard: JSON = json.loads(line)
        return heard

    def tell(self, what: JSON) -> None:
        """Say one line to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what).encode() + b"\n")

    def tail(self) -> str:
        """Return the last it said."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-15:])

    async def end(self) -> int:
        """Ask it to end, and insist after a while."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self.process.wait(), 25)
        except TimeoutError:
            self.process.kill()
            return await self.process.wait()


class Stage:
    """Everything that is running, and who may speak to the desk as whom."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.post = folder, Post()
        self.documents = folder / "documents"
        self.tokens: dict[str, str] = {}
        self.systems: dict[str, JSON] = {}
        self.clients: dict[str, Credentials] = {}
        self._programs: list[Program] = []
        self._call_center: JSON = {}
        self.url = self.website = ""
        self.env = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in SETTINGS}
        self.env |= {"PYTHONUNBUFFERED": "1", "DATA_DIR": str(folder / "data")}

    async def __aenter__(self) -> Self:
        try:
            await self._build()
        except BaseException:
            await self.strike()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.strike()

    async def _build(self) -> None:
        self.documents.mkdir()
        await self.post.open()
        sign_in = SignIn(self.folder)
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        household = await self._start(
            "household", sys.executable, "-m", "examples.household", str(self.folder / "holders"),
            env={"REGISTER_SECRET": secret},
        )  # fmt: skip
        heard, port = await household.hear(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.service = await self._start(
            "service", *DESK, "serve",
            env={
                "PORT": str(port), "EXAMPLES": "0", "WORKER": "inline", "REGISTER_URL": heard["register_url"],
                "REGISTER_SECRET": secret, "SMTP_URL": self.post.smtp_url, "SMS_URL": self.post.sms_url,
                "SMS_TOKEN": self.post.sms_token, "TRUSTED_ISSUERS": sign_in.trusted,
            },
        )  # fmt: skip
        await ready(self.url, self.service)
        self.desk = Desk(self.url, language="en")
        self.tokens = {who: sign_in.token(*one) for who, one in STAFF.items()}
        household.tell({"api": self.url, "token": self.tokens["admin"]})
        await household.hear()
        await asyncio.gather(self._know_holders(), self._open_website(), self._open_call_center())

    async def _start(self, name: str, *command: str, env: dict[str, str] | None = None) -> Program:
        program = await Program.start(*command, env=self.env | (env or {}), log=self.folder / f"{name}.log")
        self._programs.append(program)
        if name == "service":
            assert program.process.stdout is not None
            self._draining = asyncio.create_task(_drain(program.process.stdout, self.folder / "service.log"))
        return program

    async def _know_holders(self) -> None:
        """Wait until every endpoint has answered its challenge; learn by which credentials each one calls."""
        admin = self.staff("admin")

        async def look() -> list[JSON]:
            return [one async for one in admin.pages("/v1/systems")]

        listed = await until(
            look, lambda all_: all(one["state"] == "active" for one in all_), "every endpoint answers its challenge"
        )
        by_client = {one["client_id"]: one for one in listed}
        for file in (self.folder / "holders").glob("*-registration.json"):
            told = json.loads(file.read_text("utf-8"))
            slug = file.name.removesuffix("-registration.json")
            self.systems[slug] = by_client[told["client_id"]]
            self.clients[slug] = Credentials(told["client_id"], told["client_secret"])
            for key in told["keys"]:
                if scheme_of(key) != told["scheme"]:
                    raise StepFailedError(f"keys of scheme {told['scheme']}", scheme_of(key))

    async def _open_website(self) -> None:
        made = await self.staff("admin").create_client("website of the demo", "website")
        website = await self._start(
            "website", sys.executable, "-m", "examples.website", "--api", self.url, "--client-id", made["client_id"],
            env={"CLIENT_SECRET": made["client_secret"]},
        )  # fmt: skip
        self.website = (await website.hear())["url"]

    async def _open_call_center(self) -> None:
        self._call_center = dict(await self.staff("admin").create_client("call center of the demo", "call_center"))

    def staff(self, who: str) -> Desk:
        """Return the desk as one of its people meets it."""
        return self.desk.calling_as(self.tokens[who])

    def system(self, slug: str) -> Desk:
        """Return the desk as a holder meets it."""
        return self.desk.calling_as(self.clients[slug])

    def held_by(self, slug: str, subject_ref: str) -> JSON:
        """Look into a holder's own store: what it has of a person now."""
        people = json.loads((self.folder / "holders" / f"{slug}.json").read_text("utf-8"))["people"]
        found: list[JSON] = [one for one in people if one["subject_ref"] == subject_ref]
        return found[0] if found else {}

    def deeds(self, since: int = 0) -> str:
        """Return what the holders said they did, beyond the first few lines."""
        lines = (self.folder / "household.log").read_text("utf-8", "replace").splitlines()
        return "\n".join(line for line in lines if " -> " in line or "later:" in line)[since:]

    async def call_center(self, *command: str, said: JSON | None = None) -> JSON:
        """Use the call center's tool as agent a17; its questions are answered from the script."""
        who = ("--api", self.url, "--client-id", self._call_center["client_id"], "--agent", "a17", "--json")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "examples.call_center", *who, *command,
            cwd=ROOT, env=self.env | {"CLIENT_SECRET": self._call_center["client_secret"]},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, told = await process.communicate(json.dumps(said).encode() if said else b"")
        if process.returncode != 0:
            raise StepFailedError(f"the call center's tool can {command[0]}", told.decode())
        answer: JSON = json.loads(out)
        return answer

    async def output(self, *command: str) -> str:
        """Run a command of `rights-desk` on this instance and return what it prints."""
        process = await asyncio.create_subprocess_exec(
            *DESK, *command, cwd=ROOT, env=self.env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, told = await process.communicate()
        if process.returncode != 0:
            raise StepFailedError(f"rights-desk {command[0]} ends with 0", told.decode())
        return out.decode().strip()

    async def promises(self) -> str:
        """Have this instance looked at from outside, and return what is found (ADR 0053)."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.invariants", cwd=ROOT, env=self.env | {"LOG_DIR": str(self.folder)},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return said.decode().strip()

    async def strike(self) -> None:
        """End everything, the last started first."""
        if hasattr(self, "desk"):
            await self.desk.aclose()
        for program in reversed(self._programs):
            await program.end()
        self._programs = []


async def ready(url: str, service: Program) -> None:
    """Wait until a service that was started answers that it is ready."""
    async with httpx.AsyncClient(trust_env=False) as http:

        async def look() -> int:
            if service.process.returncode is not None:
                raise StepFailedError("a service that starts", service.tail())
            with contextlib.suppress(httpx.TransportError):
                return (await http.get(f"{url}/readyz")).status_code
            return 0

        await until(look, lambda status: status == 200, "a service that is ready")


async def _drain(stream: asyncio.StreamReader, log: Path) -> None:
    with log.open("ab") as out:
        while line := await stream.readline():
            if not line.startswith(b"curl "):  # the lines that show how to call hold tokens and an invented name
                out.write(line)
                out.flush()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
