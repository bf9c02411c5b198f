"""Chapter twelve: the same desk for two other companies, each by a policy file of its own and nothing else."""

import asyncio
import base64
import contextlib
import secrets
import sys
from pathlib import Path
from typing import Any, Self

from examples.client import Credentials, Desk
from examples.demo.people import Case, approve, assessed
from examples.demo.sign_in import SignIn
from examples.demo.stage import DESK, ROOT, STAFF, Program, Stage, free_port, ready
from examples.demo.telling import Screen

JSON = dict[str, Any]
COMPANIES, STATUTES = ROOT / "examples" / "companies", ROOT / "examples" / "rulebooks"
PATIENT, PATIENTS_PHONE = "문하린", "010-0000-7101"
PLAYER, CHILD, CHILD_BORN = "comet-77", "little-bear", "2016-05-09"
GUARDIAN, GUARDIANS_PHONE = "곰여울", "010-0000-7202"
DUTY = {"duty": "진행 중인 감염병 역학조사", "harm": "조사가 끝나기 전에 알려지면 조사를 할 수 없습니다."}


class Branch:
    """Another instance, with another company's policy and people; mail and SMS arrive at the same post."""

    def __init__(self, stage: Stage, company: str) -> None:
        self._stage, self._company = stage, company
        self.folder: Path = stage.folder / company
        self._programs: list[Program] = []

    async def __aenter__(self) -> Self:
        try:
            await self._build()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _build(self) -> None:
        self.folder.mkdir()
        self.sign_in, port = SignIn(self.folder), free_port()
        people, secret = COMPANIES / self._company / "people.json", base64.b64encode(secrets.token_bytes(32)).decode()
        env = {
            **self._stage.env, "DATA_DIR": str(self.folder / "data"), "PORT": str(port), "EXAMPLES": "0",
            "WORKER": "inline", "POLICY_FILE": str(COMPANIES / self._company / "policy.yaml"),
            "RULEBOOK_DIR": str(STATUTES), "REGISTER_SECRET": f"whsec_{secret}",
            "TRUSTED_ISSUERS": self.sign_in.trusted_by_customers_too, "SMTP_URL": self._stage.post.smtp_url,
            "SMS_URL": self._stage.post.sms_url, "SMS_TOKEN": self._stage.post.sms_token,
        }  # fmt: skip
        register = await self._start(
            "register", sys.executable, "-m", "examples.register", "--data", str(people), env=env
        )
        env["REGISTER_URL"] = (await register.hear())["url"]
        service = await self._start("service", *DESK, "serve", env=env)
        self.url = f"http://127.0.0.1:{port}"
        await ready(self.url, service)
        self.desk = Desk(self.url, language="en")
        made = await self.staff("admin").create_client("front-end", "website")
        self.front = self.desk.calling_as(Credentials(made["client_id"], made["client_secret"]))

    async def __aexit__(self, *_: object) -> None:
        if hasattr(self, "desk"):
            await self.desk.aclose()
        for program in reversed(self._programs):
            await program.end()

    async def _start(self, name: str, *command: str, env: dict[str, str]) -> Program:
        program = await Program.start(*command, env=env, log=self.folder / f"{name}.log")
        self._programs.append(program)
        return program

    def staff(self, who: str) -> Desk:
        """Return this desk as one of its people meets it."""
        return self.desk.calling_as(self.sign_in.token(*STAFF[who]))

    async def files(self, subject: JSON, *claims: JSON, **more: Any) -> Case:
        """Somebody files on the company's website."""
        body: JSON = {"capacity": "self", "channel": "web", "subject": subject, "claims": list(claims), **more}
        filed = await self.front.file_request(body)
        return Case(self.desk.calling_as(filed["requester_token"]), filed["id"])


async def tell(stage: Stage, screen: Screen) -> None:
    """Tell the chapter."""
    screen.chapter("12. Two other companies: a public hospital group, and an online game without names")
    async with contextlib.AsyncExitStack() as stack:
        hospital, game = await asyncio.gather(
            *(stack.enter_async_context(Branch(stage, one)) for one in ("hospital", "game"))
        )
        screen.check(True, "both desks run, each with its own policy file, register and database")
        await _hospital(hospital, stage, screen)
        await _game(game, screen)
        await _child(game, stage, screen)


