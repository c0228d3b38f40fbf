"""What is done to accounts. Who may ask for it is decided where units are known: `units.actions` and the admin."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import FailedSignIn, SignInLink, User

LINK_LIFE = timedelta(days=7)


class LinkError(Exception):
    """The one-time link is unknown, used or too old; the text says which and what to do."""


@transaction.atomic
def create_account(
    *,
    full_name: str,
    email: str,
    by: User | None,
    username: str = "",
    position: str = "",
    phone: str = "",
) -> User:
    """An account without a password: it opens by a one-time link (`issue_link`). It may do nothing until granted.

    The name to sign in with is the e-mail address unless another is given. Raises ValidationError.
    """
    user = User(username=username or email.lower(), email=email, full_name=full_name, position=position, phone=phone)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    audit.record(by=by, action="accounts.create", obj=user, after={"full_name": full_name, "email": email})
    return user


@transaction.atomic
def issue_link(*, user: User, by: User | None, now: datetime | None = None) -> str:
    """A new one-time secret by which the person sets a password; earlier links stop working.

    It is returned once and kept only as a hash: whoever asked hands it over.
    """
    moment = now or timezone.now()
    SignInLink.objects.filter(user=user, used_at=None, expires_at__gt=moment).update(expires_at=moment)
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.create(user=user, secret_hash=hash_of(secret), expires_at=moment + LINK_LIFE)
    audit.record(by=by, action="accounts.issue_link", obj=user)
    return secret


def open_link(secret: str, *, now: datetime | None = None) -> SignInLink:
    """The link behind a secret, if it still opens; raises LinkError with a translated text."""
    link = SignInLink.objects.select_related("user").filter(secret_hash=hash_of(secret)).first()
    if link is None or not link.user.is_active:
        raise LinkError(_("This link is not valid. Check that it was copied whole."))
    if link.used_at is not None:
        raise LinkError(_("This link has already been used. Sign in with the password you set."))
    if link.expires_at <= (now or timezone.now()):
        raise LinkError(_("This link has expired. Ask your administrator for a new one."))
    return link


@transaction.atomic
def set_password_by_link(*, secret: str, password: str, now: datetime | None = None) -> User:
    """Sets the password and uses the link up; of two at the same time one gets LinkError.

    Raises ValidationError with {"password": …} for a password that is too weak.
    """
    moment = now or timezone.now()
    link = open_link(secret, now=moment)
    check_password_strength(password, link.user)
    used = SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=moment)
    if not used:
        raise LinkError(_("This link has already been used. Sign in with the password you set."))
    link.user.set_password(password)
    link.user.save(update_fields=["password"])
    audit.record(by=link.user, action="accounts.set_password", obj=link.user)
    return link.user


@transaction.atomic
def edit_account(*, user: User, values: dict[str, object], by: User | None) -> User:
    """Changes name, position, phone, e-mail or name to sign in with; writes only what differs."""
    before, after = audit.changes(user, values)
    if not after:
        return user
    for name, value in after.items():
        setattr(user, name, value)
    user.full_clean(exclude=["password"])
    user.save(update_fields=[*after, "search", "sort_key"])
    audit.record(by=by, action="accounts.edit", obj=user, before=before, after=after)
    return user


@transaction.atomic
def set_active(*, user: User, active: bool, by: User, reason: str) -> User:
    """Closes an account (its sessions end with the next request) or opens it again; grants stay as they are."""
    if user == by:
        raise ValidationError(_("You cannot close your own account."))
    if user.is_active == active:
        return user
    user.is_active = active
    user.save(update_fields=["is_active"])
    before, after = {"is_active": not active}, {"is_active": active}
    audit.record(by=by, action="accounts.set_active", obj=user, reason=reason, before=before, after=after)
    return user


@transaction.atomic
def lift_pause(*, user: User, by: User) -> int:
    """Forgets the wrong passwords of an account, so that its person may try again at once. Returns how many."""
    failed = FailedSignIn.objects.select_for_update().filter(username=user.username)
    counted: int = sum(one.failures_since_start for one in failed)
    if counted:
        failed.delete()
        audit.record(by=by, action="accounts.lift_pause", obj=user, before={"failures": counted})
    return counted


def account_with(email: str) -> User | None:
    """The account that signs in with this address, in whatever case it is typed."""
    address = email.strip()
    if not address:
        return None
    return User.objects.filter(Q(email__iexact=address) | Q(username__iexact=address)).first()


def check_password_strength(password: str, user: User) -> None:
    """Raises ValidationError at the field `password`, in the words of Django's validators."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise ValidationError({"password": weak.error_list}) from weak


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
