"""Who else is connected is seen by whoever rules the database and by whoever does not."""

import psycopg

from app.db import OTHERS


def test_another_roles_session_is_seen_by_one_who_is_told_little(database_url: str) -> None:
    plain = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain) as desk, psycopg.connect(plain) as owner:
        desk.execute("SELECT 1")
        for role in ("nobody_special", None):
            if role is not None:
                owner.execute("CREATE ROLE nobody_special")
                owner.execute("SET ROLE nobody_special")
            assert owner.execute(OTHERS).fetchone() == (1,), role
            owner.execute("RESET ROLE")
        owner.rollback()
