"""How easy a text is to read: its sentences, their length in syllables, words nobody uses, citations left bare."""

import re
from collections.abc import Iterator

SYLLABLES_MAX = 60
EASY_SYLLABLES_MAX = 40
ENGLISH_WORDS_MAX = 30

# Words of offices, each with a plain one beside it that does as well.
BUREAUCRATESE = (
    "귀하", "귀사", "당사", "상기", "하기의", "익일", "금일", "금번", "차후", "해당 사항", "해당사항", "기타",
    "소정의", "제반", "필히", "요망", "송부", "동봉", "구비", "득하", "필하", "불요", "부득이", "수령", "기재",
    "미비", "미제출", "양지", "사료", "명기", "경유하", "일체의", "기 제출", "불가하", "에 한하여", "에 의거",
    "에 의하여", "함에 있어", "지참", "내방", "회신", "반송", "반려", "감안", "유선",
)  # fmt: skip
# What a twelve-year-old has not met; a word of the screen itself (접수번호, 조회번호, 인증번호) may stand.
LAW_WORDS = (
    "법률", "법령", "법에", "법 제", "조항", "정보주체", "법정대리인", "대리인", "위임", "수임", "열람", "정정",
    "처리정지", "동의", "철회", "취하", "이의", "제기", "기한", "파기", "통지", "통보", "제출", "진행", "관여",
    "소명", "증빙", "보완", "본인", "담당자", "답변",
)  # fmt: skip

_CITATION = re.compile(r"제\s*\d+\s*조|\bArticles? \d+")
# Twenty letters of meaning at least before the brackets.
_EXPLAINED = re.compile(r"[^.()?!]{20,}\s?\([^()]*(?:제\s*\d+\s*조|Articles? \d+)[^()]*\)")


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text: a line that carries a value of its own counts as one."""
    for line in re.split(r"\n", text):
        yield from (one for one in re.split(r"(?<=[.?!])\s+", line.strip()) if one)


def syllables(text: str) -> int:
    """Korean syllables; digits and marks are not read out as words."""
    return len(re.findall("[가-힣]", text))


def longest(text: str) -> int:
    """The syllables of the longest sentence."""
    return max((syllables(one) for one in sentences(text)), default=0)


def longest_english(text: str) -> int:
    """The words of the longest English sentence; a sentence may go over a line end."""
    whole = re.sub(r"(?<!\n)\n(?![\n\[])", " ", text)
    return max((len(one.split()) for one in sentences(whole)), default=0)


def found(text: str, words: tuple[str, ...]) -> list[str]:
    """Which of the words stand in the text."""
    return [one for one in words if one in text]


def bare_citations(text: str) -> list[str]:
    """Citations that do not stand in brackets behind the plain words of what they mean."""
    whole = re.sub(r"\s+", " ", text)
    return _CITATION.findall(_EXPLAINED.sub("", whole))


def polite(text: str) -> bool:
    """Every sentence ends in 해요체: the friendly way to speak to a child."""
    ends = (one for one in sentences(text) if re.search(r"[가-힣][.?]$", one))
    return all(re.search(r"요[.?]$", one) for one in ends)
