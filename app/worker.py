"""The queue's door: one short handler a job, the periodic sweeps; the only module that reaches the world.

Every handler works in beats: read in a transaction, act outside any, record in a transaction; and may be run twice.
"""

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as QueuedJob
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app import db, inspection
from app.crashpoints import crashpoint
from app.desk import Desk
from app.gateways.ledger_file import LedgerFile
from app.gateways.mail import Mail, OutMail
from app.gateways.outbox import Outbox
from app.gateways.outcome import Outcome, Permanent, Retryable, Sent
from app.gateways.register import Query, Register, known
from app.gateways.sms import OutSms, Sms
from app.gateways.webhooks import Webhooks
from app.jobs import Job, defer
from app.law.match import Person
from app.services import (
    adjudication,
    aligning,
    answer_links,
    carriers,
    casebook,
    challenging,
    closed_days,
    day_over,
    destroying,
    disclosure,
    identity,
    ledgering,
    log_keeping,
    objecting,
    posting,
    postponing,
    pulse,
    scanning,
    sending,
    supplements,
    telling,
    uploads,
    verification,
    watch,
    witnessing,
)
from app.services.days import DAYS, Act, Find

AT_ONCE = 10
AGAIN_S = 2.0
"""After so long a queue whose database is away is begun anew."""
WAITS = (5, 15, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800)
_log = logging.getLogger("rights_desk.worker")


class TryLaterError(Exception):
    """Something outside did not answer; the job comes again on its schedule."""


class Schedule(BaseRetryStrategy):
    """The first retry of any outside call after about five seconds, then slower and slower."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        """When to come again, or None when it is the sweep's turn."""
        if job.attempts >= len(WAITS):
            return None
        return RetryDecision(retry_at=db.now() + timedelta(seconds=WAITS[job.attempts]))


class Unending(BaseRetryStrategy):
    """For what no sweep would find again: it comes until it is done, at last every hour."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision:
        """When to come again."""
        wait = min(WAITS[min(job.attempts, len(WAITS) - 1)], 3_600)
        return RetryDecision(retry_at=db.now() + timedelta(seconds=wait))


@dataclass(slots=True)
class World:
    """The doors to the outside, opened once."""

    mail: Mail
    sms: Sms
    webhooks: Webhooks
    register: Register | None
    ledger: LedgerFile
    outbox: Outbox

    @classmethod
    def of(cls, desk: Desk) -> "World":
        """The gateways that the settings name."""
        settings = desk.settings
        return cls(
            mail=Mail(
                smtp_url=settings.smtp_url,
                mail_from=settings.mail_from,
                folder=settings.outbox_dir / "mail",
                development=settings.development,
            ),
            sms=Sms(url=settings.sms_url, token=settings.sms_token, folder=settings.outbox_dir / "sms"),
            webhooks=Webhooks(
                development=settings.development,
                networks=settings.egress_networks,
                tls=settings.system_tls,
                proxy=settings.egress_proxy,
            ),
            register=Register(settings.register_url, settings.register_secret or "") if settings.register_url else None,
            ledger=LedgerFile(settings.ledger_dir / "audit"),
            outbox=Outbox(settings.outbox_dir),
        )

    async def close(self) -> None:
        """Let go of every connection."""
        await self.sms.close()
        await self.webhooks.close()
        if self.register is not None:
            await self.register.close()


def queue_of(desk: Desk, world: World) -> App:
    """The queue with every job's handler."""
    url = desk.settings.database_direct_url or desk.settings.database_url or ""
    conninfo = url.replace("postgresql+psycopg://", "postgresql://", 1)
    queue = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4))
    _claims(queue, desk)
    _people(queue, desk, world)
    _papers(queue, desk)
    _systems(queue, desk, world)
    _periods(queue, desk, world)
    _destruction(queue, desk, world)
    return queue


async def run(desk: Desk, stop: asyncio.Event, *, alone: bool) -> None:
    """Work until told to stop; what is under way is finished. `alone`: no other worker runs on this database.

    The queue ends where its database is away; it is begun anew until it is back (F8).
    """
    world = World.of(desk)
    while not stop.is_set():
        try:
            await _answers(desk)
            await ledgering.demand_current(desk)
            await _work(queue_of(desk, world), stop, alone=alone)
        except Exception as error:  # noqa: BLE001 - whatever ended it, there is work to do
            _log.error("the queue has ended by %s and is begun anew", type(error).__qualname__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_S)
    await world.close()


async def _answers(desk: Desk) -> None:
    """Ask the database anything: the queue itself would wait half a minute for one that is away."""
    async with desk.database.transaction() as session:
        await session.execute(text("SELECT 1"))


