"""What every page may use."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    """`is_demo` shows the notice that figures are made up; `is_partial` is true for a request that swaps a part."""
    return {"is_demo": settings.DEMO, "is_partial": bool(getattr(request, "htmx", False))}
