"""Keeping forms: their frame, the draft of their next version, and its publication."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.periods import Calendar
from core.verdicts import require
from programmes.choices import MeasureKind
from programmes.models import Measure, Programme
from submissions.actions.periods import published
from submissions.choices import DayShift, Frequency, RuleKind, Side
from submissions.content import Content, RuleContent, content_of
from submissions.models import CheckRule, DueRule, Form, FormLine, FormSection, FormVersion, RuleTerm
from submissions.permissions import may_keep
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Due:
    """By when units of one kind report: a day of the month, so many months after the one in which the period ends."""

    kind: str
    day: int
    months_after: int = 0


@dataclass(frozen=True)
class FormDetails:
    """The frame of a form; see `submissions.models.Form`."""

    code: str
    name: str
    frequency: Frequency
    calendar: Calendar
    kinds: tuple[str, ...]
    first_month: int
    dues: tuple[Due, ...] = ()
    roots: tuple[Unit, ...] = ()
    signed: bool = False
    shift: DayShift = DayShift.NEXT
    lock_after: int | None = None
    active: bool = True


@transaction.atomic
def create_form(*, programme: Programme, details: FormDetails, by: User) -> Form:
    """A form with an empty draft. Raises Denied, and ValidationError for a code that is taken or no kind of unit."""
    form = Form(programme=programme)
    require(may_keep(by, form))
    _write_frame(form, details)
    FormVersion.objects.create(form=form, number=1)
    _record(form, "submissions.create_form", by, details)
    return form


@transaction.atomic
def change_form(*, form: Form, details: FormDetails, by: User) -> Form:
    """Change the frame. Open periods keep their days; how often a form is reported stays once a period is open."""
    stored = Form.objects.select_for_update(of=("self",)).select_related("programme__owner").get(pk=form.pk)
    require(may_keep(by, stored))
    if details.frequency != stored.frequency and stored.periods.exists():
        raise ValidationError({"frequency": _("Periods of this form are open already: make a new form instead.")})
    _write_frame(stored, details)
    _record(stored, "submissions.change_form", by, details)
    return stored


@transaction.atomic
def write_draft(*, form: Form, content: Content, by: User) -> FormVersion:
    """Replace what the draft of the next version asks. Published versions stay as they are.

    Raises ValidationError for a measure that is named twice, and for a rule that does not fit its kind.
    """
    require(may_keep(by, form))
    _check(content)
    draft = draft_of(form)
    draft.sections.all().delete()
    draft.rules.all().delete()
    _write_sections(draft, content)
    _write_rules(draft, content.rules)
    audit.record(
        by=by,
        action="submissions.write_draft",
        obj=draft,
        unit_id=form.programme.owner_id,
        after={"measures": content.measure_ids, "rules": len(content.rules)},
    )
    return draft


def draft_of(form: Form) -> FormVersion:
    """The draft of the next version; a new one starts as a copy of the last published version."""
    draft = form.versions.filter(published_at__isnull=True).first()
    if draft is not None:
        return draft
    last = published(form)
    draft = FormVersion.objects.create(form=form, number=last.number + 1 if last else 1)
    if last is not None:
        content = content_of(last)
        _write_sections(draft, content)
        _write_rules(draft, content.rules)
    return draft


@transaction.atomic
def publish(*, form: Form, note: str, by: User) -> FormVersion:
    """Publish the draft: periods that open from now on use it. Those that are open keep their version.

    Raises ValidationError for an empty draft and where a number would be asked twice: figures that add up over time
    would count double if two forms with different periods asked the same units for them.
    """
    require(may_keep(by, form))
    draft = form.versions.select_for_update().filter(published_at__isnull=True).first()
    if draft is None:
        raise ValidationError(_("There is no draft to publish."))
    measures = list(Measure.objects.filter(form_lines__version=draft))
    if not measures:
        raise ValidationError(_("Put at least one measure on the form."))
    _refuse_double_counting(form, measures)
    draft.note, draft.published_at, draft.published_by = note, timezone.now(), by
    draft.save()
    audit.record(by=by, action="submissions.publish", obj=draft, unit_id=form.programme.owner_id, reason=note)
    return draft


def _write_frame(form: Form, details: FormDetails) -> None:
    if Form.objects.filter(code=details.code).exclude(pk=form.pk).exists():
        raise ValidationError({"code": _("The code “%(code)s” is taken.") % {"code": details.code}})
    if not details.kinds:
        raise ValidationError({"kinds": _("Choose at least one kind of unit.")})
    for name in ("code", "name", "frequency", "calendar", "first_month", "signed", "shift", "lock_after", "active"):
        setattr(form, name, getattr(details, name))
    form.kinds = list(details.kinds)
    form.save()
    form.roots.set(details.roots)
    form.due_rules.all().delete()
    DueRule.objects.bulk_create(
        [DueRule(form=form, kind=due.kind, day=due.day, months_after=due.months_after) for due in details.dues]
    )


def _record(form: Form, action: str, by: User, details: FormDetails) -> None:
    after = {"code": details.code, "frequency": details.frequency, "kinds": list(details.kinds)}
    audit.record(by=by, action=action, obj=form, unit_id=form.programme.owner_id, after=after)


def _check(content: Content) -> None:
    named = content.measure_ids
    if len(named) > len(set(named)):
        twice = next(measure_id for measure_id in named if named.count(measure_id) > 1)
        name = Measure.objects.get(pk=twice).name
        raise ValidationError(_("“%(measure)s” stands on the form twice.") % {"measure": name})
    if len({section.title for section in content.sections}) < len(content.sections):
        raise ValidationError(_("Two sections have the same title."))
    for rule in content.rules:
        _check_rule(rule, named)


def _check_rule(rule: RuleContent, named: Collection[int]) -> None:
    if set(rule.left + rule.right) - set(named):
        raise ValidationError(_("A rule compares only numbers that stand on the form."))
    if rule.kind == RuleKind.COMPARE and not (rule.left and rule.right):
        raise ValidationError(_("Choose numbers for both sides of the rule."))
    if rule.kind == RuleKind.CHANGE and rule.right:
        raise ValidationError(_("A rule about changes has no right side."))


def _write_sections(draft: FormVersion, content: Content) -> None:
    for order, section in enumerate(content.sections):
        row = FormSection.objects.create(version=draft, title=section.title, help_text=section.help_text, order=order)
        FormLine.objects.bulk_create(
            [
                FormLine(
                    version=draft,
                    section=row,
                    measure_id=line.measure_id,
                    order=place,
                    required=line.required,
                    minimum=line.minimum,
                    maximum=line.maximum,
                    help_text=line.help_text,
                )
                for place, line in enumerate(section.lines)
            ]
        )


def _write_rules(draft: FormVersion, rules: Collection[RuleContent]) -> None:
    for order, rule in enumerate(rules):
        row = CheckRule.objects.create(
            version=draft, order=order, kind=rule.kind, severity=rule.severity, relation=rule.relation,
            percent=rule.percent, least=rule.least, message=rule.message,
        )  # fmt: skip
        sides = ((Side.LEFT, rule.left), (Side.RIGHT, rule.right))
        RuleTerm.objects.bulk_create(
            [RuleTerm(rule=row, side=side, measure_id=pk) for side, measure_ids in sides for pk in measure_ids]
        )


def _refuse_double_counting(form: Form, measures: Collection[Measure]) -> None:
    flows = [measure.pk for measure in measures if measure.kind == MeasureKind.FLOW and not measure.computed]
    others = Form.objects.in_use().exclude(pk=form.pk).exclude(frequency=form.frequency)
    for other in others.prefetch_related("versions"):
        version = published(other)
        shared = set(other.kinds) & set(form.kinds)
        if version is None or not shared:
            continue
        clash = FormLine.objects.filter(version=version, measure__in=flows).select_related("measure").first()
        if clash is not None:
            words = {"measure": clash.measure.name, "form": other.name}
            raise ValidationError(
                _("“%(measure)s” is asked by “%(form)s” too, for other periods: it would count twice.") % words
            )
