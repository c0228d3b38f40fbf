"""The database store behind `core.once`: which form was already sent, and where its sender was led."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.models import OnceToken


class DatabaseOnceStore:
    """Claims a token for a person; the loser of a race learns the winner's result address."""

    def claim(self, user_id: int, token: str) -> bool:
        """True for the first who asks, False for everybody after."""
        try:
            with transaction.atomic():
                OnceToken.objects.create(user_id=user_id, token=token)
        except IntegrityError:
            return False
        return True

    def finish(self, user_id: int, token: str, result_url: str) -> None:
        OnceToken.objects.filter(user_id=user_id, token=token).update(result_url=result_url[:500])

    def release(self, user_id: int, token: str) -> None:
        """The view refused the form: the same token may be sent again once it is mended."""
        OnceToken.objects.filter(user_id=user_id, token=token).delete()

    def result(self, user_id: int, token: str) -> str:
        """Where the first sender was led; empty while the first is still at work."""
        return OnceToken.objects.filter(user_id=user_id, token=token).values_list("result_url", flat=True).first() or ""
