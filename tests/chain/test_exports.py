"""An exported chain of a thousand entries, bent in every way a hand can bend it: found, with the first bad entry."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.chain import apart, exports, notes
from app.chain.exports import ExportError
from app.chain.links import GENESIS, link
from app.chain.merkle import Tiled, inclusion, root
from app.chain.notes import Checkpoint, Key
from app.chain.trail import Verdict
from app.cli import app as cli
from tests.chain.vectors import ORIGIN, SEED

KEY = Key.of(ORIGIN, SEED)
SIZE, SIGNED = 1_000, (100, 640, 1_000)
Line = dict[str, object]


def bodies(size: int = SIZE) -> list[bytes]:
    return [json.dumps({"action": "request.file", "at": at}).encode() for at in range(1, size + 1)]


def chained(said: Iterable[bytes]) -> list[tuple[int, bytes, bytes, bytes]]:
    """Entries that follow from each other."""
    found, before = [], GENESIS
    for seq, body in enumerate(said, start=1):
        hash_ = link(seq, before, body)
        found.append((seq, before, hash_, body))
        before = hash_
    return found


CHAIN = chained(bodies())


def note(size: int, chain: list[tuple[int, bytes, bytes, bytes]] = CHAIN, seed: bytes = SEED) -> str:
    found = Checkpoint(ORIGIN, size, root(one[2] for one in chain[:size]))
    return notes.sign(found.text(), ORIGIN, seed)


NOTES = {size: note(size) for size in SIGNED}


def exported(chain: list[tuple[int, bytes, bytes, bytes]] = CHAIN, signed: dict[int, str] = NOTES) -> list[str]:
    lines = [exports.head(str(KEY), 1, len(chain))]
    for entry in chain:
        lines.append(exports.entry(*entry))
        lines += [exports.signed(signed[entry[0]])] if entry[0] in signed else []
    return lines


LINES = exported()


def read(lines: Iterable[str], **more: object) -> Verdict:
    return exports.verify(lines, [KEY], **more)  # type: ignore[arg-type]


def at(lines: list[str], seq: int) -> int:
    return next(place for place, line in enumerate(lines) if json.loads(line).get("seq") == seq)


def changed(entry: int, **values: object) -> list[str]:
    lines = list(LINES)
    place = at(lines, entry)
    lines[place] = json.dumps(json.loads(lines[place]) | values) + "\n"
    return lines


def test_a_chain_that_nobody_touched_holds() -> None:
    verdict = read(LINES)
    assert verdict == Verdict(0, SIZE, SIZE, None, "", CHAIN[-1][2])
    assert read(LINES, roots={SIZE: root(one[2] for one in CHAIN)}) == verdict, "no more is known than was read"
    rest = read(exported(signed={100: NOTES[100]}))
    assert (rest.entries, rest.vouched, rest.first_bad) == (SIZE, 100, None)


def test_every_byte_of_an_entry_counts() -> None:
    """Flip each byte of one entry's line: it is found as that entry, or the file is no export any more."""
    place = at(LINES, 500)
    raw = LINES[place].encode()
    unseen = []
    for byte in range(len(raw) - 1):
        bent = raw[:byte] + bytes([raw[byte] ^ 1]) + raw[byte + 1 :]
        lines = [*LINES[max(place - 1, 1) : place], bent.decode("utf-8", "replace"), *LINES[place + 1 : place + 3]]
        try:
            verdict = read([exports.head("", 499, 502), *lines])
            unseen += [byte] if verdict.first_bad not in (499, 500) else []
        except ExportError:
            continue
    assert not unseen


def deleted() -> list[str]:
    gone = at(LINES, 300)
    return [line for place, line in enumerate(LINES) if place != gone]


def inserted() -> list[str]:
    place = at(LINES, 300)
    return [*LINES[:place], LINES[place - 1], *LINES[place:]]


def swapped() -> list[str]:
    lines, place = list(LINES), at(LINES, 300)
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    return lines


