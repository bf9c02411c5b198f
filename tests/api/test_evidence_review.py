"""Looking at a paper and reviewing it: for a purpose, line by line, by somebody else than who handed it in."""

import asyncio
import io
import re
from datetime import timedelta
from typing import Any

import httpx
import pikepdf
from PIL import Image

from app import db
from tests.api.acts import actions, one, refused, rows, statuses
from tests.api.papers import CERTIFICATES
from tests.api.sendings import picture, send
from tests.api.years import today
from tests.files import raw
from tests.house import FATHER, ONLINE_MALL, House, bearer, signed_mandate

DELETION = {"right": "deletion", "categories": ["online_mall"]}


async def handed_in(house: House, filed: dict[str, Any], kind: str, **how: Any) -> dict[str, Any]:
    """A paper handed in, with nothing worked on yet."""
    how.setdefault("content", picture(len(kind)))
    reply = await send(house, filed, kind=kind, **how)
    assert reply.status_code == 201, reply.text
    found: dict[str, Any] = reply.json()
    return found


def seen(house: House, kind: str, **more: Any) -> dict[str, Any]:
    """Everything a reviewer has to have seen on this kind."""
    document = house.desk.policy.documents[kind]
    body: dict[str, Any] = {"result": "accepted", "checklist": [line.id for line in document.checklist]}
    if document.max_age_days is not None:
        body["issued_on"] = today().isoformat()
    if document.issuer_number:
        body["issuer_number"] = "1234-5678-9012-3456"
    return body | more


async def review(
    house: House, paper: dict[str, Any], body: dict[str, Any], *, etag: str = '"v1"', sub: str = "officer-1"
) -> httpx.Response:
    headers = {**house.auth("officer", sub), "If-Match": etag}
    return await house.api.put(f"/v1/evidence/{paper['id']}/review", json=body, headers=headers)


async def look(
    house: House, paper: dict[str, Any], purpose: str | None = "custody check", role: str = "officer", **claims_of: Any
) -> httpx.Response:
    said = {**house.auth(role, **claims_of), "Purpose": purpose}
    headers = {name: value for name, value in said.items() if value is not None}
    return await house.api.get(f"/v1/evidence/{paper['id']}/content", headers=headers)


# --- looking ---------------------------------------------------------------------------------------------------------


async def test_a_copy_is_a_download_that_says_who_looked(house: House) -> None:
    filed = await house.file()
    sent = raw.page()
    paper = await handed_in(house, filed, "correction_proof", content=sent, name="가족관계 증명서.PDF")
    reply = await look(house, paper)
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/pdf"
    named = "filename*=UTF-8''%EA%B0%80%EC%A1%B1%EA%B4%80%EA%B3%84%20%EC%A6%9D%EB%AA%85%EC%84%9C.pdf"
    assert reply.headers["content-disposition"] == f'attachment; filename="evidence.pdf"; {named}'
    assert reply.headers["x-content-type-options"] == "nosniff" and reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-security-policy"].startswith("sandbox;")
    assert int(reply.headers["content-length"]) == len(reply.content)
    with pikepdf.open(io.BytesIO(reply.content)) as opened:
        assert len(opened.pages) == paper["pages"]
    # Two who look get two copies: each bears its reader and the moment.
    assert (await look(house, paper, sub="officer-2")).content != reply.content
    log = await rows(house.desk, "SELECT * FROM access_log WHERE operation = 'read_evidence' ORDER BY id")
    assert [(row.role, row.purpose, row.result) for row in log] == [("officer", "custody check", "ok")] * 2
    assert {str(row.request_id) for row in log} == {filed["id"]}
    assert (await actions(house.desk, filed["id"]))["evidence.open"] == 2


