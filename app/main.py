"""Builds the API: routers, problem handlers, middleware, health."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import __version__, contract, db, inspection, migrations
from app.desk import Desk
from app.gateways.outcome import Retryable
from app.gateways.register import Query, Register, known
from app.http import problems
from app.http.limits import IN_FLIGHT_MAX, Door
from app.http.observed import Observed
from app.http.retired import Retired
from app.http.sessions import Sessions
from app.http.strangers import Strangers
from app.law import match
from app.routers import (
    access_logs,
    access_reviews,
    answer_pages,
    audit,
    callbacks,
    claims,
    clients,
    collections,
    deliveries,
    destructions,
    disclosures,
    download_questions,
    evidence,
    evidence_packs,
    fences,
    follow_ups,
    forms,
    freezes,
    grants,
    held_sendings,
    hold_feed,
    incidents,
    lateness,
    ledgers,
    letters,
    mailroom,
    mandates,
    metrics,
    notices,
    oauth,
    objections,
    outlook,
    postponements,
    processing_checks,
    public,
    receipts,
    relays,
    reports,
    request_forms,
    requests,
    sessions,
    sources,
    supplements,
    system_keys,
    system_proposals,
    systems,
    task_answers,
    task_results,
    tasks,
    test_tasks,
    verifications,
    viewings,
)
from app.routers import problems as catalogue
from app.routers.plain_checks import PlainChecks
from app.services import ages, hold_listener
from app.services.hold_index import HoldIndex
from app.services.log_together import LogTogether

ROUTERS = (
    processing_checks.router,  # looked through in this order at each call, and none comes as often
    oauth.router,
    clients.router,
    sessions.router,
    requests.router,
    sources.router,
    verifications.router,
    claims.router,
    freezes.router,
    postponements.router,
    objections.router,
    lateness.router,
    fences.router,
    follow_ups.router,
    outlook.router,
    reports.router,
    mandates.router,
    evidence.router,
    supplements.router,
    notices.router,
    collections.router,
    letters.router,
    request_forms.router,
    incidents.router,
    ledgers.router,
    audit.router,
    destructions.router,
    evidence_packs.router,
    download_questions.router,
    access_logs.router,
    grants.router,
    access_reviews.router,
    held_sendings.router,
    mailroom.router,
    receipts.router,
    system_proposals.router,
    systems.router,
    system_keys.router,
    test_tasks.router,
    deliveries.router,
    tasks.router,
    task_answers.router,
    answer_pages.router,
    task_results.router,
    callbacks.router,
    viewings.router,
    relays.router,
    disclosures.router,
    hold_feed.router,
    public.router,
    metrics.router,
    forms.router,
    catalogue.router,
)


def create(desk: Desk) -> FastAPI:
    """The application over one desk."""
    app = bare(docs=desk.settings.docs)
    furnish(app, desk)
    return app


def furnish(app: FastAPI, desk: Desk) -> None:
    """Put an application over a desk, with nothing of another before it."""
    app.state.desk = desk
    app.state.retired = Retired()
    app.state.sessions = Sessions()
    app.state.log = LogTogether(desk.database)
    app.state.strangers = Strangers()
    app.state.revision = migrations.head()
    app.state.register = _register_of(desk)
    app.state.holds = HoldIndex(desk.database, desk.settings.database_direct_url or desk.settings.database_url or "")


def bare(*, docs: bool) -> FastAPI:
    """The application without parts behind it: enough to write the contract."""
    app = FastAPI(
        title=contract.TITLE,
        version=__version__,
        summary=contract.SUMMARY,
        description=contract.DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if docs else None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    for router in ROUTERS:
        app.include_router(router)
    if docs:
        app.include_router(contract.pages)
    problems.install(app)
    app.add_middleware(Observed)
    app.add_middleware(PlainChecks)
    app.add_middleware(Door, in_flight_max=IN_FLIGHT_MAX)
    app.openapi = lambda: contract.document(app)  # type: ignore[method-assign]
    return app


def _register_of(desk: Desk) -> ages.Register | None:
    """How the door asks the register the one thing that no caller can wait for the worker to ask (ADR 0022)."""
    url, secret = desk.settings.register_url, desk.settings.register_secret or ""
    if url is None:
        return None

    @asynccontextmanager
    async def opened() -> AsyncIterator[ages.LookUp]:
        register = Register(url, secret)

        async def look_up(handle: ages.Handle) -> list[match.Person] | None:
            asked = dict([handle])
            query = Query(phone=asked.get("phone"), email=asked.get("email"), customer_no=asked.get("customer_no"))
            found = await register.lookup(query, now=db.now())
            return None if isinstance(found, Retryable) else [known(one) for one in found]

        try:
            yield look_up
        finally:
            await register.close()

    return opened


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    # What was imported stays for good: taking it out of the collector's sight keeps pauses out of requests.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 100)
    holds: HoldIndex = app.state.holds
    holds.start(hold_listener.listen)
    yield
    holds.waiting.end()
    await holds.stop()
    await inspection.workshop.stop()
