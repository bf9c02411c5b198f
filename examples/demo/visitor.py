"""A person in front of the website: reads pages, fills in forms, keeps cookies, as a browser without scripts does."""

import asyncio
import html
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

    def __init__(self, website: str, post: Post) -> None:
        self._http = httpx.AsyncClient(base_url=website, follow_redirects=True, trust_env=False, timeout=30)
        self._post = post
        self.page = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def open(self, path: str) -> str:
        """Open a page and return its text."""
        return self._shown(await self._http.get(path))

    async def submit(self, path: str, **typed: Any) -> str:
        """Send the form of the page that is open."""
        return self._shown(await self._http.post(path, data=self._with_proof(typed)))

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

    async def confirm(self, phone: str, *, purpose: str = "identity") -> str:
        """Have a code sent to the phone, read it there and type it in; return the page that follows."""
        before = len(self._post.texts)
        await self.submit("/code", method="phone_code", **({"purpose": "release"} if purpose == "release" else {}))
        letter = await self._post.text_to(phone, after=before, holding="인증번호")
        if letter.code is None:
            raise StepFailedError("an SMS with exactly one code of eight digits", letter.text)
        return await self.submit("/answer", code=letter.code)

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

    def _shown(self, got: httpx.Response) -> str:
        if got.status_code != 200:
            raise StepFailedError(f"a page at {got.url.path}", f"{got.status_code}\n{self._shown_text(got)}")
        self.page = got.text
        return self.text()

    @staticmethod
    def _shown_text(got: httpx.Response) -> str:
        return "\n".join(line for line in html.unescape(TAGS.sub("\n", got.text)).splitlines() if line.strip())
