"""`python -m examples.household FOLDER`: the example register and six example holders of data, under one roof.

`rights-desk serve` starts it with EXAMPLES=1. It speaks in lines of JSON: it says `{"register_url": ...}` as soon as
the register answers; hears `{"api": address, "token": an admin's}` once the desk takes calls; registers the holders
(the first time) or brings them up again as they were; and says `{"systems": [{"id", "name", "kind"}, ...]}`.
Everything ends when its standard input ends, however that came about.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from examples.common.files import write_json
from examples.register.__main__ import main as register_main

JSON = dict[str, Any]
PEOPLE = Path(__file__).parent / "processor" / "people.json"
END_SECONDS = 5.0
EVERY_ACTION = (
    *("hold", "release", "collect", "correct", "delete"),
    *("suspend", "resume", "withdraw_consent", "inform"),
)


@dataclass(frozen=True, slots=True)
class Holder:
    """An invented holder of data, as it registers itself; without a scheme it has no endpoint and polls."""

    slug: str
    name: str
    kind: str
    categories: tuple[str, ...]
    matches_by: tuple[str, ...]
    scheme: str | None
    actions: tuple[str, ...] = EVERY_ACTION

    def registration(self, endpoint_url: str) -> JSON:
        """Return the body of POST /v1/systems."""
        body: JSON = {
            "name": self.name,
            "kind": self.kind,
            "categories": list(self.categories),
            "actions": list(self.actions),
            "matches_by": list(self.matches_by),
            "contact_email": f"{self.slug}@example.com",
        }
        return body | ({"endpoint_url": endpoint_url, "scheme": self.scheme} if self.scheme else {})


HOLDERS = (
    Holder("mall", "온라인 몰", "internal", ("online_mall", "site_log"), ("subject_ref",), "v1"),
    Holder(
        "service_desk",
        "고객 지원 시스템",
        "internal",
        ("consultation", "report", "partner_report", "inquiry", "separate_service"),
        ("subject_ref", "name"),
        "v1a",
    ),
    Holder("logistics", "물류센터", "processor", ("online_mall", "separate_service"), ("name", "phone"), "v1a"),
    Holder("call_center", "콜센터", "processor", ("consultation",), ("phone",), "v1"),
    Holder(
        "partner",
        "제휴 서비스사",
        "third_party",
        ("separate_service",),
        ("name", "phone"),
        None,
        ("hold", "release", "inform"),
    ),
    Holder("recorder", "강남점", "internal", ("cctv",), ("name",), "v1a", ("preserve", "collect", "release")),
)
# What some holders have beside the people that every example processor knows: by number, data and statutory records.
MORE: dict[str, JSON] = {
    "C-1029": {
        "data": {
            "site_log": [
                {"ip": "192.0.2.17", "accessed_at": "2026-11-20T21:14:05+09:00", "content": "휴대전화 케이스 목록"}
            ]
        },
        "records": {
            "dispute_3y": {"category": "consultation", "rows": [{"settled_on": "2026-05-11", "result": "요금 재안내"}]},
            "telecom_log_3m": {"category": "site_log", "rows": [{"accessed_at": "2026-11-20T21:14:05+09:00"}]},
        },
    }
}


class Lodger:
    """A child process that runs one of the example programs and cannot outlive this one.

    It is forked, not started anew: seven interpreters that import the same libraries would cost seconds of start-up.
    """

    _alive_read, _alive_write = os.pipe()

    def __init__(self, program: Callable[[], None], name: str, *flags: str) -> None:
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            _lodge(program, name, flags, writing, Lodger._alive_read, Lodger._alive_write)
        os.close(writing)
        self.said: IO[str] = os.fdopen(reading, encoding="utf-8")

    def url(self) -> str | None:
        """Wait for the line that says where it listens; None when it ended without one, as where a port is taken."""
        line = self.said.readline()
        return str(json.loads(line)["url"]) if line else None

    def pass_on(self) -> None:
        """Let what else it says reach the terminal."""

        def read() -> None:
            for line in self.said:
                print(line, end="", file=sys.stderr, flush=True)

        threading.Thread(target=read, daemon=True).start()

    @classmethod
    def end_all(cls, lodgers: "list[Lodger]") -> None:
        """Let every child know that the house is closing, and see each one out."""
        os.close(cls._alive_write)
        deadline = time.monotonic() + END_SECONDS
        for one in lodgers:
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(one.pid, os.WNOHANG)[0] == 0:
                    if time.monotonic() > deadline:
                        os.kill(one.pid, signal.SIGKILL)
                    time.sleep(0.02)


def _lodge(
    program: Callable[[], None], name: str, flags: tuple[str, ...], writing: int, alive_read: int, alive_write: int
) -> None:
    """Be the child: speak into the pipe, end with the parent, run the program as if from the command line."""
    code = 1
    try:
        os.close(alive_write)
        os.dup2(writing, 1)
        os.close(writing)
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        threading.Thread(target=_end_with_parent, args=(alive_read,), daemon=True).start()
        sys.argv = [name, *flags]
        program()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except OSError as failure:
        print(f"{name}: {failure.strerror}", file=sys.stderr)
    finally:
        sys.stdout.flush()
        os._exit(code)


def _end_with_parent(alive_read: int) -> None:
    """Nobody ever writes into this pipe: reading ends when the parent closes it, or is gone, even by SIGKILL."""
    os.read(alive_read, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(END_SECONDS / 2)
    os._exit(1)


class House:
    """The holders in a folder: what each was told at its registration, where it listened, what it holds."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder, self._file = folder, folder / "household.json"
        self._known: dict[str, JSON] = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}

    def remember(self, holder: Holder, facts: JSON) -> None:
        """Write down what must survive a restart."""
        self._known[holder.slug] = self.known(holder) | facts
        write_json(self._file, self._known)

    def known(self, holder: Holder) -> JSON:
        """Return what is known of a holder from before."""
        return self._known.get(holder.slug, {})

    def forget(self, holder: Holder) -> None:
        """Drop a registration that the desk does not know."""
        self._known[holder.slug] = {"port": self.known(holder).get("port", 0)}

    def port(self, holder: Holder) -> int:
        """Return the port it had, 0 for any."""
        return int(self.known(holder).get("port", 0))

    def flags(self, holder: Holder, port: int) -> list[str]:
        """Return the command line of a holder. What it is told at registration comes later, in a file of its own."""
        seed = self._folder / f"{holder.slug}-people.json"
        if not seed.exists():
            write_json(seed, seed_of(holder))
        self.config(holder).unlink(missing_ok=True)  # an address from before may by now be somebody else's
        named = {"name": holder.slug, "port": port, "data": seed, "config": self.config(holder)}
        named |= {"store": self._folder / f"{holder.slug}.json"} | ({} if holder.scheme else {"poll-seconds": 3})
        return [text for name, value in named.items() for text in (f"--{name}", str(value))] + (
            [] if holder.scheme else ["--poll"]
        )

    def config(self, holder: Holder) -> Path:
        """Return where a holder looks for its registration."""
        return self._folder / f"{holder.slug}-registration.json"

    def hand_over(self, holder: Holder, api: str) -> None:
        """Give a holder its registration; it waits for the file."""
        known = self.known(holder)
        told = {name: known[name] for name in ("client_id", "client_secret", "scheme", "keys")}
        write_json(self.config(holder), {"api": api} | told)


