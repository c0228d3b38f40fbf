"""Who may do what where: giving and ending roles, inviting people, their accounts and one-time links."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from core.access import needs, signed_in
from core.forms import Form
from core.pages import FormPage
from core.verdicts import require
from units import actions
from units.choices import ROLE_RIGHTS, Right
from units.forms import EndGrantForm, GrantForm, InviteForm, ReasonForm, roles_to_give
from units.models import Grant, Unit
from units.permissions import may, may_end_grant, may_keep_account, users_visible_to
from units.tables import account_state
from units.views.keeping import UnitPage

KEEP = f"right.{Right.MANAGE_USERS}"
LINK = "new_sign_in_link"  # in the session: the secret until it is shown, once


def role_guide(user: User, unit: Unit) -> list[tuple[str, list[str]]]:
    """Each role that the person may give there, with what it allows."""
    return [(str(label), rights_in_words(role)) for role, label in roles_to_give(user, unit)]


def rights_in_words(role: str) -> list[str]:
    return [str(right.label) for right in Right if right in ROLE_RIGHTS[role]]


class _RolePage(UnitPage):
    template_name = "units/grant.html"

    def verdict(self) -> Any:
        return may(self.by, Right.MANAGE_USERS, self.unit)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by, "unit": self.unit}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "guide": role_guide(self.by, self.unit)}


@needs(KEEP)
class GiveRole(_RolePage):
    """A role for somebody who already signs in."""

    form_class = GrantForm
    title = gettext_lazy("Give a role")
    submit_label = gettext_lazy("Give the role")

    def form_arguments(self) -> dict[str, Any]:
        return {**super().form_arguments(), "initial": {"valid_from": timezone.localdate()}}

    def perform(self, form: GrantForm) -> Grant:
        given = {name: form.cleaned_data[name] for name in ("role", "valid_from", "valid_to", "note")}
        return actions.grant_role(user=form.person, unit=self.unit, by=self.by, **given)

    def success_message(self, result: Grant) -> str:
        told = {"person": result.user, "role": result.get_role_display(), "unit": result.unit}
        return _("%(person)s is now “%(role)s” at %(unit)s.") % told


@needs(KEEP)
class Invite(_RolePage):
    """A new person: an account, a first role, and a link that is shown once."""

    form_class = InviteForm
    title = gettext_lazy("Invite a new person")
    lead = gettext_lazy("You get a link that works once and for seven days. Hand it to the person yourself.")
    submit_label = gettext_lazy("Create the account")

    def perform(self, form: InviteForm) -> User:
        person, secret = actions.open_account(unit=self.unit, by=self.by, **form.cleaned_data)
        self.request.session[LINK] = {"person": person.pk, "secret": secret}
        return person

    def success_url(self, result: User | None) -> str:
        return reverse("units:new-link", args=[result.pk]) if result else super().success_url(result)


@needs(KEEP)
class EndGrant(FormPage):
    form_class = EndGrantForm
    title = gettext_lazy("End the role")
    submit_label = gettext_lazy("End the role")
    message = gettext_lazy("The role has been ended.")
    danger = True

    def load(self) -> None:
        visible = Grant.objects.filter(unit__in=Unit.objects.visible_to(self.request.user))
        self.grant: Grant = self.fetch(visible.select_related("user", "unit"), pk=self.kwargs["pk"])
        require(may_end_grant(self.by, self.grant))

    def perform(self, form: EndGrantForm) -> Grant:
        return actions.end_grant(grant=self.grant, by=self.by, **form.cleaned_data)

    def success_url(self, result: Any) -> str:
        return reverse("units:detail", args=[self.grant.unit_id])

    def context(self) -> dict[str, Any]:
        told = {"person": self.grant.user, "role": self.grant.get_role_display(), "unit": self.grant.unit}
        home = (self.grant.unit.name, self.success_url(None))
        return {
            "changes": [_("%(person)s is no longer “%(role)s” at %(unit)s.") % told],
            "breadcrumbs": [(_("Units"), reverse("units:list")), home, (self.get_title(), "")],
        }


@needs(KEEP)
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: contact, state of the account, and the roles that the reader may see."""
    found = get_object_or_404(users_visible_to(request.user), pk=pk)
    grants = Grant.objects.filter(user=found, unit__in=Unit.objects.visible_to(request.user)).select_related("unit")
    verdict = may_keep_account(request.user, found)
    context = {
        "person": found,
        "state": account_state(found),
        "grants": grants.order_by("-valid_from", "unit__path"),
        "today": timezone.localdate(),
        "may_keep": bool(verdict),
        "why_not": verdict.reason,
        "title": found.full_name,
        "breadcrumbs": _way_to(found.full_name),
    }
    return render(request, "units/person.html", context)


