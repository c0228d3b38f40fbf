"""Writing the draft of a form: its sections, lines and rules, one page for each step."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs
from core.numbers import format_number
from core.text import clean_line, fold
from core.verdicts import require
from programmes.choices import MeasureSource
from programmes.models import Measure
from submissions.actions import drafts
from submissions.draft_forms import (
    RULE_FORMS,
    UP,
    AddLinesForm,
    ChangeForm,
    CompareForm,
    LineForm,
    MoveForm,
    SectionForm,
    values_of_rule,
)
from submissions.models import CheckRule, Form, FormLine, FormSection
from submissions.permissions import may_keep
from submissions.queries.keeping import draft as draft_of
from submissions.queries.keeping import draft_sections, rules_of
from submissions.rules import in_words
from submissions.views.keeping import LONGEST_SEARCH, OfDraft, OfForm, way_to

HITS = 60


@needs("right.keep_forms")
@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft with everything that can be done to it; where none is being written, the way to begin one."""
    form = get_object_or_404(Form.objects.visible_to(request.user).select_related("programme__owner"), pk=pk)
    require(may_keep(request.user, form))
    version = draft_of(form)
    context = {
        "form": form,
        "draft": version,
        "sections": draft_sections(version) if version else [],
        "rules": [(row, in_words(rule)) for row, rule in rules_of(version)] if version else [],
        "title": _("Draft of “%(form)s”") % {"form": form.name},
        "breadcrumbs": way_to(form, (_("Draft"), "")),
    }
    return render(request, "submissions/forms/draft.html", context)


@needs("right.keep_forms")
class Start(OfForm):
    title = gettext_lazy("Write the next version")
    submit_label = gettext_lazy("Begin")
    message = gettext_lazy("The draft is a copy of the version in force. Periods use it once it is published.")

    def perform(self, form: Any) -> Any:
        return drafts.start_draft(form=self.form_at_hand, by=self.person)

    def success_url(self, result: Any) -> str:
        return reverse("submissions:draft", args=[self.form_at_hand.pk])


@needs("right.keep_forms")
class Discard(OfDraft):
    title = gettext_lazy("Discard the draft")
    submit_label = gettext_lazy("Discard")
    message = gettext_lazy("The draft has been discarded. The version in force stays.")
    danger = True

    def perform(self, form: Any) -> None:
        drafts.discard_draft(version=self.draft, by=self.person)

    def context(self) -> dict[str, Any]:
        words = {"number": self.draft.number, "lines": format_number(self.draft.lines.count())}
        change = _("Version %(number)s with %(lines)s lines is thrown away.") % words
        return {**super().context(), "changes": [change]}


# --- sections --------------------------------------------------------------------------------------------------


@needs("right.keep_forms")
class SectionAdd(OfDraft):
    form_class = SectionForm
    title = gettext_lazy("New section")
    message = gettext_lazy("The section has been added.")

    def perform(self, form: SectionForm) -> FormSection:
        values = {name: form.cleaned_data[name] for name in ("title", "help_text")}
        return drafts.add_section(version=self.draft, by=self.person, **values)


class _OfSection(OfDraft):
    section: FormSection

    def find(self) -> None:
        super().find()
        self.section = self.fetch(FormSection.objects.filter(version=self.draft), pk=self.kwargs["section"])

    def context(self) -> dict[str, Any]:
        return {**super().context(), "lead": self.section.title}


