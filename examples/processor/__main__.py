"""`python -m examples.processor --name ... --config file.json --port 0`: a holder of personal data."""

import argparse
import os
from pathlib import Path

from examples.common.files import WatchedFile
from examples.common.server import serve
from examples.processor.config import Config, Registration
from examples.processor.receiver import Receiver, build
from examples.processor.store import Store
from examples.processor.worker import Worker

INVENTED_PEOPLE = Path(__file__).with_name("people.json")


def main() -> None:
    """Read the command line and serve."""
    parser = _parser()
    args = parser.parse_args()
    given = {
        "api": args.api,
        "client_id": args.client_id,
        "client_secret": args.client_secret,
        "scheme": args.scheme,
        "keys": args.key,
    }
    try:
        config = Config.of(given) if args.api else None
    except ValueError as wrong:
        parser.error(str(wrong))
    if config is None and args.config is None:
        parser.error("--config, or --api with --client-id and --client-secret, is needed")
    registration = Registration(config, WatchedFile(args.config) if args.config else None)
    store = Store(args.store, args.data)
    worker = Worker(args.name, registration, store, poll_seconds=args.poll_seconds if args.poll else None)
    receiver = Receiver(registration, store, worker, fail_first=args.fail_first)
    serve(build(receiver, worker), host=args.host, port=args.port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="examples.processor", description="A holder of invented personal data.")
    parser.add_argument("--name", default="holder", help="only for the lines on the terminal")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one; the line on stdout says which")
    parser.add_argument(
        "--config", type=Path, help="JSON with api, client_id, client_secret, scheme, keys; may come later"
    )
    parser.add_argument("--api", help="address of the desk")
    parser.add_argument("--client-id")
    parser.add_argument("--client-secret", default=os.environ.get("CLIENT_SECRET"), help="or CLIENT_SECRET")
    parser.add_argument("--scheme", choices=("v1", "v1a"))
    parser.add_argument("--key", action="append", default=[], help="whsec_... or whpk_...; twice during a rotation")
    parser.add_argument("--store", type=Path, help="file for records and inbox; without it nothing survives the end")
    parser.add_argument("--data", type=Path, default=INVENTED_PEOPLE, help="people to begin with")
    parser.add_argument("--fail-first", type=int, default=0, help="answer this many task events with 503")
    parser.add_argument("--poll", action="store_true", help="ask for tasks instead of waiting for events")
    parser.add_argument("--poll-seconds", type=float, default=5.0)
    return parser


if __name__ == "__main__":
    main()
