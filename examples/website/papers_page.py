"""Papers to be handed in, and documents to be fetched."""

from collections.abc import Iterable, Mapping
from typing import Any

from examples.website.choices import Choices
from examples.website.markup import Html, el
from examples.website.needed_page import about
from examples.website.page import form, hidden, page, summary, ways, wrong
from examples.website.words import PAPERS

JSON = dict[str, Any]
NOTHING: dict[str, str] = {}
UPLOAD = "multipart/form-data"
# What the desk can read; a phone offers its camera beside its pictures.
READABLE = "application/pdf,image/*"
FILE_HINT = "PDF나 사진, 10 MB까지. 한글(HWP) 파일은 PDF로 바꾸어 내 주십시오."


def papers(
    request: JSON,
    handed: list[JSON],
    choices: Choices,
    csrf: str,
    keys: Iterable[str],
    *,
    errors: Mapping[str, str] = NOTHING,
) -> str:
    """Return what is still asked for, a form for each, and what has been handed in. `keys`: one for each form."""
    asked = [
        (step["party"], document)
        for step in request.get("next_steps", [])
        if step["step"] == "upload"
        for document in step["documents"]
    ]
    left = iter(keys)
    return page(
        "서류 내기",
        summary(errors),
        el("p", "주민등록번호 뒷자리는 꼭 가려 주십시오. 번호가 보이는 서류는 쓰지 않고 바로 파기합니다."),
        [_wanted(document, party, csrf, next(left), errors) for party, document in asked],
        None if asked else el("p", "지금 더 내실 서류가 없습니다.", class_="say"),
        _more(handed, choices, csrf, next(left), errors) if handed else None,
        _handed(handed, choices),
        ways(("처리 상황으로 돌아가기", "/status")),
    )


def _wanted(document: JSON, party: str, csrf: str, key: str, errors: Mapping[str, str]) -> Html:
    kind = document["kind"]
    also = "휴대전화나 전자우편으로 확인하실 수 없을 때만 내십시오. " if document["optional"] else ""
    return el(
        "section",
        el("h2", document["label"]["ko"]),
        el("p", also, " ".join(about(document))),
        form(
            "/papers",
            csrf,
            hidden("key", key),
            hidden("kind", kind),
            hidden("party", party),
            *_chosen(kind, errors),
            button="올리기",
            encoding=UPLOAD,
        ),
        class_="card",
    )


def _more(handed: list[JSON], choices: Choices, csrf: str, key: str, errors: Mapping[str, str]) -> Html:
    """Another side or page of what was handed in: a phone photographs one page at a time."""
    kinds = {one["kind"]: choices.documents.get(one["kind"], one["kind"]) for one in handed}
    options = [el("option", label, value=kind) for kind, label in kinds.items()]
    return el(
        "details",
        el("summary", "내신 서류의 다른 쪽 더 내기"),
        form(
            "/papers",
            csrf,
            hidden("key", key),
            hidden("party", handed[0]["party"]),
            hidden("more", "more"),
            el("label", "서류", for_="more_kind"),
            el("select", options, id="more_kind", name="kind"),
            *_chosen("more", errors),
            button="올리기",
            encoding=UPLOAD,
        ),
    )


def _chosen(name: str, errors: Mapping[str, str]) -> list[Html | None]:
    box, hint = f"file_{name}", f"file_{name}-hint"
    file = el(
        "input",
        type="file",
        id=box,
        name="file",
        accept=READABLE,
        required="required",
        aria_describedby=f"{hint} {box}-error" if box in errors else hint,
        aria_invalid="true" if box in errors else None,
    )
    return [el("label", "파일", for_=box), el("p", FILE_HINT, class_="hint", id=hint), wrong(box, errors), file]


def _handed(handed: list[JSON], choices: Choices) -> list[Html]:
    if not handed:
        return []
    rows = [
        el(
            "li",
            f"{choices.documents.get(one['kind'], one['kind'])}, {one['pages']}쪽: ",
            el("strong", PAPERS.get(one["state"], one["state"])),
        )
        for one in handed
    ]
    return [el("h2", "내신 서류"), el("ul", rows)]


def documents(notices: list[JSON], claims: list[JSON], opened: set[str], csrf: str, choices: Choices) -> str:
    """Return what the release code opens: each notice once, as file or as page, and each package once."""
    once = "인증번호 한 번으로 각 문서를 한 번씩 여실 수 있습니다. 다시 보시려면 인증번호를 새로 받으십시오."
    rights = {str(one["id"]): choices.rights.get(one["right"], str(one["right"])) for one in claims}
    rows = [_notice(one, rights.get(str(one.get("claim_id")), ""), csrf) for one in notices if one["id"] not in opened]
    packages = [one["id"] for one in claims if (one.get("package") or {}).get("available") and one["id"] not in opened]
    packed = [form("/package", csrf, hidden("claim_id", one), button="열람 자료 받기 (zip)") for one in packages]
    none = el("p", "지금 열 수 있는 문서가 없습니다.") if not rows and not packed else None
    return page("문서 받기", el("p", once), rows, packed, none, ways(("처리 상황으로 돌아가기", "/status")))


def _notice(notice: JSON, right: str, csrf: str) -> Html:
    shown = hidden("notice_id", notice["id"])
    return el(
        "section",
        el("h2", f"{right} 결과 통지서".strip()),
        form("/notice", csrf, shown, hidden("form", "pdf"), button="PDF로 받기"),
        form("/notice", csrf, shown, hidden("form", "html"), button="화면으로 보기", plain=True),
        class_="card",
    )
