"""Writing the draft of a form step by step: its sections, lines and rules. What is published never changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from core.verdicts import require
from programmes.models import Measure
from submissions.actions.forms import check_rule, draft_of, write_rule
from submissions.content import LineContent, RuleContent
from submissions.models import CheckRule, Form, FormLine, FormSection, FormVersion
from submissions.permissions import may_keep

if TYPE_CHECKING:
    from accounts.models import User

Item = FormSection | FormLine | CheckRule


@transaction.atomic
def start_draft(*, form: Form, by: User) -> FormVersion:
    """The draft of the next version, a copy of the published one; the present draft where there is one."""
    stored = Form.objects.select_for_update(of=("self",)).select_related("programme__owner").get(pk=form.pk)
    require(may_keep(by, stored))
    if draft := stored.versions.filter(published_at__isnull=True).first():
        return draft
    draft = draft_of(stored)
    _record("start_draft", draft, by, {"version": draft.number})
    return draft


@transaction.atomic
def discard_draft(*, version: FormVersion, by: User) -> None:
    """Throw the draft away; the published version stays in force. The draft of a form without one stays."""
    draft = _open(version, by)
    if not draft.form.versions.filter(published_at__isnull=False).exists():
        raise ValidationError(_("This form has no published version to go back to."))
    _record("discard_draft", draft, by, {"version": draft.number})
    draft.delete()


# --- sections --------------------------------------------------------------------------------------------------


@transaction.atomic
def add_section(*, version: FormVersion, title: str, help_text: str, by: User) -> FormSection:
    draft = _open(version, by)
    _refuse_same_title(draft, title)
    order = _next_order(draft.sections.values_list("order", flat=True))
    section = FormSection.objects.create(version=draft, title=title, help_text=help_text, order=order)
    _record("add_section", draft, by, {"section": title})
    return section


@transaction.atomic
def change_section(*, section: FormSection, title: str, help_text: str, by: User) -> FormSection:
    draft = _open(section.version, by)
    _refuse_same_title(draft, title, but=section)
    section.title, section.help_text = title, help_text
    section.save(update_fields=["title", "help_text"])
    _record("change_section", draft, by, {"section": title})
    return section


@transaction.atomic
def remove_section(*, section: FormSection, by: User) -> None:
    """Take a section off the draft with its lines."""
    draft = _open(section.version, by)
    _refuse_named_in_rules(draft, [line.measure for line in section.lines.select_related("measure")])
    _record("remove_section", draft, by, {"section": section.title, "lines": section.lines.count()})
    section.delete()


# --- lines -----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_lines(*, section: FormSection, measures: Collection[Measure], by: User) -> list[FormLine]:
    """Put measures of the catalogue at the end of a section."""
    draft = _open(section.version, by)
    taken = draft.lines.filter(measure__in=measures).select_related("measure").first()
    if taken is not None:
        raise ValidationError({"measures": _twice(taken.measure)})
    start = _next_order(section.lines.values_list("order", flat=True))
    lines = [
        FormLine(version=draft, section=section, measure=measure, order=place)
        for place, measure in enumerate(measures, start=start)
    ]
    FormLine.objects.bulk_create(lines)
    _record("add_lines", draft, by, {"section": section.title, "measures": [measure.code for measure in measures]})
    return lines


@transaction.atomic
def change_line(*, line: FormLine, section: FormSection, content: LineContent, by: User) -> FormLine:
    """Change what a line demands; a line that changes its section goes to the end there."""
    draft = _open(line.version, by)
    if section.version_id != draft.pk:
        raise ValidationError({"section": _("Choose a section of this form.")})
    _check_limits(line.measure, content)
    if section.pk != line.section_id:
        line.order = _next_order(section.lines.values_list("order", flat=True))
    line.section = section
    line.required, line.help_text = content.required, content.help_text
    line.minimum, line.maximum = content.minimum, content.maximum
    line.save()
    told = {"measure": line.measure.code, "required": line.required, "minimum": line.minimum, "maximum": line.maximum}
    _record("change_line", draft, by, {**told, "section": section.title})
    return line


@transaction.atomic
def remove_line(*, line: FormLine, by: User) -> None:
    draft = _open(line.version, by)
    _refuse_named_in_rules(draft, [line.measure])
    _record("remove_line", draft, by, {"measure": line.measure.code})
    line.delete()


# --- rules -----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_rule(*, version: FormVersion, rule: RuleContent, by: User) -> CheckRule:
    draft = _open(version, by)
    check_rule(rule, _measures_of(draft))
    row = write_rule(draft, rule, _next_order(draft.rules.values_list("order", flat=True)))
    _record("add_rule", draft, by, _in_short(rule))
    return row


@transaction.atomic
def change_rule(*, row: CheckRule, rule: RuleContent, by: User) -> CheckRule:
    draft = _open(row.version, by)
    check_rule(rule, _measures_of(draft))
    row.terms.all().delete()
    changed = write_rule(draft, rule, row.order, pk=row.pk)
    _record("change_rule", draft, by, _in_short(rule))
    return changed


@transaction.atomic
def remove_rule(*, row: CheckRule, by: User) -> None:
    draft = _open(row.version, by)
    _record("remove_rule", draft, by, {"rule": str(row)})
    row.delete()


# --- order -----------------------------------------------------------------------------------------------------


@transaction.atomic
def move(*, item: Item, up: bool, by: User) -> None:
    """One place up or down among its like; at either end it stays. A line moves past lines of its own rank: parts
    among the parts of their whole, which follow it."""
    draft = _open(item.version, by)
    rows = _siblings(item)
    mine = next(place for place, row in enumerate(rows) if row.pk == item.pk)
    ranks = [_rank(row, rows) for row in rows]
    others = range(mine - 1, -1, -1) if up else range(mine + 1, len(rows))
    other = next((place for place in others if ranks[place] == ranks[mine]), None)
    if other is None:
        return
    rows[mine], rows[other] = rows[other], rows[mine]
    for place, row in enumerate(rows):
        row.order = place
    type(item)._default_manager.bulk_update(rows, ["order"])
    _record("move", draft, by, {"moved": str(item), "up": up})


def _siblings(item: Item) -> list[Any]:
    if isinstance(item, FormLine):
        return list(item.section.lines.select_related("measure").order_by("order", "pk"))
    rows = item.version.sections if isinstance(item, FormSection) else item.version.rules
    return list(rows.order_by("order", "pk"))


def _rank(row: Item, rows: Sequence[Item]) -> int | None:
    """The whole under which a line stands in its section."""
    if not isinstance(row, FormLine):
        return None
    here = {line.measure_id for line in rows if isinstance(line, FormLine)}
    return row.measure.whole_id if row.measure.whole_id in here else None


# --- what all of them share ------------------------------------------------------------------------------------


def _open(version: FormVersion, by: User) -> FormVersion:
    """The draft, locked against other hands until the end."""
    rows = FormVersion.objects.select_for_update(of=("self",)).select_related("form__programme__owner")
    stored = rows.get(pk=version.pk)
    require(may_keep(by, stored.form))
    if not stored.is_draft:
        words = {"number": stored.number}
        raise ValidationError(_("Version %(number)s is published and does not change any more.") % words)
    return stored


def _record(verb: str, version: FormVersion, by: User, after: dict[str, Any]) -> None:
    owner_id = version.form.programme.owner_id
    audit.record(by=by, action=f"submissions.{verb}", obj=version, unit_id=owner_id, after=after)


def _measures_of(version: FormVersion) -> set[int]:
    return set(version.lines.values_list("measure_id", flat=True))


def _next_order(orders: Collection[int]) -> int:
    return max(orders, default=-1) + 1


def _twice(measure: Measure) -> str:
    return _("“%(measure)s” stands on the form already.") % {"measure": measure.name}


def _refuse_same_title(version: FormVersion, title: str, but: FormSection | None = None) -> None:
    others = version.sections.exclude(pk=but.pk) if but else version.sections
    if others.filter(title=title).exists():
        raise ValidationError({"title": _("Another section of the form has this title.")})


def _refuse_named_in_rules(version: FormVersion, measures: Collection[Measure]) -> None:
    for measure in measures:
        if version.rules.filter(terms__measure=measure).exists():
            words = {"measure": measure.name}
            raise ValidationError(_("A rule compares “%(measure)s”: change or remove the rule first.") % words)


def _check_limits(measure: Measure, content: LineContent) -> None:
    """Limits of a line can only be narrower than those of its measure."""
    found: dict[str, str] = {}
    if content.minimum is not None and content.minimum < measure.minimum:
        found["minimum"] = _("The measure itself allows no value below its own limit; leave the field empty.")
    if content.maximum is not None and measure.maximum is not None and content.maximum > measure.maximum:
        found["maximum"] = _("The measure itself allows no value above its own limit; leave the field empty.")
    least = measure.minimum if content.minimum is None else content.minimum
    if content.maximum is not None and content.maximum < least:
        found["maximum"] = _("The greatest value is below the least.")
    if found:
        raise ValidationError(dict(found))


def _in_short(rule: RuleContent) -> dict[str, Any]:
    sides = {"left": list(rule.left), "right": list(rule.right)}
    return {"kind": rule.kind, "severity": rule.severity, "relation": rule.relation, "percent": rule.percent, **sides}
