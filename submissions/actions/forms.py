"""Keeping forms: their frame, the draft of their next version, and its publication."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.verdicts import require
from programmes.choices import MeasureKind
from programmes.models import Measure, Programme
from submissions.actions.periods import open_periods
from submissions.choices import RuleKind, Side
from submissions.content import Content, RuleContent, content_of
from submissions.frames import FormDetails, details_of, too_early
from submissions.models import CheckRule, DueRule, Form, FormLine, FormSection, FormVersion, RuleTerm
from submissions.permissions import may_keep
from submissions.queries.keeping import asked_elsewhere, published

if TYPE_CHECKING:
    from accounts.models import User


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
def change_form(*, form: Form, details: FormDetails, by: User, today: date) -> Form:
    """Change the frame. Open periods keep their days; how often a form is reported stays once a period is open.

    Raises ValidationError also where the published version would now ask other units for what they report already.
    """
    stored = Form.objects.select_for_update(of=("self",)).select_related("programme__owner").get(pk=form.pk)
    require(may_keep(by, stored))
    if details.frequency != stored.frequency and stored.periods.exists():
        raise ValidationError({"frequency": _("Periods of this form are open already: make a new form instead.")})
    before = _frame_in_short(details_of(stored))
    _write_frame(stored, details)
    version = published(stored)
    if version is not None and stored.active:
        refuse_double_counting(stored, version, today)
    _record(stored, "submissions.change_form", by, details, before)
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
def publish(*, form: Form, note: str, by: User, today: date) -> FormVersion:
    """Publish the draft and open the periods that have begun. Those that are open already keep their version.

    Raises ValidationError for an empty draft and where a number would be asked twice: figures that add up over time
    would count double if two forms asked the same units for them, and of others two reports would disagree.
    """
    require(may_keep(by, form))
    draft = form.versions.select_for_update().filter(published_at__isnull=True).first()
    if draft is None:
        raise ValidationError(_("There is no draft to publish."))
    if not draft.lines.exists():
        raise ValidationError(_("Put at least one measure on the form."))
    refuse_double_counting(form, draft, today)
    draft.note, draft.published_at, draft.published_by = note, timezone.now(), by
    draft.save(update_fields=["note", "published_at", "published_by"])
    audit.record(by=by, action="submissions.publish", obj=draft, unit_id=form.programme.owner_id, reason=note)
    if form.active:
        open_periods(today=today, forms=[form])
    return draft


def _write_frame(form: Form, details: FormDetails) -> None:
    _check_frame(form, details)
    for name in ("code", "name", "frequency", "calendar", "first_month", "signed", "shift", "lock_after", "active"):
        setattr(form, name, getattr(details, name))
    form.kinds = list(details.kinds)
    form.save()
    form.roots.set(details.roots)
    form.due_rules.all().delete()
    DueRule.objects.bulk_create(
        [DueRule(form=form, kind=due.kind, day=due.day, months_after=due.months_after) for due in details.dues]
    )


def _check_frame(form: Form, details: FormDetails) -> None:
    found: dict[str, str] = {}
    if Form.objects.filter(code=details.code).exclude(pk=form.pk).exists():
        found["code"] = _("The code “%(code)s” is taken: add that of your unit to it.") % {"code": details.code}
    if not details.kinds:
        found["kinds"] = _("Choose at least one kind of unit.")
    for kind in too_early(details):
        found[f"day_{kind}"] = _("This day comes before the cut-off day of the period: choose a later day or month.")
    strangers = set(details.roots) - set(form.programme.units().filter(pk__in=[unit.pk for unit in details.roots]))
    if strangers:
        words = {"unit": min(unit.name for unit in strangers)}
        found["roots"] = _("The programme of this form does not bind “%(unit)s”.") % words
    if found:
        raise ValidationError(dict(found))


def _record(form: Form, action: str, by: User, details: FormDetails, before: dict[str, object] | None = None) -> None:
    after = _frame_in_short(details)
    audit.record(by=by, action=action, obj=form, unit_id=form.programme.owner_id, before=before or {}, after=after)


def _frame_in_short(details: FormDetails) -> dict[str, object]:
    return {
        "code": details.code,
        "name": details.name,
        "frequency": details.frequency,
        "calendar": details.calendar,
        "kinds": list(details.kinds),
        "roots": [unit.pk for unit in details.roots],
        "dues": {due.kind: [due.months_after, due.day] for due in details.dues},
        "shift": details.shift,
        "lock_after": details.lock_after,
        "signed": details.signed,
        "active": details.active,
    }


def _check(content: Content) -> None:
    named = content.measure_ids
    if len(named) > len(set(named)):
        twice = next(measure_id for measure_id in named if named.count(measure_id) > 1)
        name = Measure.objects.get(pk=twice).name
        raise ValidationError(_("“%(measure)s” stands on the form twice.") % {"measure": name})
    if len({section.title for section in content.sections}) < len(content.sections):
        raise ValidationError(_("Two sections have the same title."))
    for rule in content.rules:
        check_rule(rule, named)


def check_rule(rule: RuleContent, named: Collection[int]) -> None:
    """Raises ValidationError for a rule that does not fit its kind or compares what stands not on the form."""
    if set(rule.left + rule.right) - set(named):
        raise ValidationError(_("A rule compares only numbers that stand on the form."))
    if rule.kind == RuleKind.COMPARE and not (rule.left and rule.right):
        raise ValidationError(_("Choose numbers for both sides of the rule."))
    if set(rule.left) & set(rule.right):
        raise ValidationError(_("A number stands on one side of the rule only."))
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
        write_rule(draft, rule, order)


def write_rule(draft: FormVersion, rule: RuleContent, order: int, pk: int | None = None) -> CheckRule:
    """Store a rule with its terms; with the key of a present one in its place."""
    row = CheckRule(
        pk=pk, version=draft, order=order, kind=rule.kind, severity=rule.severity, relation=rule.relation,
        percent=rule.percent, least=rule.least, message=rule.message,
    )  # fmt: skip
    row.save()
    sides = ((Side.LEFT, rule.left), (Side.RIGHT, rule.right))
    RuleTerm.objects.bulk_create(
        [RuleTerm(rule=row, side=side, measure_id=measure_id) for side, keys in sides for measure_id in keys]
    )
    return row


def refuse_double_counting(form: Form, version: FormVersion, today: date) -> None:
    measures = Measure.objects.filter(form_lines__version=version)
    for line, same_months in asked_elsewhere(form, measures, today):
        words = {"measure": line.measure.name, "form": line.version.form.name}
        if same_months:
            raise ValidationError(
                _("“%(measure)s” is asked by “%(form)s” too, of the same units for the same periods.") % words
            )
        if line.measure.kind == MeasureKind.FLOW:
            raise ValidationError(
                _("“%(measure)s” is asked by “%(form)s” too, for other periods: it would count twice.") % words
            )
