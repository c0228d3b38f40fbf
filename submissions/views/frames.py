"""The frame of a form: how often, by which calendar, of whom; with the periods that follow from what is typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import needs
from core.keys import key_of
from core.periods import month_of
from programmes.models import Programme
from submissions import actions
from submissions.frame_forms import FrameForm, RootsForm, values_of
from submissions.frames import FormDetails, coming, default_details, details_of
from submissions.models import Form
from submissions.queries.keeping import holidays
from submissions.views.base import Page
from submissions.views.forms import coming_rows, kinds_in_words
from submissions.views.keeping import FORMS, LONGEST_SEARCH, OfForm, draft_url
from units.choices import Right
from units.models import Unit, UnitQuerySet
from units.permissions import units_with

HITS = 30


class _Frame(Page):
    """A page with the frame of a form, which shows under it what calendar follows from what was typed."""

    template_name = "submissions/forms/frame.html"
    form_class = FrameForm
    preview: list[dict[str, Any]]
    preview_kinds: list[str]

    def save_url(self) -> str:
        raise NotImplementedError

    def preview_url(self) -> str:
        raise NotImplementedError

    def stored_details(self) -> FormDetails:
        raise NotImplementedError

    def show(self, form: FrameForm) -> HttpResponseBase:
        """Under what was typed, or stored, the calendar that follows from it."""
        if not form.is_bound:
            details: FormDetails | None = self.stored_details()
        else:
            details = form.details() if form.is_valid() else None
        periods = coming(details, self.today, holidays()) if details else []
        kinds = details.kinds if details else ()
        self.preview, self.preview_kinds = coming_rows(periods, kinds), kinds_in_words(kinds)
        return super().show(form)

    def context(self) -> dict[str, Any]:
        return {
            "coming": self.preview,
            "kinds": self.preview_kinds,
            "save_url": self.save_url(),
            "preview_url": self.preview_url(),
        }


@needs("right.keep_forms")
class Create(_Frame):
    title = gettext_lazy("New form")
    message = gettext_lazy("The form has been created. Put its sections and lines together now.")

    def load(self) -> None:
        self.kept = Programme.objects.filter(owner__in=units_with(self.person, Right.KEEP_FORMS))

    def form_arguments(self) -> dict[str, Any]:
        first = {"programme": self.kept.first()}
        return {"programmes": self.kept, "initial": {**values_of(self.stored_details()), **first}}

    def stored_details(self) -> FormDetails:
        return default_details(month_of(self.today))

    def perform(self, form: FrameForm) -> Form:
        programme = form.cleaned_data["programme"]
        return actions.create_form(programme=programme, details=form.details(), by=self.person)

    def save_url(self) -> str:
        return reverse("submissions:form-create")

    def preview_url(self) -> str:
        return reverse("submissions:form-create-preview")

    def success_url(self, result: Form) -> str:
        return draft_url(result)

    def cancel_url(self) -> str:
        return reverse("submissions:forms")

    def context(self) -> dict[str, Any]:
        crumbs = [(FORMS, reverse("submissions:forms")), (self.title, "")]
        none = _("A form belongs to a programme, and your unit has none of its own yet: create the programme first.")
        return {**super().context(), "breadcrumbs": crumbs, "lead": "" if self.kept else none}


@needs("right.keep_forms")
class Edit(OfForm, _Frame):
    title = gettext_lazy("Edit the frame of the form")
    message = gettext_lazy("The form has been saved. Periods that are open already keep their days.")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": values_of(self.stored_details())}

    def stored_details(self) -> FormDetails:
        return details_of(self.form_at_hand)

    def perform(self, form: FrameForm) -> Form:
        details = form.details(roots=self.form_at_hand.roots.all())
        return actions.change_form(form=self.form_at_hand, details=details, by=self.person, today=self.today)

    def save_url(self) -> str:
        return reverse("submissions:form-edit", args=[self.form_at_hand.pk])

    def preview_url(self) -> str:
        return reverse("submissions:form-edit-preview", args=[self.form_at_hand.pk])

    def context(self) -> dict[str, Any]:
        return {**OfForm.context(self), **_Frame.context(self)}


class _Preview:
    """Shows the page again with the calendar of what was typed; nothing is stored."""

    def post(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.load()
        page: HttpResponseBase = self.show(self.form_class(data=request.POST, **self.form_arguments()))
        return page


@needs("right.keep_forms")
class CreatePreview(_Preview, Create):
    pass


@needs("right.keep_forms")
class EditPreview(_Preview, Edit):
    pass


@needs("right.keep_forms")
class Scope(OfForm):
    """To which units a form is limited: those ticked, found by search."""

    template_name = "submissions/forms/scope.html"
    form_class = RootsForm
    title = gettext_lazy("Which units owe the form")
    message = gettext_lazy("The units that owe the form have been saved.")

    def load(self) -> None:
        super().load()
        self.words = self.request.GET.get("q", "")[:LONGEST_SEARCH].strip()

    def form_arguments(self) -> dict[str, Any]:
        bound = self._bound()
        chosen = list(self.form_at_hand.roots.order_by("sort_key", "pk"))
        hits = list(bound.active(self.today).matching(self.words).in_order()[:HITS]) if self.words else []
        offered = {unit.pk: unit for unit in [*chosen, *hits, *self._ticked(bound)]}
        return {"units": bound, "offered": offered.values(), "initial": {"roots": [unit.pk for unit in chosen]}}

    def _bound(self) -> UnitQuerySet:
        seen = Unit.objects.visible_to(self.person).values("pk")
        return self.form_at_hand.programme.units().filter(pk__in=seen)  # type: ignore[no-any-return]

    def _ticked(self, bound: UnitQuerySet) -> list[Unit]:
        keys = filter(None, map(key_of, self.request.POST.getlist("roots")))
        return list(bound.filter(pk__in=list(keys)))

    def perform(self, form: RootsForm) -> Form:
        details = replace(details_of(self.form_at_hand), roots=tuple(form.cleaned_data["roots"]))
        return actions.change_form(form=self.form_at_hand, details=details, by=self.person, today=self.today)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "words": self.words}
