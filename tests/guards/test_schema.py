"""The database itself holds the rules. What must be refused is derived from the models: no rule is listed by hand.

For every check constraint and every field in it a row is searched that breaks this rule and no other; for every unique
rule a second row is made; every column that must not be empty, negative or point nowhere is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone

from accounts.models import AuditEntry, OnceToken
from equipment.models import Allotment, Passing
from tests.guards.visitors import undone
from tests.guards.world import ABSENT, UNIT_OF, WITHOUT_UNIT, World, our_models
from units.models import Reorganisation, Succession

pytestmark = pytest.mark.django_db
Model = type[models.Model]
ROWS_TRIED, FIELDS_CHANGED = 12, 3


@pytest.fixture(scope="module")
def full(world: World) -> Iterator[World]:
    """The world with a row in every table, so that every rule has something to guard."""
    with undone():
        cast = world.cast
        OnceToken.objects.create(user=cast.officer, mark="mark")
        Passing.objects.create(
            reorganisation=Reorganisation.objects.earliest("pk"),
            allotment=Allotment.objects.earliest("pk"),
            from_unit=cast.thinh_duc,
            to_unit=cast.tan_cuong,
        )
        Succession.objects.filter(predecessor=cast.thinh_duc).update(percent=100)
        yield world


def rules(kind: type[Any]) -> list[tuple[Model, Any]]:
    return [(model, rule) for model in our_models() for rule in model._meta.constraints if isinstance(rule, kind)]


# --- check constraints ---


def fields_in(condition: Any, model: Model) -> set[str]:
    """The fields that a condition speaks of, on either side."""
    if isinstance(condition, Q):
        return {name for child in condition.children for name in fields_in(child, model)}
    path, value = condition
    name = path.split("__")[0]
    found = {model._meta.pk.name if name == "pk" else name}  # type: ignore[union-attr]
    return found | ({value.name} if isinstance(value, F) else set())


def candidates(row: models.Model, one: models.Field[Any, Any]) -> list[Any]:
    """A few values that a column can hold."""
    empty = [None] if one.null else []
    if isinstance(one, models.ForeignKey):
        beside = [
            getattr(row, other.attname)
            for other in row._meta.concrete_fields
            if isinstance(other, models.ForeignKey) and other.related_model is one.related_model
        ]
        own = [row.pk] if one.related_model is type(row) else []
        other = one.related_model._base_manager.exclude(pk__in=[key for key in beside if key]).first()  # type: ignore[union-attr]
        return [*empty, *own, *(key for key in beside if key), *([other.pk] if other else [])]
    if one.choices:
        strange = ["x"] if isinstance(one, models.CharField) else []  # the database may know the choices too
        return [*empty, *(key for key, _label in one.flatchoices), *strange]
    if isinstance(one, models.BooleanField):
        return [True, False]
    if isinstance(one, models.DateTimeField):
        return [*empty, timezone.now(), timezone.now() - timedelta(days=3000)]
    if isinstance(one, models.DateField):
        middle = date(2026, 6, 1)
        return [*empty, middle, middle - timedelta(days=3000), middle + timedelta(days=3000)]
    if isinstance(one, models.CharField | models.TextField):
        return [*empty, "", "x"]
    largest = [9_100_000_000_000_000_000] if type(one) is models.BigIntegerField else []
    below = [-1] if isinstance(one, models.DecimalField) else []
    return [*empty, 0, 1, 3, 101, 3000, *below, *largest]


def holds(rule: CheckConstraint, row: models.Model) -> bool:
    try:
        rule.validate(type(row), row)
    except ValidationError:
        return False
    return True


def breaking(model: Model, rule: CheckConstraint, wanted: str) -> tuple[models.Model, dict[str, Any]] | None:
    """A row and the smallest change with this field in it that breaks this rule and no other.

    Where the fields of the rule alone do not do it, those of rules that share a field with it change too.
    """
    others = [one for one in model._meta.constraints if isinstance(one, CheckConstraint) and one is not rule]
    own = fields_in(rule.condition, model) - {"id"}
    neighbours = own.union(*(fields for one in others if own & (fields := fields_in(one.condition, model))))
    for names in (own, neighbours - {"id"}):
        for row in model._base_manager.all()[:ROWS_TRIED]:
            for changes in changes_of(row, wanted, names - {wanted}):
                changed = with_values(row, changes)
                if not holds(rule, changed) and all(holds(other, changed) for other in others):
                    return row, changes
    return None


def changes_of(row: models.Model, wanted: str, names: set[str]) -> Iterator[dict[str, Any]]:
    """Every set of values for this field and up to two more, small sets first."""
    values = {name: candidates(row, row._meta.get_field(name)) for name in names | {wanted}}  # type: ignore[arg-type]
    for size in range(min(len(values), FIELDS_CHANGED)):
        for more in combinations(sorted(names), size):
            for chosen in product(*(values[name] for name in (wanted, *more))):
                yield dict(zip((wanted, *more), chosen, strict=True))


def with_values(row: models.Model, values: dict[str, Any]) -> models.Model:
    changed = copy(row)
    changed._state = copy(row._state)
    for name, value in values.items():
        setattr(changed, row._meta.get_field(name).attname, value)  # type: ignore[union-attr]
    return changed


@pytest.mark.parametrize("checked", rules(CheckConstraint), ids=lambda pair: pair[1].name)
def test_what_breaks_a_check_is_refused(full: World, checked: tuple[Model, CheckConstraint]) -> None:
    model, rule = checked
    for wanted in sorted(fields_in(rule.condition, model) - {"id"}):
        found = breaking(model, rule, wanted)
        assert found is not None, f"no row breaks {rule.name} by {wanted}"
        row, changes = found
        with pytest.raises(IntegrityError) as refusal, undone():
            model._base_manager.filter(pk=row.pk).update(**changes)
        assert rule.name in told_by(refusal.value), changes


def told_by(error: BaseException) -> str:
    """The name of the broken rule; SQLite names the columns of a plain unique rule instead."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(diagnosis.constraint_name if diagnosis else error)