async def _work(queue: App, stop: asyncio.Event, *, alone: bool) -> None:
    async with queue.open_async():
        await revive(queue, everything=alone)
        working = asyncio.create_task(
            queue.run_worker_async(
                concurrency=AT_ONCE,
                install_signal_handlers=False,
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=15,
                delete_jobs="successful",
            )
        )
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not working.done():
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        else:
            await working


async def revive(queue: App, *, everything: bool) -> None:
    """Put back jobs whose worker died: at once where it can only have been ours, else when its heartbeat is old."""
    stalled = await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=0 if everything else 30)
    for job in stalled:
        await queue.job_manager.retry_job(job)


def _claims(queue: App, desk: Desk) -> None:
    """Jobs on a claim: each is one act in one transaction."""

    def claim_job(name: str, act: Callable[[AsyncSession, UUID, datetime], Awaitable[object]]) -> None:
        async def handler(claim_id: str) -> None:
            async with desk.database.transaction() as session:
                await act(session, UUID(claim_id), db.now())

        queue.task(name=name, retry=Schedule())(handler)

    claim_job("assess", lambda session, one, now: adjudication.assess(session, one, now=now))
    claim_job("conclude", lambda session, one, now: disclosure.conclude(session, one, now=now))
    claim_job("report_open", lambda session, one, now: disclosure.report_open(session, one, now=now))
    claim_job("confirm_withdrawal", lambda session, one, now: disclosure.confirm_withdrawal(session, one, now=now))
    claim_job("tell_approver", lambda session, one, now: telling.tell_desk(session, one, "approver_todo", now=now))
    claim_job("tell_officer", lambda session, one, now: telling.tell_desk(session, one, "officer_todo", now=now))
    claim_job("escalate", lambda session, one, now: telling.tell_desk(session, one, "officer_todo", now=now))
    claim_job("ask_supplement", lambda session, one, now: supplements.send(session, one, now=now))
    claim_job("postpone_notice", lambda session, one, now: postponing.tell(session, one, now=now))
    claim_job("acknowledge_objection", lambda session, one, now: objecting.acknowledge(session, one, now=now))
    claim_job("ruling_notice", lambda session, one, now: objecting.tell_ruling(session, one, now=now))
    claim_job("plan_again", lambda session, one, now: casebook.plan_waiting(session, one, now=now))


def _people(queue: App, desk: Desk, world: World) -> None:
    @queue.task(name="send_code", retry=Schedule())
    async def send_code(verification_id: str) -> None:
        async with desk.database.transaction() as session:
            await verification.prepare_code(session, UUID(verification_id), now=db.now())

    @queue.task(name="identify", retry=Schedule())
    async def identify(proof_id: str) -> None:
        async with desk.database.transaction() as session:
            asked = await identity.question(session, UUID(proof_id))
        if asked is None:
            return
        people = await _look_up(world, asked)
        crashpoint("identity.after_lookup")
        async with desk.database.transaction() as session:
            await identity.judge(session, UUID(proof_id), people, now=db.now())

    @queue.task(name="send_message", retry=Schedule())
    async def send_message(message_id: str) -> None:
        async with desk.database.transaction() as session:
            ready = await posting.take(session, UUID(message_id), now=db.now())
        if ready is None:
            return
        crashpoint("message.after_take")
        outcome = await _hand_over(world, ready)
        crashpoint("message.after_carrier")
        async with desk.database.transaction() as session:
            await posting.record(session, ready, _word(outcome), final=isinstance(outcome, Permanent), now=db.now())


def _papers(queue: App, desk: Desk) -> None:
    @queue.task(name="compare_evidence", retry=Schedule())
    async def compare_evidence(evidence_id: str) -> None:
        async with desk.database.transaction() as session:
            await uploads.compare(session, UUID(evidence_id), now=db.now())

    @queue.task(name="scan_evidence", retry=Schedule())
    async def scan_evidence(evidence_id: str) -> None:
        with tempfile.TemporaryFile() as original:
            async with desk.database.transaction() as session:
                taken = await scanning.take(session, UUID(evidence_id), original, now=db.now())
            if not taken:
                return
            verdict = await _scan(desk.settings.clamd, original)
        async with desk.database.transaction() as session:
            await scanning.record(session, UUID(evidence_id), verdict, now=db.now())


async def _scan(address: str | None, file: BinaryIO) -> scanning.Verdict | None:
    """What the scanner says, or None where it is silent: then the row says when it is asked again."""
    try:
        return await inspection.scan(address, file) if address else None
    except (OSError, TimeoutError):
        return None


