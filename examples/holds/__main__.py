"""`python -m examples.holds --api ... --client-id ...`: keep a copy, and answer a question of JSON on each line."""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path

from examples.client import Credentials, Desk
from examples.holds.keeper import OLD_AFTER_S, WAITS_S, Keeper
from examples.holds.store import Store


def main() -> None:
    """Read the command line; keep the copy until the questions end."""
    parser = argparse.ArgumentParser(prog="examples.holds", description="A copy of the holds.")
    parser.add_argument("--api", required=True, help="address of the desk")
    parser.add_argument("--client-id", required=True, help="of the system that was registered")
    parser.add_argument("--client-secret", default=os.environ.get("CLIENT_SECRET"), help="or CLIENT_SECRET")
    parser.add_argument("--store", type=Path, help="file of the copy; without it nothing survives the end")
    parser.add_argument("--wait", type=int, default=WAITS_S, help="seconds the desk may hold back an answer, up to 30")
    parser.add_argument("--old-after", type=float, default=OLD_AFTER_S, help="seconds; more than twice --wait")
    args = parser.parse_args()
    if not args.client_secret:
        parser.error("--client-secret or CLIENT_SECRET is needed")
    asyncio.run(_answer(args))


async def _answer(args: argparse.Namespace) -> None:
    async with Desk(args.api, Credentials(args.client_id, args.client_secret)) as desk:
        keeper = Keeper(desk, Store(args.store), waits_s=args.wait, old_after_s=args.old_after)
        keeping = asyncio.create_task(keeper.keep())
        try:
            while line := await asyncio.to_thread(sys.stdin.readline):
                print(json.dumps(await keeper.may_use(json.loads(line)), ensure_ascii=False), flush=True)
        finally:
            keeping.cancel()


if __name__ == "__main__":
    main()