async def test_a_picture_is_marked_as_well(house: House) -> None:
    filed = await house.file()
    paper = await handed_in(house, filed, "correction_proof", content=picture(255, (600, 800)))
    reply = await look(house, paper, role="approver")
    assert reply.headers["content-type"] == "image/png"
    marked = Image.open(io.BytesIO(reply.content)).convert("L")
    assert marked.size == (600, 800) and marked.getextrema()[0] < 250


async def test_a_purpose_is_stated_in_plain_characters_and_never_names_a_person(house: House) -> None:
    filed = await house.file()
    paper = await handed_in(house, filed, "correction_proof")
    for nothing in (None, "", "   "):
        assert refused(await look(house, paper, nothing)) == (422, "/header/purpose", "document.purpose_required")
    assert refused(await look(house, paper, "x" * 101)) == (422, "/header/purpose", "field.length")
    for odd in ("확인".encode(), b"caf\xe9", b"tab\there"):
        headers = {**house.auth("officer"), "Purpose": odd}
        reply = await house.api.get(f"/v1/evidence/{paper['id']}/content", headers=headers)  # type: ignore[arg-type]
        assert refused(reply) == (422, "/header/purpose", "field.forbidden_character"), odd
    assert await one(house.desk, "SELECT count(*) FROM access_log WHERE purpose IS NOT NULL") == 0
    told = "call back 010-1234-5678 or 900101-1234567 or gildong@example.com, page 12"
    assert (await look(house, paper, told)).status_code == 200
    written = await one(
        house.desk, "SELECT purpose FROM access_log WHERE operation = 'read_evidence' AND result = 'ok'"
    )
    assert not re.search(r"1234|900101|gildong", written)
    assert written.startswith("call back *") and written.endswith("page 12")


async def test_only_staff_see_a_paper(house: House) -> None:
    visit = await house.file(role="clerk")
    paper = await handed_in(house, visit, "correction_proof", headers=house.auth("clerk"))
    mine = await house.file()
    own = await handed_in(house, mine, "correction_proof")
    for path in (f"/v1/evidence/{paper['id']}", f"/v1/evidence/{own['id']}"):
        for headers in (
            house.auth("clerk"), house.auth("call_center", agent="a17"), house.auth("auditor"), house.auth("admin"),
            bearer(mine["requester_token"]), house.auth("website"), house.auth("system", str(db.new_id())),
        ):  # fmt: skip
            for tail in ("", "/content"):
                reply = await house.api.get(path + tail, headers={**headers, "Purpose": "curiosity"})
                assert refused(reply) == (403, "", "auth.forbidden"), (path, tail)
        assert (await house.api.get(f"{path}/content", headers={"Purpose": "x"})).status_code == 401
    for nobody in (str(db.new_id()), "nonsense"):
        assert refused(await look(house, {"id": nobody})) == (404, "", "evidence.not_found")
        reply = await house.api.get(f"/v1/evidence/{nobody}", headers=house.auth("approver"))
        assert refused(reply) == (404, "", "evidence.not_found")
        assert refused(await review(house, {"id": nobody}, {"result": "refused"})) == (404, "", "evidence.not_found")


async def test_what_staff_know_of_a_paper(house: House) -> None:
    filed = await house.file_as_guardian()
    paper = await handed_in(house, filed, "basic_certificate", party="requester", name="기본증명서.png")
    reply = await house.api.get(f"/v1/evidence/{paper['id']}", headers=house.auth("approver"))
    assert reply.headers["etag"] == '"v1"'
    known = reply.json()
    assert {name: known[name] for name in paper} == paper
    assert (known["name"], known["uploaded_by"], known["request_id"]) == ("기본증명서.png", "requester", filed["id"])
    body = seen(house, "basic_certificate", note="친권자 확인")
    done = await review(house, paper, body)
    assert done.status_code == 200 and done.headers["etag"] == '"v2"'
    known = done.json()
    assert known["state"] == "accepted" and known["reviewed_by"] == "officer-1" and known["reviewed_at"]
    assert (known["issuer_number"], known["note"]) == ("1234-5678-9012-3456", "친권자 확인")
    assert known["issued_on"] == today().isoformat() and known["checklist"] == body["checklist"]
    again = await house.api.get(f"/v1/evidence/{paper['id']}", headers=house.auth("officer"))
    assert again.json() == known and again.headers["etag"] == '"v2"'
    held = " ".join(str(row) for row in await rows(house.desk, "SELECT * FROM evidence"))
    assert "1234-5678" not in held and "친권자" not in held


