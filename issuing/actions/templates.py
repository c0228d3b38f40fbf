"""Word templates of a unit: a new version, checked and tried before it is kept; and putting one out of use."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction

from accounts import audit
from core.text import clean_line
from core.verdicts import require
from issuing import safety, word
from issuing.fields import SAMPLE
from issuing.models import ReportTemplate
from issuing.permissions import may_draft
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def add_template(*, unit: Unit, file: Any, note: str, by: User) -> ReportTemplate:
    """Keeps the next version. Raises ValidationError where the file is unsafe or cannot be filled in."""
    require(may_draft(by, unit))
    content = safety.inspect(file)
    trial(content)
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)  # two senders get two numbers
    last = ReportTemplate.objects.filter(unit=unit).order_by("-number").values_list("number", flat=True).first() or 0
    row = ReportTemplate(
        unit=unit,
        number=last + 1,
        file_name=clean_line(Path(str(file.name)).name)[-120:] or "mau.docx",
        sha256=hashlib.sha256(content).hexdigest(),
        note=note,
        created_by=by,
    )
    row.file.save("template.docx", ContentFile(content), save=False)
    row.save()
    after = {"number": row.number, "file": row.file_name, "sha256": row.sha256}
    audit.record(by=by, action="issuing.add_template", obj=row, unit_id=unit.pk, after=after)
    return row


@transaction.atomic
def retire_template(*, template: ReportTemplate, by: User) -> ReportTemplate:
    """Out of use: the version before it counts again, or the template of the unit above, or the standard one."""
    require(may_draft(by, template.unit))
    if template.retired:
        return template
    template.retired = True
    template.save(update_fields=["retired"])
    audit.record(by=by, action="issuing.retire_template", obj=template, unit_id=template.unit_id)
    return template


def trial(content: bytes) -> bytes:
    """The template filled in with sample values. Raises ValidationError with what is wrong."""
    return word.render(io.BytesIO(content), SAMPLE)
