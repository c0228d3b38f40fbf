"""Two tabs, two files, two people: one effect, no loss, nothing half-written."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import translation

from imports import actions
from imports import contacts as room
from imports.choices import ImportState
from imports.models import Import
from tests.cast import build
from tests.imports.books import contacts
from tests.imports.conftest import World, people
from units.actions import ContactLine, set_contacts

LAN = ["05500", "Xã Tân Cương", "Nguyễn Thị Lan", "Chủ tịch", "0912 345 678", ""]
HOA = ["05500", "Xã Tân Cương", "Trần Thị Hoa", "Chuyên viên", "", ""]


def test_confirming_twice_has_one_effect(world: World) -> None:
    upload = world.send(contacts(LAN))
    world.confirm(upload)
    world.confirm(upload)
    assert len(people(world.cast.tan_cuong)) == 1


def test_the_same_file_in_two_tabs_has_one_effect(world: World) -> None:
    first, second = world.send(contacts(LAN)), world.send(contacts(LAN))
    world.confirm(first)
    late = world.confirm(second)
    assert (late.state, late.new, late.same) == (ImportState.PREVIEW, 0, 1)
    assert "xem lại" in late.message
    with pytest.raises(ValidationError, match="không có gì để xác nhận"):
        world.confirm(late)
    assert len(people(world.cast.tan_cuong)) == 1


def test_what_changed_since_the_preview_is_shown_again_before_it_is_written(world: World) -> None:
    world.confirm(world.send(contacts(LAN)))
    upload = world.send(contacts([*LAN[:3], "Phó Chủ tịch", "", ""]))
    person = ContactLine("Nguyễn Thị Lan", "Bí thư", "0912 345 678")
    set_contacts(unit=world.cast.tan_cuong, contacts=[person], by=world.cast.admin)
    late = world.confirm(upload)
    assert late.state == ImportState.PREVIEW
    assert people(world.cast.tan_cuong)[0][1] == "Bí thư"
    assert world.confirm(late).state == ImportState.CONFIRMED
    assert people(world.cast.tan_cuong)[0][1] == "Phó Chủ tịch"


def test_undoing_is_refused_where_somebody_changed_the_record_since(world: World) -> None:
    upload = world.confirm(world.send(contacts(LAN, ["05503", "", "Mai", "Chủ tịch", "", ""])))
    set_contacts(unit=world.cast.tan_cuong, contacts=[ContactLine("Khác", "Chủ tịch")], by=world.cast.admin)
    kept = world.undo(upload)
    assert (kept.state, "Xã Tân Cương" in kept.message) == (ImportState.CONFIRMED, True)
    assert len(people(world.cast.dai_phuc)) == 1  # nothing was undone, not even the other unit


def test_undoing_twice_has_one_effect(world: World) -> None:
    upload = world.confirm(world.send(contacts(LAN)))
    world.undo(upload)
    world.confirm(world.send(contacts(LAN)))
    assert world.undo(upload).state == ImportState.UNDONE
    assert len(people(world.cast.tan_cuong)) == 1


def test_a_refusal_of_the_room_while_writing_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = world.send(contacts(LAN, ["05503", "", "Mai", "Chủ tịch", "", ""]))
    real, calls = room.set_contacts, []

    def fail_second(**values: object) -> object:
        calls.append(values)
        if len(calls) == 2:
            raise ValidationError("hết chỗ")
        return real(**values)

    monkeypatch.setattr(room, "set_contacts", fail_second)
    kept = world.confirm(upload)
    assert (kept.state, "hết chỗ" in kept.message, "dòng 3" in kept.message) == (ImportState.PREVIEW, True, True)
    assert people(world.cast.tan_cuong) == []


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_the_same_moment_have_one_effect(on_postgres: None) -> None:
    world = World(build())
    uploads = [world.send(contacts(LAN, HOA)) for _tab in range(4)]
    barrier, failures = Barrier(4), []

    def confirm(key: int) -> None:
        try:
            upload = Import.objects.select_related("scope", "asked_by").get(pk=key)
            barrier.wait()
            with translation.override("vi"):
                actions.confirm(upload=upload, by=upload.asked_by)
        except Exception as failure:  # shown by the assertion below
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=confirm, args=[upload.pk]) for upload in uploads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(people(world.cast.tan_cuong)) == 2
    assert Import.objects.filter(state=ImportState.CONFIRMED).count() == 1


def test_a_file_that_is_gone_or_damaged_at_the_confirmation_is_refused(world: World) -> None:
    upload, other = world.send(contacts(LAN)), world.send(contacts(LAN))
    upload.file.storage.delete(upload.file.name)
    gone = world.confirm(upload)
    assert (gone.state, "gửi lại" in gone.message) == (ImportState.REFUSED, True)
    with open(other.file.path, "r+b") as file:
        file.truncate(900)
    assert world.confirm(other).state == ImportState.REFUSED
    assert people(world.cast.tan_cuong) == []
