"""The databases of a run: new ones on the PostgreSQL server that BENCH_DATABASE_URL names, called after it."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg2

DEFAULT = "postgres://postgres@127.0.0.1:5432/dtportal_bench"


def server_url() -> str:
    given = os.environ.get("BENCH_DATABASE_URL", DEFAULT)
    if not given.startswith("postgres"):
        raise SystemExit("The benchmarks measure PostgreSQL: set BENCH_DATABASE_URL to a postgres:// address.")
    return given


def names(scale: float) -> list[str]:
    """The databases of the country at this scale, of one province, and of the old country that is reorganised."""
    base = f"{urlsplit(server_url()).path.lstrip('/')}_{round(scale * 1000)}"
    return [base, f"{base}_province", f"{base}_reform"]


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
    os.environ.update(REDIS_URL="", LOG_LEVEL="ERROR", REQUEST_LOG_LEVEL="ERROR")

    import django  # the environment must stand before
    from django.conf import settings

    django.setup()
    settings.ROOT_URLCONF = "benchmarks.served"


def name_in_use() -> str:
    """The name of the database that this process works on."""
    return urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")
