"""Words that have broken other programs, on paper, in JSON and in a table: shown, never obeyed."""

import csv
import io
import json
import re
import unicodedata
from dataclasses import replace
from datetime import date

from app.documents.ledger import csv_lines
from app.documents.opened import Held, Value
from app.documents.package import package_json, package_pdf
from tests.documents import reading
from tests.documents.examples import PACKAGE
from tests.documents.reading import pdf_text, squeezed
from tests.files.naughty import HIDDEN, PLAIN, every

WORDS = every(PLAIN) + every(HIDDEN)
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def test_paper_shows_every_word_and_obeys_none() -> None:
    held = Held(holder="=1+1", records=tuple((Value(field="x", label="<b>", value=one),) for one in WORDS))
    package = replace(PACKAGE, categories=(replace(PACKAGE.categories[0], held=(held,)),), dated=date(2026, 1, 1))
    [category] = json.loads(package_json(package))["categories"]
    told = [one for record in category["items"][0]["records"] for one in record.values()]
    assert told == WORDS
    paper = package_pdf(package)
    text = pdf_text(paper)
    ours = [one for one in WORDS if re.fullmatch(r"[ -~가-힣\n\t]+", one)]
    assert len(ours) > 130 and [one for one in ours if squeezed(one) not in text] == []
    assert set(reading.catalog(paper)).isdisjoint({"/OpenAction", "/AA", "/AcroForm"}), "nothing acts"
    assert not any("/Annots" in page for page in reading.pdf(paper).pages), "nothing is a link"


def test_no_table_runs_a_word() -> None:
    written = csv_lines([one] for one in WORDS).decode()
    cells = [cell for (cell,) in csv.reader(io.StringIO(written, newline=""))]
    assert [cell.removeprefix("'") for cell in cells] == [one.removeprefix("'") for one in WORDS]
    running = [one for one in cells if len(one) > 1 and unicodedata.normalize("NFKC", one).startswith(RUNS)]
    assert running == []