# --- unique rules ---


def uniques() -> list[tuple[Model, str, Any]]:
    declared = [(model, rule.name, rule) for model, rule in rules(UniqueConstraint)]
    columns = [
        (model, one.name, one) for model in our_models() for one in model._meta.concrete_fields
        if one.unique and not one.primary_key
    ]  # fmt: skip
    return declared + columns


def parts_of(rule: Any) -> set[str]:
    if isinstance(rule, models.Field):
        return {rule.name}
    plain = [
        one.get_source_expressions() if hasattr(one, "get_source_expressions") else [one] for one in rule.expressions
    ]
    named = {source.name for sources in plain for source in sources}
    return set(rule.fields) | named


def fresh(row: models.Model, one: models.Field[Any, Any]) -> Any:
    """A value that no row has."""
    if one.null:
        return None
    if isinstance(one, models.ForeignKey):
        taken = type(row)._base_manager.values_list(one.attname, flat=True)
        return one.related_model._base_manager.exclude(pk__in=list(taken)).values_list("pk", flat=True)[0]  # type: ignore[union-attr]
    if isinstance(one, models.DateField):
        return date(2031, 5, 5)
    return 7_777 if isinstance(one, models.IntegerField) else "moi-0001"


def twin(row: models.Model, kept: set[str]) -> models.Model:
    """A second row that equals the first in these fields and clashes with no other unique rule."""
    second = copy(row)
    second._state = copy(row._state)
    second.pk = None
    for _model, _name, rule in uniques():
        if _model is type(row) and not parts_of(rule) <= kept:
            name = sorted(parts_of(rule) - kept)[0]
            one = row._meta.get_field(name)
            setattr(second, one.attname, fresh(row, one))  # type: ignore[union-attr, arg-type]
    return second


@pytest.mark.parametrize("ruled", uniques(), ids=lambda three: f"{three[0].__name__}-{three[1]}")
def test_what_exists_once_is_not_stored_twice(full: World, ruled: tuple[Model, str, Any]) -> None:
    model, name, rule = ruled
    kept = parts_of(rule)
    rows = model._base_manager.filter(**{f"{part}__isnull": False for part in kept})
    if condition := getattr(rule, "condition", None):
        rows = rows.filter(condition)
    for other in (one for one in model._meta.constraints if isinstance(one, UniqueConstraint) and one is not rule):
        if (
            other.condition is not None and other.fields and set(other.fields) < kept
        ):  # a twin would break that rule too
            rows = rows.exclude(other.condition)
    row = rows.first()
    assert row is not None, f"the world has no row for {name}"
    with pytest.raises(IntegrityError) as refusal, undone():
        model._base_manager.bulk_create([twin(row, kept)])
    told = told_by(refusal.value)
    columns = {model._meta.get_field(part).column for part in kept}  # type: ignore[union-attr]
    assert name in told or all(column in told for column in columns), told


# --- columns ---


def columns(
    kind: type[models.Field[Any, Any]] | tuple[type[models.Field[Any, Any]], ...],
) -> Iterator[tuple[Model, Any]]:
    for model in our_models():
        for one in model._meta.concrete_fields:
            if isinstance(one, kind) and model is not AuditEntry and not one.primary_key:
                yield model, one


def set_in_sql(model: Model, column: str, value: Any) -> None:
    """Past the models, in one row."""
    row = "ctid" if connection.vendor == "postgresql" else "rowid"
    table, name = (connection.ops.quote_name(word) for word in (model._meta.db_table, column))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {name} = %s WHERE {row} = (SELECT {row} FROM {table} LIMIT 1)", [value])
        assert cursor.rowcount == 1, f"the world has no row of {model.__name__}"


def accepted(tried: Iterator[tuple[Model, Any]], value: Any, *, deferred: bool = False) -> list[str]:
    taken = []
    for model, one in tried:
        try:
            with undone():
                set_in_sql(model, one.column, value)
                if deferred:
                    connection.check_constraints([model._meta.db_table])
                taken.append(f"{model._meta.label}.{one.name}")
        except IntegrityError:
            pass
    return taken


def test_no_column_is_empty_that_must_not_be(full: World) -> None:
    required = ((model, one) for model, one in columns(models.Field) if not one.null)
    assert accepted(required, None) == []


def test_no_count_falls_below_zero(full: World) -> None:
    positive = (
        models.PositiveIntegerField, models.PositiveSmallIntegerField, models.PositiveBigIntegerField,
    )  # fmt: skip
    assert accepted(columns(positive), -1) == []


def test_no_key_points_nowhere(full: World) -> None:
    assert accepted(columns(models.ForeignKey), ABSENT, deferred=True) == []


def test_the_audit_trail_is_neither_changed_nor_shortened(full: World) -> None:
    for sql in ("UPDATE accounts_auditentry SET reason = 'x'", "DELETE FROM accounts_auditentry"):
        with pytest.raises(DatabaseError, match="append-only"), undone(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_every_model_says_whose_it_is() -> None:
    """A new model stands in one of the two tables of `tests.guards.world`, or no canary would be put into it."""
    assert {model._meta.label for model in our_models()} == UNIT_OF.keys() | WITHOUT_UNIT
