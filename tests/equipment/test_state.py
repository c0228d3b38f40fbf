"""A machine's life and a unit's computer, judged without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import last_day, make_month, month_of
from equipment.choices import ComputerState, Condition
from equipment.choices import ItemEventKind as Kind
from equipment.state import (
    Event,
    Flags,
    Machine,
    Minimum,
    after,
    fault,
    judge,
    ordered,
    possible,
    reason,
    replay,
    timeline,
)

HERE, THERE = 1, 2
MINIMUM = Minimum(date(2020, 1, 1), ram_gb=4, storage_gb=120, age_years=10)
START = date(2023, 3, 15)


def life(
    *events: tuple[date, Kind] | tuple[date, Kind, int], ram: int | None = 8, storage: int | None = 256
) -> tuple[Event, ...]:
    first = Event(START, 0, Kind.RECEIVED, HERE, ram, storage)
    rest = (Event(e[0], n, e[1], e[2] if len(e) > 2 else HERE) for n, e in enumerate(events, start=1))
    return ordered([first, *rest])


def machine(
    *events: tuple[date, Kind] | tuple[date, Kind, int], year: int | None = 2022, **specification: int | None
) -> Machine:
    return Machine(7, "Dell", year, life(*events, **specification))


def state_on(
    day: date, *machines: Machine, declared: tuple[date, ...] = (), minimums: tuple[Minimum, ...] = (MINIMUM,)
) -> str:
    return judge(HERE, machines, declared, minimums, day).state


class TestOneMachine:
    def test_before_receipt_there_is_nothing(self) -> None:
        assert replay(life(), START - timedelta(days=1)) is None

    def test_on_the_day_of_receipt_it_is_good_and_here(self) -> None:
        now = replay(life(), START)
        assert now is not None
        assert (now.unit_id, now.condition, now.shared, now.ram_gb) == (HERE, Condition.GOOD, False, 8)

    def test_found_again_returns_to_what_it_was(self) -> None:
        events = life((date(2023, 5, 1), Kind.BROKEN), (date(2023, 6, 1), Kind.LOST), (date(2023, 7, 1), Kind.FOUND))
        assert [replay(events, date(2023, m, 2)).condition for m in (5, 6, 7)] == [  # type: ignore[union-attr]
            Condition.BROKEN,
            Condition.LOST,
            Condition.BROKEN,
        ]

    def test_an_upgrade_counts_from_its_day_only(self) -> None:
        upgrade = Event(date(2024, 5, 10), 1, Kind.UPGRADED, HERE, 8, None)
        weak = Machine(7, "Dell", 2022, ordered([*life(ram=2), upgrade]))
        assert state_on(date(2024, 5, 9), weak) == ComputerState.WEAK
        assert state_on(date(2024, 5, 10), weak) == ComputerState.FIT

    def test_broken_since_is_the_first_of_two_reports(self) -> None:
        events = life((date(2023, 5, 1), Kind.BROKEN), (date(2023, 6, 1), Kind.SHARED))
        assert replay(events, date(2023, 12, 1)).since == date(2023, 5, 1)  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("events", "words"),
        [
            (((date(2023, 5, 1), Kind.REPAIRED),), "01/05/2023"),
            (((date(2023, 5, 1), Kind.DISPOSED), (date(2023, 6, 1), Kind.BROKEN)), "01/06/2023"),
            (((date(2023, 5, 1), Kind.UNSHARED),), "01/05/2023"),
            (((date(2023, 5, 1), Kind.LOST), (date(2023, 5, 2), Kind.TRANSFERRED, THERE)), "02/05/2023"),
        ],
    )
    def test_an_impossible_order_is_named_with_its_day(self, events: tuple, words: str) -> None:
        assert words in fault(life(*events))

    def test_an_event_before_the_receipt_is_a_fault(self) -> None:
        early = ordered([*life(), Event(START - timedelta(days=1), 9, Kind.BROKEN, HERE)])
        assert fault(early)


KINDS = [kind for kind in Kind if kind != Kind.RECEIVED]


@st.composite
def sane_life(draw: st.DrawFn) -> tuple[Event, ...]:
    """A random life in which every event may follow the one before."""
    events = [Event(START, 0, Kind.RECEIVED, HERE, draw(st.sampled_from([None, 2, 8])), 256)]
    now = after(None, events[0])
    day = START
    for number in range(1, draw(st.integers(0, 12)) + 1):
        choices = possible(now)
        if not choices:
            break
        day += timedelta(days=draw(st.integers(0, 200)))
        kind = draw(st.sampled_from(choices))
        unit = draw(st.sampled_from([HERE, THERE])) if kind == Kind.TRANSFERRED else now.unit_id
        events.append(Event(day, number, kind, unit, 8 if kind == Kind.UPGRADED else None))
        now = after(now, events[-1])
    return tuple(events)


class TestReplayOfRandomLives:
    @given(events=sane_life(), shuffled=st.randoms())
    def test_the_order_of_rows_does_not_matter(self, events: tuple[Event, ...], shuffled: object) -> None:
        mixed = list(events)
        shuffled.shuffle(mixed)  # type: ignore[attr-defined]
        assert ordered(mixed) == events
        assert fault(events) == ""

    @given(events=sane_life(), offset=st.integers(0, 2500))
    def test_a_day_knows_only_what_happened_until_it(self, events: tuple[Event, ...], offset: int) -> None:
        day = START + timedelta(days=offset)
        until = tuple(event for event in events if event.on <= day)
        assert replay(events, day) == replay(until, date(2200, 1, 1))

    @given(lives=st.lists(sane_life(), max_size=4), years=st.lists(st.integers(2008, 2026), min_size=4, max_size=4))
    def test_the_timeline_says_what_each_month_says(self, lives: list[tuple[Event, ...]], years: list[int]) -> None:
        today = date(2031, 6, 20)
        minimums = (MINIMUM, Minimum(date(2026, 1, 1), 8, 240, 8))
        machines = [Machine(n, "máy", years[n], events) for n, events in enumerate(lives)]
        declared = [date(2022, 2, 3)]
        changes = timeline(HERE, machines, declared, minimums, life=(date(2021, 1, 1), None), today=today)
        told = {change.month: change.state for change in changes}
        current = None
        for month in range(make_month(2021, 1), month_of(today) + 1):
            current = told.get(month, current)
            expected = judge(HERE, machines, declared, minimums, min(last_day(month), today))
            assert (current or judge(HERE, [], [], minimums, today)) == expected

    @given(lives=st.lists(sane_life(), max_size=3), offset=st.integers(0, 2500))
    def test_exactly_one_state_is_flagged_and_it_has_a_reason(
        self, lives: list[tuple[Event, ...]], offset: int
    ) -> None:
        day = START + timedelta(days=offset)
        machines = [Machine(n, "máy", 2022, events) for n, events in enumerate(lives)]
        state = judge(HERE, machines, [], (MINIMUM,), day)
        if state.flags is None:
            assert state.state == ComputerState.UNKNOWN
        else:
            assert state.flags.fit + state.flags.shared + state.flags.weak + state.flags.none == 1
        assert reason(HERE, machines, [], (MINIMUM,), day)


class TestTheUnit:
    DAY = date(2024, 12, 31)

    def test_one_good_own_machine_is_enough(self) -> None:
        broken = machine((date(2023, 5, 1), Kind.BROKEN))
        assert state_on(self.DAY, broken, machine()) == ComputerState.FIT

    @pytest.mark.parametrize(
        ("specification", "words"),
        [
            ({"ram": 2}, "RAM 2 GB < 4 GB"),
            ({"storage": 80}, "80 GB < 120 GB"),
            ({"year": 2010}, "2010"),
            ({"ram": None}, "chưa rõ cấu hình"),
            ({"storage": None}, "chưa rõ cấu hình"),
            ({"year": None}, "chưa rõ cấu hình"),
        ],
    )
    def test_a_good_machine_below_the_minimum_is_weak_for_the_work(self, specification: dict, words: str) -> None:
        below = machine(**specification)
        assert state_on(self.DAY, below) == ComputerState.WEAK
        assert words in reason(HERE, [below], [], [MINIMUM], self.DAY)

    def test_broken_only_is_weak_with_the_day_as_reason(self) -> None:
        broken = machine((date(2024, 5, 12), Kind.BROKEN))
        assert state_on(self.DAY, broken) == ComputerState.WEAK
        assert "hỏng từ 12/05/2024" in reason(HERE, [broken], [], [MINIMUM], self.DAY)

    def test_a_shared_machine_alone_makes_shared(self) -> None:
        shared = machine((date(2024, 5, 12), Kind.SHARED))
        weak = machine(ram=2)
        assert state_on(self.DAY, shared, weak) == ComputerState.SHARED
        assert "dùng chung" in reason(HERE, [shared], [], [MINIMUM], self.DAY)

    def test_a_shared_machine_below_the_minimum_is_weak(self) -> None:
        assert state_on(self.DAY, machine((date(2024, 5, 12), Kind.SHARED), ram=2)) == ComputerState.WEAK

    @pytest.mark.parametrize("kind", [Kind.LOST, Kind.DISPOSED])
    def test_all_gone_is_none(self, kind: Kind) -> None:
        assert state_on(self.DAY, machine((date(2024, 5, 12), kind))) == ComputerState.NONE

    def test_all_transferred_is_none_here_and_fit_there(self) -> None:
        moved = machine((date(2024, 5, 12), Kind.TRANSFERRED, THERE))
        assert state_on(self.DAY, moved) == ComputerState.NONE
        assert judge(THERE, [moved], [], [MINIMUM], self.DAY).state == ComputerState.FIT
        assert judge(THERE, [moved], [], [MINIMUM], date(2024, 5, 11)).state == ComputerState.UNKNOWN

    def test_nothing_known_is_unknown_and_declared_is_none(self) -> None:
        assert state_on(self.DAY) == ComputerState.UNKNOWN
        assert state_on(self.DAY, declared=(date(2024, 1, 5),)) == ComputerState.NONE
        assert state_on(date(2024, 1, 4), declared=(date(2024, 1, 5),)) == ComputerState.UNKNOWN

    def test_a_stricter_minimum_counts_from_its_day(self) -> None:
        stricter = Minimum(date(2024, 7, 1), ram_gb=16, storage_gb=120, age_years=10)
        assert state_on(date(2024, 6, 30), machine(), minimums=(MINIMUM, stricter)) == ComputerState.FIT
        assert state_on(date(2024, 7, 1), machine(), minimums=(MINIMUM, stricter)) == ComputerState.WEAK

    def test_without_any_minimum_a_good_machine_will_do(self) -> None:
        assert state_on(self.DAY, machine(ram=None), minimums=()) == ComputerState.FIT

    def test_a_weak_machine_works_and_a_broken_one_does_not(self) -> None:
        weak = judge(HERE, [machine(ram=2)], [], [MINIMUM], self.DAY)
        broken = judge(HERE, [machine((date(2024, 5, 1), Kind.BROKEN))], [], [MINIMUM], self.DAY)
        assert weak.flags == Flags(working=1, fit=0, shared=0, weak=1, none=0)
        assert broken.flags == Flags(working=0, fit=0, shared=0, weak=1, none=0)


class TestTheTimeline:
    def test_it_stops_with_the_life_of_the_unit(self) -> None:
        late = machine((date(2025, 7, 1), Kind.TRANSFERRED, THERE))
        closed = (date(2020, 1, 1), date(2025, 6, 30))
        changes = timeline(HERE, [late], [], [MINIMUM], life=closed, today=date(2026, 11, 21))
        assert [(change.month, change.state.state) for change in changes] == [(make_month(2023, 3), ComputerState.FIT)]

    def test_a_machine_grows_too_old_in_january(self) -> None:
        old = machine(year=2014)
        changes = timeline(HERE, [old], [], [MINIMUM], life=(date(2020, 1, 1), None), today=date(2026, 11, 21))
        assert [(change.month, change.state.state) for change in changes] == [
            (make_month(2023, 3), ComputerState.FIT),
            (make_month(2025, 1), ComputerState.WEAK),
        ]

    def test_two_events_in_one_month_leave_the_last(self) -> None:
        events = machine((date(2024, 5, 2), Kind.BROKEN), (date(2024, 5, 20), Kind.REPAIRED))
        changes = timeline(HERE, [events], [], [MINIMUM], life=(date(2020, 1, 1), None), today=date(2026, 11, 21))
        assert [change.month for change in changes] == [make_month(2023, 3)]

    def test_a_unit_never_known_has_no_timeline_of_figures(self) -> None:
        changes = timeline(HERE, [], [], [MINIMUM], life=(date(2020, 1, 1), None), today=date(2026, 11, 21))
        assert changes == []
