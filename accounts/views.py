"""The own account, and the page behind a one-time link."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts import actions
from accounts.forms import FirstPasswordForm, ProfileForm
from accounts.models import User
from core.access import public, signed_in
from core.pages import FormPage


@signed_in
class Profile(FormPage):
    """Name, position and phone; links to password, second factor, sessions and language."""

    template_name = "accounts/profile.html"
    form_class = ProfileForm
    title = _("My account")
    message = _("Your details have been saved.")

    def load(self) -> None:
        self.person = self.fetch(User.objects.active(), pk=self.request.user.pk)

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": copy(self.person)}  # a form puts typed values on its instance

    def perform(self, form: ProfileForm) -> User:
        return actions.edit_account(user=self.person, values=form.changed_values(), by=self.person)

    def success_url(self, result: Any) -> str:
        return reverse("accounts:profile")

    def context(self) -> dict[str, Any]:
        return {"person": self.person}


@public
@method_decorator(never_cache, name="dispatch")
class FirstPassword(FormPage):
    """Opens a one-time link: the person sets a password and goes on to sign in with it."""

    template_name = "accounts/first_password.html"
    form_class = FirstPasswordForm
    title = _("Set your password")
    submit_label = _("Set the password")
    message = _("Your password is set. Sign in with it now.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except actions.LinkError as refusal:
            return render(request, "accounts/link_unusable.html", {"reason": str(refusal)}, status=410)

    def load(self) -> None:
        self.person = actions.open_link(self.kwargs["secret"]).user

    def perform(self, form: FirstPasswordForm) -> User:
        return actions.set_password_by_link(secret=self.kwargs["secret"], password=form.cleaned_data["password"])

    def success_url(self, result: Any) -> str:
        return reverse("account_login")

    def context(self) -> dict[str, Any]:
        return {"person": self.person}
