"""Which unit a row means: by code or by name, never by a guess, and never one that the person may not see."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from core.verdicts import Denied
from imports import actions
from imports.choices import ImportState
from tests.imports.books import contacts
from tests.imports.conftest import World, people, problems
from tests.units.trees import open_below
from units.choices import Designation, UnitKind
from units.lineage import rebuild_lineage
from units.models import Unit, UnitName

REST = ["Nguyễn Thị Lan", "Chủ tịch", "", ""]


def commune(world: World, short: str, code: str, designation: Designation = Designation.XA) -> Unit:
    word = {Designation.XA: "Xã", Designation.PHUONG: "Phường"}[designation]
    facts = {
        "code": code,
        "designation": designation,
        "name": f"{word} {short}",
        "valid_from": world.cast.tan_cuong.valid_from,
    }
    unit = open_below(world.cast.thai_nguyen, UnitKind.COMMUNE, short, **facts)
    rebuild_lineage({unit.pk})
    return unit


def one(world: World, code: object, name: str) -> object:
    return world.send(contacts([code, name, *REST]))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("05500", ""),
        (5500, ""),  # Excel took the leading zero
        ("", "Xã Tân Cương"),
        ("", "Tân Cương"),
        ("", "TÂN CƯƠNG"),
        ("", "xã  tân cương"),
        ("", "X. Tân Cương"),
        ("", "Tan Cuong"),
        ("", "Hội LHPN xã Tân Cương"),
        ("", "Ta\u0302n Cu\u031bo\u031bng"),
        ("", "Xã Tân Cương (05500)"),
        ("05500", "Tân Cương"),
    ],
)
def test_a_unit_is_found_where_there_is_no_doubt(code: object, name: str, world: World) -> None:
    upload = one(world, code, name)
    assert (upload.errors, upload.questions) == (0, [])
    world.confirm(upload)
    assert len(people(world.cast.tan_cuong)) == 1


def test_both_placements_of_a_tone_are_one_name(world: World) -> None:
    hoa = commune(world, "Hòa Bình", "05601")
    world.confirm(one(world, "", "Hoà Bình"))
    assert len(people(hoa)) == 1


def test_a_former_name_finds_the_unit(world: World) -> None:
    UnitName.objects.create(
        unit=world.cast.phu_dinh, name="Xã Điềm Mặc", valid_from=world.cast.phu_dinh.valid_from, valid_to="2025-12-31"
    )
    world.confirm(one(world, "", "Xã Điềm Mặc"))
    assert len(people(world.cast.phu_dinh)) == 1


def test_a_zero_is_restored_only_where_one_unit_fits(world: World) -> None:
    commune(world, "Khác", "005500")
    upload = one(world, 5500, "")
    assert upload.new == 1
    assert {choice["code"] for choice in upload.questions[0]["choices"]} == {"05500", "005500"}


def test_a_name_that_fits_several_units_is_asked_about_and_the_answer_kept(world: World) -> None:
    ward = commune(world, "Tân Cương", "05602", Designation.PHUONG)
    upload = one(world, "", "Tân Cương")
    (question,) = upload.questions
    assert {choice["pk"] for choice in question["choices"]} == {ward.pk, world.cast.tan_cuong.pk}
    assert question["cells"] == ["Dữ liệu!B2"]
    with pytest.raises(ValidationError, match="chọn đơn vị"):
        world.confirm(upload)
    with pytest.raises(ValidationError, match="danh sách"):
        actions.answer(upload=upload, answers={question["key"]: world.cast.sam_son.pk}, by=world.cast.admin)
    actions.answer(upload=upload, answers={question["key"]: ward.pk}, by=world.cast.admin)
    checked = actions.check(upload)
    assert (checked.state, checked.questions, checked.new) == (ImportState.PREVIEW, [], 1)
    world.confirm(checked)
    assert len(people(ward)) == 1
    assert people(world.cast.tan_cuong) == []


def test_another_word_in_front_is_asked_about_and_not_assumed(world: World) -> None:
    upload = one(world, "", "Phường Tân Cương")
    assert [choice["pk"] for choice in upload.questions[0]["choices"]] == [world.cast.tan_cuong.pk]


def test_a_closed_unit_names_its_successor(world: World) -> None:
    ((cell, text),) = problems(one(world, "", "Xã Thịnh Đức"))
    assert cell == "B2"
    assert "30/06/2025" in text
    assert "nay là Xã Tân Cương" in text


def test_code_and_name_that_differ_are_an_error(world: World) -> None:
    ((_cell, text),) = problems(one(world, "05503", "Xã Tân Cương"))
    assert "Xã Đại Phúc" in text
    assert "Tân Cương" in text


def test_a_unit_out_of_sight_refuses_the_file_in_the_same_words_as_one_that_does_not_exist(world: World) -> None:
    for code, name in (("14851", ""), ("", "Phường Sầm Sơn"), ("", "Sầm Sơn")):
        upload = world.send(contacts(["05500", "", *REST], [code, name, *REST]))
        assert upload.state == ImportState.REFUSED
        ((_cell, text),) = problems(upload)
        typed = name or code
        unknown = world.send(
            contacts(["05500", "", *REST], ["" if name else "99999", "Xã Không Có" if name else "", *REST])
        )
        ((_cell, same),) = problems(unknown)
        assert text.replace(typed, "?") == same.replace("99999", "?").replace("Xã Không Có", "?")
    assert people(world.cast.tan_cuong) == []


def test_rows_concern_only_the_unit_for_which_one_imports(world: World) -> None:
    upload = world.send(contacts(["14851", "", *REST]), by=world.cast.national, scope=world.cast.centre)
    assert upload.errors == 0
    with pytest.raises(Denied):
        world.send(contacts(["05500", "", *REST]), by=world.cast.enterer)
