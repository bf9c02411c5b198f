"""Column types that every table shares."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

TEXT: Any = Text
BYTES: Any = LargeBinary
JSON: Any = JSONB(none_as_null=True)
TEXTS: Any = ARRAY(Text)
COUNT: Any = BigInteger
MOMENT: Any = DateTime(timezone=True)


def one_of(column: str, *values: str) -> CheckConstraint:
    """The closed list of words a text column may hold; a CHECK can be widened under load, an enum type cannot."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f'"{column}" IN ({listed})', name=column)


def moment(*, null: bool = False, index: bool = False) -> Any:
    """A moment in time, stored in UTC."""
    return Field(default=None if null else ..., sa_type=MOMENT, nullable=null, index=index)


__all__ = ["BYTES", "COUNT", "JSON", "MOMENT", "TEXT", "TEXTS", "Field", "SQLModel", "datetime", "moment", "one_of"]
