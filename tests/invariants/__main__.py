"""`python -m tests.invariants`: whether the instance of DATABASE_URL or DATA_DIR keeps its promises; exit 1 if not.

LOG_DIR names a folder with its logs (`*.log`); AT_REST=0 says that work is under way.
"""

import os
import sys
from pathlib import Path

from app import embedded
from app.settings import Settings
from tests.invariants import look


def main() -> int:
    """Look once, and say what does not hold."""
    settings = Settings.load()
    url = settings.database_url or embedded.running_url(settings.data_dir)
    if url is None:
        print("no database: DATABASE_URL is not set, and nothing runs on DATA_DIR", file=sys.stderr)
        return 2
    logs = [Path(one) for one in (os.environ.get("LOG_DIR"),) if one]
    found = look(settings, url, logs=logs, at_rest=os.environ.get("AT_REST") != "0")
    for one in found:
        print(one)
    print(f"{len(found)} times a promise is broken" if found else "every promise holds")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