def _way_to(name: str) -> list[tuple[str, str]]:
    return [(_("Units"), reverse("units:list")), (_("People and roles"), reverse("units:people")), (name, "")]


class _AccountPage(FormPage):
    """A step on somebody's account, by those who may give every role the person holds."""

    def load(self) -> None:
        self.person: User = self.fetch(users_visible_to(self.request.user), pk=self.kwargs["pk"])
        require(may_keep_account(self.by, self.person))

    def success_url(self, result: Any) -> str:
        return reverse("units:person", args=[self.person.pk])

    def context(self) -> dict[str, Any]:
        return {"person": self.person, "breadcrumbs": _way_to(self.person.full_name)}


@needs(KEEP)
class RenewLink(_AccountPage):
    """A new one-time link, for a forgotten password or a lost invitation."""

    form_class = Form
    title = gettext_lazy("New sign-in link")
    submit_label = gettext_lazy("Make the link")

    def perform(self, form: Form) -> User:
        secret = actions.renew_link(user=self.person, by=self.by)
        self.request.session[LINK] = {"person": self.person.pk, "secret": secret}
        return self.person

    def success_url(self, result: User | None) -> str:
        return reverse("units:new-link", args=[result.pk]) if result else super().success_url(None)

    def context(self) -> dict[str, Any]:
        first = _("%(person)s gets a link that works once and for seven days.") % {"person": self.person}
        return {**super().context(), "changes": [first, _("Earlier links stop working. The present password goes on.")]}


@needs(KEEP)
@never_cache
@require_safe
def new_link(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Shows a fresh link to the administrator who made it, the first time only."""
    kept = request.session.get(LINK, {})
    found = get_object_or_404(users_visible_to(request.user), pk=pk)
    if kept.get("person") != pk:
        messages.info(request, _("The link was shown once. Make a new one if it was not copied."))
        return redirect("units:person", pk=pk)
    del request.session[LINK]
    address = request.build_absolute_uri(reverse("accounts:first-password", args=[kept["secret"]]))
    context = {"person": found, "address": address, "title": _("Sign-in link"), "breadcrumbs": _way_to(found.full_name)}
    return render(request, "units/new_link.html", context)


@needs(KEEP)
class SwitchAccount(_AccountPage):
    """Closes an account, or opens it again; the roles stay as they are."""

    form_class = ReasonForm
    message = gettext_lazy("The account has been changed.")

    def get_title(self) -> str:
        return _("Close the account") if self.person.is_active else _("Open the account again")

    def perform(self, form: ReasonForm) -> User:
        wanted = not self.person.is_active
        return actions.set_account_active(user=self.person, active=wanted, by=self.by, **form.cleaned_data)

    def context(self) -> dict[str, Any]:
        closing = _("%(person)s can no longer sign in; open sessions end.") % {"person": self.person}
        opening = _("%(person)s can sign in again.") % {"person": self.person}
        active = self.person.is_active
        return {
            **super().context(),
            "changes": [closing if active else opening],
            "danger": active,
            "submit_label": self.get_title(),
        }


@signed_in
@require_safe
def my_roles(request: HttpRequest) -> HttpResponse:
    """What the signed-in person may do, and where."""
    grants = Grant.objects.in_force().filter(user=request.user.pk).select_related("unit").order_by("unit__path", "role")
    rows = [(grant, rights_in_words(grant.role)) for grant in grants]
    return render(request, "units/my_roles.html", {"rows": rows, "title": _("My roles")})
