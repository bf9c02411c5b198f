"""What is left behind: no open task, an audit chain that holds, logs and texts that name nobody."""

import re

from examples.demo import families, footage, gildong, holders, mandates, objections, others, stopped
from examples.demo.stage import Stage
from examples.demo.telling import Screen, until

STORIES = (gildong, others, families, mandates, stopped, objections, footage, holders)
# Of all the words in which a story speaks of somebody, those that would give them away.
GIVEN_AWAY = re.compile(r"[가-힣]{3,5}|[가-힣]+(?:시|도) .+|010-\d{4}-\d{4}|[a-z]+@example\.com")


async def tell(stage: Stage, screen: Screen) -> None:
    """Tell the chapter."""
    screen.chapter("Afterwards")
    screen.step("The audit chain, from the first entry to the last")

    async def undelivered() -> list[object]:
        return [one async for one in stage.staff("officer").pages("/v1/tasks", status="pending")]

    open_ = await until(undelivered, lambda tasks: not tasks, "no task is left open")
    screen.check(not open_, "no task is left open", open_)
    said = await stage.output("audit", "verify")
    screen.sees("auditor", said)
    first = said.partition("\n")[0]
    screen.check(re.fullmatch(r"[1-9]\d* entries, head [0-9a-f]{64}", first) is not None, "it holds", said)
    screen.step("Every promise of the desk, from its rows, its files and its logs")

    async def promised() -> str:
        return await stage.promises()

    kept = await until(promised, lambda said: said.endswith("every promise holds"), "every promise holds")
    screen.check(bool(kept), "P1 to P12 hold (python -m tests.invariants)", kept)
    words = named()
    for log in ("service.log", "website.log", "household.log"):
        written = (stage.folder / log).read_text("utf-8", "replace")
        found = [one for one in words if one in written]
        screen.check(not found, f"{log} names nobody of {len(words)} names, numbers and addresses", found)
    links = [one.text for one in stage.post.texts if "http" in one.text]
    screen.check(not links, f"none of {len(stage.post.texts)} SMS held a link", links)
    leaked = [one.subject for one in stage.post.mails if any(word in one.subject for word in words)]
    screen.check(not leaked, f"none of {len(stage.post.mails)} mails named anybody in its subject", leaked)


def named() -> list[str]:
    """Return everybody of the stories by name, telephone, mail and address, as a log would write it."""
    said = [one for story in STORIES for one in vars(story).values() if isinstance(one, str)]
    found = [one for one in said if GIVEN_AWAY.fullmatch(one)]
    digits = [one.replace("-", "").removeprefix("0") for one in found if one.startswith("010")]
    return sorted({*found, *digits})