def _systems(queue: App, desk: Desk, world: World) -> None:
    drains = sending.Drains(desk, world.webhooks, db.now)

    @queue.task(name="deliver", retry=Schedule())
    async def deliver(system_id: str) -> None:
        await drains.drain(UUID(system_id))

    @queue.task(name="open_answer_link", retry=Schedule())
    async def open_answer_link(task_id: str) -> None:
        async with desk.database.transaction() as session:
            await answer_links.begin(session, UUID(task_id), now=db.now())

    @queue.task(name="challenge", retry=Schedule())
    async def challenge(system_id: str) -> None:
        await challenging.challenge(desk, UUID(system_id), world.webhooks, db.now())


def _periods(queue: App, desk: Desk, world: World) -> None:
    @queue.periodic(cron="* * * * * */10")
    @queue.task(name="sweep")
    async def sweep(timestamp: int) -> None:
        """Find what waits and has no job, and put back the jobs of a worker that is gone: the row is the truth."""
        await revive(queue, everything=False)
        async with desk.database.transaction() as session:
            now = db.now()
            for name, args in await watch.overlooked(session, now=now):
                await defer(session, Job(name, args))
            for system_id in await challenging.due_challenges(session, now):
                await defer(session, Job("challenge", {"system_id": str(system_id)}))
            for system_id in await sending.due_systems(session, now):
                await defer(session, Job("deliver", {"system_id": str(system_id)}))

    @queue.periodic(cron="* * * * *")
    @queue.task(name="watch")
    async def look(timestamp: int) -> None:
        """See which days have come; each case in a transaction of its own."""
        await _each(desk, DAYS)
        for step in (aligning.ask, carriers.look, carriers.probe, pulse.compare_clocks):
            async with desk.database.transaction() as session:
                await step(session, now=db.now())
        await closed_days.warn(desk, db.now)

    @queue.periodic(cron="* * * * *")
    @queue.task(name="witness")
    async def sign(timestamp: int) -> None:
        """Sign the audit chain where that is due, and say so outside the database."""
        await witnessing.witness(desk, world.ledger, db.now)

    @queue.periodic(cron="*/5 * * * *")
    @queue.task(name="tidy")
    async def tidy(timestamp: int) -> None:
        """Destroy what is past its days."""
        await day_over.destroy(desk, db.now)
        await revive(queue, everything=False)

    @queue.periodic(cron="17 * * * *")
    @queue.task(name="keep_log")
    async def keep_log(timestamp: int) -> None:
        """Make the coming parts of the access log, and destroy what is past its days."""
        await _each(desk, log_keeping.HOURLY)


async def _each(desk: Desk, steps: Iterable[tuple[Find, Act]]) -> None:
    """Find what is due and do it, each in a transaction of its own."""
    for find, act in steps:
        async with desk.database.transaction() as session:
            found = await find(session, now=db.now())
        for one in found:
            async with desk.database.transaction() as session:
                await act(session, one, now=db.now())


def _destruction(queue: App, desk: Desk, world: World) -> None:
    @queue.task(name="enter_in_ledger", retry=Unending())
    async def enter_in_ledger(what: str, one: str, request_id: str | None = None) -> None:
        async with desk.database.transaction() as session:
            await ledgering.enter(session, what, one, request_id, now=db.now())

    @queue.task(name="destroy", retry=Schedule())
    async def destroy_requests(destruction_id: str) -> None:
        await destroying.carry_out(desk, UUID(destruction_id), world.outbox.forget, db.now)


async def _look_up(world: World, who: identity.Question) -> list[Person] | None:
    if world.register is None:
        return None
    query = Query(
        name=who.name, phone=who.phone, email=who.email, birth_date=who.birth_date, customer_no=who.customer_no
    )
    found = await world.register.lookup(query, now=db.now())
    if isinstance(found, Retryable):
        raise TryLaterError(found.reason)
    return [known(one) for one in found]


async def _hand_over(world: World, ready: posting.Ready) -> Outcome:
    if ready.channel == "sms":
        sms = OutSms(to=ready.to, template=ready.template, params=ready.params, text=ready.body, ref=ready.ref)
        return await world.sms.send(sms, now=db.now())
    mail = OutMail(
        to=ready.to, subject=ready.subject, text=ready.body, message_id=ready.message_id, language=ready.language
    )
    return await world.mail.send(mail, now=db.now())


def _word(outcome: Outcome) -> str:
    return "sent" if isinstance(outcome, Sent) else outcome.reason
