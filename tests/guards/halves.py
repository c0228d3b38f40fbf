"""The long guards are shared out: what one database tries the other leaves, so that a run on both tries everything.

`make matrix` (MATRIX=whole) tries everything on the one database that it is given.
"""

from __future__ import annotations

import os
from zlib import crc32

from django.db import connection


def whole() -> bool:
    return os.environ.get("MATRIX") == "whole" or "WRITE_DOORS" in os.environ


def ours(*places: int | str) -> bool:
    """Whether the case at these places of its rows belongs to this database; words stand for a place by their sum."""
    turn = connection.vendor == "postgresql"
    return whole() or sum(crc32(one.encode()) if isinstance(one, str) else one for one in places) % 2 == turn
