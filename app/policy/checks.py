"""What must hold in a policy file beyond its shape: no entry twice, no name without its entry, nothing the law forbids.

These look at what the file says, not at checked objects, so that they can speak even where the shape is wrong
elsewhere: whoever writes a policy is told everything at once.
"""

from app.marked import Sheet
from app.policy import standings
from app.policy.entries import entries, ids, refer, unique

LISTS = (
    "rights",
    "channels",
    "purposes",
    "records",
    "categories",
    "consent_methods",
    "lines",
    "bodies",
    "documents",
    "controllers",
    "sources",
    "systems",
)


def check(sheet: Sheet) -> None:
    """Note every problem of references, repetition and law."""
    if not isinstance(sheet.value, dict):
        return
    for name in LISTS:
        unique(sheet, (name,), "id")
    _unique_parties(sheet)
    _references(sheet)
    _categories(sheet)
    _purposes(sheet)
    _children(sheet)
    standings.check(sheet)


def _unique_parties(sheet: Sheet) -> None:
    """Processors and third parties share one set of names."""
    unique(sheet, ("processors",), "id")
    unique(sheet, ("third_parties",), "id")
    for here, entry in entries(sheet, ("third_parties",)):
        if str(entry.get("id")) in ids(sheet, "processors"):
            sheet.flaw((*here, "id"), f"'{entry['id']}' is already a processor")


def _references(sheet: Sheet) -> None:
    purposes, records, channels = (ids(sheet, name) for name in ("purposes", "records", "channels"))
    used: set[str] = set()
    for here, entry in entries(sheet, ("categories",)):
        refer(sheet, here, entry, "purposes", purposes, "is not among the purposes")
        refer(sheet, here, entry, "routes", channels, "is not a channel by which a request may come (Decree 41(2)2)")
        unique(sheet, (*here, "records"), "record")
        for inner, kept in entries(sheet, (*here, "records")):
            if isinstance(kept.get("record"), str) and kept["record"] not in records:
                sheet.flaw((*inner, "record"), f"'{kept['record']}' is not among the records")
            used.add(str(kept.get("record")))
        refer(sheet, here, entry, "sources", ids(sheet, "sources"), "is not among the sources")
        if isinstance(entry.get("owner"), str) and entry["owner"] not in ids(sheet, "controllers"):
            sheet.flaw((*here, "owner"), f"'{entry['owner']}' is not among the controllers")
    for name in ("processors", "third_parties", "systems"):
        for here, entry in entries(sheet, (name,)):
            refer(sheet, here, entry, "categories", ids(sheet, "categories"), "is not among the categories")
    for here, entry in entries(sheet, ("records",)):
        if str(entry.get("id")) not in used and not entry.get("note"):
            sheet.flaw((*here, "note"), "is missing: no category holds these records, so say why")


def _categories(sheet: Sheet) -> None:
    for here, entry in entries(sheet, ("categories",)):
        unique(sheet, (*here, "fields"), "id")
        for inner, one in entries(sheet, (*here, "fields")):
            if isinstance(one.get("proof"), str) and one["proof"] not in ids(sheet, "documents"):
                sheet.flaw((*inner, "proof"), f"'{one['proof']}' is not among the documents")
            if (one.get("input") == "textarea") != (one.get("free_text") is True):
                sheet.flaw((*inner, "free_text"), "a textarea holds free text, and nothing else does")
        if entry.get("fields") == [] and entry.get("media") is not True:
            sheet.flaw((*here, "fields"), "is empty, but the category is not media")
        if entry.get("pseudonymised") is True and entry.get("media") is True:
            sheet.flaw((*here, "pseudonymised"), "footage is asked for by place and time, so it is not pseudonymised")
        if entry.get("short_lived") is True and (entry.get("records") or entry.get("span")):
            sheet.flaw((*here, "short_lived"), "is kept for a period or by statute, so it is not short-lived")


def _purposes(sheet: Sheet) -> None:
    """What rests on a statute names it; only a contract can make a purpose indispensable (Act 37(2)1, 4)."""
    for here, entry in entries(sheet, ("purposes",)):
        if (entry.get("basis") == "statute") != (entry.get("statute") is not None):
            sheet.flaw((*here, "statute"), "stands with the basis 'statute', and with no other")
        if entry.get("indispensable") is True and entry.get("basis") != "contract":
            sheet.flaw((*here, "indispensable"), "only what rests on a contract is indispensable to one")


def _children(sheet: Sheet) -> None:
    children = sheet.value.get("children")
    if isinstance(children, dict):
        purposes = ids(sheet, "purposes")
        refer(sheet, ("children",), children, "refused_purposes", purposes, "is not among the purposes")