# --- reviewing -------------------------------------------------------------------------------------------------------


async def test_accepting_needs_every_line_a_date_and_a_number(house: House) -> None:
    filed = await house.file_as_guardian()
    paper = await handed_in(house, filed, "basic_certificate", party="requester")
    whole = seen(house, "basic_certificate")
    custody = {**whole, "checklist": [one_ for one_ in whole["checklist"] if one_ != "custody"]}
    assert refused(await review(house, paper, custody)) == (
        422,
        "/checklist/custody",
        "evidence.checklist_incomplete",
    )
    nothing = (await review(house, paper, {"result": "accepted"})).json()
    assert [(fault["pointer"], fault["code"]) for fault in nothing["errors"]] == [
        *((f"/checklist/{line}", "evidence.checklist_incomplete") for line in whole["checklist"]),
        ("/issued_on", "field.required"),
        ("/issuer_number", "field.required"),
    ]
    old = {**whole, "issued_on": (today() - timedelta(days=91)).isoformat()}
    assert refused(await review(house, paper, old)) == (422, "/issued_on", "evidence.too_old")
    future = {**whole, "issued_on": (today() + timedelta(days=1)).isoformat()}
    assert refused(await review(house, paper, future)) == (422, "/issued_on", "field.value")
    invented = {**whole, "checklist": [*whole["checklist"], "looks_fine"]}
    assert refused(await review(house, paper, invented)) == (
        422,
        f"/checklist/{len(whole['checklist'])}",
        "field.value",
    )
    rrn = {**whole, "issuer_number": "900101-1234567"}
    assert refused(await review(house, paper, rrn)) == (422, "/issuer_number", "identifier.rrn_not_allowed")
    assert refused(await review(house, paper, {**whole, "state": "accepted"})) == (422, "/state", "field.unknown")
    assert refused(await review(house, paper, {**whole, "result": "destroyed"})) == (422, "/result", "field.value")
    assert refused(await review(house, paper, {**whole, "rights": ["access"]})) == (
        422,
        "/rights",
        "field.inconsistent",
    )
    assert await one(house.desk, "SELECT state FROM evidence") == "pending"
    latest = {**whole, "issued_on": (today() - timedelta(days=90)).isoformat()}
    assert (await review(house, paper, latest)).status_code == 200


async def test_nobody_reviews_what_they_handed_in(house: House) -> None:
    filed = await house.file_as_guardian()
    paper = await handed_in(
        house, filed, "basic_certificate", party="requester", headers=house.auth("officer", "officer-7")
    )
    body = seen(house, "basic_certificate")
    assert refused(await review(house, paper, body, sub="officer-7")) == (403, "", "approval.same_person")
    assert refused(await review(house, paper, {"result": "refused"}, sub="officer-7"))[0] == 403
    for role in ("approver", "auditor", "admin"):
        headers = {**house.auth(role), "If-Match": '"v1"'}
        reply = await house.api.put(f"/v1/evidence/{paper['id']}/review", json=body, headers=headers)
        assert refused(reply) == (403, "", "auth.forbidden")
    assert (await review(house, paper, body, sub="officer-8")).status_code == 200


async def test_a_clerk_with_an_officers_name_is_one_person(house: House) -> None:
    visit = await house.file(role="clerk")
    paper = await handed_in(house, visit, "correction_proof", headers=house.auth("clerk", "clerk-1"))
    body = seen(house, "correction_proof")
    assert refused(await review(house, paper, body, sub="clerk-1")) == (403, "", "approval.same_person")


