"""What holders have left over of an act: a record that a statute keeps, a part not done, somebody further on."""

from datetime import date

from app.desk import Desk
from app.documents.tongue import day, either, say
from app.law.terms import ItemOutcome
from app.models import Fence
from app.services import itemised
from app.services.facts import Facts


def lines(desk: Desk, facts: Facts) -> list[str]:
    """What holders report beyond the decision: a record of theirs that a statute keeps, an act done in part."""
    assert facts.decision is not None
    foreseen = {item["basis"] for item in facts.items if item["outcome"] == ItemOutcome.KEEP}
    told = []
    for statute, until in sorted(facts.kept_until.items()):
        if statute not in foreseen:
            last = day(date.fromisoformat(until), facts.tongue)
            ko = f"다음 기록은 법령에 따라 보존한다고 알려 왔습니다: {statute}, {last}까지"
            told.append(either(facts.tongue, ko, f"A record is reported as kept by statute: {statute}, until {last}"))
    for fence in facts.reported:
        label, last = record_label(desk, facts, fence), day(fence.until, facts.tongue)
        ko = f"법령에 따라 보존한다고 알려 온 기록: {label}({fence.basis}), {last}까지. 그 뒤에 파기합니다."
        en = f"A record is reported as kept by statute: {label} ({fence.basis}), until {last}; it is destroyed then."
        told.append(either(facts.tongue, ko, en))
    for one, by in facts.onward:
        ko = f"개인정보를 다시 넘겨받은 다음 곳은 아직 조치를 마치지 않았습니다: {one}({by}에서 넘김)."
        en = f"One that was passed the data has not done it yet: {one} (passed on by {by})."
        told.append(either(facts.tongue, ko, en))
    if facts.passed_on:
        where = ", ".join(say(one, facts.tongue) for one in facts.passed_on)
        ko = f"이 개인정보를 저희에게 제공한 다음 곳에도 요구를 전달합니다: {where}"
        told.append(either(facts.tongue, ko, f"The request is also passed on to whom the data came from: {where}."))
    if facts.partly:
        where = ", ".join(facts.partly)
        ko = f"일부만 조치하였다고 알려 온 곳: {where}. 자세한 내용은 아래 담당 부서로 문의해 주십시오."
        en = f"Reported as done in part only: {where}. The desk named below tells you more."
        told.append(either(facts.tongue, ko, en))
    return told


def record_label(desk: Desk, facts: Facts, fence: Fence) -> str:
    """A kept record as it was named when it was fenced; in English by the policy of today, as far as that knows it."""
    if facts.tongue == "ko":
        return fence.label
    try:
        return itemised.label(desk, fence.item, facts.tongue)
    except KeyError:
        return itemised.label(desk, fence.category, facts.tongue) if fence.reported_by else fence.label
