"""`rights-desk audit` and `case`: sign, export, verify the chain; any file of it with the public key alone."""

import asyncio
import getpass
import socket
import sys
import zipfile
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from app.chain import apart, exports, notes, packs, proofs
from app.chain.exports import ExportError
from app.chain.notes import Key, NoteError
from app.chain.packs import Checked, PackError
from app.chain.trail import Elsewhere, Verdict
from app.commanding import fail

if TYPE_CHECKING:
    from app.desk import Desk
    from app.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The audit chain.")
case_app = typer.Typer(no_args_is_help=True, help="One case as evidence.")
T = TypeVar("T")
_UNPACKED = {
    "NotFound": "there is no request of that number",
    "Conflict": "AUDIT_KEY is not set",
    "Unavailable": "the case goes on while it is packed: try again in a while",
}
_PROOF_CHARS_MAX = 100_000
Keys = Annotated[list[str] | None, typer.Option("--key", help="a public key, or a file with one; may be repeated")]
Apart = Annotated[Path | None, typer.Option("--apart", help="the folder `audit` of LEDGER_DIR, or a copy of it")]
Notes = Annotated[list[Path] | None, typer.Option("--checkpoint", help="a saved mail or file with signed checkpoints")]


@app.command()
def key() -> None:
    """Print the public key of this instance, as `audit verify` takes it: keep it somewhere else."""
    print(_with_desk(_key))


@app.command()
def checkpoint() -> None:
    """Sign the chain as it stands now, in the database and in LEDGER_DIR."""
    if not _with_desk(_checkpoint):
        fail("the chain does not hold, nothing was signed: rights-desk audit verify")


@app.command()
def export(
    first: Annotated[int, typer.Option("--from", min=1)] = 1,
    last: Annotated[int | None, typer.Option("--to", min=1)] = None,
    out: Annotated[Path | None, typer.Option(help="a file; else the screen")] = None,
) -> None:
    """Write the chain, or a part of it, as lines that anybody with the public key can verify."""

    async def written(desk: "Desk") -> None:
        from app.services import audit_export

        with out.open("w", encoding="utf-8") if out else nullcontext(sys.stdout) as file:
            async for line in audit_export.lines(desk, first=first, last=last):
                file.write(line)

    _with_desk(written)


@app.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="an export, a proof or an evidence pack; without one the database is read")
    ] = None,
    key: Keys = None,
    apart_: Apart = None,
    checkpoint: Notes = None,
    anchor: Annotated[
        str | None,
        typer.Option(help="SEQ.HASH of a receipt or notice: the entry a proof is of, or one of a pack"),
    ] = None,
) -> None:
    """Read the chain from the first entry to the last; exit 1 and the first bad entry where it does not hold."""
    try:
        keys = [_read_key(one) for one in key or ()]
        if file is None:
            _only_a_proof(anchor)
            told = _chain(_with_desk(lambda desk: _live(desk, keys, apart_, checkpoint or [])))
        else:
            told = _offline(file, keys, apart_, checkpoint or [], anchor)
    except (NoteError, ExportError, PackError) as error:
        fail(str(error))
    except (OSError, UnicodeDecodeError):
        fail("the file cannot be read")
    print(told)


def _offline(file: Path, keys: list[Key], apart_: Path | None, checkpoints: list[Path], anchor: str | None) -> str:
    """Whatever was handed out: an evidence pack, the proof of one entry, an export."""
    if not keys:
        fail("--key is needed: without it anybody could have signed")
    if zipfile.is_zipfile(file):
        checked = packs.check(file.read_bytes(), keys)
        if anchor is not None and proofs.anchored(anchor.strip()) not in checked.anchors:
            fail("no entry of the pack is that anchor")
        return _pack(checked)
    with file.open(encoding="utf-8", newline="\n") as lines:
        proof = proofs.read(lines.read(_PROOF_CHARS_MAX))
        if proof is not None:
            if (fault := proofs.fault(proof, keys, anchor=anchor)) is not None:
                fail(fault)
            return proofs.said(proof)
        _only_a_proof(anchor)
        lines.seek(0)
        roots = apart.roots(_notes(apart_, checkpoints), keys)
        verdict = exports.verify(lines, keys, roots=roots, elsewhere=_leaves(apart_))
    told = _chain(verdict)
    if not verdict.vouched:
        fail("every link fits, but no checkpoint that holds vouches for any entry: anybody could have written it")
    return told


def _only_a_proof(anchor: str | None) -> None:
    if anchor is not None:
        fail("--anchor goes with the proof of one entry or with a pack")


