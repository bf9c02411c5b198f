"""A person in front of the website: reads pages, fills in forms, keeps cookies, as a browser without scripts does."""

import asyncio
import html
import io
import re
from pathlib import Path
from typing import Any, Self

import httpx

from examples.demo.post import Post
from examples.demo.telling import StepFailedError

TAGS = re.compile(r"<(?:head|style).*?</(?:head|style)>|<[^>]+>", re.DOTALL)
CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')


class Visitor:
    """One browser at the website."""

    def __init__(self, website: str, post: Post, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._http = httpx.AsyncClient(
            base_url=website, follow_redirects=True, trust_env=False, timeout=60, transport=transport
        )
        self._post = post
        self.page = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def open(self, path: str, *, expect: int = 200) -> str:
        """Open a page and return its text."""
        return self._shown(await self._http.get(path), expect)

    async def submit(self, path: str, *, expect: int = 200, **typed: Any) -> str:
        """Send the form of the page that is open."""
        return self._shown(await self._http.post(path, data=self._with_proof(typed)), expect)

    async def hand_in(self, kind: str, name: str, content: bytes, *, expect: int = 200) -> str:
        """Choose a file in the form for this kind of paper and send it."""
        return await self.upload({"kind": kind, "party": "requester"}, name, content, expect=expect)

    async def upload(self, typed: dict[str, str], name: str, content: bytes, *, expect: int = 200) -> str:
        """Send a form of the page that is open with a file in it."""
        files = {"file": (name, io.BytesIO(content), "application/octet-stream")}
        return self._shown(await self._http.post("/papers", data=self._with_proof(typed), files=files), expect)

    async def fetch(self, path: str) -> bytes:
        """Follow a link that answers with a file."""
        got = await self._http.get(path)
        if got.status_code != 200:
            raise StepFailedError(f"a file at {path}", got.status_code)
        return got.content

    def text(self) -> str:
        """Return the words of the page."""
        words = html.unescape(TAGS.sub("\n", self.page))
        return "\n".join(line.strip() for line in words.splitlines() if line.strip())

    def value(self, label: str) -> str:
        """Return what stands behind a label of a list on the page."""
        lines = self.text().splitlines()
        return lines[lines.index(label) + 1]

    def hidden(self, name: str) -> list[str]:
        """Return the hidden values of a name on the page, each once."""
        return list(dict.fromkeys(re.findall(rf'name="{name}" value="([^"]+)"', self.page)))

    async def confirm(self, phone: str, *, purpose: str = "identity", party: str = "subject", theirs: str = "") -> str:
        """Have a code sent to the phone, read it there and type it in; return the page that follows.

        `theirs` when the phone is somebody else's, who reads the code out.
        """
        before = len(self._post.texts)
        await self.submit("/code", method="phone_code", purpose=purpose, party=party, whose=theirs)
        return await self.submit("/answer", code=await self._post.code_to(phone, after=before))

    async def download(self, path: str, target: Path, **typed: Any) -> bytes:
        """Send a form that answers with a file, and save it."""
        got = await self._http.post(path, data=self._with_proof(typed))
        if got.status_code != 200:
            raise StepFailedError(f"a file from {path}", f"{got.status_code}\n{self._shown_text(got)}")
        await asyncio.to_thread(target.write_bytes, got.content)
        return got.content

    def _with_proof(self, typed: dict[str, Any]) -> dict[str, Any]:
        proof = CSRF.search(self.page)
        return typed | ({"csrf": proof[1]} if proof else {})

    def _shown(self, got: httpx.Response, expect: int = 200) -> str:
        if got.status_code != expect:
            raise StepFailedError(f"a page at {got.url.path}", f"{got.status_code}\n{self._shown_text(got)}")
        self.page = got.text
        return self.text()

    @staticmethod
    def _shown_text(got: httpx.Response) -> str:
        return "\n".join(line for line in html.unescape(TAGS.sub("\n", got.text)).splitlines() if line.strip())
