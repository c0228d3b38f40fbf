"""The page with one form: shown, checked, handed to an action, and led on. One page, one duty, one address."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View

from core.once import once


@method_decorator(once, name="dispatch")
class FormPage(View):
    """A form whose POST has one effect. Declare `form_class`, the words, `perform` and `success_url`; mark the access.

    Everything of a POST runs in one transaction. A ValidationError of the action becomes an error of the form (at the
    field it names); Denied and Http404 go to their pages. Forms that change much set `danger` and fill `changes`.
    """

    http_method_names = ["get", "head", "post", "options"]
    template_name = "components/form_page.html"
    form_class: ClassVar[type[Any]] = forms.Form
    title: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    submit_label: ClassVar[Any] = _("Save")
    message: ClassVar[Any] = ""
    danger: ClassVar[bool] = False

    @property
    def by(self) -> Any:
        """The signed-in person (core knows no accounts; pages without the `public` marker always have one)."""
        return self.request.user

    def load(self) -> None:
        """Fetches what the page is about from what the person may see, and refuses (404, Denied) what may not be."""

    def form_arguments(self) -> dict[str, Any]:
        """More arguments of the form: instance, initial, the person."""
        return {}

    def perform(self, form: Any) -> Any:
        """Calls the action with cleaned values; what it returns goes to `success_url`."""
        raise NotImplementedError

    def success_url(self, result: Any) -> str:
        raise NotImplementedError

    def cancel_url(self) -> str:
        return self.success_url(None)

    def get_title(self) -> str:
        return str(self.title)

    def success_message(self, result: Any) -> str:
        return str(self.message)

    def context(self) -> dict[str, Any]:
        """More for the template: breadcrumbs, changes, note, and what a page of its own shows."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.load()
        return self.show(self.form_class(**self.form_arguments()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            self.load()
            form = self.form_class(data=request.POST, files=request.FILES, **self.form_arguments())
            if not form.is_valid():
                return self.show(form)
            try:
                with transaction.atomic():
                    result = self.perform(form)
            except ValidationError as refusal:
                refuse(form, refusal)
                return self.show(form)
        return self.done(result)

    def done(self, result: Any) -> HttpResponseBase:
        if message := self.success_message(result):
            messages.success(self.request, message)
        return redirect(self.success_url(result))

    def show(self, form: Any) -> HttpResponseBase:
        context = {
            "title": self.get_title(),
            "lead": self.lead,
            "form": form,
            "submit_label": self.submit_label,
            "cancel_url": self.cancel_url(),
            "danger": self.danger,
            **self.context(),
        }
        return TemplateResponse(self.request, self.template_name, context).render()

    def fetch(self, queryset: QuerySet[Any], **key: Any) -> Any:
        """One record, or 404. A POST locks it until its end, so that the values a form compares stay the stored ones.

        Views take this instead of `get_object_or_404`; the queryset starts from `visible_to`.
        """
        if self.request.method == "POST":
            queryset = queryset.select_for_update(of=("self",))
        return get_object_or_404(queryset, **key)


def refuse(form: Any, refusal: ValidationError) -> None:
    """Puts what an action refused where the person looks: at the field it names, else on top of the form."""
    named = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
    for name, errors in named.items():
        form.add_error(name if name in form.fields else None, errors)
