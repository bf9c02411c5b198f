"""How the desk is called: tokens, what is sent again and what never is, problems as exceptions."""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO, Self

import httpx

JSON = dict[str, Any]
TOKEN_PATH = "/v1/oauth/token"
RESULTS_PATH = "/v1/task-results"
RENEW_BEFORE_SECONDS = 30
FIRST_PAUSE_SECONDS = 0.5
# A paper is scanned, opened and drawn anew before it is answered.
UPLOAD_SECONDS = 60.0
# Answered before anything was accepted, so anything may be sent again ...
NOT_ACCEPTED = {429, 503}
# ... and these leave it open whether it was: only what is idempotent may.
PERHAPS_ACCEPTED = {500, 502, 504}


class ProblemError(Exception):
    """The desk said no: RFC 9457. `errors` holds `{pointer, code, detail}` for each thing wrong in what was sent."""

    def __init__(self, status: int, problem: JSON, retry_after: float | None) -> None:
        self.status = status
        self.code = str(problem.get("code", f"http.{status}"))
        self.detail = str(problem.get("detail", ""))
        self.basis = problem.get("basis")
        self.errors: list[dict[str, str]] = problem.get("errors") or []
        self.instance = problem.get("instance")
        self.retry_after = retry_after
        pointers = " ".join(f"{one.get('code')}@{one.get('pointer')}" for one in self.errors)
        super().__init__(f"{status} {self.code} {pointers}".strip())


class UnreachableError(Exception):
    """No answer, or none in time, after all attempts."""


class Reply(dict[str, Any]):
    """The JSON of an answer, with what its headers say."""

    def __init__(self, content: JSON, response: httpx.Response) -> None:
        super().__init__(content)
        self.status = response.status_code
        self.etag = response.headers.get("etag")
        self.location = response.headers.get("location")


