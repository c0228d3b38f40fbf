"""What gunicorn serves in the benchmarks: the database and the directory come from the environment."""

from __future__ import annotations

import os

from benchmarks import database

database.use(os.environ["DATABASE_URL"])

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 - Django stands only now

application = WSGIHandler()
