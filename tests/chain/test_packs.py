"""An evidence pack of a chain made here, bent in every way a hand can bend it: it says which part does not hold."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785

from app.chain import packs
from app.chain.links import link
from app.chain.merkle import Tiled, inclusion
from app.chain.notes import Key
from app.chain.packs import Checked, Packed, PackError
from tests.chain.test_exports import KEY, chained, note
from tests.chain.vectors import ORIGIN

REQUEST, RECEIPT = "0193-ab", "123-4567-8901"
FILES = {
    "case.json": '{"purpose":"분쟁조정"}'.encode(),
    "notices/n1.json": b'{"kind":"decision"}',
    "notices/n1.pdf": b"%PDF-1.7 a notice",
    "cover.pdf": b"%PDF-1.7 a cover",
}
Told = dict[str, Any]


def said(action: str, request: str = REQUEST, **facts: object) -> bytes:
    return rfc8785.dumps({"action": action, "request": request, "at": f"when {action}", "facts": facts})  # type: ignore[dict-item]


FILED, OTHER = said("request.file", by="홍길동"), said("request.file", "0193-cd")
WRITTEN = said(packs.TELLS, notice="n1", content=packs.digest(FILES["notices/n1.json"]))
SEAL = {"manifest": packs.digest(packs.manifest(FILES)), "receipt_no": RECEIPT, "entries": 2}


def entries(*bodies: bytes) -> tuple[list[Packed], str]:
    """These among others, with the checkpoint of them all; those of another request stay behind."""
    chain = chained([*bodies, OTHER, OTHER])
    tree = Tiled([], {0: [one[2] for one in chain]})
    found = [Packed(*one, inclusion(one[0] - 1, len(chain), tree)) for one in chain if one[3] != OTHER]
    return found, note(len(chain), chain)


def audit(*bodies: bytes) -> bytes:
    found, checkpoint = entries(*bodies)
    return packs.audit(RECEIPT, REQUEST, found, checkpoint, str(KEY))


def archived(**files: bytes | None) -> bytes:
    """The pack, with these files instead; the dot of a name is written `_`."""
    whole = FILES | {packs.MANIFEST: packs.manifest(FILES), packs.AUDIT: AUDIT}
    changed = whole | {name.replace("_", "."): content for name, content in files.items()}
    return packs.archive({name: content for name, content in changed.items() if content is not None})


AUDIT = audit(FILED, OTHER, WRITTEN, OTHER, said(packs.SEALS, **SEAL))
TOLD: Told = json.loads(AUDIT)
PACK = archived()
ANCHORS = frozenset((one["seq"], bytes.fromhex(one["hash"])) for one in TOLD["entries"])
GOOD = Checked(RECEIPT, 4, 3, "when request.file", f"when {packs.SEALS}", 7, ANCHORS)


def with_entry(place: int, **values: object) -> bytes:
    """The pack in which one entry says something else; a value of None is left out."""
    changed = {name: value for name, value in (TOLD["entries"][place] | values).items() if value is not None}
    return with_told(entries=[changed if at == place else one for at, one in enumerate(TOLD["entries"])])


def with_told(**values: object) -> bytes:
    told = {name: value for name, value in (TOLD | values).items() if value is not None}
    return archived(audit_json=json.dumps(told).encode())


def with_body(body: bytes) -> bytes:
    """The pack with an entry of which the link was made to fit."""
    previous = bytes.fromhex(TOLD["entries"][1]["prev"])
    return with_entry(1, body=body.decode(), hash=link(3, previous, body).hex())


def signed(*bodies: bytes) -> bytes:
    """A pack of other entries, all of which stand in the signed chain."""
    return archived(audit_json=audit(*bodies))


def refusal(raw: bytes, key: Key = KEY) -> str:
    with pytest.raises(PackError) as caught:
        packs.check(raw, [key])
    return str(caught.value)


def test_a_pack_that_nobody_touched_holds() -> None:
    assert packs.check(PACK, [KEY]) == packs.check(PACK, [Key.of("else", bytes(32)), KEY]) == GOOD
    assert {(one["seq"]) for one in TOLD["entries"]} == {1, 3, 5} == {seq for seq, _ in GOOD.anchors}


def test_a_pack_is_written_as_its_format_says() -> None:
    found, checkpoint = entries(FILED, OTHER, WRITTEN, OTHER, said(packs.SEALS, **SEAL))
    raw = packs.audit(RECEIPT, REQUEST, found, checkpoint, str(KEY))
    assert json.loads(raw) == {
        "format": "rights-desk.evidence/1",
        "receipt_no": RECEIPT,
        "request": REQUEST,
        "key": str(KEY),
        "checkpoint": checkpoint,
        "entries": [
            {
                "seq": one.seq,
                "prev": one.previous.hex(),
                "hash": one.hash.hex(),
                "body": one.body.decode(),
                "path": [step.hex() for step in one.path],
            }
            for one in found
        ],
    }
    assert "홍길동" in raw.decode() and raw.startswith(b'{\n "format": ') and raw.endswith(b"\n}\n"), (
        "people read it too"
    )
    assert json.loads(packs.manifest(FILES)) == {"files": {name: packs.digest(FILES[name]) for name in FILES}}


def test_the_same_files_are_the_same_archive_and_lie_in_it_unpacked() -> None:
    backwards = dict(reversed(FILES.items()))
    assert packs.archive(backwards) == packs.archive(FILES)
    with zipfile.ZipFile(io.BytesIO(packs.archive(FILES))) as packed:
        assert packed.namelist() == sorted(FILES)
        for one in packed.infolist():
            assert (one.compress_type, one.date_time) == (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))
            assert packed.read(one) == FILES[one.filename]


INCOMPLETE = "what an entry says is not complete"
LEFT_OUT = "entries were left out, or are of another case"
ORDER = "the entries are not in their order"


@pytest.mark.parametrize(
    ("bend", "because"),
    [
        (lambda: archived(case_json=b"{}"), "case.json is not the file that was packed"),
        (lambda: archived(case_json=None), "case.json is not the file that was packed"),
        (lambda: archived(more_txt=b""), "more.txt is not the file that was packed"),
        (lambda: archived(manifest_json=None), "manifest.json is missing or broken"),
        (lambda: archived(manifest_json=b"{"), "manifest.json is missing or broken"),
        (lambda: archived(manifest_json=b"[" * 100_000), "manifest.json is missing or broken"),
        (lambda: archived(manifest_json=b"[]"), "manifest.json is broken"),
        (lambda: archived(manifest_json=b"{}"), INCOMPLETE),
        (lambda: archived(manifest_json=b'{"files":[]}'), INCOMPLETE),
        (
            lambda: archived(manifest_json=packs.manifest(FILES) + b" "),
            "manifest.json is not the one that entry 5 states",
        ),
        (lambda: archived(audit_json=None), "audit.json is missing or broken"),
        (lambda: archived(audit_json=b"\xff"), "audit.json is missing or broken"),
        (lambda: archived(audit_json=b"5"), "audit.json is broken"),
        (lambda: with_told(checkpoint=None), INCOMPLETE),
        (lambda: with_told(request=None), INCOMPLETE),
        (lambda: with_told(receipt_no=None), INCOMPLETE),
        (lambda: with_told(entries=None), INCOMPLETE),
        (lambda: with_told(entries=5), INCOMPLETE),
        (lambda: with_told(entries=["x"]), INCOMPLETE),
        (lambda: with_told(checkpoint="x"), "the checkpoint does not hold: no signed note"),
        (lambda: with_told(request="x"), "entry 1 is of another request"),
        (lambda: with_told(receipt_no="111-1111-1111"), LEFT_OUT),
        (lambda: with_told(entries=[]), ORDER),
        (lambda: with_told(entries=TOLD["entries"][::-1]), ORDER),
        (lambda: with_told(entries=[TOLD["entries"][0], *TOLD["entries"]]), ORDER),
        (lambda: with_told(entries=TOLD["entries"][1:]), LEFT_OUT),
        (lambda: with_told(entries=TOLD["entries"][:-1]), "entry 3 is not the one that was made for this pack"),
        *((lambda seq=seq: with_entry(1, seq=seq), "an entry has no number") for seq in (0, -1, 2**63, "3", 3.0, True)),
        (lambda: with_entry(1, seq=2**63 - 1), f"entry {2**63 - 1} is not what its hash says"),
        (lambda: with_entry(1, seq=2), "entry 2 is not what its hash says"),
        *(
            (lambda name=name: with_entry(1, **{name: None}), INCOMPLETE)
            for name in ("seq", "prev", "hash", "body", "path")
        ),
        (lambda: with_entry(1, prev="x"), "entry 3 is broken"),
        (lambda: with_entry(1, hash="x"), "entry 3 is broken"),
        (lambda: with_entry(1, path=["x"]), "entry 3 is broken"),
        (lambda: with_entry(1, path=[5]), INCOMPLETE),
        (lambda: with_entry(1, body="{"), "entry 3 is broken"),
        (lambda: with_entry(1, body="[" * 100_000), "entry 3 is broken"),
        (lambda: with_entry(1, body="\ud800"), "entry 3 is broken"),
        (lambda: with_entry(1, body=5), INCOMPLETE),
        (lambda: with_entry(1, prev="00" * 32), "entry 3 is not what its hash says"),
        (lambda: with_entry(1, hash="00" * 32), "entry 3 is not what its hash says"),
        (lambda: with_entry(1, body=FILED.decode()), "entry 3 is not what its hash says"),
        (lambda: with_body(FILED), "entry 3 does not stand in the signed chain"),
        (lambda: with_entry(1, path=[]), "entry 3 does not stand in the signed chain"),
        (lambda: PACK[: len(PACK) // 2], "the archive is broken"),
        (lambda: b"PK", "the archive is broken"),
        (lambda: b"", "the archive is broken"),
    ],
)
def test_each_way_to_bend_a_pack_is_found_and_named(bend: Callable[[], bytes], because: str) -> None:
    assert refusal(bend()) == because


@pytest.mark.parametrize(
    ("bodies", "because"),
    [
        ([FILED, OTHER, WRITTEN], "entry 3 is not the one that was made for this pack"),
        ([FILED, WRITTEN, said("case.import", **SEAL)], "entry 3 is not the one that was made for this pack"),
        ([FILED, WRITTEN, said(packs.SEALS, **SEAL), FILED], "entry 4 is not the one that was made for this pack"),
        (
            [FILED, WRITTEN, said(packs.SEALS, **SEAL | {"manifest": "x"})],
            "manifest.json is not the one that entry 3 states",
        ),
        ([FILED, WRITTEN, said(packs.SEALS, **SEAL | {"entries": 3})], LEFT_OUT),
        ([FILED, WRITTEN, said(packs.SEALS, **SEAL | {"entries": 1})], LEFT_OUT),
        ([FILED, WRITTEN, said(packs.SEALS, **SEAL | {"receipt_no": "x"})], LEFT_OUT),
        ([FILED, WRITTEN, said(packs.SEALS)], INCOMPLETE),
        ([FILED, said(packs.TELLS, "0193-ef"), said(packs.SEALS, **SEAL)], "entry 2 is of another request"),
        ([FILED, b'{"request":"0193-ab"}', said(packs.SEALS, **SEAL)], INCOMPLETE),
        ([FILED, b"[]", said(packs.SEALS, **SEAL)], INCOMPLETE),
        *(
            ([FILED, said(packs.TELLS, **facts), said(packs.SEALS, **SEAL)], because)
            for facts, because in (
                ({"notice": "n1", "content": "x"}, "notice n1 is not the one that was told"),
                ({"notice": "n2", "content": packs.digest(b"x")}, "notice n2 is not the one that was told"),
                ({"notice": "n1"}, INCOMPLETE),
            )
        ),
    ],
)
def test_what_was_signed_has_to_fit_the_pack_too(bodies: list[bytes], because: str) -> None:
    assert refusal(signed(*bodies)) == because


def test_a_pack_that_another_has_signed_does_not_hold() -> None:
    said_ = "the checkpoint does not hold: signed by none of the given keys"
    assert refusal(PACK, Key.of(ORIGIN, bytes(32))) == said_


def test_a_file_that_stands_there_twice_is_not_told_by_the_second() -> None:
    memory = io.BytesIO(PACK)
    with zipfile.ZipFile(memory, "a") as packed:
        packed.writestr("case_json", FILES["case.json"])
    memory = io.BytesIO(memory.getvalue().replace(b"case_json", b"case.json"))
    assert refusal(memory.getvalue()) == "a file stands there twice"


def test_every_bit_of_a_pack_counts_or_changes_nothing_that_it_says() -> None:
    """Also those by which it would be of another packing, or locked: no other failure comes of them."""
    raw = bytearray(PACK)
    for at in range(len(raw)):
        for bit in (1, 2, 4, 8, 16, 32, 64, 128):
            raw[at] ^= bit
            try:
                assert packs.check(bytes(raw), [KEY]) == GOOD
            except PackError:
                pass
            finally:
                raw[at] ^= bit
