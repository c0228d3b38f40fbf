"""The database store behind `core.once`: which form was already sent, and where its sender was led."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction

from accounts.models import OnceToken

LONGEST_ADDRESS = 500


class DatabaseOnceStore:
    """Keeps a mark per person, path and token. Who comes second waits at the unique mark for the first one's commit."""

    def claim(self, *, user_id: int | None, path: str, token: str) -> str | None:
        """None for the first who asks; the address of the first result for everybody after."""
        mark = _mark(user_id, path, token)
        try:
            with transaction.atomic():
                OnceToken.objects.create(user_id=user_id, mark=mark)
        except IntegrityError:
            kept = OnceToken.objects.filter(mark=mark).values_list("result_url", flat=True).first()
            return kept or path
        return None

    def keep(self, *, user_id: int | None, path: str, token: str, address: str) -> None:
        OnceToken.objects.filter(mark=_mark(user_id, path, token)).update(result_url=address[:LONGEST_ADDRESS])

    def release(self, *, user_id: int | None, path: str, token: str) -> None:
        """The view refused the form: the same token may be sent again once it is mended."""
        OnceToken.objects.filter(mark=_mark(user_id, path, token)).delete()


def _mark(user_id: int | None, path: str, token: str) -> str:
    """One key for the three, so that a token in other hands or on another page is another token."""
    return hashlib.sha256(f"{user_id}\n{path}\n{token}".encode()).hexdigest()