@dataclass(frozen=True, slots=True)
class Document:
    """A file from the desk."""

    content: bytes
    content_type: str
    filename: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to be handed in, opened: it is sent piece by piece, and from its start again when it is sent again."""

    name: str
    content: BinaryIO
    content_type: str = "application/octet-stream"


class Credentials:
    """Client credentials and the token they bought, kept until shortly before it expires."""

    def __init__(self, client_id: str, client_secret: str, *, agent: str | None = None) -> None:
        self._client_id, self._client_secret, self._agent = client_id, client_secret, agent
        self._token, self._until = "", 0.0
        self._buying = asyncio.Lock()

    async def token(self, desk: "Transport") -> str:
        """Return a token that is good for a while yet."""
        async with self._buying:
            if time.monotonic() >= self._until:
                bought = await desk.token(self._client_id, self._client_secret, agent=self._agent)
                self._token = bought["access_token"]
                self._until = time.monotonic() + bought["expires_in"] - RENEW_BEFORE_SECONDS
            return self._token

    def forget(self) -> None:
        """Drop the token; the next call buys another."""
        self._until = 0.0


class Transport:
    """How calls are made: who calls, what is sent again, how long we wait."""

    def __init__(
        self,
        url: str,
        caller: Credentials | str | None = None,
        *,
        address: str | None = None,
        language: str = "ko",
        attempts: int = 4,
        longest_pause: float = 30.0,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self.url, self.caller, self.address, self.language = url.rstrip("/"), caller, address, language
        self.attempts, self.longest_pause = attempts, longest_pause
        self.http = http or httpx.AsyncClient(timeout=15.0, follow_redirects=False, trust_env=False)

    def calling_as(self, caller: Credentials | str | None, *, address: str | None = None) -> Self:
        """Return the same desk as another caller meets it; `address` is the person's, for website and call center."""
        return type(self)(
            self.url,
            caller,
            address=address,
            language=self.language,
            attempts=self.attempts,
            longest_pause=self.longest_pause,
            http=self.http,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, also those of every `calling_as`."""
        await self.http.aclose()

    async def token(self, client_id: str, client_secret: str, *, agent: str | None = None) -> Reply:
        """Exchange client credentials for an access token."""
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        return reply_of(await self.send("POST", TOKEN_PATH, form=form | ({"agent": agent} if agent else {})))

    async def get(self, path: str, **params: Any) -> Reply:
        """GET a path; parameters that are None stay away."""
        return reply_of(await self.send("GET", path, params={k: v for k, v in params.items() if v is not None}))

    async def post(self, path: str, body: JSON | None = None, *, key: str | None = None) -> Reply:
        """POST JSON; with a key it is safe to send again."""
        return reply_of(await self.send("POST", path, body={} if body is None else body, key=key))

    async def put(self, path: str, body: JSON, *, etag: str | None = None, method: str = "PUT") -> Reply:
        """PUT JSON; with an ETag it holds only for that version."""
        return reply_of(await self.send(method, path, body=body, etag=etag))

    async def pages(self, path: str, **params: Any) -> AsyncIterator[JSON]:
        """Yield every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = await self.get(path, cursor=cursor, **params)
            for item in page["items"]:
                yield item
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    async def send(
        self,
        method: str,
        path: str,
        *,
        body: JSON | None = None,
        form: dict[str, str] | None = None,
        paper: Paper | None = None,
        params: JSON | None = None,
        key: str | None = None,
        etag: str | None = None,
        accept: str = "application/json",
        purpose: str | None = None,
        signed: tuple[bytes, dict[str, str]] | None = None,
    ) -> httpx.Response:
        """Send, again where that is harmless, and return the answer; raise ProblemError for a problem.

        `signed`: a body that is sent as it is, with the headers that say who signed it.
        """
        headers = {"Accept": accept, "Accept-Language": self.language}
        said = {"Idempotency-Key": key, "If-Match": etag, "Purpose": purpose, "Requester-Address": self.address}
        headers |= {name: value for name, value in said.items() if value}
        what: JSON = {"json": body, "data": form, "params": params, "files": _files(paper)}
        what |= {"timeout": UPLOAD_SECONDS} if paper else {}
        if signed is not None:
            what["content"], headers = signed[0], headers | signed[1] | {"Content-Type": "application/json"}
        harmless = method == "GET" or key is not None or path == TOKEN_PATH or (method == "PUT" and etag is None)
        harmless = harmless or signed is not None or path == RESULTS_PATH
        for attempt in range(1, self.attempts + 1):
            headers |= await self._authorization(path)
            try:
                response = await self.http.request(method, self.url + path, headers=headers, **what)
            except httpx.TransportError as failure:
                sent = not isinstance(failure, (httpx.ConnectError, httpx.ConnectTimeout))
                if attempt == self.attempts or (sent and not harmless):
                    raise UnreachableError(f"{method} {path}: {type(failure).__name__}") from failure
                await asyncio.sleep(_backoff(attempt))
                continue
            if response.is_success:
                return response
            problem = _problem(response)
            pause = self._pause(problem, attempt, harmless)
            if attempt == self.attempts or pause is None:
                raise problem
            await asyncio.sleep(pause)
        raise UnreachableError(f"{method} {path}")

    async def _authorization(self, path: str) -> dict[str, str]:
        if self.caller is None or path == TOKEN_PATH:
            return {}
        token = self.caller if isinstance(self.caller, str) else await self.caller.token(self)
        return {"Authorization": f"Bearer {token}"}

    def _pause(self, problem: ProblemError, attempt: int, harmless: bool) -> float | None:
        """Return the seconds to wait before sending again; None where the answer stands."""
        if problem.status == 401 and isinstance(self.caller, Credentials) and attempt == 1:
            self.caller.forget()  # the desk may have changed its keys before our token expired
            return 0.0
        in_flight = problem.code == "idempotency.in_progress"
        if problem.status in NOT_ACCEPTED or in_flight or (harmless and problem.status in PERHAPS_ACCEPTED):
            pause = _backoff(attempt) if problem.retry_after is None else problem.retry_after
            return pause if pause <= self.longest_pause else None
        return None


def reply_of(response: httpx.Response) -> Reply:
    """Return the JSON of an answer; a bare list counts as items."""
    try:
        content = response.json() if response.content else {}
    except ValueError as garbled:
        raise UnreachableError("something else than the desk answered") from garbled
    return Reply(content if isinstance(content, dict) else {"items": content}, response)


def document_of(response: httpx.Response, fallback: str) -> Document:
    """Return the file in an answer."""
    named = re.search(r'filename="?([A-Za-z0-9._-]+)"?', response.headers.get("content-disposition", ""))
    kind = response.headers.get("content-type", "application/octet-stream")
    return Document(response.content, kind, named[1] if named else fallback)


def _files(paper: Paper | None) -> dict[str, tuple[str, BinaryIO, str]] | None:
    return {"file": (paper.name, paper.content, paper.content_type)} if paper else None


def _problem(response: httpx.Response) -> ProblemError:
    try:
        content = response.json()
    except ValueError:
        content = None
    retry_after = _seconds(response.headers.get("retry-after"))
    return ProblemError(response.status_code, content if isinstance(content, dict) else {}, retry_after)


def _seconds(retry_after: str | None) -> float | None:
    """Return a Retry-After header in seconds from now; it comes as a number or as a date."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None


def _backoff(attempt: int) -> float:
    return float(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1) * random.SystemRandom().uniform(0.8, 1.2))
