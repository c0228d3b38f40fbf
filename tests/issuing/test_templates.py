"""Templates that offices send: what is refused, in which words, and which template counts for whom."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.verdicts import Denied
from issuing import fields, safety, word
from issuing.actions.templates import add_template, retire_template, trial
from issuing.letter import Letter
from issuing.models import ReportTemplate
from issuing.queries.templates import template_for
from tests.cast import Cast
from tests.issuing.conftest import Desk

STANDARD = word.STANDARD.read_bytes()


def template(*lines: str) -> bytes:
    """A Word file with these paragraphs."""
    document, content = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(content)
    return content.getvalue()


def changed(change: Callable[[dict[str, bytes]], None], content: bytes = STANDARD) -> bytes:
    """The file with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in parts.items():
            package.writestr(name, body)
    return made.getvalue()


def upload(content: bytes, name: str = "mau.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        safety.inspect(io.BytesIO(content))
    return refused.value.messages[0]


EXTERNAL = b'<Relationship Id="rId99" Type="x/attachedTemplate" Target="file:///C:/a.dotm" TargetMode="External"/>'
UNSAFE = {
    "macros": (lambda parts: parts.update({"word/vbaProject.bin": b"x"}), "macro"),
    "macro type": (
        lambda parts: parts.update({"[Content_Types].xml": parts["[Content_Types].xml"] + b"<!-- macroEnabled -->"}),
        "macro",
    ),
    "embedded": (lambda parts: parts.update({"word/embeddings/a.xlsx": b"x"}), "nhúng"),
    "linked": (
        lambda parts: parts.update({
            "word/_rels/document.xml.rels":
                parts["word/_rels/document.xml.rels"].replace(b"</Relationships>", EXTERNAL + b"</Relationships>")
        }),
        "file:///C:/a.dotm",
    ),
    "entities": (
        lambda parts: parts.update({"word/styles.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "hỏng",
    ),
    "bomb": (lambda parts: parts.update({"word/a.xml": b"<a>" + b" " * 9_000_000 + b"</a>"}), "quá lớn"),
    "leads out": (lambda parts: parts.update({"../../a.xml": b"<a/>"}), "hỏng"),
    "no document": (lambda parts: parts.pop("word/document.xml"), "không phải tệp Word"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_files_are_refused_with_the_reason(name: str) -> None:
    change, words = UNSAFE[name]
    assert words in refusal(changed(change))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "không phải tệp Word"), (b"%PDF-1.7", "không phải tệp Word"), (STANDARD[:-40], "hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "Word kiểu cũ"), (b"PK\x03\x04" + b"0" * 6_000_000, "5 MB"),
    ],
)  # fmt: skip
def test_what_is_no_word_file_is_refused(content: bytes, words: str) -> None:
    assert words in refusal(content)


@pytest.mark.parametrize(
    "line",
    [
        "{{ ''.__class__.__mro__ }}", "{{ trich_yeu.format() }}", "{% import 'a' as b %}", "{% include 'a' %}",
        "{% set a = 1 %}", "{{ 'a' * 1000000000 }}", "{{ range(9) }}", "{{ trich_yeu | attr('x') }}",
        "{% macro a() %}{% endmacro %}", "{{ self }}", "{{ cycler }}", "{{ kinh_gui.append }}{{ lipsum }}",
        "{% for a in chi_so %}{% for b in chi_so %}{% for c in chi_so %}{% for d in chi_so %}{% endfor %}"
        "{% endfor %}{% endfor %}{% endfor %}",
    ],
)  # fmt: skip
def test_a_template_fills_in_fields_and_does_nothing_else(line: str) -> None:
    with pytest.raises(ValidationError):
        trial(template(line))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{{ so_ky_hieuu }}", "“so_ky_hieuu”"),
        ("Kính gửi {% if trich_yeu %} ai", "Kính gửi"),
        ("{% set a = 1 %}", "“assign”"),
    ],
)
def test_what_is_wrong_is_said_in_words_for_its_author(line: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        trial(template(line))
    assert words in refused.value.messages[0]


def test_the_standard_template_is_what_its_script_builds() -> None:
    """Also that what the portal offers for download passes its own checks."""
    from tools.report_template import build

    fresh = io.BytesIO()
    build().save(fresh)
    with zipfile.ZipFile(fresh) as ours, zipfile.ZipFile(word.STANDARD) as kept:
        names = [name for name in kept.namelist() if name.startswith("word/")]
        assert {name for name in names if ours.read(name) != kept.read(name)} == set()
    assert trial(safety.inspect(io.BytesIO(STANDARD)))


@pytest.mark.django_db
def test_the_list_of_fields_and_the_sample_name_what_a_letter_has(desk: Desk) -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {name: shape(part) for name, part in value.items()}
        return [shape(value[0])] if isinstance(value, list) and value and isinstance(value[0], dict) else None

    def named(some: tuple[fields.Field, ...]) -> object:
        return {
            one.name: ([named(one.parts)] if one.is_list else named(one.parts)) if one.parts else None for one in some
        }

    report = desk.draft()
    report.assessment, report.difficulties, report.tasks = "Tốt", "1. Máy cũ\nChậm", "Tập huấn"
    told = shape(Letter.of(report, report.snapshot).fields())
    assert told == named(fields.FIELDS) == shape(fields.SAMPLE)


@pytest.mark.django_db
def test_the_nearest_template_counts_and_versions_are_kept(cast: Cast) -> None:
    def add(unit, by) -> ReportTemplate:
        return add_template(unit=unit, file=upload(template("{{ trich_yeu }}")), note="", by=by)

    assert template_for(cast.tan_cuong) is None
    first, second = add(cast.thai_nguyen, cast.officer), add(cast.thai_nguyen, cast.officer)
    assert (first.number, second.number) == (1, 2)
    assert template_for(cast.tan_cuong) == template_for(cast.thai_nguyen) == second
    assert template_for(cast.sam_son) is None
    own = add(cast.tan_cuong, cast.officer)
    assert (template_for(cast.tan_cuong), template_for(cast.dai_phuc)) == (own, second)
    retire_template(template=second, by=cast.admin)
    assert template_for(cast.thai_nguyen) == first
    for person in (cast.leader, cast.enterer, cast.foreign_officer):
        with pytest.raises(Denied):
            add(cast.thai_nguyen, person)
        with pytest.raises(Denied):
            retire_template(template=first, by=person)


@pytest.mark.django_db
def test_a_report_is_made_by_the_template_of_its_unit(desk: Desk, client_of) -> None:
    cast, page = desk.cast, client_of(desk.cast.officer)
    add = reverse("issuing:template-add")
    wrong = page.post(add, {"unit": cast.thai_nguyen.pk, "file": upload(template("{{ khong_co }}"))})
    assert "“khong_co”" in wrong.content.decode()
    assert not ReportTemplate.objects.exists()
    sent = upload(template("Mẫu riêng: {{ so_ky_hieu }}"), "Mẫu của tỉnh.docx")
    assert page.post(add, {"unit": cast.thai_nguyen.pk, "file": sent, "note": "Lần đầu"}).status_code == 302
    kept = ReportTemplate.objects.get()
    assert (kept.file_name, kept.note) == ("Mẫu của tỉnh.docx", "Lần đầu")
    report = desk.draft()
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(desk.content(report, "docx"))).paragraphs)
    assert text == "Mẫu riêng: Số:         /BC-BTV"
    tried = page.get(reverse("issuing:template-trial", args=[kept.pk]))
    assert docx.Document(io.BytesIO(b"".join(tried.streaming_content))).paragraphs[0].text == "Mẫu riêng: Số: 05/BC-BTV"
