"""The administration site: signing in goes through the portal's own page, entering needs a right to keep something."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from core.verdicts import Denied
from units.choices import ROLE_RIGHTS, Right
from units.models import Grant

KEEPING = frozenset({Right.MANAGE_UNITS, Right.MANAGE_USERS, Right.MANAGE_SPONSORS, Right.MANAGE_CATALOGUE})
KEEPERS = [role for role, rights in ROLE_RIGHTS.items() if rights & KEEPING]


class PortalAdminSite(admin.AdminSite):
    """Django's administration, opened by grants: superuser and staff marks mean nothing here.

    It is a site of its own, so that models which packages register with Django's default site stay out of it.
    """

    site_header = gettext_lazy("Administration")
    site_title = gettext_lazy("Digital transformation portal")
    index_title = gettext_lazy("What is kept here")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if not user.is_authenticated or not user.is_active:
            return False
        return Grant.objects.in_force().filter(user=user, role__in=KEEPERS).exists()

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's sign-in page with its second factor; who is signed in already is told why the door is shut."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Denied(_("Your role does not include the administration."))
        back = request.GET.get("next") or reverse(f"{self.name}:index")
        return redirect(back) if request.user.is_authenticated else redirect_to_login(back)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")


site = PortalAdminSite(name="admin")