def cut(last: int) -> list[str]:
    """Cut at the end, the first line made to fit."""
    kept = LINES[1 : at(LINES, last) + 1]
    return [exports.head(str(KEY), 1, last), *kept]


def misplaced() -> list[str]:
    """A checkpoint behind another entry than the one up to which it reaches."""
    place = at(LINES, 300)
    return [*LINES[: place + 1], exports.signed(NOTES[640]), *LINES[place + 1 :]]


UNLIKE = "does not follow from the one before"
CUT = "is missing: the export says that it goes on"


@pytest.mark.parametrize(
    ("bend", "first_bad", "because"),
    [
        (lambda: changed(300, body='{"action":"request.file","at":301}'), 300, UNLIKE),
        (lambda: changed(300, body="\ud800"), 300, UNLIKE),
        (lambda: changed(300, hash="00" * 32), 300, UNLIKE),
        (lambda: changed(300, prev="00" * 32), 300, UNLIKE),
        (lambda: changed(300, seq=301), 300, UNLIKE),
        (lambda: changed(300, seq=2**63 - 1), 300, UNLIKE),
        (lambda: changed(1, prev="00" * 32), 1, UNLIKE),
        (deleted, 300, UNLIKE),
        (inserted, 300, UNLIKE),
        (swapped, 300, UNLIKE),
        (lambda: LINES[:-2], 1_000, CUT),
        (lambda: [LINES[0], *LINES[2:]], 1, UNLIKE),
        (lambda: [LINES[0]], 1, CUT),
        (misplaced, 301, "does not stand where its checkpoint says"),
        (lambda: [*LINES[:101], exports.signed("x")], 1, "has a checkpoint that does not hold: no signed note"),
    ],
)
def test_each_way_to_bend_it_is_found_with_the_first_bad_entry(
    bend: Callable[[], list[str]], first_bad: int, because: str
) -> None:
    verdict = read(bend())
    assert (verdict.first_bad, verdict.because) == (first_bad, because)


def test_a_chain_that_was_rewritten_to_its_end_no_longer_fits_what_was_signed(tmp_path: Path) -> None:
    """Whoever rules the database can make every link fit, but not the signatures, nor what lies elsewhere."""
    said = bodies()
    said[299] = b'{"action":"request.file","at":0}'
    forged = chained(said)
    verdict = read(exported(forged))
    assert (verdict.first_bad, verdict.vouched) == (101, 100)
    assert verdict.because == "or one of those after it, up to 640, is not the one that was signed"

    leaves = tmp_path / "leaves"
    leaves.write_bytes(b"".join(one[2] for one in CHAIN))
    verdict = read(exported(forged), elsewhere=apart.leaves(leaves))
    assert (verdict.first_bad, verdict.because) == (300, "is not the one that was written outside the database")
    # Without any checkpoint left in the database, those of the mail still speak.
    kept = apart.roots(apart.notes_in(f"보관해 주세요.\n\n{NOTES[640]}\n[공개키]\n"), [KEY])
    assert read(exported(forged, signed={}), roots=kept).first_bad == 1
    # Signed anew by a key that is not ours.
    other = {size: note(size, forged, bytes(32)) for size in SIGNED}
    assert read(exported(forged, signed=other)).first_bad == 1


def test_a_tail_that_was_cut_is_missed(tmp_path: Path) -> None:
    assert read(cut(999)).first_bad is None, "within itself it looks whole"
    kept = apart.roots([NOTES[1_000]], [KEY])
    verdict = read(cut(999), roots=kept)
    gone = "is missing: the chain was longer, and nothing vouches for what stands behind 640"
    assert (verdict.first_bad, verdict.because) == (1_000, gone)
    leaves = tmp_path / "leaves"
    leaves.write_bytes(b"".join(one[2] for one in CHAIN) + b"torn")
    assert read(cut(999), elsewhere=apart.leaves(leaves)).first_bad == 1_000
    assert read(LINES, elsewhere=apart.leaves(leaves)).first_bad is None


