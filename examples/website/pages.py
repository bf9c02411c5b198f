"""The small pages: start, way back, stop, code, and what is said when something is not possible."""

from collections.abc import Mapping

from examples.website.choices import Choices
from examples.website.form import Typed
from examples.website.markup import el
from examples.website.page import form, page, summary, text, ways
from examples.website.words import STARTS

NOTHING: dict[str, str] = {}


def start(choices: Choices) -> str:
    """Return the first page."""
    return page(
        "개인정보 권리 행사",
        el("p", f"{choices.controller}가 가진 개인정보를 보거나, 고치거나, 지우거나, 쓰지 않게 하실 수 있습니다."),
        el("h2", "누구의 개인정보입니까?"),
        ways(*((STARTS[name], f"/file?capacity={name}") for name in choices.standings if name in STARTS)),
        el("p", "만 14세 미만 아동에 관한 요구는 법정대리인이 하셔야 합니다.", class_="hint"),
        el("h2", "그 밖에"),
        ways(
            ("무엇이 필요한지 먼저 보기", "/needed"),
            ("처리 상황 보기, 서류 내기", "/track"),
            ("요구한 적이 없는데 연락을 받으셨습니까?", "/stop"),
            ("위임장 양식 내려받기 (PDF)", "/power-of-attorney"),
        ),
    )


def track(csrf: str, typed: Typed, errors: Mapping[str, str]) -> str:
    """Return the way back to a request."""
    return page(
        "처리 상황 보기",
        summary(errors),
        form(
            "/track",
            csrf,
            text("receipt_no", "접수번호", typed, errors, inputmode="numeric", autocomplete="off", required="required"),
            text("access_code", "조회번호", {}, errors, autocomplete="off", required="required"),
            button="보기",
        ),
    )


def stop(csrf: str, errors: Mapping[str, str] = NOTHING) -> str:
    """Return the page for whoever was told of a request that is not theirs."""
    hint = "받으신 문자나 메일에 적힌 번호입니다. 띄어쓰기와 줄표는 없어도 됩니다."
    return page(
        "요구한 적이 없습니다",
        summary(errors),
        el("p", "모르는 요구에 대한 연락을 받으셨으면 정지번호를 적어 주십시오."),
        el("p", "사람이 확인할 때까지 그 요구를 멈춥니다. 누가 멈추었는지는 누구에게도 알리지 않습니다."),
        form(
            "/stop",
            csrf,
            text(
                "stop_code", "정지번호", {}, errors, hint=hint, autocomplete="off", required="required", maxlength=200
            ),
            button="멈추기",
        ),
    )


def stopped() -> str:
    """Return what everybody hears who entered a stop code, whatever it was."""
    return page(
        "받았습니다",
        el("p", "적어 주신 번호를 받았습니다. 맞는 번호이면 그 요구를 바로 멈추고 사람이 확인합니다.", class_="say"),
        el("p", "더 하실 일은 없습니다."),
        ways(("처음으로", "/")),
    )


def code(csrf: str, purpose: str, *, theirs: bool = False, errors: Mapping[str, str] = NOTHING) -> str:
    """Return the page that asks for the code; `theirs` when it went to the person whose mandate this is."""
    # A browser that reads the visitor's own messages has nothing to fill in for somebody else.
    filled_in = "off" if theirs else "one-time-code"
    box = text("code", "인증번호 8자리", {}, errors, inputmode="numeric", autocomplete=filled_in, required="required")
    to_them = "위임하신 분께 인증번호를 보냈습니다. 그분께서 알려 주시는 번호를"
    sent = to_them if theirs else "인증번호를 보냈습니다."
    return page(
        "인증번호",
        summary(errors),
        el("p", f"{sent} 10분 안에 적어 주십시오. 새로 받으시면 앞의 번호는 쓸 수 없습니다."),
        form("/answer", csrf, box, button="확인" if purpose == "identity" else "확인하고 문서 열기"),
        ways(("처리 상황으로 돌아가기", "/status")),
    )


def trouble(title: str, sentence: str) -> str:
    """Return what is said when something is not possible."""
    return page(title, el("p", sentence, role="alert"), ways(("처음으로", "/")))
