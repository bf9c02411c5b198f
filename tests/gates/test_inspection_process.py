"""Where files are opened: a process of its own, bounded, alone with its file, and gone when nobody needs it."""

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import uvloop

from app import inspection
from app.errors import Unavailable
from app.inspection.confined import MEMORY_BYTES, PROCESSOR_S, WRITTEN_BYTES
from app.inspection.foreman import AT_ONCE, DEADLINE_S
from tests.files import HARMLESS, HOSTILE, bombs, pictures, raw
from tests.files.look import Looked, look

SECRET = "canary-of-the-environment"
SOON_S = 10.0
NOBODY = 65534
# Five times what a child may spend on any machine of today, were it allowed; two megabytes to send.
ENDLESS_SCANS = 20_000


@pytest.fixture(autouse=True)
async def foreman(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A foreman of this test's own."""
    await inspection.workshop.stop()
    monkeypatch.setenv("DATABASE_URL", SECRET)
    yield
    await inspection.workshop.stop()
    assert not _children(os.getpid()) & _named("app.inspection.foreman")


def _children(of: int) -> set[int]:
    try:
        return {int(one) for one in Path(f"/proc/{of}/task/{of}/children").read_text().split()}
    except FileNotFoundError:
        return set()


def _named(module: str) -> set[int]:
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if module in path.read_text():
                found.add(int(path.parent.name))
        except OSError:
            pass
    return found


def _at_work() -> set[int]:
    assert inspection.workshop.foreman is not None
    return _children(inspection.workshop.foreman)


def _state(of: int) -> str:
    try:
        return Path(f"/proc/{of}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "gone"


def _status(of: int, key: str) -> list[str]:
    lines = Path(f"/proc/{of}/status").read_text().splitlines()
    return next(line.split()[1:] for line in lines if line.startswith(f"{key}:"))


def _limits(of: int) -> dict[str, list[str]]:
    lines = Path(f"/proc/{of}/limits").read_text().splitlines()
    return {line[:26].strip(): line[26:].split()[:2] for line in lines}


def _opened(of: int) -> list[str]:
    folder = Path(f"/proc/{of}/fd")
    return sorted(str(one.readlink()) for one in list(folder.iterdir()) if one.is_symlink())


def _environment(of: int) -> set[str]:
    return {one.partition("=")[0] for one in Path(f"/proc/{of}/environ").read_text().split("\0") if one}


async def _until(true: Callable[[], object], seconds: float = SOON_S) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        await asyncio.sleep(0.01)


def _soon(true: Callable[[], object]) -> None:
    asyncio.run(_until(true))


async def _busy() -> tuple[asyncio.Task[Looked], int]:
    """A file that takes long, and the child that has it."""
    endless = bombs.drawn_over_and_over(6000, ENDLESS_SCANS)
    task = asyncio.create_task(look(endless, "a.jpg"))
    await _until(lambda: inspection.workshop.foreman is not None and _at_work())
    return task, next(iter(_at_work()))


async def _confined(child: int) -> None:
    """When the last thing that a child does before it looks at its file is done."""
    await _until(lambda: _status(child, "NoNewPrivs") == ["1"])


async def test_a_child_is_bounded_and_alone_with_its_file() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        task, child = await _busy()
        await _confined(child)
        limits = _limits(child)
        assert limits["Max address space"] == [str(MEMORY_BYTES)] * 2
        assert limits["Max cpu time"] == [str(PROCESSOR_S)] * 2
        assert limits["Max file size"] == [str(WRITTEN_BYTES)] * 2
        assert limits["Max core file size"] == limits["Max open files"] == ["0", "0"]
        opened = _opened(child)
        files = [one for one in opened if one.endswith("(deleted)")]
        assert len(files) == 2, "what it reads and what it writes"
        rest = [one.partition(":")[0] for one in opened if one not in files]
        assert rest == ["/dev/null"] * 3 + ["socket"], "where it answers"
        assert os.getpgid(child) == child
        if os.geteuid() == 0:
            assert _status(child, "Uid") == _status(child, "Gid") == [str(NOBODY)] * 4
            assert _status(child, "Groups") == []
            assert _status(child, "CapEff") == ["0000000000000000"]
        task.cancel()


async def test_the_foreman_inherits_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)):
        await look(raw.page())
        foreman = inspection.workshop.foreman
        assert foreman is not None
        await _until(lambda: not _at_work())
        assert _environment(foreman) <= {"PYTHONPATH", "LD_LIBRARY_PATH", "LC_CTYPE"}
        assert len([one for one in _opened(foreman) if one.startswith("socket")]) == 1, "where orders come in"
        assert _status(foreman, "Threads") == ["1"], "a fork copies one thread only"


