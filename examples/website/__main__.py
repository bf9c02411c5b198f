"""`python -m examples.website --api URL --client-id ... --client-secret ... --port 8080`: the website."""

import argparse
import os

from examples.client import Credentials, Desk
from examples.common.server import serve
from examples.website.app import build


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="examples.website", description="A website that files requests at the desk.")
    parser.add_argument("--api", required=True, help="address of the desk")
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--client-secret", default=os.environ.get("CLIENT_SECRET"), help="or CLIENT_SECRET")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one; the line on stdout says which")
    parser.add_argument("--https", action="store_true", help="browsers reach us by https: cookies only there")
    args = parser.parse_args()
    if not args.client_secret:
        parser.error("--client-secret or CLIENT_SECRET is needed")
    # A person waits in front of the page: few attempts, short pauses, then an honest sentence.
    desk = Desk(args.api, Credentials(args.client_id, args.client_secret), attempts=3, longest_pause=2.0)
    serve(build(desk, secure=args.https), host=args.host, port=args.port)


if __name__ == "__main__":
    main()
