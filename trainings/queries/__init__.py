"""What the pages and the rooms above ask of trainings and of the persons in their lists."""

from trainings.queries.trainings import (
    MEASURES,
    Event,
    Place,
    Sums,
    history,
    in_year_of,
    overdue,
    records_behind,
    sums,
    sums_of,
)

__all__ = [
    "MEASURES",
    "Event",
    "Place",
    "Sums",
    "history",
    "in_year_of",
    "overdue",
    "records_behind",
    "sums",
    "sums_of",
]