@case_app.command(name="export")
def export_case(
    receipt_no: Annotated[str, typer.Argument(help="the receipt number of the request")],
    purpose: Annotated[str, typer.Option(help="what it is for: written into the access log and onto the cover")],
    out: Annotated[Path | None, typer.Option(help="a file; else evidence-NUMBER.zip here")] = None,
) -> None:
    """Pack everything about a request, with what proves it, into one file: personal data in clear, yours to keep safe.

    Only you may read the file, and the desk keeps no copy. That you took it, or tried to, is in the access log.
    """
    if not purpose.strip():
        fail("--purpose is empty")
    target = out or Path(f"evidence-{receipt_no}.zip")
    try:
        target.touch(mode=0o600, exist_ok=False)  # for whoever asked alone: there are people in it
    except OSError:
        fail(f"{target} is there already, or cannot be written")
    try:
        target.write_bytes(_with_desk(lambda desk: _packed(desk, receipt_no, purpose)))
    except BaseException:
        target.unlink()
        raise
    print(target)


async def _packed(desk: "Desk", receipt_no: str, purpose: str) -> bytes:
    from app import db
    from app.desk import Actor
    from app.errors import Conflict, NotFound, Unavailable
    from app.routers.purposes import unnamed
    from app.services import access_log, evidence_pack, finding
    from app.services.access_log import Contact

    now, by, purpose = db.now(), Actor("operator", "urn:rights-desk", getpass.getuser()), unnamed(purpose)
    contact = Contact("export_case", f"local:{socket.gethostname()}", str(db.new_id()), by=by, purpose=purpose)
    try:
        async with desk.database.transaction() as session:
            session.info["contact"] = contact
            request_id = await finding.numbered(session, receipt_no)
            gathered = await evidence_pack.gather(session, request_id, purpose, by=by, now=now)
            await access_log.write(session, contact, now=now)
        contact.is_written = True
        async with desk.database.transaction() as session:
            return await evidence_pack.packed(session, gathered, now=db.now())
    except (NotFound, Conflict, Unavailable) as problem:
        contact.result = problem.code
        async with desk.database.transaction() as session:
            await access_log.write(session, contact, now=now)
        fail(_UNPACKED[type(problem).__name__])


def _pack(found: Checked) -> str:
    return (
        f"{found.receipt_no}: {found.files} files, {found.entries} entries, all of them as they were packed\n"
        f"from {found.first_at} to {found.sealed_at}, in a chain of {found.size} entries that was signed"
    )


def _chain(verdict: Verdict) -> str:
    if verdict.first_bad is not None:
        fail(f"the chain breaks at entry {verdict.first_bad}: it {verdict.because}")
    rest = verdict.unsigned
    return f"{verdict.entries} entries, head {verdict.head.hex()}\nsigned up to entry {verdict.vouched}" + (
        f", {rest} after it not yet" if rest else ""
    )


async def _key(desk: "Desk") -> Key:
    from app.services import checkpoints

    found = checkpoints.key_of(desk)
    if found is None:
        fail("AUDIT_KEY is not set")
    return found


async def _checkpoint(desk: "Desk") -> bool:
    from app import db, worker
    from app.services import witnessing

    if desk.settings.audit_key is None:
        fail("AUDIT_KEY is not set")
    world = worker.World.of(desk)
    try:
        return await witnessing.witness(desk, world.ledger, db.now, at_once=True)
    finally:
        await world.close()


async def _live(desk: "Desk", keys: list[Key], folder: Path | None, files: list[Path]) -> Verdict:
    """The database itself, against its own checkpoints and whatever is kept beside it."""
    from app.services import audit, checkpoints

    own = checkpoints.key_of(desk)
    known = [*keys, own] if own else keys
    folder = folder or desk.settings.ledger_dir / "audit"
    async with desk.database.transaction() as session:
        kept = [*await checkpoints.notes_kept(session), *_notes(folder, files)]
        signed = apart.roots(kept, known) if known else {}
        return await audit.verify(session, signed=signed, elsewhere=_leaves(folder))


def _notes(folder: Path | None, files: list[Path]) -> list[str]:
    kept = [folder / "checkpoints"] if folder and (folder / "checkpoints").exists() else []
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in (*kept, *files)]
    return [note for text in texts for note in apart.notes_in(text)]


def _leaves(folder: Path | None) -> Elsewhere | None:
    return apart.leaves(folder / "leaves") if folder else None


def _read_key(text: str) -> Key:
    path = Path(text)
    return notes.Key.read(path.read_text(encoding="utf-8") if path.is_file() else text)


def _with_desk(act: "Callable[[Desk], Awaitable[T]]") -> T:
    """Do something over the database that the settings name, the one that runs, or the embedded one."""
    from app import embedded, serving
    from app.embedded import EmbeddedError
    from app.marked import FileError
    from app.opening import with_database
    from app.settings import Settings, SettingsError

    try:
        settings = Settings.load()
        url = settings.database_url or embedded.running_url(settings.data_dir)
        if url is not None:
            return asyncio.run(_over(with_database(settings, url), act))
        with serving.database(settings) as opened:
            return asyncio.run(_over(opened, act))
    except (SettingsError, EmbeddedError, FileError) as error:
        fail(str(error))


async def _over(settings: "Settings", act: "Callable[[Desk], Awaitable[T]]") -> T:
    from app.opening import open_desk

    desk = open_desk(settings, pool_size=1)
    try:
        return await act(desk)
    finally:
        await desk.database.dispose()
