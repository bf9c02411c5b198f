"""What is done beside deciding: footage, forms, letters, incidents, relays, ledgers, reports; a copy of the holds."""

from examples.common.transport import JSON, Document, Reply, Transport, document_of, reply_of


class Casework(Transport):
    """One method for each path that staff, the mail room and systems use after a claim has been taken up."""

    async def redact(self, claim_id: str, redactions: list[JSON], *, etag: str) -> Reply:
        """Say which stretches of a collection speak of somebody else (officer)."""
        return await self.put(f"/v1/claims/{claim_id}/collection/redactions", {"redactions": redactions}, etag=etag)

    async def agree_to_redactions(self, claim_id: str, said: JSON, *, etag: str) -> Reply:
        """Agree to what is hidden, or return it (approver)."""
        path = f"/v1/claims/{claim_id}/collection/approval"
        return reply_of(await self.send("POST", path, body=said, etag=etag))

    async def explain_lateness(self, claim_id: str, reason: str, *, etag: str) -> Reply:
        """Write down why a day passed (approver)."""
        return await self.put(f"/v1/claims/{claim_id}/lateness", {"reason": reason}, etag=etag)

    async def sources(self, request_id: str) -> Reply:
        """Read where data came from that the person did not give (requester, officer)."""
        return await self.get(f"/v1/requests/{request_id}/sources")

    async def blank_request(self, *, html: bool = False) -> Document:
        """Fetch the blank request (form 8), to be filled in by hand."""
        return await self._paper("/v1/forms/request", "request", html=html)

    async def request_form(self, request_id: str, *, html: bool = False, purpose: str | None = None) -> Document:
        """Fetch form 8 of a request, masked for whoever filed it; officers and approvers say what for."""
        return await self._paper(f"/v1/requests/{request_id}/form", "request", html=html, purpose=purpose)

    async def wish_form_by_post(self, request_id: str, wish: JSON) -> Reply:
        """Ask that form 8 be posted to the address that was typed."""
        return await self.put(f"/v1/requests/{request_id}/form/letter", wish)

    async def form_letter(self, request_id: str, purpose: str) -> Document:
        """Print form 8 with its cover (officer); the purpose is logged."""
        return await self._paper(f"/v1/requests/{request_id}/form/letter", "form-letter", purpose=purpose)

    async def form_posted(self, request_id: str, posting: JSON) -> Reply:
        """Say when form 8 was posted."""
        return await self.put(f"/v1/requests/{request_id}/form/posting", posting)

    async def letters(self, **filters: str | int | None) -> Reply:
        """Read what people have to bring: by post, by telephone, in person."""
        return await self.get("/v1/letters", **filters)

    async def word(self, letter_id: str, purpose: str) -> Document:
        """Print one of them with its cover; the purpose is logged."""
        return await self._paper(f"/v1/letters/{letter_id}/document", "letter", purpose=purpose)

    async def script(self, letter_id: str) -> Reply:
        """Read the words to say on the telephone."""
        return await self.get(f"/v1/letters/{letter_id}/script")

    async def told(self, letter_id: str, how: JSON) -> Reply:
        """Say that it was brought, how and when."""
        return await self.put(f"/v1/letters/{letter_id}/telling", how)

    async def came_back(self, letter_id: str, why: JSON) -> Reply:
        """Say that a letter came back."""
        return await self.put(f"/v1/letters/{letter_id}/return", why)

    async def receipts(self, receipts: JSON) -> Reply:
        """Say, as a carrier, what became of messages."""
        return reply_of(await self.send("POST", "/v1/receipts", body=receipts))

    async def task_letter(self, task_id: str, purpose: str) -> Document:
        """Print what a third party without a machine is told (officer); the purpose is logged."""
        return await self._paper(f"/v1/tasks/{task_id}/letter", "letter", purpose=purpose)

    async def answer_page(self, task_id: str, *, key: str) -> Reply:
        """Make the page of a holder without a machine anew; `pin` is told this once, to be read out (officer)."""
        return await self.post(f"/v1/tasks/{task_id}/answer-links", key=key)

    async def confirm_result(self, task_id: str, confirmation: JSON, *, etag: str) -> Reply:
        """Agree to what another officer entered for a holder, or not, with a note (officer, approver)."""
        return await self.put(f"/v1/tasks/{task_id}/result-confirmation", confirmation, etag=etag)

    async def task_proof(self, task_id: str, purpose: str) -> Document:
        """Look at the picture or paper a holder sent with its answer; the purpose is logged (officer, approver)."""
        return document_of(await self.send("GET", f"/v1/tasks/{task_id}/proof", purpose=purpose), "proof")

    async def relays(self, **filters: str | int | None) -> Reply:
        """Read what was passed on to others (officer)."""
        return await self.get("/v1/relays", **filters)

    async def relay(self, relay_id: str) -> Reply:
        """Read one of them; its ETag is what the next act names."""
        return await self.get(f"/v1/relays/{relay_id}")

    async def relay_sent(self, relay_id: str, sent: JSON, *, etag: str) -> Reply:
        """Say how and when it was passed on."""
        return await self.put(f"/v1/relays/{relay_id}/sending", sent, etag=etag)

    async def relay_answered(self, relay_id: str, answer: JSON, *, etag: str) -> Reply:
        """Say what the other party answered."""
        return await self.put(f"/v1/relays/{relay_id}/answer", answer, etag=etag)

    async def destructions(self, **filters: str | int | None) -> Reply:
        """Read the lists of requests whose time is over (officer, approver, auditor)."""
        return await self.get("/v1/destructions", **filters)

    async def destruction(self, destruction_id: str) -> Reply:
        """Read one list, and its signed record once it is done."""
        return await self.get(f"/v1/destructions/{destruction_id}")

    async def confirm_destruction(self, destruction_id: str, *, etag: str) -> Reply:
        """Have the requests of a list destroyed for good (approver)."""
        path = f"/v1/destructions/{destruction_id}/confirmation"
        return reply_of(await self.send("PUT", path, etag=etag))

    async def check_destruction(self, destruction_id: str, *, etag: str) -> Reply:
        """Confirm the result of a destruction after a look at its record (approver)."""
        return reply_of(await self.send("PUT", f"/v1/destructions/{destruction_id}/check", etag=etag))

    async def keep_back(self, destruction_id: str, request_id: str, keeping: JSON, *, etag: str) -> Reply:
        """Leave one request out of a list until a day, with its ground (approver)."""
        return await self.put(f"/v1/destructions/{destruction_id}/requests/{request_id}/keeping", keeping, etag=etag)

    async def held_sendings(self, **filters: str | int | None) -> Reply:
        """Read what a restored copy would have sent (officer, approver)."""
        return await self.get("/v1/held-sendings", **filters)

    async def settle_held_sendings(self, settled: JSON, *, key: str) -> Reply:
        """Send some of it, and leave what has gone (officer)."""
        return await self.post("/v1/held-sendings/settlement", settled, key=key)

    async def open_incident(self, incident: JSON, *, key: str) -> Reply:
        """Open an incident: an answer reached the wrong person (officer, approver)."""
        return await self.post("/v1/incidents", incident, key=key)

    async def incident(self, incident_id: str) -> Reply:
        """Read an incident; its ETag is what the next act names."""
        return await self.get(f"/v1/incidents/{incident_id}")

    async def act_on_incident(
        self, incident_id: str, what: str, said: JSON, *, etag: str, method: str = "PUT"
    ) -> Reply:
        """Draft, agree to or tell the notice, record the report, let it go on, close it."""
        path = {
            "notice": f"/v1/incidents/{incident_id}/notice",
            "approval": f"/v1/incidents/{incident_id}/notice/approval",
            "telling": f"/v1/incidents/{incident_id}/notice/telling",
            "report": f"/v1/incidents/{incident_id}/report",
            "resumption": f"/v1/incidents/{incident_id}/resumption",
            "closing": f"/v1/incidents/{incident_id}/closing",
        }[what]
        return reply_of(await self.send(method, path, body=said, etag=etag))

    async def incident_notice(self, incident_id: str, purpose: str, *, html: bool = False) -> Document:
        """Look at the notice that the person is to get; the purpose is logged."""
        return await self._paper(f"/v1/incidents/{incident_id}/notice/document", "leak", html=html, purpose=purpose)

    async def leak_report(self, incident_id: str, purpose: str) -> Document:
        """Draw the report to the authority; the purpose is logged."""
        return await self._paper(f"/v1/incidents/{incident_id}/report/document", "report", purpose=purpose)

    async def outlook(self) -> Reply:
        """Look ahead over the next closed days (officer, approver)."""
        return await self.get("/v1/outlook")

    async def report(self, month: str) -> Reply:
        """Read a month's figures, `2026-11` (auditor, approver, officer)."""
        return await self.get(f"/v1/reports/{month}")

    async def ledger(self, ledger: str, since: str, until: str, purpose: str) -> Document:
        """Fetch a ledger of a period as PDF: `requests`, `footage` or `destruction`; the purpose is logged."""
        period = {"from": since, "to": until}
        path = f"/v1/ledgers/{ledger}"
        sent = await self.send("GET", path, params=period, accept="application/pdf", purpose=purpose)
        return document_of(sent, f"{ledger}.pdf")

    async def audit_entries(self, **filters: str | int | None) -> Reply:
        """Read the audit chain, all or of one request (auditor, approver)."""
        return await self.get("/v1/audit/entries", **filters)

    async def audit_checkpoints(self, **filters: int | None) -> Reply:
        """Read the signed checkpoints, newest first (auditor, approver)."""
        return await self.get("/v1/audit/checkpoints", **filters)

    async def prove_growth(self, older: int, newer: int) -> Reply:
        """Fetch the proof that the chain only grew between two checkpoints, by their sizes (auditor, approver)."""
        return reply_of(await self.send("GET", "/v1/audit/growth", params={"from": older, "to": newer}))

    async def export_audit(self, purpose: str, since: int = 1) -> Document:
        """Take the chain away from an entry on, to verify it offline; the purpose is logged (auditor, approver)."""
        sent = await self.send("GET", "/v1/audit/export", params={"from": since}, purpose=purpose)
        return document_of(sent, "audit.jsonl")

    async def export_case(self, request_id: str, purpose: str) -> Document:
        """Take a case away as evidence that proves itself; the purpose is logged (approver)."""
        path = f"/v1/requests/{request_id}/evidence-pack"
        return document_of(await self.send("POST", path, json={"purpose": purpose}), "evidence.zip")

    async def prove_anchor(self, anchor: JSON) -> Reply:
        """Fetch the proof that an entry stands in the chain, by the anchor of a receipt (anybody who holds it)."""
        place = f"{anchor['seq']}.{anchor['hash']}"
        return await self.get(f"/v1/audit/proofs/{place}")

    async def disclosures(self, **filters: str | int | None) -> Reply:
        """Read what was provided to third parties, all or one request's (officer; all also auditor)."""
        return await self.get("/v1/disclosures", **filters)

    async def feed_key(self) -> Reply:
        """Fetch the key of our copy of the holds (system)."""
        return await self.get("/v1/holds/feed-key")

    async def holds(self, cursor: str | None = None, **filters: int) -> Reply:
        """Take a copy of the holds, page by page; `after` says where the feed goes on (system)."""
        return await self.get("/v1/holds/snapshot", cursor=cursor, **filters)

    async def follow_holds(self, after: str, *, wait: int = 0, **filters: int) -> Reply:
        """Read what changed after a place; with `wait` as soon as something does (system)."""
        return await self.get("/v1/holds/feed", after=after, wait=wait, **filters)

    async def access_log(self, **filters: str | int | None) -> Reply:
        """Read a day of the access log (auditor); `downloads="true"` for what was taken, and what for."""
        return await self.get("/v1/access-log", **filters)

    async def access_review(self, month: str) -> Reply:
        """Read the review of a month of the access log (auditor)."""
        return await self.get(f"/v1/access-reviews/{month}")

    async def sign_access_review(self, month: str, finding: str, remark: str) -> Reply:
        """Sign a month that one has read (auditor who worked in it in no other role)."""
        return await self.put(f"/v1/access-reviews/{month}/sign-off", {"finding": finding, "remark": remark})

    async def grants(self, **filters: str | int | None) -> Reply:
        """Read who was let in, as what and by whom, and who no longer is (auditor, admin)."""
        return await self.get("/v1/grant-history", **filters)

    async def log_out(self) -> Reply:
        """End the session of the token that this client calls with (staff)."""
        return reply_of(await self.send("POST", "/v1/sessions/end"))

    async def revoke_sessions(self, iss: str, sub: str, reason: str) -> Reply:
        """End every session of somebody of the staff (admin)."""
        body = {"iss": iss, "sub": sub, "reason": reason}
        return reply_of(await self.send("POST", "/v1/session-revocations", body=body))

    async def ask_about_download(self, entry_id: str, *, key: str) -> Reply:
        """Have somebody say what they took a document for; until then they take no other (auditor)."""
        return await self.post(f"/v1/access-log/{entry_id}/question", key=key)

    async def download_questions(self, **filters: str | int | None) -> Reply:
        """Read which of one's downloads are asked about; everybody's for an auditor (officer, approver, auditor)."""
        return await self.get("/v1/download-questions", **filters)

    async def answer_for_download(self, question_id: str, said: str) -> Reply:
        """Say what one took it for (officer, approver, auditor)."""
        return await self.put(f"/v1/download-questions/{question_id}/answer", {"answer": said})

    async def _paper(self, path: str, name: str, *, html: bool = False, purpose: str | None = None) -> Document:
        sent = await self.send("GET", path, accept="text/html" if html else "application/pdf", purpose=purpose)
        return document_of(sent, f"{name}.{'html' if html else 'pdf'}")
