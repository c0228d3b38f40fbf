"""What can be imported into this room from Excel."""

from equipment.importing.gifts import GiftImporter
from equipment.importing.items import ItemImporter

__all__ = ["GiftImporter", "ItemImporter"]
