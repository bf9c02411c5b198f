"""How a system answers many tasks at once, or by a message that it signs instead of with a token."""

import json
import time

from examples.casework import Casework
from examples.common.signature import headers
from examples.common.transport import JSON, RESULTS_PATH, Reply, reply_of


class Answering(Casework):
    """Beside answering one task at a time."""

    async def report_results(self, results: list[JSON]) -> Reply:
        """Report up to 500 results, each with its task_id; each is taken or refused by itself. Harmless to repeat."""
        return reply_of(await self.send("POST", RESULTS_PATH, body={"results": results}))

    async def call_back(self, system_id: str, kind: str, data: JSON, *, key: str, message_id: str, at: str) -> Reply:
        """Say `task.acknowledged` or `task.answered` by signed message; to repeat it, name the same id and moment.

        The key is the secret shared with the desk (`whsec_`), or a private one (`whsk_`) whose public half it knows.
        """
        body = json.dumps({"type": kind, "timestamp": at, "data": data}, ensure_ascii=False).encode()
        signed = (body, headers(key, message_id, int(time.time()), body))
        return reply_of(await self.send("POST", f"/v1/systems/{system_id}/callbacks", signed=signed))
