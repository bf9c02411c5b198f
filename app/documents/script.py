"""What staff say to whoever chose the telephone or the counter, or can be told in no other way (product A15).

Nothing of the matter is said before staff know who listens; what the data says is never read out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.documents.free import CorrectedNotice, DestroyedNotice, FreeNotice, LeakNotice, MeasureNotice, RulingNotice
from app.documents.korean import visible
from app.documents.notices import (
    AccessNotice,
    Barred,
    Done,
    Granted,
    HandedOver,
    NothingHeld,
    Notice,
    Objection,
    PartlyDone,
    PartlyGranted,
    Postponed,
    Recipient,
    ResultNotice,
    Sender,
    Withheld,
)
from app.documents.tongue import Tongue, day, hour
from app.documents.wording import aloud, child, child_later
from app.documents.wording.tones import Tone


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what staff do, then the sentences that they read out."""

    do: str
    say: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A word without a notice: the text that a message would have had."""

    receipt_no: str
    sender: Sender
    recipient: Recipient
    text: str


def steps(told: Notice | FreeNotice | Spoken, tone: Tone, *, meets: bool) -> tuple[Step, ...]:
    """The whole of it in order; `meets`: the person stands at the counter."""
    words, sender = aloud.SCRIPT[tone], told.sender
    greeting = words.greet.format(controller=sender.controller, desk=sender.desk)
    first = Step(
        aloud.DO_MEET if meets else aloud.DO_CALL, _said(greeting, words.is_it_you.format(name=told.recipient.name))
    )
    begin = words.begin.format(receipt_no=told.receipt_no)
    close = () if isinstance(told, Spoken) else (words.paper,)
    return (
        first,
        Step(aloud.DO_CHECK, _said(words.ask)),
        Step(aloud.DO_TELL, _said(begin, *_heart(told, tone))),
        *_objecting(told, tone),
        Step(aloud.DO_CLOSE, _said(*close, words.close.format(phone=sender.phone))),
    )


def _heart(told: Notice | FreeNotice | Spoken, tone: Tone) -> Iterator[str]:
    """What it comes to, and why."""
    match told:
        case Spoken(text=text):
            yield text
        case AccessNotice() | ResultNotice():
            yield from child.plainly(told) if tone == "easy" else _answer(told, told.language)
        case _:
            yield from child_later.plainly(told) if tone == "easy" else _free(told, told.language)


def _free(told: FreeNotice, tongue: Tongue) -> Iterator[str]:
    match told:
        case RulingNotice():
            yield aloud.ANSWERS[tongue][told.result]
            yield aloud.SCRIPT[tongue].reason.format(reason=told.reason)
        case DestroyedNotice():
            yield aloud.ANSWERS[tongue]["destroyed"]
            yield from (f"{one.label}: {day(one.destroyed_on, tongue)}" for one in told.records)
        case MeasureNotice():
            yield aloud.ANSWERS[tongue]["measure"]
            yield from (f"{what}: {done}" for what, done in told.measures)
        case LeakNotice():
            yield aloud.ANSWERS[tongue]["possible" if told.possible else "leak"]
            yield from (*told.what, told.how, told.can_do, told.did, told.contact)
        case CorrectedNotice():
            # To a company, in writing: nobody reads it out.
            return


def _answer(told: Notice, tongue: Tongue) -> Iterator[str]:
    words, answer = aloud.SCRIPT[tongue], told.answer
    yield aloud.ANSWERS[tongue][answer.kind].format(**_values(told, tongue))
    withheld: Withheld | None = getattr(answer, "withheld", None)
    if withheld is not None:
        yield words.reason.format(reason=withheld.reason)
        for one in withheld.grounds:
            yield words.grounds.format(text=one.text, article=one.article)
            yield from one.facts
    for item in told.items:
        if item.until is not None:
            yield words.until.format(label=item.label, day=day(item.until, tongue))
    if told.silent:
        yield words.silent.format(names=", ".join(told.silent))


def _values(told: Notice, tongue: Tongue) -> dict[str, str]:
    """What the sentence of an answer speaks of."""
    match told.answer:
        case Granted(viewing=viewing) | PartlyGranted(viewing=viewing):
            return {"opens": hour(viewing.opens, tongue), "place": viewing.place}
        case Postponed(expected_on=expected):
            return {"expected": day(expected, tongue)}
        case Done(action=action) | PartlyDone(action=action):
            return {"action": action}
        case Barred(statutes=statutes):
            return {"statutes": ", ".join(statutes)}
        case NothingHeld(other_ways=ways):
            return {"ways": ", ".join(ways)}
        case HandedOver(controllers=controllers):
            return {"controllers": ", ".join(f"{name} {contact}" for name, contact in controllers)}
        case _:
            return {}


def _objecting(told: Notice | FreeNotice | Spoken, tone: Tone) -> Iterator[Step]:
    """How to object, and who else can be asked; a child's words say it themselves."""
    if tone == "easy":
        return
    words = aloud.SCRIPT[tone]
    objection: Objection | None = getattr(told, "objection", None)
    bodies = objection.bodies if objection else told.bodies if isinstance(told, RulingNotice) else ()
    said = []
    if objection is not None:
        said.append(words.object.format(how=objection.how))
        if objection.until is not None:
            tongue: Tongue = "en" if tone == "en" else "ko"
            said.append(words.object_until.format(day=day(objection.until, tongue)))
    if bodies:
        said.append(words.bodies.format(names=", ".join(bodies)))
    if said:
        yield Step(aloud.DO_OBJECT, _said(*said))


def _said(*texts: str) -> tuple[str, ...]:
    return tuple(visible(line.strip()) for text in texts for line in text.splitlines() if line.strip())
