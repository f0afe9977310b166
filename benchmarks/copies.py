"""Copies of rows, made inside PostgreSQL: as real as what they are copied from, and many in little time."""

from __future__ import annotations

from sqlalchemy import Connection, text

from assess.models import Base

FIRST = 1_000_000  # ids of copies begin here


def trust(connection: Connection) -> None:
    """Have PostgreSQL not look up what copies refer to until the transaction ends, which takes longer than copying."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def copy(connection: Connection, model: type[Base], template: int, rows: str, **new: str) -> None:
    """Copy the row `template` once for each of `rows`, whose number is `g`, with `new` values, as expressions."""
    columns = [column.name for column in model.__table__.columns if column.name != "public_id" and not column.computed]
    values = [new.get(name, f't."{name}"') for name in columns]
    if "public_id" in model.__table__.columns:
        columns, values = [*columns, "public_id"], [*values, "gen_random_uuid()"]
    names = ", ".join(f'"{name}"' for name in columns)
    series = rows if rows.endswith(" AND") else f"{rows} WHERE"
    connection.execute(
        text(
            f"INSERT INTO {model.__tablename__} ({names}) SELECT {', '.join(values)} "  # noqa: S608 -- our own words
            f"FROM {model.__tablename__} AS t, {series} t.id = {template}"
        )
    )
    name = model.__tablename__
    connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"))  # noqa: S608