def seed_of(holder: Holder) -> list[JSON]:
    """Return the invented people of whom a holder has something, with that part only."""
    people = []
    for person in json.loads(PEOPLE.read_text("utf-8")):
        more = MORE.get(person["subject_ref"], {"data": {}, "records": {}})
        data = {name: rows for name, rows in (person["data"] | more["data"]).items() if name in holder.categories}
        records = {
            name: one
            for name, one in (person["records"] | more["records"]).items()
            if one["category"] in holder.categories
        }
        if data:
            people.append(person | {"data": data, "records": records})
    return people


async def register_all(house: House, urls: dict[str, str], api: str, token: str, http: Any) -> list[JSON]:
    """Register every holder with the desk, or make sure that it is known there as it stands now."""
    from examples.client import Desk

    async with Desk(api, token, http=http) as desk:
        return await asyncio.gather(*(_register(desk, house, holder, urls[holder.slug], api) for holder in HOLDERS))


async def _register(desk: Any, house: House, holder: Holder, url: str, api: str) -> JSON:
    system = await _as_registered(desk, house, holder)
    if system is None:
        system = await _anew(desk, house, holder, url)
    # The endpoint is challenged in this instant, and answers only with the registration in hand.
    house.hand_over(holder, api)
    if holder.scheme and system["endpoint_url"] != url:
        await desk.change_system(system["id"], {"endpoint_url": url}, etag=system.etag)
    return {"id": system["id"], "name": system["name"], "kind": system["kind"]}


