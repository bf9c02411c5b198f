"""Files as people send them and as attackers make them, written here byte by byte; nothing is a copy of a real one.

`HARMLESS` and `HOSTILE` name every class; each file is made when asked for.
"""

from tests.files.harmless import HARMLESS
from tests.files.hostile import HOSTILE

__all__ = ["HARMLESS", "HOSTILE"]
