"""The starter catalogue: complete, in the right direction, safe to load twice."""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from programmes import registered, starter
from programmes.choices import MeasureKind, MeasureSource
from programmes.models import Indicator, Measure

pytestmark = pytest.mark.django_db
KIND_OF_NUMERATOR = {"flow": {"flow"}, "stock": {"stock", "flag"}, "yes_no": {"flag"}, "index": {"given"}}
# their catalogue kind is a count, but they are read as one count over another
READ_AS_SHARES = {"ECO-14"}


def catalogue() -> list[dict[str, str]]:
    with (starter.DATA / "indicator_catalogue.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def loaded() -> starter.Loaded:
    return starter.load()


def test_every_row_of_the_catalogue_becomes_an_indicator(loaded: starter.Loaded) -> None:
    rows = catalogue()
    stored = {indicator.code: indicator for indicator in Indicator.objects.all()}
    assert len(rows) == len(stored) == loaded.indicators == 82
    assert {row["code"]: row["direction"] for row in rows} == {code: i.direction for code, i in stored.items()}
    assert {row["code"]: row["name_vi"] for row in rows} == {code: i.name for code, i in stored.items()}
    assert [i.code for i in Indicator.objects.all()] == [row["code"] for row in rows]


def test_less_is_better_for_three_indicators(loaded: starter.Loaded) -> None:
    assert set(Indicator.objects.filter(direction="down").values_list("code", flat=True)) == {
        "ORG-06",
        "INF-03",
        "PRV-02",
    }


def test_the_five_kinds_become_measures_of_the_right_kind(loaded: starter.Loaded) -> None:
    stored = {i.code: i for i in Indicator.objects.select_related("numerator", "denominator")}
    wrong = []
    for row in catalogue():
        indicator = stored[row["code"]]
        if row["kind"] == "ratio" or row["code"] in READ_AS_SHARES:
            right = indicator.denominator is not None and indicator.unit_label == "%"
        else:
            right = indicator.numerator.kind in KIND_OF_NUMERATOR[row["kind"]]
        if row["kind"] == "yes_no":
            right = right and indicator.denominator == registered.measure(registered.U_COMMUNE)
        if not right:
            wrong.append(row["code"])
    assert wrong == []
    assert Counter(row["kind"] for row in catalogue()) == {
        "ratio": 44, "flow": 18, "stock": 12, "index": 5, "yes_no": 3,
    }  # fmt: skip


def test_measures_by_kind_and_source(loaded: starter.Loaded) -> None:
    assert Counter(Measure.objects.values_list("kind", flat=True)) == {"stock": 74, "flow": 45, "flag": 16, "given": 6}
    assert Counter(Measure.objects.values_list("source", flat=True)) == {
        "units": 2, "form": 122, "equipment": 7, "trainings": 8, "programmes": 2,
    }  # fmt: skip
    assert loaded.measures == 141


def test_registered_measures_are_there_with_their_kind_and_source(loaded: starter.Loaded) -> None:
    codes = {value for name, value in vars(registered).items() if name.isupper() and isinstance(value, str)}
    assert codes == set(Measure.objects.exclude(source=MeasureSource.FORM).values_list("code", flat=True))
    kinds = {measure.code: measure.kind for measure in Measure.objects.filter(code__in=codes)}
    assert {code for code, kind in kinds.items() if kind == MeasureKind.FLAG} == {
        "EQ-WORKING", "EQ-FIT", "EQ-WEAK", "EQ-SHARED", "EQ-NONE",
    }  # fmt: skip
    assert {code for code, kind in kinds.items() if kind == MeasureKind.FLOW} == {
        "EQ-GIVEN", "EQ-VALUE", "TR-TURNS", "TR-WOMEN", "TR-MINORITY", "TR-OFFICERS", "TR-MEMBERS", "TR-CLASSES",
        "TR-CERTS", "TR-SAFETY",
    }  # fmt: skip


def test_computed_indicators_are_computed(loaded: starter.Loaded) -> None:
    made_of = {
        "INF-01": ("EQ-WORKING", "U-COMMUNE"),
        "INF-02": ("EQ-FIT", "U-COMMUNE"),
        "INF-03": ("EQ-NONE", None),
        "INF-04": ("EQ-GIVEN", None),
        "INF-05": ("EQ-VALUE", None),
        "ORG-01": ("U-COMMUNE", None),
        "TRN-02": ("TR-TURNS", None),
        "TRN-04": ("TR-MINORITY", None),
        "TRN-08": ("TR-CLASSES", None),
        "TRN-09": ("TR-CERTS", None),
        "SOC-17": ("TR-SAFETY", None),
        "PRV-09": ("PR-TASKS-DONE", "PR-TASKS"),
    }
    found = Indicator.objects.filter(code__in=made_of).values_list("code", "numerator__code", "denominator__code")
    assert {code: (numerator, denominator) for code, numerator, denominator in found} == made_of


def test_one_measure_for_one_idea(loaded: starter.Loaded) -> None:
    def over(code: str) -> set[str]:
        return set(Indicator.objects.filter(denominator__code=code).values_list("code", flat=True))

    assert over("MB-ALL") == {"GOV-03", "SOC-01", "SOC-03", "SOC-05"}
    assert over("BR-ALL") == {"COM-03", "SOC-13"}
    assert over("OF-FULL") == {"TRN-01", "ECO-09"}
    assert over("AD-ALL") == {"SOC-04", "SOC-07", "SOC-08", "SOC-09", "SOC-11"}
    assert Indicator.objects.get(code="ORG-03").numerator.code == "MB-ALL"


def test_parts_have_the_kind_and_the_reporters_of_their_whole(loaded: starter.Loaded) -> None:
    parts = Measure.objects.exclude(whole=None).select_related("whole")
    assert len(parts) == 69
    assert [
        part.code for part in parts if (part.kind, part.entered_at) != (part.whole.kind, part.whole.entered_at)
    ] == []
    assert set(Measure.objects.get(code="TR-TURNS").parts.values_list("code", flat=True)) == {
        "TR-WOMEN", "TR-MINORITY", "TR-OFFICERS", "TR-MEMBERS",
    }  # fmt: skip


def test_a_rank_keeps_of_how_many(loaded: starter.Loaded) -> None:
    rank = Indicator.objects.get(code="PRV-02")
    assert (rank.is_rank, rank.numerator.code, rank.denominator.code) == (True, "PV-RANK", "PV-RANKED")
    assert not Indicator.objects.get(code="INF-01").is_rank
    given = Measure.objects.filter(kind="given").values_list("entered_at", flat=True)
    assert list(given) == [["province"]] * 6


def test_sources_targets_and_examples_are_kept(loaded: starter.Loaded) -> None:
    indicator = Indicator.objects.get(code="INF-01")
    assert "177/177 (10/2023)" in indicator.note
    assert "Mục tiêu đã công bố: 100%, đến 31/12/2024" in indicator.note
    assert "https://thainguyentv.vn/" in indicator.source_text
    assert Indicator.objects.filter(source_text="").count() == 0
    assert Indicator.objects.filter(source_text__contains="seed").count() == 0


def test_loading_twice_changes_nothing_and_keeps_edits(loaded: starter.Loaded) -> None:
    Indicator.objects.filter(code="INF-01").update(name="Tên do quản trị sửa")
    Measure.objects.filter(code="MB-ALL").update(help_text="Sửa")
    assert starter.load() == starter.Loaded()
    assert Indicator.objects.get(code="INF-01").name == "Tên do quản trị sửa"
    assert Measure.objects.get(code="MB-ALL").help_text == "Sửa"


def test_a_refresh_sets_edited_rows_back(loaded: starter.Loaded) -> None:
    Indicator.objects.filter(code="INF-01").update(name="Tên do quản trị sửa")
    Measure.objects.filter(code="MB-ALL").update(help_text="Sửa")
    assert starter.load(refresh=True) == starter.Loaded(refreshed=2)
    assert Indicator.objects.get(code="INF-01").name == "Tỷ lệ đơn vị Hội có máy tính làm việc"


def test_only_what_is_missing_is_created(loaded: starter.Loaded) -> None:
    Indicator.objects.filter(code__in=["ECO-16", "PRV-10"]).delete()
    Measure.objects.filter(code="SM-DIGITAL").delete()
    assert starter.load() == starter.Loaded(measures=1, indicators=2)


def test_registered_measures_can_be_loaded_alone() -> None:
    assert starter.load_registered() == starter.Loaded(measures=19)
    assert Indicator.objects.count() == 0
    assert starter.load() == starter.Loaded(measures=122, indicators=82)


def test_the_command_says_what_it_did() -> None:
    out = StringIO()
    call_command("load_catalogue", stdout=out)
    call_command("load_catalogue", "--refresh", stdout=out)
    assert out.getvalue() == ("measures +141, indicators +82, refreshed 0\nmeasures +0, indicators +0, refreshed 0\n")