@needs("right.keep_forms")
class SectionEdit(_OfSection):
    form_class = SectionForm
    title = gettext_lazy("Edit the section")
    message = gettext_lazy("The section has been saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"title": self.section.title, "help_text": self.section.help_text}}

    def perform(self, form: SectionForm) -> FormSection:
        values = {name: form.cleaned_data[name] for name in ("title", "help_text")}
        return drafts.change_section(section=self.section, by=self.person, **values)


@needs("right.keep_forms")
class SectionRemove(_OfSection):
    title = gettext_lazy("Remove the section")
    submit_label = gettext_lazy("Remove")
    message = gettext_lazy("The section has been removed.")
    danger = True

    def perform(self, form: Any) -> None:
        drafts.remove_section(section=self.section, by=self.person)

    def context(self) -> dict[str, Any]:
        words = {"section": self.section.title, "lines": format_number(self.section.lines.count())}
        change = _("The section “%(section)s” leaves the form with its %(lines)s lines.") % words
        return {**super().context(), "changes": [change]}


@needs("right.keep_forms")
class SectionMove(_OfSection):
    form_class = MoveForm
    title = gettext_lazy("Move the section")

    def perform(self, form: MoveForm) -> None:
        drafts.move(item=self.section, up=form.cleaned_data["direction"] == UP, by=self.person)

    def success_url(self, result: Any) -> str:
        return f"{super().success_url(result)}#section-{self.section.pk}"


# --- lines -----------------------------------------------------------------------------------------------------


@needs("right.keep_forms")
class LinesAdd(_OfSection):
    """Measures of the catalogue, found by search or by group; those that stand on the form already are left out."""

    template_name = "submissions/forms/add_lines.html"
    form_class = AddLinesForm
    title = gettext_lazy("Add lines from the catalogue")
    submit_label = gettext_lazy("Add to the form")
    message = gettext_lazy("The lines have been added.")

    def load(self) -> None:
        super().load()
        self.words = self.request.GET.get("q", "")[:LONGEST_SEARCH].strip()
        self.group = clean_line(self.request.GET.get("group", ""))[:LONGEST_SEARCH]

    def form_arguments(self) -> dict[str, Any]:
        free = addable().exclude(form_lines__version=self.draft)
        self.groups = list(free.exclude(group="").order_by("group").values_list("group", flat=True).distinct())
        hits = matching(free.filter(group=self.group) if self.group else free, self.words)
        self.more = hits.count() > HITS
        return {"measures": free, "offered": hits[:HITS]}

    def perform(self, form: AddLinesForm) -> list[FormLine]:
        return drafts.add_lines(section=self.section, measures=list(form.cleaned_data["measures"]), by=self.person)

    def context(self) -> dict[str, Any]:
        found = {"words": self.words, "group": self.group, "groups": self.groups, "more": self.more, "most": HITS}
        return {**super().context(), **found}


def addable() -> QuerySet[Measure]:
    """What can stand on a form: what counts units by itself says nothing on the form of one unit."""
    return Measure.objects.filter(active=True).exclude(source=MeasureSource.UNITS).order_by("group", "order", "code")


def matching(measures: QuerySet[Measure], words: str) -> QuerySet[Measure]:
    """Tone-free search in names and codes: every word must be found."""
    found = Q()
    for word in fold(words).split():
        found &= Q(search__contains=word)
    return measures.filter(found)


class _OfLine(OfDraft):
    line: FormLine

    def find(self) -> None:
        super().find()
        lines = FormLine.objects.filter(version=self.draft).select_related("measure", "section")
        self.line = self.fetch(lines, pk=self.kwargs["line"])

    def success_url(self, result: Any) -> str:
        return f"{super().success_url(result)}#section-{self.line.section_id}"

    def context(self) -> dict[str, Any]:
        return {**super().context(), "lead": self.line.measure.name}


@needs("right.keep_forms")
class LineEdit(_OfLine):
    form_class = LineForm
    title = gettext_lazy("Edit the line")
    message = gettext_lazy("The line has been saved.")

    def form_arguments(self) -> dict[str, Any]:
        names = ("section", "required", "minimum", "maximum", "help_text")
        return {"version": self.draft, "initial": {name: getattr(self.line, name) for name in names}}

    def perform(self, form: LineForm) -> FormLine:
        section = form.cleaned_data["section"]
        return drafts.change_line(line=self.line, section=section, content=form.content(self.line), by=self.person)


@needs("right.keep_forms")
class LineRemove(_OfLine):
    title = gettext_lazy("Remove the line")
    submit_label = gettext_lazy("Remove")
    message = gettext_lazy("The line has been removed. What was reported stays.")
    danger = True

    def perform(self, form: Any) -> None:
        drafts.remove_line(line=self.line, by=self.person)


@needs("right.keep_forms")
class LineMove(_OfLine):
    form_class = MoveForm
    title = gettext_lazy("Move the line")

    def perform(self, form: MoveForm) -> None:
        drafts.move(item=self.line, up=form.cleaned_data["direction"] == UP, by=self.person)


# --- rules -----------------------------------------------------------------------------------------------------


class _RulePage(OfDraft):
    """A page with the measures of the form in two columns to tick."""

    template_name = "submissions/forms/rule.html"

    def success_url(self, result: Any) -> str:
        return f"{super().success_url(result)}#rules"


@needs("right.keep_forms")
class CompareAdd(_RulePage):
    form_class = CompareForm
    title = gettext_lazy("New rule: compare sums")
    message = gettext_lazy("The rule has been added. Try it before you publish.")

    def form_arguments(self) -> dict[str, Any]:
        return {"version": self.draft}

    def perform(self, form: CompareForm) -> CheckRule:
        return drafts.add_rule(version=self.draft, rule=form.content(), by=self.person)


@needs("right.keep_forms")
class ChangeAdd(_RulePage):
    form_class = ChangeForm
    title = gettext_lazy("New rule: large changes")
    message = gettext_lazy("The rule has been added. Try it before you publish.")

    def form_arguments(self) -> dict[str, Any]:
        return {"version": self.draft}

    def perform(self, form: ChangeForm) -> CheckRule:
        return drafts.add_rule(version=self.draft, rule=form.content(), by=self.person)


class _OfRule(_RulePage):
    rule: CheckRule

    def find(self) -> None:
        super().find()
        self.rule = self.fetch(CheckRule.objects.filter(version=self.draft), pk=self.kwargs["rule"])


@needs("right.keep_forms")
class RuleEdit(_OfRule):
    title = gettext_lazy("Edit the rule")
    message = gettext_lazy("The rule has been saved.")

    @property
    def form_class(self) -> Any:  # type: ignore[override]  # by the kind of the rule
        return RULE_FORMS[self.rule.kind]

    def form_arguments(self) -> dict[str, Any]:
        return {"version": self.draft, "initial": values_of_rule(self.rule)}

    def perform(self, form: CompareForm | ChangeForm) -> CheckRule:
        return drafts.change_rule(row=self.rule, rule=form.content(), by=self.person)


@needs("right.keep_forms")
class RuleRemove(_OfRule):
    template_name = "components/form_page.html"
    title = gettext_lazy("Remove the rule")
    submit_label = gettext_lazy("Remove")
    message = gettext_lazy("The rule has been removed.")
    danger = True

    def perform(self, form: Any) -> None:
        drafts.remove_rule(row=self.rule, by=self.person)


@needs("right.keep_forms")
class RuleMove(_OfRule):
    template_name = "components/form_page.html"
    form_class = MoveForm
    title = gettext_lazy("Move the rule")

    def perform(self, form: MoveForm) -> None:
        drafts.move(item=self.rule, up=form.cleaned_data["direction"] == UP, by=self.person)