async def test_somebody_who_leaves_takes_the_child_along() -> None:
    task, child = await _busy()
    task.cancel()
    await _until(lambda: _state(child) == "gone")
    assert (await look(raw.page())).cleaned is not None


async def test_a_child_that_is_killed_found_a_file_it_could_not_read() -> None:
    for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT):
        task, child = await _busy()
        os.kill(child, number)
        assert (await task).code == "upload.corrupt"
        await _until(lambda: not _at_work())


async def test_a_foreman_that_dies_is_replaced() -> None:
    task, child = await _busy()
    await _confined(child)
    assert inspection.workshop.foreman is not None
    os.kill(inspection.workshop.foreman, signal.SIGKILL)
    with pytest.raises(Unavailable):
        await task
    assert (await look(raw.page())).cleaned is not None
    await _until(lambda: _state(child) == "gone")


async def test_a_stopped_workshop_drops_what_it_had_and_begins_again() -> None:
    task, child = await _busy()
    await inspection.workshop.stop()
    with pytest.raises(Unavailable):
        await task
    assert _state(child) == "gone"
    await inspection.workshop.stop()
    assert (await look(raw.page())).cleaned is not None


@pytest.mark.slow
async def test_time_runs_out_for_what_works_and_for_what_hangs() -> None:
    """One child counts without end and is stopped by the kernel, the other sleeps and is stopped by the foreman."""
    began = time.monotonic()
    working, _ = await _busy()
    sleeping = asyncio.create_task(look(bombs.drawn_over_and_over(6000, ENDLESS_SCANS), "a.jpg"))
    await _until(lambda: len(_at_work()) == AT_ONCE)
    asleep = max(_at_work())
    await _confined(asleep)
    os.kill(asleep, signal.SIGSTOP)
    assert [one.code for one in await asyncio.gather(working, sleeping)] == ["upload.corrupt"] * 2
    assert time.monotonic() - began < DEADLINE_S + SOON_S
    await _until(lambda: not _at_work())


@pytest.mark.slow
async def test_twenty_at_once_are_done_two_at_a_time_and_leave_nothing() -> None:
    await look(raw.page())
    padded = pictures.photo_of_8_mpx() + pictures.jpeg(pictures.document(64, 64)) * 100
    before, most = int(_status(os.getpid(), "VmRSS")[0]), 0
    descriptors = len(_opened(os.getpid()))
    tasks = [asyncio.create_task(look(padded if n % 2 else bytes(10_000_000), "a.jpg")) for n in range(20)]
    while not all(task.done() for task in tasks):
        most = max(most, len([one for one in _at_work() if _state(one) in "RSD"]))
        await asyncio.sleep(0.005)
    assert [bool(task.result().cleaned) for task in tasks] == [bool(n % 2) for n in range(20)]
    assert most == AT_ONCE
    del tasks
    assert int(_status(os.getpid(), "VmRSS")[0]) - before < 60_000, "in kB: the copies that the test itself holds"
    await _until(lambda: not _at_work())
    assert len(_opened(os.getpid())) == descriptors


