"""`rights-desk policy`: check a policy file, say what a new one changes, explain what it comes to."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commanding import fail
from app.law.terms import Capacity, Right

if TYPE_CHECKING:
    from app.law.controller import Policy
    from app.rulebook import Rulebook

app = typer.Typer(no_args_is_help=True, help="A controller's policy file.")

File = Annotated[Path, typer.Argument(help="a policy file")]
Statutes = Annotated[
    Path | None, typer.Option("--rulebook", envvar="RULEBOOK_DIR", help="editions and sectors beside the shipped ones")
]


class Language(StrEnum):
    """In what language it is told."""

    KO = "ko"
    EN = "en"


Tongue = Annotated[Language, typer.Option("--language", help="ko or en")]


@app.command()
def check(file: File, rulebook: Statutes = None) -> None:
    """Say everything that is wrong with a policy file, by line and field; exit 1 where something is."""
    found, _ = _load(file, rulebook)
    print(f"{file.name}: {found.id}, {found.controller.ko}, {len(found.categories)} categories, nothing wrong")


@app.command()
def diff(old: File, new: File, rulebook: Statutes = None, language: Tongue = Language.KO) -> None:
    """Say what a new policy changes; exit 1 where a promise to the people is lowered by it."""
    from app.policy.compared import compare

    changes = compare(_load(old, rulebook)[0], _load(new, rulebook)[0])
    for one in changes:
        print(f"{'!' if one.lowered else ' '} {one.place}: {one.said.ko if language == 'ko' else one.said.en}")
    lowered = sum(one.lowered for one in changes)
    if language == "ko":
        print(f"바뀐 것 {len(changes)}, 정보주체에게 불리해진 것(!) {lowered}")
    else:
        print(f"{len(changes)} changes, {lowered} of them (!) to people's disadvantage")
    if lowered:
        raise SystemExit(1)


@app.command()
def explain(
    file: File,
    right: Annotated[Right | None, typer.Option(help="absent: every right")] = None,
    category: Annotated[str | None, typer.Option(help="absent: every category")] = None,
    capacity: Annotated[Capacity, typer.Option()] = Capacity.SELF,
    arrived: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="absent: today in Seoul")] = None,
    rulebook: Statutes = None,
    language: Tongue = Language.KO,
) -> None:
    """Say what would be granted, kept until when, who decides, by when, and with what proof."""
    from app import workdays
    from app.policy import explained

    policy, law = _load(file, rulebook)
    if category is not None and category not in policy.categories:
        fail(f"no such category: {category} (there are {', '.join(policy.categories)})")
    on = arrived.date() if arrived else _today()
    try:
        edition = law.at(on)
    except LookupError as error:
        fail(str(error))
    for one in policy.categories.values() if category is None else [policy.categories[category]]:
        for asked in Right if right is None else [right]:
            found = explained.explain(policy, edition, asked, one, capacity, arrived=on, closed=workdays.calendar())
            print("\n".join(explained.told(policy, found, language)))


def _load(file: Path, folder: Path | None) -> "tuple[Policy, Rulebook]":
    """The policy under the law of this release and of the folder; what is wrong is told, line by line."""
    from app import policy, rulebook
    from app.marked import FileError

    try:
        law = rulebook.load(folder)
        return policy.load(file, law.records), law
    except FileError as error:
        fail(str(error))


def _today() -> date:
    from app import db
    from app.law.deadline import seoul_date

    return seoul_date(db.now())
