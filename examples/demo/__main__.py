"""`python -m examples.demo` (`make demo`): the whole journey, on real parts; 0 only if every step held."""

import asyncio
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from examples.client import ProblemError
from examples.demo import (
    afterwards,
    companies,
    families,
    footage,
    gildong,
    holders,
    mandates,
    objections,
    others,
    stopped,
)
from examples.demo.stage import Stage
from examples.demo.telling import Screen, StepFailedError


async def tell(folder: Path, screen: Screen) -> None:
    """Set the stage, tell the story, strike the stage."""
    screen.chapter(
        "Setting the stage: service, register, two systems, a store, two processors, a third party, SMTP, SMS, website"
    )
    async with Stage(folder) as stage:
        for slug, system in sorted(stage.systems.items()):
            how = f"signed events ({system['scheme']})" if system["scheme"] else "polls"
            screen.sees(slug, f"{system['name']}, {system['kind']}: {', '.join(system['categories'])}; {how}")
        screen.check(len(stage.systems) == 6, "six holders are registered, every endpoint proved by challenge")
        await gildong.tell(stage, screen)
        await others.tell_call(stage, screen)
        await others.tell_stranger(stage, screen)
        await families.tell_on_record(stage, screen)
        await families.tell_unknown(stage, screen)
        await families.tell_minor(stage, screen)
        await mandates.tell(stage, screen)
        await stopped.tell(stage, screen)
        await objections.tell(stage, screen)
        await footage.tell(stage, screen)
        await companies.tell(stage, screen)
        await holders.tell(stage, screen)
        await afterwards.tell(stage, screen)
        code = await stage.service.end()
        screen.check(code == 0, "the service ends cleanly", code)
        print("\nDocuments on disk:")
        for file in sorted(stage.documents.iterdir()):
            print(f"     {file}")


async def play(folder: Path) -> int:
    """Play it; on a failure say what was expected, and what the desk said last."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _cancel, asyncio.current_task())
    screen = Screen()
    try:
        await tell(folder, screen)
    except StepFailedError as failure:
        print(f"\n✗ A STEP DID NOT HOLD\n{failure}", file=sys.stderr)
    except ProblemError as problem:
        _tell_problem(problem)
    except Exception:  # noqa: BLE001 - whatever it was, the demo did not hold, and says where
        traceback.print_exc()
    else:
        print(f"\nEvery step held: {screen.held} checks in {screen.seconds:.0f} s. Everything is in {folder}")
        return 0
    print(f"Logs and documents are in {folder}", file=sys.stderr)
    return 1


def _tell_problem(problem: ProblemError) -> None:
    print(f"\n✗ A STEP DID NOT HOLD\nexpected: an answer\ngot: {problem}\n{problem.detail}", file=sys.stderr)
    for one in problem.errors:
        print(f"  {one}", file=sys.stderr)
    frame = traceback.extract_tb(problem.__traceback__)
    ours = [one for one in frame if f"demo{'/'}" in one.filename]
    if ours:
        print(f"at {Path(ours[-1].filename).name}:{ours[-1].lineno}: {ours[-1].line}", file=sys.stderr)


def _cancel(task: "asyncio.Task[object] | None") -> None:
    if task is not None:
        task.cancel()


def main() -> None:
    """Play it in a folder of its own, which stays."""
    folder = Path(tempfile.mkdtemp(prefix="rights-desk-demo-"))
    try:
        sys.exit(asyncio.run(play(folder)))
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(130)


if __name__ == "__main__":
    main()
