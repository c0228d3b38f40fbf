from equipment.models.gifts import Allotment, Gift, GiftLine, GiftPayment
from equipment.models.handovers import Handover, HandoverLine, Passing
from equipment.models.items import Declaration, Item, ItemEvent, ItemKind, MinimumSpecification, UnitEquipment

__all__ = [
    "Allotment",
    "Declaration",
    "Gift",
    "GiftLine",
    "GiftPayment",
    "Handover",
    "HandoverLine",
    "Item",
    "ItemEvent",
    "ItemKind",
    "MinimumSpecification",
    "Passing",
    "UnitEquipment",
]