def part(first: int, last: int) -> list[str]:
    tree = Tiled([], {place: [one[2] for one in CHAIN[place * 256 : place * 256 + 256]] for place in range(4)})
    lines = [exports.head(str(KEY), first, last), *(exports.entry(*one) for one in CHAIN[first - 1 : last])]
    return [*lines, exports.signed(NOTES[1_000], inclusion(last - 1, 1_000, tree))]


def test_a_part_is_vouched_for_by_one_path() -> None:
    verdict = read(part(400, 420))
    assert (verdict.entries, verdict.vouched, verdict.first_bad, verdict.unsigned) == (21, 420, None, 0)
    bare = read(part(400, 420)[:-1])
    assert (bare.entries, bare.vouched, bare.unsigned) == (21, 0, 21), "without its path nothing vouches for it"
    wrong = part(400, 420)
    wrong[-1] = exports.signed(NOTES[1_000], [bytes(32)] * 10)
    verdict = read(wrong)
    assert (verdict.first_bad, verdict.because) == (400, "is not the one that was signed")
    pathless = read([*part(400, 420)[:-1], exports.signed(NOTES[1_000])])
    assert (pathless.first_bad, pathless.because) == (421, "does not stand where its checkpoint says")
    pathless = read([*part(990, 1_000)[:-1], exports.signed(NOTES[1_000])])
    assert (pathless.first_bad, pathless.because) == (1_001, "does not stand where its checkpoint says")
    # What follows the last entry that is vouched for is read all the same.
    longer = [exports.head("", 400, 421), *part(400, 420)[1:], exports.entry(*CHAIN[420])]
    verdict = read(longer)
    assert (verdict.entries, verdict.vouched, verdict.first_bad, verdict.unsigned) == (22, 420, None, 1)
    # All links remade, from an entry that was never there.
    forged = [(seq, CHAIN[398][2], link(seq, CHAIN[398][2], b"x"), b"x") for seq in (400,)]
    remade = [exports.head("", 400, 400), exports.entry(*forged[0]), part(400, 400)[-1]]
    assert read(remade).first_bad == 400


def test_a_part_is_held_against_what_lies_elsewhere_as_far_as_it_goes() -> None:
    def elsewhere(seq: int) -> bytes | None:
        return CHAIN[seq - 1][2]

    assert read(part(400, 420), elsewhere=elsewhere).first_bad is None, "that the chain goes on behind it is no fault"
    verdict = read(part(400, 420), elsewhere=lambda seq: bytes(32) if seq == 410 else elsewhere(seq))
    assert (verdict.first_bad, verdict.because) == (410, "is not the one that was written outside the database")


def test_an_export_is_written_as_its_format_says() -> None:
    seq, previous, hash_, body = CHAIN[76]
    assert exports.head("k", 1, 312) == '{"format":"rights-desk.audit/1","key":"k","first":1,"last":312}\n'
    told = f'{{"seq":77,"prev":"{previous.hex()}","hash":"{hash_.hex()}","body":'
    assert exports.entry(seq, previous, hash_, body) == told + json.dumps(body.decode()) + "}\n"
    assert exports.entry(seq, previous, hash_, "가\x00".encode() + b"\xff") == told + '"가\\u0000\ufffd"}\n'
    assert exports.signed("n") == '{"checkpoint":"n"}\n'
    assert exports.signed("n", []) == '{"checkpoint":"n","path":[]}\n'
    assert exports.signed("n", [b"\x01", b"\xff"]) == '{"checkpoint":"n","path":["01","ff"]}\n'


def test_a_chain_of_nothing_has_nothing_bad() -> None:
    assert read([exports.head("", 1, 0)]) == Verdict(0, 0, 0, None, "", GENESIS)


def forgeries() -> dict[str, list[str]]:
    """Files of which every link fits and nothing is signed, or not by us."""
    previous, lines = bytes(32), [exports.head(str(KEY), 100, 101)]
    for seq in (100, 101):
        hash_ = link(seq, previous, b"x")
        lines.append(exports.entry(seq, previous, hash_, b"x"))
        previous = hash_
    whole = chained([b"x", b"y"])
    return {
        "a part": lines,
        "an empty part": [exports.head(str(KEY), 100, 99)],
        "a whole chain": exported(whole, signed={}),
        "one that begins before the first": [
            exports.head(str(KEY), 0, 0),
            exports.entry(0, b"", link(0, b"", b""), b""),
        ],
        "signed by another": exported(whole, signed={2: note(2, whole, bytes(32))}),
    }


