"""A refusal carries its reason: the page, the API and the audit trail say the same words."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


class Denied(PermissionDenied):
    """The person may see the thing but not do this; `reason` is a translated text to show. Answered with 403."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Verdict:
    """True when allowed; otherwise false, with the translated reason."""

    ok: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.ok


def allowed() -> Verdict:
    return Verdict(ok=True)


def denied(reason: object) -> Verdict:
    """A refusal; a lazy translation is put into words now, in the language of this request."""
    return Verdict(ok=False, reason=str(reason))


def require(verdict: Verdict) -> None:
    """Raises Denied with the reason unless the verdict is favourable."""
    if not verdict:
        raise Denied(verdict.reason)