async def _as_registered(desk: Any, house: House, holder: Holder) -> Any:
    from examples.client import ProblemError

    known = house.known(holder).get("id")
    if known is None:
        return None
    try:
        return await desk.system(known)
    except ProblemError as problem:
        if problem.status != 404:
            raise
        house.forget(holder)  # the desk has another database than last time
        return None


async def _anew(desk: Any, house: House, holder: Holder, url: str) -> Any:
    """Register with key and body written down first: after a crash the same question gets the same secrets."""
    from examples.client import new_key

    asked = house.known(holder).get("asked")
    if asked is None:
        asked = {"key": new_key(), "body": holder.registration(url)}
        house.remember(holder, {"asked": asked})
    made = await desk.create_system(asked["body"], key=asked["key"])
    keys = [one["secret"] or one["public_key"] for one in made["keys"]]
    facts = {"id": made["id"], "scheme": holder.scheme, "keys": keys, "asked": None}
    house.remember(holder, facts | {name: made["client"][name] for name in ("client_id", "client_secret")})
    return made


def take_in(house: House, lodgers: list[Lodger]) -> dict[str, str]:
    """Start every holder, all at once, each where it was; one whose port is taken gets another."""
    from examples.processor.__main__ import main as processor_main

    started = {one: Lodger(processor_main, one.slug, *house.flags(one, house.port(one))) for one in HOLDERS}
    lodgers += started.values()
    urls = {}
    for holder, lodger in started.items():
        url = lodger.url()
        if url is None:
            lodger = Lodger(processor_main, holder.slug, *house.flags(holder, 0))
            lodgers.append(lodger)
            url = lodger.url()
        if url is None:
            raise SystemExit(f"{holder.slug} does not start")
        house.remember(holder, {"port": int(url.rsplit(":", 1)[1])})
        urls[holder.slug] = f"{url}/"
    return urls


def say(what: JSON) -> None:
    """Say one line."""
    print(json.dumps(what, ensure_ascii=False), flush=True)


def _client() -> Any:
    import httpx

    return httpx.AsyncClient(timeout=15.0, follow_redirects=False, trust_env=False)


def live(folder: Path, lodgers: list[Lodger]) -> None:
    """Bring everybody up, have them registered, and stay until there is nothing more to hear."""
    register = Lodger(register_main, "register")
    lodgers.append(register)
    say({"register_url": register.url()})
    house = House(folder)
    urls = take_in(house, lodgers)
    http = _client()  # made while there is nothing to do: it takes a tenth of a second
    line = sys.stdin.readline()
    if not line:
        return
    told = json.loads(line)
    systems = asyncio.run(register_all(house, urls, told["api"], told["token"], http))
    for one in lodgers:
        one.pass_on()
    say({"systems": systems})
    while sys.stdin.readline():
        pass


def main() -> None:
    """Read the command line and live until told to end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m examples.household FOLDER")
    lodgers: list[Lodger] = []
    try:
        live(Path(sys.argv[1]).absolute(), lodgers)
    finally:
        Lodger.end_all(lodgers)


if __name__ == "__main__":
    main()