def test_a_file_for_which_nobody_has_signed_does_not_pass(tmp_path: Path) -> None:
    file, mail = tmp_path / "export.jsonl", tmp_path / "mail.txt"

    def verified(lines: list[str], *more: str) -> tuple[int, str]:
        file.write_text("".join(lines), encoding="utf-8")
        done = CliRunner().invoke(cli, ["audit", "verify", str(file), "--key", str(KEY), *more])
        return done.exit_code, done.stdout + done.stderr

    for name, lines in forgeries().items():
        code, said = verified(lines)
        assert code == 1 and "signed up to" not in said, (name, said)
        assert "no checkpoint that holds" in said or name == "signed by another", (name, said)
    code, said = verified(part(400, 420))
    assert code == 0 and said.startswith("21 entries, head ") and said.endswith("signed up to entry 420\n"), said
    unsigned = exported(CHAIN[:105], signed={})
    assert verified(unsigned)[0] == 1
    mail.write_text(NOTES[100], encoding="utf-8")
    code, said = verified(unsigned, "--checkpoint", str(mail))
    assert code == 0 and said.endswith("signed up to entry 100, 5 after it not yet\n"), "a saved mail vouches for it"


def test_two_checkpoints_of_one_size_that_differ_are_a_fork() -> None:
    forged = chained([b"x", *bodies(99)])
    with pytest.raises(notes.NoteError, match="size 100 differ"):
        apart.roots([NOTES[100], note(100, forged)], [KEY])


TORN, NONE = "a line is no JSON: the file was torn", "a line is no entry"


@pytest.mark.parametrize(
    ("lines", "because"),
    [
        ([], TORN),
        ([""], TORN),
        (["{"], TORN),
        (["[" * 100_000], TORN),
        (["[]\n"], NONE),
        (["{}\n"], "no export of an audit chain"),
        ([LINES[1]], "no export of an audit chain"),
        ([exports.head("", -1, 1)], "first is no number"),
        ([exports.head("", 1, 2**63)], "last is no number"),
        ([LINES[0], ""], TORN),
        ([LINES[0], "{"], TORN),
        ([LINES[0], "[]\n"], NONE),
        ([LINES[0], "{}\n"], "an entry has no body"),
        ([LINES[0], '{"seq":1,"prev":"","hash":"","body":5}\n'], "an entry has no body"),
        ([LINES[0], '{"prev":"","hash":"","body":""}\n'], "seq is no number"),
        ([LINES[0], '{"seq":true,"prev":"","hash":"","body":""}\n'], "seq is no number"),
        ([LINES[0], '{"seq":"1","prev":"","hash":"","body":""}\n'], "seq is no number"),
        ([LINES[0], '{"seq":9223372036854775808,"prev":"","hash":"","body":""}\n'], "seq is no number"),
        ([LINES[0], '{"seq":1,"hash":"","body":""}\n'], "prev is no hash"),
        ([LINES[0], '{"seq":1,"prev":"","hash":5,"body":""}\n'], "hash is no hash"),
        ([LINES[0], '{"seq":1,"prev":"","hash":"x","body":""}\n'], "hash is no hash"),
        ([exports.head("", 2, 2), '{"seq":2,"hash":"","body":""}\n'], "prev is no hash"),
        ([*LINES[:2], '{"checkpoint":' + json.dumps(NOTES[100]) + ',"path":["x"]}\n'], "a path is none"),
        ([*LINES[:2], '{"checkpoint":' + json.dumps(NOTES[100]) + ',"path":5}\n'], "a path is none"),
    ],
)
def test_what_is_no_export_says_so(lines: list[str], because: str) -> None:
    with pytest.raises(ExportError) as caught:
        read(lines)
    assert str(caught.value) == because
