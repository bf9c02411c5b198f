"""Builds the API: routers, problem handlers, middleware, health."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import __version__, contract, migrations
from app.desk import Desk
from app.http import problems
from app.http.limits import Door
from app.http.observed import Observed
from app.http.retired import Retired
from app.routers import (
    claims,
    clients,
    notices,
    oauth,
    public,
    requests,
    systems,
    tasks,
    verifications,
)
from app.routers import problems as catalogue

ROUTERS = (
    oauth.router,
    clients.router,
    requests.router,
    verifications.router,
    claims.router,
    notices.router,
    systems.router,
    tasks.router,
    public.router,
    catalogue.router,
)


def create(desk: Desk) -> FastAPI:
    """The application over one desk."""
    app = bare(docs=desk.settings.development)
    app.state.desk = desk
    app.state.retired = Retired()
    app.state.revision = migrations.head()
    return app


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
    app.add_middleware(Door)
    app.openapi = lambda: contract.document(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    # What was imported stays for good: taking it out of the collector's sight keeps pauses out of requests.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 100)
    yield
