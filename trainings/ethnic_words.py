"""What lists write in the column «Dân tộc»: only whether a minority is meant is kept, never which one."""

from __future__ import annotations

import re

from core.text import fold

_NOT_IN_WORDS = re.compile(r"[^a-z]")
_MAJORITY = {"kinh", "viet", "khong", "no", "0", ""}
# The 53 minorities of the statistical list of 1979 (121-TCTK/PPCĐ), and other usual spellings.
_WORDS = """
tay thai muong khmer khome khmernambo hoa nung hmong mong meo dao giarai jarai gialai ede rade bana bahnar sanchay
caolan sanchi cham chiem coho kho xodang sedang sandiu hre raglai raclay mnong tho xtieng stieng khomu bruvankieu
vankieu bru cotu katu giay taoi paco ma gietrieng gie trieng co cor choro chauro xinhmun hanhi churu lao lachi khang
phula lahu laha pathen lu ngai chut lolo mang colao boy cong sila pupeo romam brau odu dtts dantocthieuso thieuso
"""
_MINORITIES = frozenset(_WORDS.split())
_YES = {"co", "x", "yes", "true", "1"}


def is_minority(written: str) -> bool | None:
    """Whether the words mean a minority: Có, x, or the name of one; None for what means neither."""
    folded = fold(written)
    bare = _NOT_IN_WORDS.sub("", folded.removeprefix("dan toc ").removeprefix("nguoi "))
    if folded in _MAJORITY or bare in _MAJORITY - {""}:
        return False
    return True if folded in _YES or bare in _MINORITIES | _YES else None