async def test_waiting_for_ones_turn_may_be_given_up() -> None:
    busy = [(await _busy())[0]]
    busy.append(asyncio.create_task(look(bombs.drawn_over_and_over(6000, ENDLESS_SCANS), "a.jpg")))
    await _until(lambda: len(_at_work()) == AT_ONCE)
    waiting = [asyncio.create_task(look(raw.page())) for _ in range(5)]
    await asyncio.sleep(0.1)
    for one in (*waiting[:3], *busy):
        one.cancel()
    assert all([(await one).cleaned for one in waiting[3:]])


def test_it_works_in_the_loop_that_the_service_runs() -> None:
    """uvloop: an answer, somebody who leaves, an answer again."""

    async def main() -> None:
        task, child = await _busy()
        task.cancel()
        await _until(lambda: _state(child) == "gone")
        assert (await look(raw.page())).cleaned is not None
        await inspection.workshop.stop()

    uvloop.run(main())


def test_the_service_itself_reads_no_file() -> None:
    """Importing all of it does not load what opens files, and the foreman starts with the first file only."""
    script = """
        import sys
        import app.main, app.worker
        from app import inspection
        assert inspection.workshop.foreman is None
        print(sorted({"PIL", "pillow_heif", "app.inspection.confined", "app.inspection.pdf"} & set(sys.modules)))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.slow
def test_a_child_finds_all_it_needs_already_loaded(tmp_path: Path) -> None:
    """It cannot open a file: a module read late would look like a broken upload."""
    tame = [one for which, one in HOSTILE.items() if which not in bombs.BOMBS]
    files = [(make(), name) for name, make, *_ in (*HARMLESS.values(), *tame)]
    stamped = [(raw.page(), "application/pdf"), (pictures.jpeg(), "image/jpeg"), (pictures.png(), "image/png")]
    (tmp_path / "files").write_bytes(pickle.dumps((files, stamped)))
    script = """
        import pickle, sys
        from pathlib import Path
        from app.errors import Invalid
        from app.inspection import confined, stamp
        files, stamped = pickle.loads(Path(sys.argv[1]).read_bytes())
        confined.prepare()
        before = set(sys.modules)
        for content, name in files:
            try:
                confined.redrawn(content, name)
            except Exception:
                pass
        for content, media_type in stamped:
            stamp.stamped(content, media_type, ("한글", "latin"))
        print(sorted(set(sys.modules) - before))
    """
    asked = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script), str(tmp_path / "files")]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.slow
def test_nothing_outlives_a_service_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "endless.jpg").write_bytes(bombs.drawn_over_and_over(6000, ENDLESS_SCANS))
    script = """
        import asyncio, sys, tempfile
        from app import inspection
        async def main():
            await inspection.workshop.start()
            print(inspection.workshop.foreman, flush=True)
            with open(sys.argv[1], "rb") as source, tempfile.TemporaryFile() as out:
                await inspection.inspect(source, out, name="a.jpg")
        asyncio.run(main())
    """
    asked = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "endless.jpg")]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        foreman = int(service.stdout.readline())
        _soon(lambda: _children(foreman))
        child = next(iter(_children(foreman)))
        service.kill()
    _soon(lambda: _state(foreman) in ("gone", "Z") and _state(child) in ("gone", "Z"))


@pytest.mark.parametrize("cleaned", (raw.page, pictures.jpeg, pictures.tiff))
async def test_a_copy_that_finds_no_room_is_not_the_fault_of_the_file(cleaned: Callable[[], bytes]) -> None:
    with tempfile.TemporaryFile() as source, open("/dev/full", "r+b", buffering=0) as out:  # noqa: ASYNC230
        source.write(cleaned())
        with pytest.raises(OSError, match="could not be written"):
            await inspection.inspect(source, out, name="")


async def test_no_file_has_a_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    task, child = await _busy()
    assert len([one for one in _opened(child) if one.startswith(str(tmp_path))]) == 2
    assert list(tmp_path.glob("*")) == []  # noqa: ASYNC240 - a test may wait
    task.cancel()
