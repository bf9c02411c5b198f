"""What a notice says of footage: what was asked, whether there is any, and why not."""

from typing import Final

from app.law.terms import Label

ASKED: Final = Label("개인영상정보", "Footage")
PLACE: Final = Label("장소", "Place")
TIME: Final = Label("시간", "Time")
FOUND: Final = {
    True: Label("요구하신 시간과 장소의 영상이 있습니다.", "There is footage of the time and place you named."),
    False: Label("요구하신 시간과 장소의 영상이 없습니다.", "There is no footage of the time and place you named."),
    None: Label(
        "요구하신 시간과 장소의 영상이 있는지 확인하고 있습니다.",
        "We are checking whether there is footage of the time and place you named.",
    ),
}
NOT_SEEN: Final = Label(
    "그 시간의 영상에서 요구하신 모습을 찾지 못했습니다.", "The footage of that time does not show what you described."
)
GONE: Final = Label(
    "녹화기에 그 시간의 영상이 남아 있지 않은 것을 확인했습니다. 영상은 촬영일부터 최대 {days}일 동안 보관합니다.",
    "The recorder was checked and no longer has that time. Footage is kept for at most {days} days from its recording.",
)
MASKED: Final = Label(
    "함께 찍힌 다른 사람은 알아볼 수 없게 가립니다", "other people in the picture are made unrecognisable"
)
