"""What may be asked and in what standing, from the desk's policy: the form is drawn from this and from nothing else."""

from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]
SELF = "self"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tick: its id and its Korean label."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One field: what is asked, how it is typed, whether it must be, and from what it is chosen."""

    id: str
    label: str
    input: str
    required: bool
    longest: int
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One capacity (본인, 법정대리인, 위임받은 대리인), and what is asked in it beside what everybody is asked."""

    id: str
    label: str
    subject_also: frozenset[str] = frozenset()
    requester: tuple[Asked, ...] = ()
    requester_one_of: tuple[str, ...] = ()
    mandate: tuple[Asked, ...] = ()

    @property
    def relationships(self) -> tuple[Choice, ...]:
        """By what somebody may have this standing."""
        return next((one.options for one in self.requester if one.id == "relationship"), ())


@dataclass(frozen=True, slots=True)
class Choices:
    """What the policy lets a person choose from, and what it asks."""

    controller: str
    rights: dict[str, str]
    aspects: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    fields: tuple[Choice, ...]
    purposes: tuple[Choice, ...]
    consents: tuple[Choice, ...]
    notify_by: tuple[Choice, ...]
    records: tuple[Choice, ...]
    subject: tuple[Asked, ...]
    subject_one_of: tuple[str, ...]
    standings: dict[str, Standing]
    documents: dict[str, str] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    film: tuple[Choice, ...] = ()
    sites: tuple[Choice, ...] = ()
    grounds: tuple[Choice, ...] = ()
    kinds: tuple[Choice, ...] = ()
    window_hours: int | None = None

    def standing(self, name: str) -> Standing:
        """Return the standing of this name; whoever names none that is offered asks for themselves."""
        return self.standings.get(name) or self.standings[SELF]

    def name_of(self, item: str) -> str:
        """Return the words for `<category>.<field or purpose>` or, of what a statute keeps, `<category>:<record>`."""
        named = (*self.categories, *self.film, *self.fields, *self.purposes, *self.records)
        known = {one.id: one.label for one in named}
        if item in known:
            return known[item]
        parts = item.replace(":", ".").split(".")
        return " - ".join(known.get(one, one) for one in parts)

    @staticmethod
    def of(policy: JSON) -> "Choices":
        """Read the policy's document. Categories without fields (pictures) are asked for in another way."""
        categories, media = [one for one in policy["categories"] if one["fields"]], policy["media"]
        return Choices(
            controller=policy["controller"]["ko"],
            rights={one["id"]: one["label"]["ko"] for one in policy["rights"]},
            aspects=_choices(policy["aspects"]),
            categories=_choices(categories),
            fields=tuple(
                Choice(f"{one['id']}.{field['id']}", f"{one['label']['ko']} - {field['label']['ko']}")
                for one in categories
                for field in one["fields"]
            ),
            purposes=_choices(policy["purposes"]),
            consents=_choices([one for one in policy["purposes"] if one["consent"]]),
            notify_by=_choices(policy["notify_by"]),
            records=_choices(policy["records"]),
            subject=_fields(policy["subject"]),
            subject_one_of=tuple(policy["subject_one_of"]),
            standings={one["id"]: _standing(one) for one in policy["capacities"] if one["available"]},
            documents={one["kind"]: one["label"]["ko"] for one in policy["documents"]},
            methods={one["id"]: one["label"]["ko"] for one in policy["methods"]},
            film=_choices([one for one in policy["categories"] if not one["fields"]]),
            sites=_choices(policy["sites"]),
            grounds=_choices(media["grounds"]),
            kinds=_choices(media["kinds"]),
            window_hours=media["window_hours"],
        )


def _standing(capacity: JSON) -> Standing:
    return Standing(
        id=capacity["id"],
        label=capacity["label"]["ko"],
        subject_also=frozenset(capacity["subject_also_required"]),
        requester=_fields(capacity["requester"]),
        requester_one_of=tuple(capacity["requester_one_of"]),
        mandate=_fields(capacity["mandate"]),
    )


def _fields(listed: list[JSON]) -> tuple[Asked, ...]:
    return tuple(
        Asked(
            one["id"],
            one["label"]["ko"],
            one["input"],
            one["required"],
            one["max_length"],
            _choices(one["options"]),
        )
        for one in listed
    )


def _choices(listed: list[JSON]) -> tuple[Choice, ...]:
    return tuple(Choice(one["id"], one["label"]["ko"]) for one in listed)
