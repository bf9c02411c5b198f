"""A holder's work at the desk, with the standard library: fetch, act, answer; catch up; many at once; by message."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

JSON = dict[str, Any]
KOREA = timezone(timedelta(hours=9))


# call
class Desk:
    """The desk as one system sees it. A problem is raised as `urllib.error.HTTPError`, its body is problem+json."""

    def __init__(self, url: str, client_id: str, client_secret: str) -> None:
        self.url, self.client = url, {"client_id": client_id, "client_secret": client_secret}
        self.token, self.until = "", 0.0

    def call(self, method: str, path: str, body: JSON | None = None) -> JSON:
        """One call, with a token that is fetched anew a minute before it ends."""
        if time.time() > self.until - 60:
            form = urlencode({"grant_type": "client_credentials", **self.client}).encode()
            said = self.send("POST", "/v1/oauth/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
            self.token, self.until = said["access_token"], time.time() + said["expires_in"]
        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        return self.send(method, path, content, headers)

    def send(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> JSON:
        with urlopen(Request(self.url + path, content, headers, method=method), timeout=30) as answer:
            return json.load(answer)


# answer
def answer(desk: Desk, task_id: str, act: Callable[[JSON], JSON]) -> None:
    """Fetch a task, say that it is ours and by when, do it, report. Safe to run again after a crash."""
    task = desk.call("GET", f"/v1/tasks/{task_id}")
    if task["status"] not in ("pending", "acknowledged", "failed"):
        return
    today = datetime.now(KOREA).date().isoformat()
    desk.call("PUT", f"/v1/tasks/{task_id}/acknowledgement", {"expected_on": today})
    desk.call("PUT", f"/v1/tasks/{task_id}/result", act(task))


# catch up
def waiting(desk: Desk, status: str = "pending") -> Iterator[JSON]:
    """Every task of ours that waits, whole, whether its event arrived or not."""
    query, cursor = {"status": status, "bodies": "true", "limit": "500"}, None
    while True:
        page = desk.call("GET", "/v1/tasks?" + urlencode(query | ({"cursor": cursor} if cursor else {})))
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def answer_many(desk: Desk, results: list[JSON]) -> list[JSON]:
    """Report up to 500 results, each with its task_id; returns those that were refused, each with its problem."""
    said = desk.call("POST", "/v1/task-results", {"results": results})
    return [one for one in said["results"] if one["status"] != 200]


# message
def call_back(desk: Desk, system_id: str, secret: str, message_id: str, event: JSON) -> JSON:
    """Send an event signed with the endpoint's `whsec_` secret, no token. To repeat it: the same id and event."""
    body, stamp = json.dumps(event).encode(), str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = hmac.digest(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(right).decode(),
    }
    return desk.send("POST", f"/v1/systems/{system_id}/callbacks", body, headers)


# end
