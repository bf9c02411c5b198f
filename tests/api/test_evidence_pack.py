"""One case as evidence: whole, proved offline by command and by a page without a server, never after a change (G5)."""

import asyncio
import base64
import hashlib
import io
import json
import re
import socket
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app import db, opening
from app.chain import packs, proofs
from app.chain.notes import Key
from app.chain.packs import PackError
from app.cli import app as cli
from app.desk import MACHINE
from app.services import audit, checkpoints
from app.settings import ROOT
from tests.api.acts import rows
from tests.api.test_checkpoints import witness
from tests.documents.reading import pdf_text
from tests.house import House, bearer

PAGE = ROOT / "docs" / "verify.html"
DRIVER = Path(__file__).with_name("checking.js")
ANCHORED = re.compile(r"(\d+)\.([0-9a-f]{64})")
DELETION = {"right": "deletion", "categories": ["online_mall"]}


async def decided(house: House) -> dict[str, Any]:
    """A deletion that was granted in part, carried out and told."""
    mall = await house.system()
    filed = await house.file(DELETION)
    await house.prove(filed)
    claim = filed["claims"][0]["id"]
    await house.decide(claim, outcome="partial", reason="거래 기록은 법에 따라 보존합니다.")
    await house.approve(claim, agree=True)
    await mall.work()
    return filed


