"""Every field of the statutory forms stands on ours, on paper and on the page, in ordinary and in large print.

The labels are those of forms 8 to 11 of the PIPC's notice on the methods of processing personal information.
"""

from pathlib import Path

import pytest

from tests.documents import examples, requests
from tests.documents.reading import html_text, pdf_text, squeezed
from tests.documents.requests import Drawn

FIELDS = {
    part.partition("]")[0]: tuple(part.partition("]")[2].split("\n")[1:-1])
    for part in (Path(__file__).parent / "fields.txt").read_text("utf-8").replace("\n\n", "\n").split("[")[1:]
}
FORM_8, FORM_9, FORM_10, FORM_11 = (FIELDS[number] for number in ("8", "9", "10", "11"))
TABLE: list[tuple[str, Drawn, tuple[str, ...]]] = [
    *((f"form 8 {name}", requests.request(requests.FILLED[name]), FORM_8) for name in ("several", "guardian")),
    ("form 8 blank", requests.BLANK, FORM_8),
    *((name, requests.notice(one), FORM_9) for name, one in examples.NOTICES.items() if "form-9" in name),
    *((name, requests.notice(one), FORM_10) for name, one in examples.NOTICES.items() if name in (
        "form-10-deletion", "form-10-correction-nothing-held", "form-10-suspension")),
    ("form 11", requests.ATTORNEY, FORM_11),
]  # fmt: skip


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize(("drawn", "labels"), [one[1:] for one in TABLE], ids=[one[0] for one in TABLE])
def test_every_field_of_the_form_is_there(drawn: Drawn, labels: tuple[str, ...], large: bool) -> None:
    """Label by label, in the extracted text of the PDF and in what a browser shows."""
    paper, page = pdf_text(drawn.pdf(large=large)), html_text(drawn.page(large=large))
    assert [one for one in labels if squeezed(one) not in paper] == []
    assert [one for one in labels if squeezed(one) not in page] == []


@pytest.mark.parametrize("english", [requests.BLANK_ENGLISH, requests.request(requests.ENGLISH)])
def test_form_8_in_english_keeps_the_names_of_its_fields(english: Drawn) -> None:
    """Every field's Korean name beside the English one, and the sentence of the form."""
    paper = pdf_text(english.pdf())
    names = FORM_8[FORM_8.index("접수번호") : FORM_8.index("처리정지") + 1]
    [sentence] = [one for one in FORM_8 if one.startswith("「개인정보 보호법」")]
    for told in (*names, sentence, "요구인", "(서명 또는 인)".strip("()"), "작성방법", "처리절차"):
        assert squeezed(told) in paper, told


def test_no_form_asks_for_a_resident_number() -> None:
    """No field of any form; where it is named, it is to say that it must not be written, or be covered."""
    for name, drawn in requests.DOCUMENTS.items():
        text = html_text(drawn.page())
        assert text.count("주민등록번호") == text.count("주민등록번호는어디에도") + text.count(
            "주민등록번호뒷자리는가려"
        ), name