async def _hospital(branch: Branch, stage: Stage, screen: Screen) -> None:
    screen.step(f"{PATIENT}, a patient, asks to see and to delete what the hospital has")
    grounds = {one["id"] for one in (await branch.desk.rulebook())["grounds"]}
    screen.check(
        {"A35_4_3", "A35_4_1_medical"} <= grounds, "a public body has its own ground, medicine another", grounds
    )
    case = await branch.files(
        {"name": PATIENT, "phone": PATIENTS_PHONE},
        {"right": "access", "aspects": ["items"], "categories": ["treatment_record"]},
        {"right": "deletion", "categories": ["patient", "examination", "research_set"]},
        notify_by="sms",
    )
    before = len(stage.post.texts)
    asked = await case.desk.ask_for_code(case.id, "phone_code")
    await case.desk.answer(asked["id"], code=await stage.post.code_to(PATIENTS_PHONE, after=before))
    await case.until_verified()
    claim = (await case.claim("deletion"))["id"]
    found = await _items(branch, screen, claim)
    kept = {name for name, one in found.items() if one["proposed"] == "keep"}
    wanted = {"patient:patient_list_5y", "examination:examination_5y"}
    screen.check(kept == wanted, "the profile goes, what the Medical Service Act keeps stays", kept)
    research = found["research_set.measurements"]
    screen.check(research["ground"] == "A28_7", "pseudonymised research is not turned back to answer", research)

    screen.step(
        "An epidemic is being traced: the officer holds the notes of treatment back by the public duty, two agree"
    )
    claim = (await case.claim("access"))["id"]
    officer = branch.staff("officer")
    await assessed(officer, claim)
    refused = {"item": "treatment_record.notes", "outcome": "refuse", "ground": "A35_4_3", "facts": DUTY}
    decision = {"outcome": "partial", "items": [refused], "reason": "역학조사에 지장을 줍니다.", "internal_note": None}
    await officer.decide(claim, decision, etag=(await officer.claim(claim)).etag)
    decided = await approve(branch.staff("approver"), claim)
    screen.check(
        decided["state"] == "effective", "Article 35(4)3 is open to a public body, and the rest is opened", decided
    )


async def _game(branch: Branch, screen: Screen) -> None:
    screen.step(f"{PLAYER} signs in to the game and wants everything deleted that was bought; no name is asked")
    policy = await branch.desk.policy()
    asked = [one["id"] for one in policy["subject"] if one["required"]]
    screen.check(not policy["named"] and asked == ["customer_no"], "an account is asked, and no name", asked)
    case = await branch.files(
        {"customer_no": PLAYER}, {"right": "deletion", "categories": ["purchase"]}, notify_by="visit"
    )
    verification = await case.desk.ask_for_code(case.id, "site_login")
    await case.desk.answer(verification["id"], assertion=branch.sign_in.assertion(verification["id"], PLAYER))
    await case.until_verified()
    found = await _items(branch, screen, (await case.claim("deletion"))["id"])
    kept = {name for name, one in found.items() if one["proposed"] == "keep"}
    wanted = {"purchase:contract_5y", "purchase:payment_5y"}
    screen.check(kept == wanted, "goods of the game go; the records of trade stay five years", kept)


async def _child(branch: Branch, stage: Stage, screen: Screen) -> None:
    screen.step(f"{GUARDIAN}, on record as guardian of the account {CHILD}, has it deleted")
    requester = {"name": GUARDIAN, "birth_date": "1985-11-20", "phone": GUARDIANS_PHONE, "relationship": "parent"}
    case = await branch.files(
        {"customer_no": CHILD, "birth_date": CHILD_BORN},
        {"right": "deletion", "categories": ["account"]},
        capacity="guardian",
        requester=requester,
        notify_by="sms",
    )
    before = len(stage.post.texts)
    asked = await case.desk.ask_for_code(case.id, "phone_code", party="requester")
    await case.desk.answer(asked["id"], code=await stage.post.code_to(GUARDIANS_PHONE, after=before))
    await case.until_verified()
    claim = (await case.claim("deletion"))["id"]
    assessment = await assessed(branch.staff("officer"), claim)
    screen.check(assessment["decides"] == "two", "what is asked for a child takes two people", assessment["decides"])


async def _items(branch: Branch, screen: Screen, claim: str) -> dict[str, JSON]:
    """What the rules propose for each item, told on screen."""
    found = {one["item"]: one for one in (await assessed(branch.staff("officer"), claim))["items"]}
    for name, one in found.items():
        until = f" until {one['until']}" if one["until"] else ""
        screen.sees("officer", f"{name}: {one['proposed']}{until} ({one['basis']})")
    return found
