"""`python -m examples.register --port 0 --secret whsec_... --data people.json`: the register over HTTP."""

import argparse
import json
import os
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from examples.common.files import WatchedFile
from examples.common.server import TooLargeError, read_body, serve
from examples.common.signature import (
    SignatureRefusedError,
    key_bytes,
    scheme_of,
    verify,
)
from examples.register.book import BadLookupError, matches, question

LONGEST_BODY = 16_384
KOREA = timezone(timedelta(hours=9))
INVENTED_PEOPLE = Path(__file__).with_name("people.json")


def build(secret: str, people: WatchedFile) -> Starlette:
    """Return the register: one signed question, one answer."""

    async def lookup(request: Request) -> JSONResponse:
        """Answer who may be meant. Personal data goes to nobody but the holder of the secret."""
        try:
            body = await read_body(request, most=LONGEST_BODY)
            verify(request.headers, body, [secret], now=time.time())
            on = datetime.fromtimestamp(time.time(), KOREA).date()
            found = matches(people.read(), question(json.loads(body)), on=on)
        except TooLargeError:
            return JSONResponse({"error": "too_large"}, 413)
        except SignatureRefusedError:
            return JSONResponse({"error": "signature"}, 401)
        except (BadLookupError, ValueError):
            return JSONResponse({"error": "lookup"}, 422)
        return JSONResponse({"matches": found}, headers={"Cache-Control": "no-store"})

    async def healthz(_: Request) -> JSONResponse:
        """Tell that the register answers."""
        return JSONResponse({"status": "ok"})

    return Starlette(routes=[Route("/lookup", lookup, methods=["POST"]), Route("/healthz", healthz)])


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="examples.register", description="An invented customer register.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one; the line on stdout says which")
    parser.add_argument("--secret", default=os.environ.get("REGISTER_SECRET"), help="whsec_..., or REGISTER_SECRET")
    parser.add_argument("--data", type=Path, default=INVENTED_PEOPLE, help="people as JSON, read again when changed")
    args = parser.parse_args()
    people = WatchedFile(args.data)
    if not args.secret or scheme_of(args.secret) != "v1" or len(key_bytes(args.secret)) < 24:
        parser.error("--secret: a whsec_ secret of at least 24 bytes is needed")
    if not isinstance(people.read(), list):
        parser.error(f"--data: {args.data} is not a list of people")
    serve(build(args.secret, people), host=args.host, port=args.port)


if __name__ == "__main__":
    main()