async def test_a_review_names_the_version_and_is_done_once(house: House) -> None:
    filed = await house.file_as_guardian()
    paper = await handed_in(house, filed, "basic_certificate", party="requester")
    body, path = seen(house, "basic_certificate"), f"/v1/evidence/{paper['id']}/review"
    assert refused(await house.api.put(path, json=body, headers=house.auth("officer")))[::2] == (
        428,
        "precondition.required",
    )
    for stale in ('"v2"', "*", 'W/"v1"', '"v0"'):
        assert refused(await review(house, paper, body, etag=stale))[::2] == (412, "precondition.failed"), stale
    assert (await review(house, paper, body)).status_code == 200
    for etag in ('"v1"', '"v2"'):
        for other in (body, {"result": "refused"}, {"result": "number_visible"}):
            assert refused(await review(house, paper, other, etag=etag))[::2] == (409, "evidence.already_reviewed")
    assert (await actions(house.desk, filed["id"]))["evidence.review"] == 1


async def test_two_reviews_at_once_have_one_winner(house: House) -> None:
    filed = await house.file_as_guardian()
    for kind in CERTIFICATES:
        paper = await handed_in(house, filed, kind, party="requester")
        both = await asyncio.gather(
            review(house, paper, seen(house, kind)), review(house, paper, {"result": "refused"}, sub="officer-2")
        )
        assert sorted(reply.status_code for reply in both) == [200, 409]
        won = next(reply for reply in both if reply.status_code == 200).json()["state"]
        kept = await one(house.desk, "SELECT count(*) FROM evidence_chunk WHERE evidence_id = :id", id=paper["id"])
        assert (won, kept) in (("accepted", 1), ("refused", 0))


async def test_what_is_refused_is_destroyed_at_once(house: House) -> None:
    filed = await house.file_as_guardian()
    paper = await handed_in(house, filed, "basic_certificate", party="requester")
    done = await review(house, paper, {"result": "refused", "note": "다른 아이의 서류"})
    assert done.status_code == 200, done.text
    told = done.json()
    assert (told["state"], told["destroyed_cause"], told["note"]) == ("refused", "refused", "다른 아이의 서류")
    assert told["destroyed_at"] and told["name"] is None
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 0
    assert refused(await look(house, paper)) == (409, "", "evidence.destroyed")
    noted = await actions(house.desk, filed["id"])
    assert noted["evidence.destroy"] == noted["evidence.review"] == 1
    assert await statuses(house, filed) == ["awaiting_evidence"]


async def test_a_number_that_can_be_read_is_destroyed_and_a_masked_copy_called_for(house: House) -> None:
    filed = await house.file_as_guardian(language="ko")
    await house.prove(filed, party="requester")
    paper = await handed_in(house, filed, "family_relation_certificate", party="requester")
    before = len(house.sent("mail"))
    done = await review(house, paper, {"result": "number_visible"})
    assert (done.json()["state"], done.json()["destroyed_cause"]) == ("number_visible", "number_visible")
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 0
    await house.workshop.run()
    told = [one_ for one_ in house.sent("mail") + house.sent("sms") if "가린 것" in one_["text"]]
    assert len(told) == 1 and "가족관계증명서" in told[0]["text"] and len(house.sent("mail")) >= before
    for _ in range(4):
        assert (await send(house, filed, kind="family_relation_certificate", party="requester")).status_code == 201


async def test_a_paper_on_a_request_that_ended_can_be_destroyed_but_not_accepted(house: House) -> None:
    filed = await house.file_as_guardian()
    paper = await handed_in(house, filed, "basic_certificate", party="requester")
    await house.api.post(f"/v1/requests/{filed['id']}/withdrawal", json={}, headers=bearer(filed["requester_token"]))
    assert refused(await review(house, paper, seen(house, "basic_certificate"))) == (409, "", "claim.closed")
    assert (await review(house, paper, {"result": "number_visible"})).status_code == 200


