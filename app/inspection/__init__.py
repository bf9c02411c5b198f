"""What a sent file really is: bytes in, a cleaned copy or a refusal out. Nothing is parsed in this process."""

from app.inspection.scanner import scan
from app.inspection.verdict import Cleaned
from app.inspection.workshop import Workshop, inspect, stamped, workshop

__all__ = ["Cleaned", "Workshop", "inspect", "scan", "stamped", "workshop"]
