"""A thin client of the rights desk: one method for each path, JSON in and out, patience where the contract asks for it.

    async with Desk("http://127.0.0.1:8000", Credentials("client id", "client secret")) as desk:
        filed = await desk.file_request({...})
        person = desk.calling_as(filed["requester_token"])
        print((await person.request(filed["id"]))["claims"])

Failures are `ProblemError` (the desk answered with a problem document) or `UnreachableError` (it did not answer).
"""

import uuid

import httpx

from examples.answering import Answering
from examples.common.transport import (
    JSON,
    Credentials,
    Document,
    Paper,
    ProblemError,
    Reply,
    UnreachableError,
    document_of,
    reply_of,
)

__all__ = ["JSON", "Credentials", "Desk", "Document", "Paper", "ProblemError", "Reply", "UnreachableError", "new_key"]


def new_key() -> str:
    """Return a fresh Idempotency-Key. Keep it beside what you send, and send both again together."""
    return str(uuid.uuid4())


class Desk(Answering):
    """The rights desk, path by path."""

    async def jwks(self) -> Reply:
        """Read the desk's public keys."""
        return await self.get("/.well-known/jwks.json")

    async def create_client(self, name: str, role: str, *, key: str | None = None) -> Reply:
        """Register a machine client (admin); its secret is shown this once."""
        return await self.post("/v1/clients", {"name": name, "role": role}, key=key or new_key())

    async def new_secret(self, client_id: str, *, key: str | None = None) -> Reply:
        """Give a client another secret (admin)."""
        return await self.post(f"/v1/clients/{client_id}/secrets", key=key or new_key())

    async def retire_client(self, client_id: str, *, key: str | None = None) -> Reply:
        """End a client (admin)."""
        return await self.post(f"/v1/clients/{client_id}/retirement", key=key or new_key())

    async def file_request(self, request: JSON, *, key: str | None = None) -> Reply:
        """File a request. After a failure send the same key with the same request."""
        return await self.post("/v1/requests", request, key=key or new_key())

    async def request(self, request_id: str) -> Reply:
        """Read a request as the caller's role sees it."""
        return await self.get(f"/v1/requests/{request_id}")

    async def timeline(self, request_id: str) -> Reply:
        """Read what happened."""
        return await self.get(f"/v1/requests/{request_id}/timeline")

    async def withdraw(self, request_id: str, claim_ids: list[str] | None = None) -> Reply:
        """Withdraw some claims, or all."""
        body = {} if claim_ids is None else {"claim_ids": claim_ids}
        return await self.post(f"/v1/requests/{request_id}/withdrawal", body)

    async def search_requests(self, **known: str) -> Reply:
        """Find requests by receipt_no, phone or email (officer, approver)."""
        return await self.post("/v1/request-searches", known)

    async def track(self, receipt_no: str, access_code: str) -> Reply:
        """Exchange receipt number and access code for a requester's token."""
        return await self.post("/v1/tracking", {"receipt_no": receipt_no, "access_code": access_code})

    async def ask_for_code(
        self, request_id: str, method: str, *, purpose: str = "identity", party: str = "subject", key: str | None = None
    ) -> Reply:
        """Begin a verification; for the code methods a code is sent."""
        body = {"party": party, "method": method, "purpose": purpose}
        return await self.post(f"/v1/requests/{request_id}/verifications", body, key=key or new_key())

    async def answer(self, verification_id: str, **answer: str) -> Reply:
        """Answer a verification with `code=` or `assertion=`. Never sent twice: each wrong one counts."""
        return await self.post(f"/v1/verifications/{verification_id}/answer", dict(answer))

    async def attest(
        self,
        request_id: str,
        documents_seen: list[str],
        *,
        party: str = "subject",
        subject_ref: str | None = None,
        key: str | None = None,
    ) -> Reply:
        """Attest a visit (officer, clerk): the kinds of documents seen, never their numbers."""
        body: JSON = {"party": party, "documents_seen": documents_seen}
        body |= {"subject_ref": subject_ref} if subject_ref else {}
        return await self.post(f"/v1/requests/{request_id}/attestation", body, key=key or new_key())

    async def hand_in(
        self, request_id: str, kind: str, paper: Paper, *, party: str = "requester", key: str | None = None
    ) -> Reply:
        """Hand in a paper. After a failure send the same key with the same file."""
        form = {"kind": kind, "party": party}
        path = f"/v1/requests/{request_id}/evidence"
        return reply_of(await self.send("POST", path, form=form, paper=paper, key=key or new_key()))

    async def papers(self, request_id: str, **filters: str | int | None) -> Reply:
        """List the papers of a request and where each stands."""
        return await self.get(f"/v1/requests/{request_id}/evidence", **filters)

    async def papers_to_review(self, **filters: str | int | None) -> Reply:
        """List the papers that wait for a review, the oldest first (officer, approver)."""
        return await self.get("/v1/evidence", **filters)

    async def paper(self, evidence_id: str) -> Reply:
        """Read what is known of a paper (officer, approver); its ETag is what a review names."""
        return await self.get(f"/v1/evidence/{evidence_id}")

    async def look_at_paper(self, evidence_id: str, purpose: str) -> Document:
        """Look at a paper (officer, approver). What for is written down, and across every page."""
        sent = await self.send("GET", f"/v1/evidence/{evidence_id}/content", accept="*/*", purpose=purpose)
        return document_of(sent, "evidence.pdf")

    async def review_paper(self, evidence_id: str, review: JSON, *, etag: str) -> Reply:
        """Accept or refuse the version of a paper that was read (officer)."""
        return await self.put(f"/v1/evidence/{evidence_id}/review", review, etag=etag)

    async def call_for_papers(
        self, request_id: str, missing: list[str], message: str | None = None, *, key: str | None = None
    ) -> Reply:
        """Call for papers that are missing (officer)."""
        body = {"missing": missing, "message": message}
        return await self.post(f"/v1/requests/{request_id}/supplements", body, key=key or new_key())

    async def end_mandate(self, request_id: str, cause: str | None = None) -> Reply:
        """End a mandate: the subject revokes it, the delegate gives it up, staff note a cause."""
        body = {"cause": cause} if cause else {}
        return await self.post(f"/v1/requests/{request_id}/mandate/revocation", body)

    async def stop(self, stop_code: str) -> Reply:
        """Say "it was not me" with the code that came; the answer is the same whatever the code."""
        return await self.post("/v1/freezes", {"stop_code": stop_code})

    async def rule_freeze(self, request_id: str, result: str, reason: str, *, etag: str) -> Reply:
        """Let a stopped request go on (`released`) or end it (`void`), on the version that was read (approver)."""
        body = {"result": result, "reason": reason}
        return await self.put(f"/v1/requests/{request_id}/freeze/ruling", body, etag=etag)

    async def claims(self, **filters: str | int | None) -> Reply:
        """Read the queue by due date (officer, approver)."""
        return await self.get("/v1/claims", **filters)

    async def claim(self, claim_id: str) -> Reply:
        """Read one claim; its ETag is what a decision names."""
        return await self.get(f"/v1/claims/{claim_id}")

    async def assign(self, claim_id: str, assignee: str | None) -> Reply:
        """Say who works on a claim."""
        return await self.put(f"/v1/claims/{claim_id}/assignee", {"assignee": assignee})

    async def assessment(self, claim_id: str) -> Reply:
        """Read what the rules propose, item by item."""
        return await self.get(f"/v1/claims/{claim_id}/assessment")

    async def decide(self, claim_id: str, decision: JSON, *, etag: str) -> Reply:
        """Decide on the version of the claim that was read (officer)."""
        return await self.put(f"/v1/claims/{claim_id}/decision", decision, etag=etag)

    async def approve(self, claim_id: str, agree: bool, note: str | None = None, *, etag: str) -> Reply:
        """Confirm a proposed decision or return it (approver)."""
        body = {"agree": agree, "note": note}
        return reply_of(await self.send("POST", f"/v1/claims/{claim_id}/approval", body=body, etag=etag))

    async def postpone(self, claim_id: str, ground: str, reason: str, expected_on: str, *, etag: str) -> Reply:
        """Put access off before its day, for a ground (officer)."""
        body = {"ground": ground, "reason": reason, "expected_on": expected_on}
        return reply_of(await self.send("POST", f"/v1/claims/{claim_id}/postponement", body=body, etag=etag))

    async def resume(self, claim_id: str, *, etag: str) -> Reply:
        """Take a postponed claim up again (officer)."""
        return reply_of(await self.send("POST", f"/v1/claims/{claim_id}/resumption", etag=etag))

    async def object_to(self, claim_id: str, objection: JSON, *, key: str | None = None) -> Reply:
        """Object to a decision or a postponement: somebody who took no part looks at it again."""
        return await self.post(f"/v1/claims/{claim_id}/objections", objection, key=key or new_key())

    async def objections(self, **filters: str | int | None) -> Reply:
        """Read the queue of objections by their day (officer, approver)."""
        return await self.get("/v1/objections", **filters)

    async def objection(self, objection_id: str) -> Reply:
        """Read one objection with its reason; its ETag is what a ruling names (officer, approver)."""
        return await self.get(f"/v1/objections/{objection_id}")

    async def rule_objection(self, objection_id: str, result: str, reason: str, *, etag: str) -> Reply:
        """Confirm the decision, or overturn it so that others decide anew (an approver who took no part)."""
        body = {"result": result, "reason": reason}
        return await self.put(f"/v1/objections/{objection_id}/ruling", body, etag=etag)

    async def drop_objection(self, objection_id: str) -> Reply:
        """Take an objection back."""
        return reply_of(await self.send("POST", f"/v1/objections/{objection_id}/withdrawal"))

    async def viewings(self, claim_id: str) -> Reply:
        """Read who saw, copied or destroyed a claim's footage (officer, approver, whoever works at the place)."""
        return await self.get(f"/v1/claims/{claim_id}/viewings")

    async def record_viewing(self, claim_id: str, line: JSON, *, key: str | None = None) -> Reply:
        """Write a line into the ledger of footage (officer, whoever works at the place)."""
        return await self.post(f"/v1/claims/{claim_id}/viewings", line, key=key or new_key())

    async def fences(self, **filters: str | int | None) -> Reply:
        """Read what a statute keeps after a deletion, by its last day (officer, approver)."""
        return await self.get("/v1/fences", **filters)

    async def follow_ups(self, **filters: str | int | None) -> Reply:
        """Read the measures that follow suspensions, by their day (officer, approver)."""
        return await self.get("/v1/follow-ups", **filters)

    async def follow_up(self, follow_up_id: str) -> Reply:
        """Read one measure; its ETag is what a proposal or approval names (officer, approver)."""
        return await self.get(f"/v1/follow-ups/{follow_up_id}")

    async def set_measure(self, follow_up_id: str, measure: str, reason: str, *, etag: str) -> Reply:
        """Say what becomes of data whose processing was stopped (officer)."""
        body = {"measure": measure, "reason": reason}
        return await self.put(f"/v1/follow-ups/{follow_up_id}/measure", body, etag=etag)

    async def approve_measure(self, follow_up_id: str, *, agree: bool, note: str | None = None, etag: str) -> Reply:
        """Agree to a measure that destroys, or give it back with a note (approver)."""
        body = {"agree": agree, "note": note}
        return reply_of(await self.send("POST", f"/v1/follow-ups/{follow_up_id}/approval", body=body, etag=etag))

    async def collection(self, claim_id: str) -> Reply:
        """Read what holders returned for an access claim, before it is released (officer)."""
        return await self.get(f"/v1/claims/{claim_id}/collection")

    async def release_collection(self, claim_id: str, *, etag: str) -> Reply:
        """Say that what was collected has been read and may be released (officer)."""
        return reply_of(await self.send("PUT", f"/v1/claims/{claim_id}/collection/review", etag=etag))

    async def notices(self, request_id: str) -> Reply:
        """List the notices of a request."""
        return await self.get(f"/v1/requests/{request_id}/notices")

    async def open_notice(
        self, notice_id: str, grant: str | None = None, *, html: bool = False, purpose: str | None = None
    ) -> Document:
        """Open a notice as PDF or page: the person once with a release grant, staff by their role and for a purpose."""
        accept = "text/html" if html else "application/pdf"
        method, body = ("POST", {"grant": grant}) if grant else ("GET", None)
        path = f"/v1/notices/{notice_id}/document"
        sent = await self.send(method, path, body=body, accept=accept, purpose=purpose)
        return document_of(sent, "notice.html" if html else "notice.pdf")

    async def fetch_package(self, claim_id: str, grant: str) -> Document:
        """Fetch the access package, a zip, with a release grant."""
        sent = await self.send(
            "POST", f"/v1/claims/{claim_id}/package", body={"grant": grant}, accept="application/zip"
        )
        return document_of(sent, "package.zip")

    async def letter(self, notice_id: str, purpose: str) -> Document:
        """Fetch the answer as a letter for an envelope with a window (officer, approver); the purpose is logged."""
        sent = await self.send("GET", f"/v1/notices/{notice_id}/letter", accept="application/pdf", purpose=purpose)
        return document_of(sent, "letter.pdf")

    async def tell_posting(self, notice_id: str, posted_on: str) -> Reply:
        """Say on which day the letter was posted (officer)."""
        return await self.put(f"/v1/notices/{notice_id}/posting", {"posted_on": posted_on})

    async def create_system(self, system: JSON, *, key: str | None = None) -> Reply:
        """Register a holder of data (admin); its key and client secret are shown this once."""
        return await self.post("/v1/systems", system, key=key or new_key())

    async def systems(self, **filters: str | int | None) -> Reply:
        """List the registered systems (admin)."""
        return await self.get("/v1/systems", **filters)

    async def system(self, system_id: str) -> Reply:
        """Read one system (admin)."""
        return await self.get(f"/v1/systems/{system_id}")

    async def change_system(self, system_id: str, changes: JSON, *, etag: str) -> Reply:
        """Change the version of a system that was read (admin)."""
        return await self.put(f"/v1/systems/{system_id}", changes, etag=etag, method="PATCH")

    async def confirm_endpoint(self, system_id: str, *, etag: str) -> Reply:
        """Agree to where another admin wants a system's events sent (admin)."""
        return reply_of(await self.send("PUT", f"/v1/systems/{system_id}/endpoint-confirmation", etag=etag))

    async def system_proposals(self) -> Reply:
        """List what the policy in force changes in the registry (admin)."""
        return await self.get("/v1/system-proposals")

    async def confirm_system_proposal(self, proposal_id: str) -> Reply:
        """Have one of these done (admin)."""
        return reply_of(await self.send("PUT", f"/v1/system-proposals/{proposal_id}/confirmation"))

    async def retire_system(self, system_id: str, *, key: str | None = None) -> Reply:
        """End a system (admin)."""
        return await self.post(f"/v1/systems/{system_id}/retirement", key=key or new_key())

    async def challenge_system(self, system_id: str, *, key: str | None = None) -> Reply:
        """Have the endpoint challenged again (admin)."""
        return await self.post(f"/v1/systems/{system_id}/challenges", key=key or new_key())

    async def send_test_event(self, system_id: str, *, key: str | None = None) -> Reply:
        """Have a test event sent (admin)."""
        return await self.post(f"/v1/systems/{system_id}/test-events", key=key or new_key())

    async def make_test_task(self, system_id: str, action: str, category: str, *, key: str | None = None) -> Reply:
        """Have a system try a task about nobody (admin)."""
        body = {"action": action, "category": category}
        return await self.post(f"/v1/systems/{system_id}/test-tasks", body, key=key or new_key())

    async def test_tasks(self, system_id: str) -> Reply:
        """See how the tasks about nobody went (admin)."""
        return await self.get(f"/v1/systems/{system_id}/test-tasks")

    async def new_system_key(self, system_id: str, said: JSON, *, key: str | None = None) -> Reply:
        """Change the key that signs a system's events (admin): `scheme`, `overlap_hours`; a v1 secret is shown once."""
        return await self.post(f"/v1/systems/{system_id}/keys", said, key=key or new_key())

    async def system_keys(self, system_id: str) -> Reply:
        """Read which keys sign from when until when (admin, the system itself)."""
        return await self.get(f"/v1/systems/{system_id}/keys")

    async def webhook_keys(self) -> Reply:
        """Read the public keys that sign events, by system (open)."""
        return await self.get("/.well-known/webhook-keys.json")

    async def deliveries(self, system_id: str, **filters: str | int | None) -> Reply:
        """See what became of a system's events, newest first (admin, the system itself)."""
        return await self.get(f"/v1/systems/{system_id}/deliveries", **filters)

    async def send_again(self, delivery_id: str, *, key: str | None = None) -> Reply:
        """Have one event sent again under its id (admin, the system itself)."""
        return await self.post(f"/v1/deliveries/{delivery_id}/redelivery", key=key or new_key())

    async def recover(self, system_id: str, since: str, *, key: str | None = None) -> Reply:
        """Have everything sent again that was given up since then (admin, the system itself)."""
        return await self.post(f"/v1/systems/{system_id}/recovery", {"since": since}, key=key or new_key())

    async def tasks(self, **filters: str | int | None) -> Reply:
        """List the system's own tasks."""
        return await self.get("/v1/tasks", **filters)

    async def task(self, task_id: str) -> Reply:
        """Read one task."""
        return await self.get(f"/v1/tasks/{task_id}")

    async def acknowledge_task(self, task_id: str, expected_on: str, reason: str | None = None) -> Reply:
        """Say by when the task will be done."""
        body = {"expected_on": expected_on} | ({"reason": reason} if reason else {})
        return await self.put(f"/v1/tasks/{task_id}/acknowledgement", body)

    async def report_result(self, task_id: str, result: JSON) -> Reply:
        """Report what was done. The same report may be sent again."""
        return await self.put(f"/v1/tasks/{task_id}/result", result)

    async def check_processing(self, checks: list[JSON]) -> Reply:
        """Ask whether data may be used now, up to 1,000 questions at once (system)."""
        return reply_of(await self.send("POST", "/v1/processing-checks", body={"checks": checks}))

    async def log_disclosures(self, disclosures: list[JSON], *, key: str) -> Reply:
        """Say what was provided to third parties, up to 500 at once (system)."""
        return reply_of(await self.send("POST", "/v1/disclosures", body={"disclosures": disclosures}, key=key))

    async def policy(self) -> Reply:
        """Read all that a form needs: categories, fields, purposes, rights, limits, contacts."""
        return await self.get("/v1/policy")

    async def proof(
        self, right: str, capacity: str, *, age: int | None = None, relationship: str | None = None
    ) -> Reply:
        """Read what a request of this kind will need, before anything is filed."""
        return await self.get("/v1/policy/proof", right=right, capacity=capacity, age=age, relationship=relationship)

    async def parity(self) -> Reply:
        """Read what each channel asks: the same through all."""
        return await self.get("/v1/policy/parity")

    async def power_of_attorney(self, *, html: bool = False) -> Document:
        """Fetch the blank power of attorney (form 11), to be filled in by hand."""
        accept = "text/html" if html else "application/pdf"
        sent = await self.send("GET", "/v1/forms/power-of-attorney", accept=accept)
        return document_of(sent, "power-of-attorney.html" if html else "power-of-attorney.pdf")

    async def rulebook(self, *, on: str | None = None) -> Reply:
        """Read the grounds the law gives, today or on a day."""
        return await self.get("/v1/rulebook", on=on)

    async def problems(self) -> httpx.Response:
        """Read the list of problem codes."""
        return await self.send("GET", "/problems")

    async def problem(self, code: str) -> httpx.Response:
        """Read what one problem code means."""
        return await self.send("GET", f"/problems/{code}")

    async def health(self) -> Reply:
        """Ask whether the desk is alive."""
        return await self.get("/healthz")

    async def ready(self) -> Reply:
        """Ask whether the desk can work."""
        return await self.get("/readyz")

    async def metrics(self) -> str:
        """Read the figures in Prometheus' format."""
        return (await self.send("GET", "/metrics", accept="text/plain")).text
