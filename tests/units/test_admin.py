"""The administration: open to keepers only, and of one province nothing of another can be seen, chosen or saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from core.stale import SEEN
from sponsors.models import Sponsor
from tests.cast import Cast
from units.adminsite import site
from units.models import Contact, Grant, Unit

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
MODELS = list(site._registry)
PERSONS = {"unit": "units_unit", "grant": "units_grant", "user": "accounts_user", "sponsor": "sponsors_sponsor"}


def of(name: str, view: str, *args: Any) -> str:
    return reverse(f"admin:{PERSONS[name]}_{view}", args=args)


@pytest.fixture
def sponsors(cast: Cast) -> tuple[Sponsor, Sponsor]:
    own = Sponsor.objects.create(name="Công ty Hoa Ban", kept_by=cast.thai_nguyen)
    return own, Sponsor.objects.create(name="Quỹ Hoa Sen", kept_by=cast.thanh_hoa)


def records(cast: Cast, sponsors: tuple[Sponsor, Sponsor]) -> dict[str, tuple[Any, Any]]:
    """For each model one record of the own province and one of the other."""
    return {
        "unit": (cast.tan_cuong, cast.sam_son),
        "grant": (Grant.objects.get(user=cast.enterer), Grant.objects.get(user=cast.stranger)),
        "user": (cast.enterer, cast.stranger),
        "sponsor": sponsors,
    }


def posted(client: Client, form_address: str, /, **changes: Any) -> dict[str, Any]:
    """What the browser would send back of a form, with some fields changed."""
    context = client.get(form_address).context
    data: dict[str, Any] = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    for form in forms:
        for name in form.fields:
            value = form[name].value()
            if value is not None and value is not False:
                data[form.add_prefix(name)] = "on" if value is True else value
    return data | changes


# --- the door --------------------------------------------------------------------------------------------------


def test_a_stranger_is_sent_to_the_portals_own_sign_in(client: Client) -> None:
    answer = client.get("/quan-tri/", follow=True)
    assert [address for address, _status in answer.redirect_chain][-1].startswith(reverse("account_login"))
    assert "next=/quan-tri/" in answer.redirect_chain[-1][0]


@pytest.mark.parametrize("person", ["leader", "enterer", "signer", "nobody"])
def test_who_keeps_nothing_is_refused_with_the_reason(cast: Cast, client_of: Sign, person: str) -> None:
    answer = client_of(getattr(cast, person)).get("/quan-tri/", follow=True)
    assert answer.status_code == 403
    assert "quản trị" in answer.content.decode()


def test_marks_of_django_open_nothing(cast: Cast, client_of: Sign) -> None:
    User.objects.filter(pk=cast.nobody.pk).update(is_staff=True, is_superuser=True)
    client = client_of(User.objects.get(pk=cast.nobody.pk))
    assert client.get("/quan-tri/", follow=True).status_code == 403
    assert client.get(of("unit", "changelist"), follow=True).status_code == 403


def test_an_officer_keeps_sponsors_and_nothing_else(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.officer)
    assert client.get(of("sponsor", "changelist")).status_code == 200
    for name in ("grant", "user"):
        assert client.get(of(name, "changelist")).status_code == 403


def test_no_model_is_left_to_djangos_own_permissions() -> None:
    from units.adminbase import ScopedAdmin  # after the site is filled

    assert [model for model, admin in site._registry.items() if not isinstance(admin, ScopedAdmin)] == []


@pytest.mark.parametrize("person", ["admin", "officer", "national"])
def test_every_list_opens_for_keepers_or_refuses(cast: Cast, client_of: Sign, person: str) -> None:
    client = client_of(getattr(cast, person))
    for model in MODELS:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for query in ({}, {"q": "tan cuong"}):
            assert client.get(address, query).status_code in (200, 403)


# --- another province ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(PERSONS))
def test_lists_hold_the_own_province(cast: Cast, client_of: Sign, sponsors: tuple[Sponsor, Sponsor], name: str) -> None:
    own, foreign = records(cast, sponsors)[name]
    found = client_of(cast.admin).get(of(name, "changelist")).context["cl"].queryset
    assert own in found
    assert foreign not in found


@pytest.mark.parametrize("name", list(PERSONS))
@pytest.mark.parametrize("view", ["change", "history", "delete"])
def test_records_of_another_province_do_not_exist(
    cast: Cast, client_of: Sign, sponsors: tuple[Sponsor, Sponsor], name: str, view: str
) -> None:
    _own, foreign = records(cast, sponsors)[name]
    client = client_of(cast.admin)
    expected = 403 if view == "delete" else 404  # nothing is ever deleted
    assert client.get(of(name, view, foreign.pk)).status_code in (expected, 404)
    assert client.post(of(name, view, foreign.pk), {"code": "X"}).status_code in (expected, 404)


@pytest.mark.parametrize(("model", "field"), [("grant", "unit"), ("grant", "user"), ("sponsor", "kept_by")])
def test_suggestions_hold_the_own_province(cast: Cast, client_of: Sign, model: str, field: str) -> None:
    query = {"app_label": PERSONS[model].split("_")[0], "model_name": model, "field_name": field}
    words = "ngo thi la" if field == "user" else "sam son"
    client = client_of(cast.admin)
    found = json.loads(client.get(reverse("admin:autocomplete"), {**query, "term": words}).content)
    assert found["results"] == []
    words = "hoang nhap" if field == "user" else "phu dinh"
    found = json.loads(client.get(reverse("admin:autocomplete"), {**query, "term": words}).content)
    assert len(found["results"]) == 1


@pytest.mark.parametrize(("field", "foreign"), [("unit", "sam_son"), ("unit", "centre"), ("user", "stranger")])
def test_what_is_foreign_cannot_be_chosen_for_a_grant(cast: Cast, client_of: Sign, field: str, foreign: str) -> None:
    sent = {"user": cast.enterer.pk, "role": "viewer", "unit": cast.dai_phuc.pk, "valid_from": "01/01/2026"}
    count = Grant.objects.count()
    answer = client_of(cast.admin).post(of("grant", "add"), {**sent, field: getattr(cast, foreign).pk})
    assert list(answer.context["adminform"].form.errors) == [field]
    assert str(getattr(cast, foreign)) not in answer.content.decode()
    assert Grant.objects.count() == count


def test_a_sponsor_cannot_be_handed_to_a_foreign_unit(
    cast: Cast, client_of: Sign, sponsors: tuple[Sponsor, Sponsor]
) -> None:
    client, address = client_of(cast.admin), of("sponsor", "change", sponsors[0].pk)
    answer = client.post(address, posted(client, address, kept_by=cast.thanh_hoa.pk))
    assert list(answer.context["adminform"].form.errors) == ["kept_by"]
    sponsors[0].refresh_from_db()
    assert sponsors[0].kept_by == cast.thai_nguyen


def test_the_trail_holds_what_concerns_the_own_units(cast: Cast, client_of: Sign) -> None:
    from accounts import audit

    audit.record(by=cast.admin, action="units.edit", obj=cast.tan_cuong, unit_id=cast.tan_cuong.pk)
    audit.record(by=cast.foreign_officer, action="units.edit", obj=cast.sam_son, unit_id=cast.sam_son.pk)
    audit.record(by=None, action="system.start")
    address = reverse("admin:accounts_auditentry_changelist")

    def found(user: User) -> list[int | None]:
        return [row.unit_id for row in client_of(user).get(address).context["cl"].queryset]

    assert found(cast.admin) == [cast.tan_cuong.pk]
    assert found(cast.national) == [None, cast.sam_son.pk, cast.tan_cuong.pk]
    assert client_of(cast.officer).get(address).status_code == 403


# --- saving ----------------------------------------------------------------------------------------------------


def test_a_unit_is_saved_through_its_action(cast: Cast, client_of: Sign) -> None:
    client, address = client_of(cast.admin), of("unit", "change", cast.tan_cuong.pk)
    answer = client.post(address, posted(client, address, address="Xóm Hồng Thái", area_km2="57,92", upland="on"))
    assert answer.status_code == 302
    unit = Unit.objects.get(pk=cast.tan_cuong.pk)
    assert (unit.address, str(unit.area_km2), unit.upland) == ("Xóm Hồng Thái", "57.92", True)
    row = AuditEntry.objects.get()
    assert (row.action, row.actor, row.unit_id, row.before["address"]) == ("units.edit", cast.admin, unit.pk, "")
    assert LogEntry.objects.get().object_id == str(unit.pk)
    history = client.get(of("unit", "history", unit.pk)).content.decode()
    assert "Xóm Hồng Thái" in history
    assert "units.edit" in history


def test_contacts_of_a_unit_are_saved_as_a_list(cast: Cast, client_of: Sign) -> None:
    Contact.objects.create(unit=cast.tan_cuong, full_name="Cũ", position="Chủ tịch")
    client, address = client_of(cast.admin), of("unit", "change", cast.tan_cuong.pk)
    data = posted(client, address)
    data |= {
        "contacts-TOTAL_FORMS": 2,
        "contacts-0-DELETE": "on",
        "contacts-1-full_name": "Vũ Thị Chủ",
        "contacts-1-position": "Chủ tịch",
        "contacts-1-order": "0",
        "contacts-1-unit": cast.tan_cuong.pk,
    }
    assert client.post(address, data).status_code == 302
    assert [contact.full_name for contact in cast.tan_cuong.contacts.all()] == ["Vũ Thị Chủ"]
    assert AuditEntry.objects.get().action == "units.set_contacts"


def test_what_an_action_refuses_stands_at_its_field(cast: Cast, client_of: Sign) -> None:
    client, address = client_of(cast.admin), of("unit", "change", cast.tan_cuong.pk)
    answer = client.post(address, posted(client, address, code=cast.dai_phuc.code, address="Khác"))
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["code"]
    unit = Unit.objects.get(pk=cast.tan_cuong.pk)
    assert (unit.code, unit.address) == (cast.tan_cuong.code, "")
    assert not LogEntry.objects.exists()


def test_a_stale_save_shows_both_values(cast: Cast, client_of: Sign) -> None:
    client, address = client_of(cast.admin), of("unit", "change", cast.tan_cuong.pk)
    data = posted(client, address, address="Nhà văn hóa")
    assert SEEN in data
    Unit.objects.filter(pk=cast.tan_cuong.pk).update(address="Trụ sở mới")
    answer = client.post(address, data)
    assert list(answer.context["adminform"].form.errors) == ["address"]
    assert "Trụ sở mới" in answer.content.decode()
    assert Unit.objects.get(pk=cast.tan_cuong.pk).address == "Trụ sở mới"


def test_a_grant_is_given_and_ended_through_its_actions(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.admin)
    sent = {"user": cast.enterer.pk, "role": "viewer", "unit": cast.dai_phuc.pk, "valid_from": "01/01/2026"}
    assert client.post(of("grant", "add"), sent).status_code == 302
    given = Grant.objects.get(user=cast.enterer, unit=cast.dai_phuc)
    assert given.granted_by == cast.admin
    address = of("grant", "change", given.pk)
    assert client.post(address, posted(client, address, valid_to="30/06/2026", role="officer")).status_code == 302
    given.refresh_from_db()
    assert (given.role, str(given.valid_to)) == ("viewer", "2026-06-30")
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["units.grant", "units.end_grant"]


def test_nobody_grants_to_oneself_here_either(cast: Cast, client_of: Sign) -> None:
    sent = {"user": cast.admin.pk, "role": "officer", "unit": cast.thai_nguyen.pk, "valid_from": "01/01/2026"}
    assert client_of(cast.admin).post(of("grant", "add"), sent).status_code == 403
    assert Grant.objects.filter(user=cast.admin).count() == 1


def test_an_account_is_edited_and_closed(cast: Cast, client_of: Sign) -> None:
    client, address = client_of(cast.admin), of("user", "change", cast.enterer.pk)
    data = posted(client, address, position="Phó Chủ tịch", is_superuser="on", is_staff="on", password="x")
    del data["is_active"]
    assert client.post(address, data).status_code == 302
    person = User.objects.get(pk=cast.enterer.pk)
    assert (person.position, person.is_active, person.is_superuser, person.is_staff) == (
        "Phó Chủ tịch",
        False,
        False,
        False,
    )
    assert person.password == cast.enterer.password


def test_an_account_with_a_role_elsewhere_can_only_be_looked_at(cast: Cast, client_of: Sign) -> None:
    Grant.objects.create(user=cast.stranger, role="viewer", unit=cast.dai_phuc, valid_from=cast.dai_phuc.valid_from)
    client, address = client_of(cast.admin), of("user", "change", cast.stranger.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {"full_name": "Khác", "username": "x"}).status_code == 403
    assert User.objects.get(pk=cast.stranger.pk).full_name == "Ngô Thị Lạ"


def test_nothing_is_deleted(cast: Cast, client_of: Sign, sponsors: tuple[Sponsor, Sponsor]) -> None:
    client = client_of(cast.national)
    for name, (own, _foreign) in records(cast, sponsors).items():
        assert client.post(of(name, "delete", own.pk), {"post": "yes"}).status_code == 403
        answer = client.post(of(name, "changelist"), {"action": "delete_selected", "_selected_action": [own.pk]})
        assert answer.status_code in (200, 302)
        assert type(own)._default_manager.filter(pk=own.pk).exists()


# --- looking ---------------------------------------------------------------------------------------------------


def test_the_list_begins_with_the_units_of_today_and_a_search_finds_old_names(cast: Cast, client_of: Sign) -> None:
    def found(**query: str) -> set[str]:
        units = client_of(cast.admin).get(of("unit", "changelist"), query).context["cl"].queryset
        return {unit.name for unit in units}

    assert "Xã Thịnh Đức" not in found()
    assert found(q="thinh duc") == {"Xã Thịnh Đức"}
    assert "Xã Thịnh Đức" in found(doi="closed")
    assert "Xã Phú Đình" not in found(doi="closed")


def test_the_province_filter_offers_only_what_is_seen(cast: Cast, client_of: Sign) -> None:
    page = client_of(cast.admin).get(of("unit", "changelist")).content.decode()
    assert "Thanh Hóa" not in page
    national = client_of(cast.national).get(of("unit", "changelist"), {"tinh": cast.thanh_hoa.pk}).context["cl"]
    assert {unit.name for unit in national.queryset} == {"Tỉnh Thanh Hóa", "Phường Sầm Sơn"}


@pytest.mark.parametrize("name", list(PERSONS))
def test_lists_cost_the_same_however_long(
    cast: Cast, client_of: Sign, sponsors: tuple[Sponsor, Sponsor], name: str, django_assert_max_num_queries: Any
) -> None:
    client = client_of(cast.national)
    with django_assert_max_num_queries(22):
        client.get(of(name, "changelist"))
