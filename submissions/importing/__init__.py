from submissions.importing.base import options_of
from submissions.importing.of_province import ProvinceReportImporter
from submissions.importing.of_unit import UnitReportImporter

__all__ = ["ProvinceReportImporter", "UnitReportImporter", "options_of"]