def repacked(raw: bytes, change: dict[str, bytes | None]) -> bytes:
    """The same archive with these files changed, added or left out."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    for name, content in change.items():
        files.pop(name, None)
        if content is not None:
            files[name] = content
    return packs.archive(files)


def bent(content: bytes) -> bytes:
    return content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]


def changed(raw: bytes) -> dict[str, bytes]:
    """Every way in which somebody might bend a pack, also one that makes the list of files fit again."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    told, listed = json.loads(files["audit.json"]), json.loads(files["manifest.json"])["files"]
    notice = next(name for name in files if name.endswith(".json") and name.startswith("notices/"))

    def entries(at: int, **values: object) -> bytes:
        said = [dict(one) for one in told["entries"]]
        said[at] |= values
        return json.dumps(told | {"entries": said}).encode()

    def relisted(name: str, content: bytes) -> dict[str, bytes | None]:
        return {name: content, "manifest.json": packs.manifest({**{n: files[n] for n in listed}, name: content})}

    body = told["entries"][0]["body"].replace("request.file", "request.fail")
    ways: dict[str, dict[str, bytes | None]] = {
        **{f"bent {name}": {name: bent(content)} for name, content in files.items()},
        "without the case": {"case.json": None},
        "one file more": {"more.txt": b"more"},
        "another case, listed": relisted("case.json", b"{}"),
        "another notice, listed": relisted(notice, b"{}"),
        "another body": {"audit.json": entries(0, body=body)},
        "another path": {"audit.json": entries(1, path=["00" * 32])},
        "another number": {"audit.json": entries(0, seq=told["entries"][0]["seq"] + 1)},
        "an entry left out": {"audit.json": json.dumps(told | {"entries": told["entries"][1:]}).encode()},
        "the last left out": {"audit.json": json.dumps(told | {"entries": told["entries"][:-1]}).encode()},
        "no entries": {"audit.json": json.dumps(told | {"entries": []}).encode()},
        "another receipt": {"audit.json": json.dumps(told | {"receipt_no": "111-1111-1111"}).encode()},
        "another request": {"audit.json": json.dumps(told | {"request": "x"}).encode()},
        "no list": {"manifest.json": b"{}"},
        "no entries at all": {"audit.json": b"[]"},
    }
    return {name: repacked(raw, change) for name, change in ways.items()} | {
        "torn": raw[: len(raw) // 2],
        "none": b"PK",
    }


@pytest.mark.needs_node
async def test_a_case_is_taken_away_whole_and_proves_itself_without_us(
    house: House, environment: dict[str, str], tmp_path: Path
) -> None:
    filed = await decided(house)
    path, approver = f"/v1/requests/{filed['id']}/evidence-pack", house.auth("approver")
    reply = await house.api.post(path, json={"purpose": "분쟁조정위원회 제출 010-0000-1234"}, headers=approver)
    assert reply.status_code == 200, reply.text
    raw, key = reply.content, checkpoints.key_of(house.desk)
    assert key is not None and f"evidence-{filed['receipt_no']}.zip" in reply.headers["content-disposition"]

    checked = packs.check(raw, [key])
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
        assert packs.archive(files) == raw, "the same files give the same bytes"
    case, told = json.loads(files["case.json"]), json.loads(files["audit.json"])
    assert (checked.receipt_no, checked.files) == (filed["receipt_no"], len(files) - 2)
    assert len(case["timeline"]) == len(told["entries"]) - 1 == checked.entries - 1
    assert [one["action"] for one in case["tasks"]] and {one["status"] for one in case["tasks"]} <= {
        "done",
        "partly_done",
    }
    assert [one["outcome"] for one in case["decisions"]] and case["editions"][0]["id"]
    [notice] = case["notices"]
    printed = ANCHORED.findall(pdf_text(files[f"notices/{notice['id']}.pdf"]))
    [told_by] = [one for one in told["entries"] if json.loads(one["body"])["action"] == "notice.write"]
    assert printed == [(str(told_by["seq"]), told_by["hash"])]
    assert {one["state"] for one in case["messages"]} == {"sent"} and case["messages"][-1]["attempts"]
    for name in ("cover.pdf", f"notices/{notice['id']}.pdf"):
        assert filed["receipt_no"] in pdf_text(files[name])
    assert case["purpose"] == "분쟁조정위원회 제출 ***"
    logged = await rows(house.desk, "SELECT purpose, request_id::text FROM access_log WHERE operation = 'export_case'")
    assert [tuple(one) for one in logged] == [("분쟁조정위원회 제출 ***", filed["id"])]

    # By command, made by command.
    run, mine = CliRunner(), tmp_path / "mine.zip"
    made = await asyncio.to_thread(
        run.invoke,
        cli,
        ["case", "export", filed["receipt_no"], "--purpose", "law 010-0000-1234", "--out", str(mine)],
        env=environment,
    )
    assert made.exit_code == 0, made.stderr
    assert packs.check(mine.read_bytes(), [key]).entries == checked.entries + 1
    assert mine.stat().st_mode & 0o777 == 0o600
    again = ["case", "export", filed["receipt_no"], "--purpose", "law", "--out", str(mine)]
    assert (await asyncio.to_thread(run.invoke, cli, again, env=environment)).exit_code == 1
    verify = ["audit", "verify", str(mine), "--key", str(key)]
    on_paper = "{seq}.{hash}".format(**filed["anchor"])
    for good in (run.invoke(cli, verify), run.invoke(cli, [*verify, "--anchor", on_paper])):
        assert good.exit_code == 0 and good.stdout.startswith(f"{filed['receipt_no']}: "), good.stderr
    for wrong in (f"9{on_paper}", on_paper[:-1], "x"):
        other = run.invoke(cli, [*verify, "--anchor", wrong])
        assert (other.exit_code, other.stderr) == (1, "no entry of the pack is that anchor\n"), wrong
    unknown = ["case", "export", "111-1111-1111", "--purpose", "law", "--out", str(tmp_path / "x.zip")]
    assert (await asyncio.to_thread(run.invoke, cli, unknown, env=environment)).exit_code == 1
    assert not (tmp_path / "x.zip").exists()
    by_operator = "SELECT purpose, result, address FROM access_log WHERE role = 'operator' ORDER BY at, id"
    local = f"local:{socket.gethostname()}"
    assert [tuple(one) for one in await rows(house.desk, by_operator)] == [
        ("law ***", "ok", local),
        ("law", "request.not_found", local),
    ]

    # Bent in every way: the command and the page say the same.
    for name, other in changed(raw).items():
        with pytest.raises(PackError):
            pytest.fail(f"{name}: {packs.check(other, [key])}")
    with pytest.raises(PackError, match="none of the given keys"):
        packs.check(raw, [Key.of(key.name, bytes(32))])
    await _page_says_the_same(house, tmp_path, filed, raw, key)


async def _page_says_the_same(house: House, tmp_path: Path, filed: dict[str, Any], raw: bytes, key: Key) -> None:
    anchor = "{seq}.{hash}".format(**filed["anchor"])
    proof = (await house.api.get(f"/v1/audit/proofs/{anchor}")).content
    other = str(Key.of(key.name, bytes(32)))
    samples = {"whole": (raw, str(key)), "proof": (proof, str(key))}
    samples |= {name: (content, str(key)) for name, content in changed(raw).items()}
    samples |= {
        "another key": (raw, other),
        "proof of another": (proof.replace(b'"seq": ', b'"seq": 1'), str(key)),
        "proof by another key": (proof, other),
        "no key": (raw, "x"),
        "no pack": (b"{}", str(key)),
    }
    asked = []
    for place, (name, (content, with_)) in enumerate(samples.items()):
        file = tmp_path / f"{place}.sample"
        file.write_bytes(content)
        asked.append({"name": name, "file": str(file), "key": with_, "anchor": ""})
    # What is on the person's own paper has to stand in what the company hands out.
    held = {"": anchor, ", by its address": f"https://desk.example.com/v1/audit/proofs/{anchor}"}
    bent_ = {", another entry": f"9{anchor}", ", another hash": f"{anchor[:-1]}{'0' if anchor[-1] != '0' else '1'}"}
    for one in [one for one in asked if one["name"] in ("whole", "proof")]:
        for how, value in {**held, **bent_, ", no anchor": "x"}.items():
            asked.append({**one, "name": f"{one['name']} with its paper{how}", "anchor": value})
    run = await asyncio.to_thread(
        subprocess.run, ["node", str(DRIVER), str(PAGE)], input=json.dumps(asked), capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    good = {f"{one}{how}" for one in ("whole", "proof") for how in ("", *(f" with its paper{way}" for way in held))}
    assert {name for name, one in told.items() if one["good"]} == good, told
    assert filed["receipt_no"] in told["whole"]["words"]
    assert "case.json" in told["another case, listed"]["words"] or "list" in told["another case, listed"]["words"]


async def test_a_case_that_goes_on_while_it_is_packed_is_gathered_anew(house: House) -> None:
    """Somebody writes of it after its entries were counted: the pack has that too, and proves itself all the same."""
    filed, approver, key = await house.file(), house.auth("approver"), checkpoints.key_of(house.desk)
    assert key is not None
    path = f"/v1/requests/{filed['id']}/evidence-pack"
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'message_attempt'::regclass"
    async with house.desk.database.engine.connect() as holding:
        await holding.execute(text("LOCK TABLE message_attempt IN ACCESS EXCLUSIVE MODE"))
        asked = asyncio.create_task(house.api.post(path, json={"purpose": "law"}, headers=approver))
        while [tuple(one) for one in await rows(house.desk, waits)] == [(0,)]:
            assert not asked.done(), (await asked).text
            await asyncio.sleep(0.05)
        async with house.desk.database.transaction() as session:
            about = {"request_id": UUID(filed["id"]), "by": MACHINE, "now": db.now()}
            audit.note(session, "request.freeze", **about)
        await holding.rollback()
    reply = await asked
    assert reply.status_code == 200, reply.text
    checked = packs.check(reply.content, [key])
    with zipfile.ZipFile(io.BytesIO(reply.content)) as packed:
        told, case = json.loads(packed.read("audit.json")), json.loads(packed.read("case.json"))
        assert f"{checked.entries}건" in pdf_text(packed.read("cover.pdf"))
    actions = [json.loads(one["body"])["action"] for one in told["entries"]]
    assert actions[-2:] == ["request.freeze", "case.export"] and actions.count("case.export") == 1
    assert len(case["timeline"]) == checked.entries - 1


async def test_without_a_key_nothing_is_sealed(house: House) -> None:
    filed, desk = await house.file(), house.desk
    keyless = replace(desk.settings, audit_key=None)
    opening.over(desk.database, keyless, desk.rulebook, desk.policy)
    path, approver = f"/v1/requests/{filed['id']}/evidence-pack", house.auth("approver")
    reply = await house.api.post(path, json={"purpose": "law"}, headers=approver)
    assert reply.json()["code"] == "audit.cannot_sign"
    told = "SELECT count(*) FROM audit_entry WHERE convert_from(body, 'UTF8') LIKE '%case.export%'"
    assert [tuple(one) for one in await rows(desk, told)] == [(0,)]
    desk.database.info["desk"] = desk
    assert (await house.api.post(path, json={"purpose": "law"}, headers=approver)).status_code == 200


async def test_a_person_holds_the_anchor_of_what_was_asked_and_told(house: House) -> None:
    filed = await decided(house)
    assert await witness(house, at_once=True)
    key, page = checkpoints.key_of(house.desk), {"Accept": "text/html"}
    assert key is not None
    person = bearer(filed["requester_token"])
    asked = await house.api.get(f"/v1/requests/{filed['id']}/form", headers={**person, **page})
    officer = house.auth("officer")
    [notice] = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=officer)).json()["items"]
    grant = {"grant": await house.grant(filed)}
    told = await house.api.post(f"/v1/notices/{notice['id']}/document", json=grant, headers={**person, **page})
    [of_filing], [of_notice] = ANCHORED.findall(asked.text), ANCHORED.findall(told.text)
    assert of_filing == (str(filed["anchor"]["seq"]), filed["anchor"]["hash"])
    for seq, hash_ in (of_filing, of_notice):
        proof = (await house.api.get(f"/v1/audit/proofs/{seq}.{hash_}")).json()
        assert proofs.fault(proof, [key]) is None
    states = f"SELECT convert_from(body, 'UTF8')::json ->> 'action' FROM audit_entry WHERE seq = {int(of_notice[0])}"
    assert [tuple(one) for one in await rows(house.desk, states)] == [("notice.write",)]


def test_the_page_runs_its_own_script_and_nothing_else() -> None:
    page = PAGE.read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None and policy[1].startswith("default-src 'none';")
    for tag in ("script", "style"):
        [content] = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1], f"{tag}-src 'sha256-{digest}'"
    assert not re.search(r"\son\w+=|\sstyle=|https?:|src=|href=|innerHTML|eval\(", page)
