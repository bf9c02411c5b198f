"""`python -m examples.call_center --api URL --client-id ... --client-secret ... --agent a17 file`: the agent's tool.

The same tool serves a clerk's desk, with a client of that role and without --agent: it files what came to a store, by
post or by fax, and hands in a scan or a photograph of a paper (`paper`).

Flags or questions: what a flag does not say is asked. Names and numbers on a command line can be seen by everybody
on the machine, so in earnest let the tool ask, or give a whole request as JSON with `file --input -`.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from examples.call_center.claims import GROUNDS, KINDS, claims_of
from examples.call_center.parties import CAPACITIES, DELIVER_TO, parties_of
from examples.client import Credentials, Desk, Paper, ProblemError, UnreachableError, new_key

JSON = dict[str, Any]
KOREA = timezone(timedelta(hours=9))
SUBJECT = (("name", "Name"), ("phone", "Phone"), ("email", "E-mail"))
CHANNELS = ("phone", "store", "visit", "post", "fax", "email")
PARTIES = ("subject", "requester")


def ask(question: str) -> str:
    """Ask the agent; the question goes to the terminal, stdout stays for answers."""
    print(f"{question}: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


async def file(desk: Desk, args: argparse.Namespace) -> JSON:
    """File what the caller asks for."""
    request = json.loads(_written(args.input)) if args.input else _said(args)
    request = {"capacity": "self", "channel": args.channel, "arrived_at": _now(), "language": "ko"} | request
    caller = desk.calling_as(desk.caller, address=request.get("caller_number"))
    return await caller.file_request(request, key=args.key or new_key())


def _written(where: str) -> str:
    return sys.stdin.read() if where == "-" else Path(where).read_text("utf-8")


def _said(args: argparse.Namespace) -> JSON:
    request: JSON = parties_of(args, ask) | {
        "subject": _subject(args),
        "claims": claims_of(args, ask),
        "notify_by": args.notify_by,
        "caller_number": args.caller_number or (ask("Number the caller rings from") if args.agent else None),
        "recording_ref": args.recording_ref,
        "external_ref": args.external_ref,
        "arrived_at": args.arrived_at,
    }
    return {name: value for name, value in request.items() if value}


def _subject(args: argparse.Namespace) -> JSON:
    whose = "" if args.capacity == "self" else " of the person whose data it is"
    subject = {name: getattr(args, name) or ask(label + whose) for name, label in SUBJECT}
    subject |= {"birth_date": args.birth_date, "customer_no": args.customer_no}
    if args.capacity == "guardian" and not args.birth_date:
        subject["birth_date"] = ask(f"Date of birth{whose} (YYYY-MM-DD)")
    return {name: value for name, value in subject.items() if value}


def _now() -> str:
    return datetime.fromtimestamp(int(time.time()), KOREA).isoformat()


async def status(desk: Desk, args: argparse.Namespace) -> JSON:
    """Show where a request stands, as the desk shows it to a call center: masked."""
    return await desk.request(args.request)


async def code(desk: Desk, args: argparse.Namespace) -> JSON:
    """Have an identity code sent to a contact that the caller named: of who asks, or of the person they ask for."""
    return await desk.ask_for_code(args.request, args.method, party=args.party, key=args.key or new_key())


async def answer(desk: Desk, args: argparse.Namespace) -> JSON:
    """Relay the code that the caller reads out; for identity only, never for release."""
    return await desk.answer(args.verification, code=args.code or ask("Code the caller reads out"))


async def paper(desk: Desk, args: argparse.Namespace) -> JSON:
    """Hand in a scan or a photograph of a paper that came to the desk; the original goes back to its owner."""
    with args.file.open("rb") as content:
        sent = Paper(args.file.name, content)
        return await desk.hand_in(args.request, args.kind, sent, party=args.party, key=args.key or new_key())


async def withdraw(desk: Desk, args: argparse.Namespace) -> JSON:
    """Withdraw the claims named, or all of them."""
    if not args.yes and ask("Has the caller confirmed to withdraw? (y/N)").lower() != "y":
        raise ValueError("not withdrawn")
    return await desk.withdraw(args.request, args.claim or None)


def show(command: str, got: JSON) -> None:
    """Print what the agent needs: what to read to the caller, or where things stand."""
    if command == "file":
        _show_filed(got)
    elif command == "code":
        print(f"verification  {got['id']}\nvalid until   {got['expires_at']}")
    elif command == "answer":
        print(got["status"])
    elif command == "paper":
        print(f"paper         {got['id']}\nkind          {got['kind']}, {got['pages']} page(s)")
        print(f"state         {got['state']}")
    else:
        _show_request(got)


def _show_filed(got: JSON) -> None:
    print(f"request       {got['id']}\nreceipt       {got['receipt_no']}")
    for claim in got["claims"]:
        print(f"  {claim['right']:20} due {claim['due_on']}")
    for one in got.get("next_steps", []):
        ways = one.get("methods") or [document["kind"] for document in one.get("documents") or []]
        print(f"next          {one['party']}, {one['step']}: {', '.join(ways)}")
    print("\nRead to the caller:")
    for number, line in enumerate(got.get("read_back", []), 1):
        print(f"  {number}. {line}")


def _show_request(got: JSON) -> None:
    for name in ("receipt_no", "filed_at", "waiting_for"):
        if got.get(name):
            print(f"{name:14}{got[name]}")
    for claim in got.get("claims", []):
        print(f"  {claim['right']:20} {claim['status']:18} due {claim.get('due_on', ''):10}  {claim['id']}")


COMMANDS = {"file": file, "status": status, "code": code, "answer": answer, "paper": paper, "withdraw": withdraw}


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(prog="examples.call_center", description=__doc__)
    top.add_argument("--api", required=True, help="address of the desk")
    top.add_argument("--client-id", required=True)
    top.add_argument("--client-secret", default=os.environ.get("CLIENT_SECRET"), help="or CLIENT_SECRET")
    top.add_argument("--agent", help="who is on the phone, e.g. a17; a call center always says it")
    top.add_argument("--json", action="store_true", help="print the whole answer")
    commands = top.add_subparsers(dest="command", required=True)
    _file_flags(commands.add_parser("file", help="file a request for a caller"))
    commands.add_parser("status", help="where a request stands").add_argument("request")
    one = commands.add_parser("code", help="send the caller an identity code")
    one.add_argument("request")
    one.add_argument("--method", choices=("phone_code", "email_code"), default="phone_code")
    one.add_argument("--party", choices=PARTIES, default="subject", help="whose contact: of the person, or of who asks")
    one.add_argument("--key", help="Idempotency-Key")
    one = commands.add_parser("answer", help="relay the code the caller reads out")
    one.add_argument("verification")
    one.add_argument("--code")
    one = commands.add_parser("paper", help="hand in a scan or a photograph of a paper")
    one.add_argument("request")
    one.add_argument("file", type=Path)
    one.add_argument("--kind", required=True, help="as GET /v1/policy names it, e.g. power_of_attorney")
    one.add_argument("--party", choices=PARTIES, default="requester", help="whose paper it is")
    one.add_argument("--key", help="Idempotency-Key, to send the same file again")
    one = commands.add_parser("withdraw", help="withdraw claims")
    one.add_argument("request")
    one.add_argument("--claim", action="append", help="a claim; none: all")
    one.add_argument("--yes", action="store_true", help="the caller has confirmed")
    return top


def _file_flags(one: argparse.ArgumentParser) -> None:
    one.add_argument("--input", help="a request as JSON, a file or - for stdin; nothing is asked then")
    one.add_argument("--key", help="Idempotency-Key, to send the same filing (with its --arrived-at) again")
    for name in ("name", "phone", "email", "birth-date", "customer-no", "caller-number", "recording-ref"):
        one.add_argument(f"--{name}")
    one.add_argument("--external-ref", help="your ticket's number")
    one.add_argument("--arrived-at", help="when the caller asked, if not now")
    one.add_argument("--notify-by", default="sms", choices=("email", "sms", "post", "phone", "visit"))
    for name in ("rights", "aspects", "categories", "purposes"):
        one.add_argument(f"--{name}", help="with commas")
    one.add_argument("--change", action="append", help="category.field=corrected value; may be repeated")
    one.add_argument("--ends-contract", choices=("yes", "no"))
    one.add_argument("--reason")
    one.add_argument("--site", help="access to footage: the id of the place, as GET /v1/policy names it")
    one.add_argument("--film-from", help="RFC 3339 with offset")
    one.add_argument("--film-to")
    one.add_argument("--description", help="by what the caller can be found in it")
    one.add_argument("--ground", choices=GROUNDS)
    one.add_argument("--kind", choices=KINDS)
    one.add_argument("--channel", choices=CHANNELS, default="phone", help="how it came; a clerk's desk is not by phone")
    one.add_argument("--capacity", choices=CAPACITIES, default="self")
    for name in ("name", "birth-date", "phone", "email"):
        one.add_argument(f"--requester-{name}", help="of the guardian or delegate")
    one.add_argument("--relationship", help="of a guardian: by what; of a delegate: in their own words")
    one.add_argument("--mandate-rights", help="with commas")
    one.add_argument("--signed-on", help="of the mandate, YYYY-MM-DD")
    one.add_argument("--expires-on", help="of the mandate, where it names a day")
    one.add_argument("--deliver-to", choices=DELIVER_TO, default="subject")


async def run(args: argparse.Namespace) -> int:
    """Carry out one command; 0 when the desk agreed."""
    credentials = Credentials(args.client_id, args.client_secret, agent=args.agent)
    async with Desk(args.api, credentials, longest_pause=5.0) as desk:
        try:
            got = await COMMANDS[args.command](desk, args)
        except (UnreachableError, OSError, ValueError) as failure:
            print(f"not done: {failure}", file=sys.stderr)
            return 1
        except ProblemError as problem:
            print(f"the desk says no: {problem.detail or problem.code} ({problem.code})", file=sys.stderr)
            for one in problem.errors:
                print(f"  {one['pointer']}: {one.get('detail', one['code'])}", file=sys.stderr)
            return 1
    print(json.dumps(got, ensure_ascii=False)) if args.json else show(args.command, got)
    return 0


def main() -> None:
    """Read the command line and run it."""
    top = parser()
    args = top.parse_args()
    if not args.client_secret:
        top.error("--client-secret or CLIENT_SECRET is needed")
    sys.exit(asyncio.run(run(args)))


if __name__ == "__main__":
    main()
