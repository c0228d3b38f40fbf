"""Loaded before Django's settings (see addopts): the environment that tests run in."""

import os

os.environ.setdefault("TESTING", "1")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's event loop runs beside database calls
os.environ.setdefault("EMAIL_URL", "memorymail://")
