"""Who looks after those who look: reasons, questions, the log as an auditor reads it, and the month that is signed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app import db, worker
from app.desk import Desk
from app.law import log_review
from app.law.deadline import seoul_date, seoul_midnight
from app.services import log_keeping
from tests.api import test_authorization as matrix
from tests.api.acts import one, refused, rows
from tests.house import GILDONG, STRANGER, House, bearer, key

PERIOD = "from=2026-01-01&to=2026-01-31"
LEDGER = f"/v1/ledgers/requests?{PERIOD}"
NOT_ABOUT_ANYBODY = {"get_report"}
STAFF = {"officer", "approver", "auditor"}


async def hour(desk: Desk) -> None:
    """What the worker looks for each hour."""
    await worker._each(desk, log_keeping.HOURLY)


def gives_a_document(operation: dict[str, Any]) -> bool:
    """Whether staff take something away by this operation that is no JSON."""
    kinds = operation["responses"].get("200", {}).get("content", {})
    return bool(STAFF & set(operation.get("x-roles", ())) and kinds.keys() - {"application/json"})


async def test_nobody_of_the_staff_takes_a_document_without_saying_what_for(house: House) -> None:
    asked = {
        route: operation
        for route, operation in matrix.OPERATIONS.items()
        if gives_a_document(operation) and operation["operationId"] not in NOT_ABOUT_ANYBODY
    }
    assert len(asked) >= 11
    for route, operation in asked.items():
        codes = [code for answer in operation["responses"].values() for code in answer.get("x-codes", ())]
        assert "download.unanswered" in codes, route
        if operation["operationId"] == "export_case":  # says it in its body
            continue
        assert "document.purpose_required" in codes, route
        role = max(STAFF & set(operation["x-roles"]))
        silent = {name: value for name, value in house.auth(role).items() if name != "Purpose"}
        path = route[1].format(**matrix.unknown_ids())
        if route[1].endswith("{ledger}"):
            path += f"?{PERIOD}"
        reply = await house.api.request(route[0], path, headers=silent)
        assert refused(reply) == (422, "/header/purpose", "document.purpose_required"), route
    assert await one(house.desk, "SELECT count(*) FROM access_log WHERE purpose IS NOT NULL") == 0


async def test_what_is_asked_about_blocks_the_next_until_it_is_answered(house: House) -> None:
    officer, other, auditor = house.auth("officer"), house.auth("officer", "officer-2"), house.auth("auditor")
    filed = await house.file()
    form = f"/v1/requests/{filed['id']}/form"
    assert (await house.api.get(LEDGER, headers=officer)).status_code == 200
    await hour(house.desk)
    await hour(house.desk)  # asked once
    open_ = (await house.api.get("/v1/download-questions", headers=officer)).json()["items"]
    causes = [one_["cause"] for one_ in open_]
    assert causes.count("extract") == 1 and set(causes) <= {"extract", "off_hours"}
    blocked = await house.api.get(form, headers=officer)
    assert (blocked.status_code, blocked.json()["code"]) == (409, "download.unanswered")
    assert (await house.api.get(form, headers=other)).status_code == 200
    assert (await house.api.get("/v1/claims", headers=officer)).status_code == 200, "work goes on"
    said = {"answer": "분기 보고에 씁니다. 홍길동 님 문의와는 무관합니다."}
    for question in open_:
        path = f"/v1/download-questions/{question['id']}/answer"
        foreign = await house.api.put(path, json=said, headers=other)
        assert (foreign.status_code, foreign.json()["code"]) == (404, "download_question.not_found")
        assert (await house.api.get(form, headers=officer)).status_code == 409
        answered = await house.api.put(path, json=said, headers=officer)
        assert (answered.status_code, answered.json()["answer"]) == (200, said["answer"])
        assert (await house.api.put(path, json=said, headers=officer)).status_code == 409
    assert (await house.api.get(form, headers=officer)).status_code == 200
    # An auditor asks about one more, and not about their own.
    day = (await house.api.get("/v1/access-log?downloads=true", headers=auditor)).json()["items"]
    assert {(row["purpose"], row["result"]) for row in day} == {("work on the case", "ok")}
    entry = day[-1]["id"]
    path = f"/v1/access-log/{entry}/question"
    assert (await house.api.post(path, headers={**auditor, **key()})).status_code == 201
    assert (await house.api.get(form, headers=officer)).status_code == 409
    mine = await house.api.get(LEDGER, headers={**auditor, "Purpose": "yearly check"})
    assert mine.status_code == 200
    own = await one(house.desk, "SELECT id::text FROM access_log WHERE role = 'auditor' AND purpose IS NOT NULL")
    refusal = await house.api.post(f"/v1/access-log/{own}/question", headers={**auditor, **key()})
    assert (refusal.status_code, refusal.json()["code"]) == (403, "approval.same_person")
    no_download = await one(house.desk, "SELECT id::text FROM access_log WHERE operation = 'list_claims'")
    assert (
        await house.api.post(f"/v1/access-log/{no_download}/question", headers={**auditor, **key()})
    ).status_code == 404
    seen = (await house.api.get("/v1/download-questions?unanswered=false", headers=auditor)).json()["items"]
    assert len(seen) == len(open_) + 1 and seen[0]["answer"] == said["answer"] and seen[-1]["cause"] == "asked"
    kept = await rows(house.desk, "SELECT answer_ct FROM download_question WHERE answer_ct IS NOT NULL")
    assert kept and all("분기".encode() not in bytes(row.answer_ct) for row in kept)


async def test_an_auditor_reads_a_day_by_pages_and_sees_no_subject_and_their_own_look(house: House) -> None:
    officer, auditor = house.auth("officer"), house.auth("auditor")
    first, second = await house.file(), await house.file()
    for filed in (first, second, first):
        await house.look(filed, "officer")
    await house.api.get("/v1/claims", headers=house.auth("officer", "officer-2"))
    await house.api.get(f"/v1/requests/{db.new_id()}", headers=officer)

    async def pages(query: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            reply = (await house.api.get(f"/v1/access-log?limit=2{query}{cursor}", headers=auditor)).json()
            found += reply["items"]
            if reply["next_cursor"] is None:
                return found
            cursor = f"&cursor={reply['next_cursor']}"

    whole = await pages()
    assert len({row["id"] for row in whole}) == len(whole) >= 7
    assert [row["at"] for row in whole] == sorted(row["at"] for row in whole)
    for secret in (*GILDONG.values(), "821012345678", first["receipt_no"]):
        assert secret not in str(whole)
    looks = [row for row in whole if row["operation"] == "get_request" and row["result"] == "ok"]
    assert [row["request_id"] for row in looks] == [first["id"], second["id"], first["id"]]
    assert looks[0]["subject_ref"] == looks[2]["subject_ref"]
    assert [row["actor"].rpartition("|")[2] for row in looks] == ["officer-1"] * 3
    by_actor = await pages(f"&actor={looks[0]['actor_ref']}")
    assert {row["actor"] for row in by_actor} == {looks[0]["actor"]}
    assert [row["operation"] for row in by_actor] == ["log_in", *["get_request"] * 4]
    assert {row["operation"] for row in await pages("&operation=list_claims")} == {"list_claims"}
    assert [row["result"] for row in await pages("&failed=true")] == ["request.not_found"]
    assert {row["operation"] for row in await pages("&operation=list_access_log")} == {"list_access_log"}
    yesterday = (seoul_date(db.now()) - timedelta(days=1)).isoformat()
    assert await pages(f"&day={yesterday}") == []
    for wrong in ("cursor=x", "cursor=WyIyMDI2LTExLTI5IiwgIngiXQ==", "actor=kim", "day=29-11-2026", "limit=501"):
        assert (await house.api.get(f"/v1/access-log?{wrong}", headers=auditor)).status_code == 422, wrong


async def happened(desk: Desk, at: datetime, actor: str, role: str = "officer", **more: Any) -> None:
    """A row of another time."""
    row = {"operation": "get_request", "result": "ok", "purpose": None, "request_id": None, "address": "10.0.0.7"}
    await rows(
        desk,
        "INSERT INTO access_log (id, at, role, actor, address, operation, request_id, purpose, result, trace)"
        " VALUES (:id, :at, :role, :actor, :address, :operation, :request_id, :purpose, :result, 't') RETURNING id",
        **{"id": db.new_id(), "at": at, "role": role, "actor": actor, **row, **more},
    )


async def test_a_month_is_drawn_up_read_and_signed_by_somebody_who_is_not_in_it(house: House) -> None:
    present = seoul_date(db.now()).replace(day=1)
    month = log_review.month_after(present, -2)
    path = f"/v1/access-reviews/{month:%Y-%m}"
    iss = house.desk.issuer.name
    auditor = house.auth("auditor")
    assert (await house.api.get(path, headers=auditor)).json()["code"] == "access_review.not_found"
    days = (month + timedelta(days=count) for count in range(28))
    working = next(day for day in days if day.weekday() < 5 and house.desk.closed(day) is None)
    noon, night = seoul_midnight(working) + timedelta(hours=12), seoul_midnight(working) + timedelta(hours=23)
    for number in range(100):
        await happened(house.desk, noon, f"{iss}|kim", request_id=UUID(int=number + 1))
    await happened(house.desk, night, f"{iss}|lee", operation="read_evidence", purpose="check the seal")
    await happened(house.desk, noon, f"{iss}|lee", result="request.not_found")
    await happened(house.desk, noon, "urn|unknown", role="unknown", operation="list_claims", result="auth.invalid:time")
    await happened(house.desk, noon, f"{iss}|mall", role="system", operation="check_processing")
    await happened(house.desk, noon, f"{iss}|auditor-1", role="auditor", operation="list_access_log")
    relative, stranger = await house.file(), await house.file(subject=STRANGER)
    named = house.token("officer", "hong", name="홍판서")
    assert (await house.api.get("/v1/claims", headers=bearer(named))).status_code == 200
    for filed in (relative, relative, stranger):
        await happened(house.desk, noon, f"{iss}|hong", request_id=filed["id"])
    await happened(house.desk, noon, f"{iss}|auditor-2", role="auditor", operation="download_ledger", purpose="yearly")
    for number in range(2):
        await happened(house.desk, noon, f"{iss}|{UUID(int=1)}", role="requester", request_id=UUID(int=number + 1))
    taken = await one(house.desk, "SELECT id::text FROM access_log WHERE operation = 'read_evidence'")
    asked = await house.api.post(f"/v1/access-log/{taken}/question", headers={**auditor, **key()})
    await hour(house.desk)
    await hour(house.desk)
    review = (await house.api.get(path, headers=auditor)).json()
    assert review["complete"] and review["signed_at"] is None
    actors = {one_["actor"].rpartition("|")[2]: one_ for one_ in review["actors"]}
    assert (actors["kim"]["calls"], actors["kim"]["requests"], actors["kim"]["off_hours"]) == (100, 100, 0)
    lee = actors["lee"]
    assert (lee["calls"], lee["refused"], lee["off_hours"], lee["downloads"]) == (2, 1, 1, 1)
    assert [(one_["actor"], one_["requests"]) for one_ in review["bulk"]] == [(f"{iss}|kim", 100)]
    assert [(one_["actor"], one_["request_id"], one_["calls"]) for one_ in review["own_name"]] == [
        (f"{iss}|hong", relative["id"], 2)
    ]
    assert "홍" not in str(review)
    assert [one_["purpose"] for one_ in review["downloads"]] == ["yearly", "check the seal"]
    assert review["on_behalf"] == {"calls": 2, "requests": 2, "refused": 0}, "who asks for others, as one figure"
    assert review["questions"] == {"asked": 1, "answered": 0}
    assert [(one_["result"], one_["times"]) for one_ in review["failed_logins"]] == [("auth.invalid:time", 1)]
    assert [one_["calls"] for one_ in review["machines"]] == [1]
    assert await overdue(house) == 1
    signed = {"finding": "followed_up", "remark": "lee에게 23시 열람의 까닭을 물었습니다."}
    partial = await house.api.get(f"/v1/access-reviews/{present:%Y-%m}", headers=auditor)
    assert partial.json()["complete"] is False
    early = await house.api.put(f"/v1/access-reviews/{present:%Y-%m}/sign-off", json=signed, headers=auditor)
    assert early.json()["code"] == "access_review.not_found"
    for judged in ("lee", "auditor-2"):  # worked in another role; took a document
        themselves = await house.api.put(f"{path}/sign-off", json=signed, headers=house.auth("auditor", judged))
        assert (themselves.status_code, themselves.json()["code"]) == (403, "access_review.not_independent"), judged
    for role in ("officer", "approver", "admin"):
        assert (await house.api.put(f"{path}/sign-off", json=signed, headers=house.auth(role))).status_code == 403
    owed = await house.api.put(f"{path}/sign-off", json=signed, headers=auditor)
    assert (owed.status_code, owed.json()["code"]) == (409, "access_review.unanswered")
    said = f"/v1/download-questions/{asked.json()['id']}/answer"
    told = await house.api.put(said, json={"answer": "야간 당직이었습니다."}, headers=house.auth("officer", "lee"))
    assert told.status_code == 200
    done = await house.api.put(f"{path}/sign-off", json=signed, headers=auditor)
    assert (done.status_code, done.json()["signed_by"], done.json()["remark"]) == (
        200, f"{iss}|auditor-1", signed["remark"],
    )  # fmt: skip
    assert (await house.api.put(f"{path}/sign-off", json=signed, headers=auditor)).status_code == 409
    assert await overdue(house) == 0
    noted = await rows(
        house.desk,
        "SELECT convert_from(body, 'UTF8')::json -> 'facts' ->> 'hash' AS hash FROM audit_entry"
        " WHERE convert_from(body, 'UTF8')::json ->> 'action' LIKE 'access_review.%' ORDER BY seq",
    )
    assert len(noted) == 2 and noted[0].hash == noted[1].hash, "what was signed is what was drawn up"


async def test_who_was_put_out_owes_no_answer_that_would_keep_a_month_open(house: House) -> None:
    month, iss = log_review.month_after(seoul_date(db.now()).replace(day=1), -1), house.desk.issuer.name
    await happened(house.desk, seoul_midnight(month) + timedelta(hours=60), f"{iss}|lee", purpose="a look")
    taken = await one(house.desk, "SELECT id::text FROM access_log WHERE purpose IS NOT NULL")
    auditor, path = house.auth("auditor"), f"/v1/access-reviews/{month:%Y-%m}/sign-off"
    await house.api.post(f"/v1/access-log/{taken}/question", headers={**auditor, **key()})
    await hour(house.desk)
    signed = {"finding": "followed_up", "remark": "퇴사하여 답을 받지 못했습니다."}
    assert (await house.api.put(path, json=signed, headers=auditor)).json()["code"] == "access_review.unanswered"
    gone = {"iss": iss, "sub": "lee", "reason": "left"}
    assert (await house.api.post("/v1/session-revocations", json=gone, headers=house.auth("admin"))).status_code == 200
    assert (await house.api.put(path, json=signed, headers=auditor)).status_code == 200


async def overdue(house: House) -> int:
    """What the operator sees."""
    told = (await house.api.get("/metrics")).text
    [line] = [one_ for one_ in told.splitlines() if one_.startswith("desk_access_reviews_overdue ")]
    return int(float(line.split()[1]))
