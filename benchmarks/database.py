"""The databases of a run: separate ones on the PostgreSQL server that BENCH_DATABASE_URL or DATABASE_URL names."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg2

DEFAULT = "postgres://postgres@127.0.0.1:5432/dtportal"


def server_url() -> str:
    given = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("DATABASE_URL") or DEFAULT
    if not given.startswith("postgres"):
        raise SystemExit("The benchmarks measure PostgreSQL: set BENCH_DATABASE_URL to a postgres:// address.")
    return given


def create(name: str) -> str:
    """Create the database unless it is there. Returns its address."""
    parts = urlsplit(server_url())
    connection = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    return urlunsplit(parts._replace(path=f"/{name}"))


def drop(name: str) -> None:
    parts = urlsplit(server_url())
    connection = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    connection.close()


def use(url: str) -> None:
    """Point Django at the database, with the settings of production: with DEBUG every query would be remembered."""
    os.environ.update(DATABASE_URL=url, DEBUG="0", DEMO="0", HTTPS="0", DJANGO_SETTINGS_MODULE="dtportal.settings")
    os.environ.setdefault("SECRET_KEY", "only-for-the-benchmarks-on-a-database-of-their-own")
    os.environ["REDIS_URL"] = ""

    import django  # the environment must stand before

    django.setup()