# --- what follows ----------------------------------------------------------------------------------------------------


async def test_the_last_accepted_paper_verifies_a_guardian_whom_the_register_does_not_name(house: House) -> None:
    filed = await house.file_as_guardian(requester=FATHER)
    await house.prove(filed, party="requester")
    assert await statuses(house, filed) == ["awaiting_evidence"]
    for kind in (*CERTIFICATES, "identity_document"):
        assert await statuses(house, filed) == ["awaiting_evidence"]
        paper = await handed_in(house, filed, kind, party="requester")
        assert (await review(house, paper, seen(house, kind))).status_code == 200
        await house.workshop.run()
    assert await statuses(house, filed) == ["verified"]
    assert await one(house.desk, "SELECT count(*) FROM supplement WHERE closed_at IS NULL") == 0
    done = await actions(house.desk, filed["id"])
    assert done["claim.complete_evidence"] == done["claim.verify"] == 1


async def mandated(house: House, *claims_of: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A delegate with a mandate for access and deletion, reached, the subject confirmed, the form handed in."""
    filed = await house.file_as_delegate(*claims_of, mandate=signed_mandate("access", "deletion"))
    await house.prove(filed, party="requester")
    await house.prove(filed)
    return filed, await handed_in(house, filed, "power_of_attorney", party="requester")


async def test_a_mandate_gives_what_is_ticked_on_it(house: House) -> None:
    filed, paper = await mandated(house, ONLINE_MALL, DELETION)
    body = seen(house, "power_of_attorney", rights=["access", "suspension"])
    assert (await review(house, paper, body)).status_code == 200
    await house.workshop.run()
    assert await statuses(house, filed) == ["verified", "lapsed"]
    # What was never stated is not added, whatever is ticked.
    assert await one(house.desk, "SELECT rights FROM mandate") == ["access"]
    noted = await actions(house.desk, filed["id"])
    assert noted["mandate.narrow"] == noted["claim.lapse"] == 1


async def test_a_mandate_with_nothing_of_what_is_asked_cannot_be_accepted(house: House) -> None:
    filed, paper = await mandated(house, ONLINE_MALL)
    body = seen(house, "power_of_attorney", rights=["suspension"])
    assert refused(await review(house, paper, body)) == (422, "/rights", "mandate.scope")
    assert refused(await review(house, paper, {**body, "rights": []})) == (422, "/rights", "field.length")
    assert refused(await review(house, paper, {**body, "rights": ["everything"]})) == (422, "/rights/0", "field.value")
    assert (await review(house, paper, seen(house, "power_of_attorney"))).status_code == 200
    await house.workshop.run()
    assert await statuses(house, filed) == ["verified"]
    assert await one(house.desk, "SELECT rights FROM mandate") == ["access", "deletion"]


async def test_a_review_of_a_frozen_request_is_kept_and_nothing_goes_on(house: House) -> None:
    filed, paper = await mandated(house, ONLINE_MALL)
    await rows(house.desk, "UPDATE request SET frozen_at = now() RETURNING id")
    assert (await review(house, paper, seen(house, "power_of_attorney"))).status_code == 200
    await house.workshop.run()
    assert await statuses(house, filed) == ["awaiting_evidence"]


async def test_the_age_of_a_certificate_is_that_of_the_day_it_was_handed_in(house: House) -> None:
    filed = await house.file_as_guardian()
    paper = await handed_in(house, filed, "basic_certificate", party="requester")
    await rows(house.desk, "UPDATE evidence SET at = at - interval '5 days' RETURNING id")
    body = seen(house, "basic_certificate")
    for age, code in ((96, "evidence.too_old"), (95, None)):
        reply = await review(house, paper, {**body, "issued_on": (today() - timedelta(days=age)).isoformat()})
        assert reply.json().get("code") == code, reply.text
