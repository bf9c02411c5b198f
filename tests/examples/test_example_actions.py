"""What a holder does with its records, and that it does it once."""

import json
from pathlib import Path
from typing import Any

import pytest

from examples.processor.actions import act
from examples.processor.store import Store

PEOPLE = Path(__file__).parents[2] / "examples" / "processor" / "people.json"
WHO = {"subject_ref": "C-1029"}


@pytest.fixture
def people() -> list[dict[str, Any]]:
    return list(json.loads(PEOPLE.read_text("utf-8")))


def _task(action: str, category: str | None = "online_mall", **more: Any) -> dict[str, Any]:
    return {"id": f"t-{action}", "action": action, "category": category, "subject": WHO} | more


@pytest.mark.parametrize(
    ("subject", "result"),
    [
        ({"subject_ref": "C-1029"}, "done"),
        ({"subject_ref": "C-1029", "phone": "+821099999999"}, "done"),
        ({"name": "홍길동", "phone": "010-1234-5678"}, "done"),
        ({"name": "홍길동", "phone": "+821000001234"}, "not_held"),
        ({"name": "홍길동", "subject_ref": None, "phone": None}, "done"),
        ({"subject_ref": "C-9999", "name": "홍길동"}, "not_held"),
        ({"name": None}, "not_held"),
        ({}, "not_held"),
    ],
)
def test_a_person_is_who_fits_all_that_was_given(people: Any, subject: dict[str, Any], result: str) -> None:
    assert act(people, _task("collect", subject=subject))["result"] == result


def test_two_who_fit_are_not_guessed_between(people: Any) -> None:
    twice = [*people, people[0] | {"subject_ref": "C-2000"}]
    before = json.dumps(twice)
    assert act(twice, _task("delete", subject={"name": "홍길동"}))["result"] == "failed"
    assert json.dumps(twice) == before


def test_collect_hands_over_what_is_held(people: Any) -> None:
    rows = [{"name": "홍길동", "phone": "+821012345678"}]
    assert act(people, _task("collect")) == {"result": "done", "data": {"online_mall": rows}}
    assert act(people, _task("collect", fields=["name"]))["data"] == {"online_mall": [{"name": "홍길동"}]}
    assert act(people, _task("collect", "inquiry")) == {"result": "not_held"}
    assert len(act(people, _task("collect", None))["data"]) == 4


def test_correct_writes_the_corrected_value(people: Any) -> None:
    change = {"field": "address", "current": None, "corrected": "서울특별시 강남구 새길로 3"}
    assert act(people, _task("correct", "separate_service", changes=[change])) == {"result": "done"}
    assert people[0]["data"]["separate_service"][0]["address"] == "서울특별시 강남구 새길로 3"
    absent = {"field": "fax", "current": None, "corrected": "x"}
    assert act(people, _task("correct", "separate_service", changes=[absent])) == {"result": "not_held"}
    assert act(people, _task("correct", "separate_service", changes=[change, absent]))["result"] == "partly_done"


def test_delete_puts_aside_what_is_kept_and_says_so(people: Any) -> None:
    keep = [
        {"record_class": "payment_5y", "until": "2031-03-03", "basis": "전자상거래법 시행령 6①"},
        {"record_class": "dispute_3y", "until": "2029-03-03", "basis": "같은 조"},
    ]
    result = act(people, _task("delete", keep=keep))
    assert result["result"] == "done"
    assert result["kept"] == [{"statute": "전자상거래법 시행령 6①", "until": "2031-03-03"}]
    assert "online_mall" not in people[0]["data"]
    assert "payment_5y" not in people[0]["records"]
    assert people[0]["kept"]["payment_5y"]["until"] == "2031-03-03"
    assert act(people, _task("collect")) == {"result": "not_held"}


def test_delete_of_fields_leaves_the_others(people: Any) -> None:
    assert act(people, _task("delete", "report", fields=["email"]))["result"] == "done"
    assert set(people[0]["data"]["report"][0]) == {"content", "name", "phone"}


def test_a_record_goes_when_its_period_is_over(people: Any) -> None:
    keep = [{"record_class": "payment_5y", "until": "2031-03-03", "basis": "전자상거래법 시행령 6①"}]
    act(people, _task("delete", keep=keep))
    assert act(people, _task("delete", record_class="payment_5y"))["result"] == "done"
    assert people[0]["kept"] == {}
    assert act(people, _task("delete", record_class="payment_5y")) == {"result": "not_held"}
    assert set(people[0]["data"]) == {"separate_service", "consultation", "report"}


def test_a_withdrawal_deletes_what_no_purpose_needs_any_more(people: Any) -> None:
    some = _task("withdraw_consent", "report", purposes=["report_reply"])
    assert act(people, some) == {"result": "done"}
    assert "report" in people[0]["data"]
    every = _task(
        "withdraw_consent", "report", purposes=["report_review"], fields=["content", "name", "phone", "email"]
    )
    assert act(people, every)["result"] == "done"
    assert "report" not in people[0]["data"]
    assert "report" in people[0]["marks"]["consent_withdrawn"]


@pytest.mark.parametrize(("begin", "end", "name"), [("hold", "release", "held"), ("suspend", "resume", "suspended")])
def test_marks_are_placed_and_lifted(people: Any, begin: str, end: str, name: str) -> None:
    assert act(people, _task(begin, fields=["phone"], purposes=["delivery"]))["result"] == "done"
    assert people[0]["marks"][name]["online_mall"]["fields"] == ["phone"]
    assert act(people, _task(end))["result"] == "done"
    assert people[0]["marks"][name] == {}


def test_an_unknown_action_fails_aloud(people: Any) -> None:
    assert act(people, _task("telepathy"))["result"] == "failed"


def test_an_act_is_done_once_even_over_a_crash_before_its_report(tmp_path: Path) -> None:
    file, task = tmp_path / "store.json", _task("delete")
    first = Store(file, PEOPLE).result(task)
    again = Store(file, PEOPLE).result(task)
    assert first == again
    assert first["result"] == "done"


def test_what_was_collected_is_not_kept_after_its_report(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.json", PEOPLE)
    store.add("t-collect")
    store.result(_task("collect"))
    store.report_went_out("t-collect")
    assert json.loads((tmp_path / "store.json").read_text("utf-8"))["results"] == {"t-collect": None}
    store.add("t-collect")
    assert store.open_tasks == []


def test_a_task_that_breaks_the_act_is_reported_as_failed_and_changes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.json", PEOPLE)
    before = json.dumps(store.people)
    broken = _task("delete", keep=[{"record_class": "payment_5y"}])
    assert store.result(broken)["result"] == "failed"
    assert json.dumps(store.people) == before
