"""What every command has in common: the environment, and one sentence where an operator has something to mend."""

import sys
from typing import NoReturn

from app.settings import Settings, SettingsError


def read_settings() -> Settings:
    """The environment, or an end that names every setting at fault."""
    try:
        return Settings.load()
    except SettingsError as error:
        fail(str(error))


def fail(sentence: str, *, code: int = 1) -> NoReturn:
    """Say one sentence on stderr and end with this code."""
    print(sentence, file=sys.stderr)
    raise SystemExit(code)
