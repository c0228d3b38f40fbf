"""The way of a file: preview of old and new, one effect, all or nothing, undoing, and the ledger of it."""

from __future__ import annotations

from accounts.models import AuditEntry
from imports.choices import ImportState, RowState
from tests.imports.books import contacts
from tests.imports.conftest import World, fields, people

LAN = ["05500", "Xã Tân Cương", "Nguyễn Thị Lan", "Chủ tịch", "0912 345 678", "lan@example.vn"]
HOA = ["05503", "Xã Đại Phúc", "Trần Thị Hoa", "Chuyên viên", "0987654321", ""]


def test_new_rows_are_previewed_and_written_once_confirmed(world: World) -> None:
    upload = world.send(contacts(LAN, HOA))
    assert (upload.state, upload.new, upload.changed, upload.errors) == (ImportState.PREVIEW, 2, 0, 0)
    assert people(world.cast.tan_cuong) == []
    confirmed = world.confirm(upload)
    assert confirmed.state == ImportState.CONFIRMED
    assert people(world.cast.tan_cuong) == [tuple(LAN[2:])]
    assert people(world.cast.dai_phuc) == [tuple(HOA[2:])]


def test_a_change_shows_old_and_new_and_empty_cells_leave_what_is_stored(world: World) -> None:
    world.confirm(world.send(contacts(LAN)))
    upload = world.send(contacts(["", "Tân Cương", "Nguyễn Thị Lan", "Phó Chủ tịch", None, None]))
    assert (upload.new, upload.changed) == (0, 1)
    assert fields(upload) == [[("Chức vụ", "Chủ tịch", "Phó Chủ tịch")]]
    world.confirm(upload)
    assert people(world.cast.tan_cuong) == [("Nguyễn Thị Lan", "Phó Chủ tịch", "0912 345 678", "lan@example.vn")]


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    content = contacts(LAN, HOA)
    world.confirm(world.send(content))
    again = world.send(content)
    assert (again.state, again.new, again.changed, again.same) == (ImportState.PREVIEW, 0, 0, 2)
    assert list(again.rows.values_list("state", flat=True)) == [RowState.SAME, RowState.SAME]


def test_an_import_is_undone_and_can_be_sent_again(world: World) -> None:
    world.confirm(world.send(contacts(LAN)))
    second = world.confirm(world.send(contacts([*LAN[:3], "Bí thư", "", ""], HOA)))
    undone = world.undo(second)
    assert undone.state == ImportState.UNDONE
    assert people(world.cast.tan_cuong) == [tuple(LAN[2:])]
    assert people(world.cast.dai_phuc) == []
    assert world.confirm(world.send(contacts(HOA))).state == ImportState.CONFIRMED


def test_every_step_stands_in_the_audit_trail(world: World) -> None:
    world.undo(world.confirm(world.send(contacts(LAN))))
    told = AuditEntry.objects.filter(object_type="imports.import").order_by("pk").values_list("action", flat=True)
    assert list(told) == ["imports.take_in", "imports.confirm", "imports.undo"]
