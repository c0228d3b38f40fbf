"""Who may see whose words, and what is meant to be seen from below."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from tests.guards.visitors import Answer
from tests.guards.world import PLACES, World

NORTH, SOUTH = ("tn", "tc", "dp", "pd"), ("th", "ss")
SEES: dict[str, tuple[str, ...]] = {  # which places a person may see
    "anonymous": (), "nobody": (), "stranger": ("ss",), "enterer": ("tc",), "signer": ("tc",), "officer": NORTH,
    "leader": NORTH, "admin": NORTH, "foreign_officer": SOUTH, "national": tuple(PLACES),
}  # fmt: skip
ABOVE = {"tc": ("tn", "tw"), "dp": ("tn", "tw"), "tn": ("tw",), "th": ("tw",), "ss": ("th", "tw")}
# What is meant for those below: plans and forms that bind them, and minutes and gifts of what they receive.
SEEN_FROM_BELOW = {
    "programmes.Programme.name", "programmes.Programme.short_name", "programmes.Programme.description",
    "programmes.Programme.legal_basis", "programmes.Pillar.name", "programmes.Task.name", "programmes.Task.note",
    "programmes.Task.owner_name", "programmes.TaskUpdate.note", "sponsors.Sponsor.name", "equipment.Gift.title",
    "equipment.GiftLine.model", "equipment.GiftLine.specification", "units.Unit.address", "units.Unit.phone",
    "units.Unit.issuing_body", "units.Unit.parent_body", "submissions.Form.name", "submissions.FormSection.title",
    "submissions.FormSection.help_text", "submissions.FormLine.help_text", "submissions.ReportingPeriod.title",
    "submissions.CheckRule.message", "submissions.FormVersion.note", "reports.SavedView.name",
}  # fmt: skip
# Names of private persons: only for who keeps their list, whoever else may see the unit.
NAMES_OF_PERSONS = "trainings.Trainee."
KEEP_LISTS = {"stranger", "enterer", "officer", "foreign_officer"}
# Texts that no page shows, so that no page can give them away either.
SHOWN_NOWHERE = {"equipment.Declaration.note"}


@dataclass
class Sight:
    """What one person was shown: each canary with the first address that showed it."""

    world: World
    persona: str
    seen: dict[str, str] = field(default_factory=dict)

    def look(self, answer: Answer) -> None:
        for word in self.world.canaries.found_in(answer.seen()):
            self.seen.setdefault(word, answer.url)

    def leaks(self) -> list[str]:
        """What this person must not have been shown."""
        allowed = set(SEES[self.persona])
        above = {place for code in allowed for place in ABOVE.get(code, ())} - allowed
        found = defaultdict(list)
        for word, url in self.seen.items():
            origin = self.world.canaries.origins[word]
            meant = origin.place in above and origin.field in SEEN_FROM_BELOW
            private = origin.field.startswith(NAMES_OF_PERSONS) and self.persona not in KEEP_LISTS
            if private or (origin.place not in allowed and not meant):
                found[str(origin)].append(url)
        return [f"{what}: {urls[:2]}" for what, urls in sorted(found.items())]
