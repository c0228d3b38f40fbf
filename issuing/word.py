"""Word files from templates. A template comes from an office, so it may name fields and nothing else.

Jinja runs in its sandbox, with a list of allowed syntax, filters and no globals: what a template can reach is the
dictionary of `issuing.letter`, made of text, numbers, lists and dictionaries.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import IO, Any

import jinja2
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from docx.oxml.ns import qn
from docx.shared import Length, Twips
from docxtpl import DocxTemplate
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

STANDARD = Path(__file__).parent / "data" / "bao-cao.docx"
SHORT_RULE, LONG_RULE = "Kẻ ngắn", "Kẻ dài"
WIDE_TABLE, FIXED_COLUMNS = "Bảng nhiều cột", 2
SHORT_SHARE = 0.42  # a short line is a third to a half of the text above (Nghị định 30/2020, annex I)
ALLOWED_FILTERS = ("default", "first", "join", "last", "length", "lower", "trim", "upper")
DEEPEST_LOOP = 3
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem,
    nodes.Filter, nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Neg, nodes.Test, nodes.Keyword, nodes.List, nodes.Tuple,
)  # fmt: skip


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox of Jinja, and of its language only what fills in fields."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _check_nodes(tree)
        return tree


def _check_nodes(tree: nodes.Node, loops: int = 0) -> None:
    if not isinstance(tree, _ALLOWED) or (isinstance(tree, nodes.Name) and tree.name == "self"):
        raise SecurityError(type(tree).__name__.lower())
    if isinstance(tree, nodes.For):
        loops += 1
        if loops > DEEPEST_LOOP or tree.recursive:
            raise SecurityError("for")
    for child in tree.iter_child_nodes():
        _check_nodes(child, loops)


@cache
def environment() -> jinja2.Environment:
    """An unknown field is an error and not an empty place in an official letter."""
    made = _Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in ALLOWED_FILTERS}
    made.tests = {name: made.tests[name] for name in ("defined", "undefined", "none")}
    return made


def render(template: Path | IO[bytes], fields: dict[str, Any]) -> bytes:
    """The filled-in document. Raises ValidationError with what is wrong with the template, in words for its author."""
    document = DocxTemplate(template)
    try:
        document.render(fields, jinja_env=environment(), autoescape=True)
    except jinja2.UndefinedError as fault:
        raise ValidationError(
            _("The template names a field that does not exist: %(fault)s. See the list of fields.")
            % {"fault": _named(fault)}
        ) from fault
    except SecurityError as fault:
        raise ValidationError(
            _("The template may only fill in fields, repeat rows and show parts on a condition; “%(part)s” is not.")
            % {"part": fault}
        ) from fault
    except jinja2.TemplateError as fault:
        raise ValidationError(_broken_tag(fault)) from fault
    except (ValueError, TypeError, AttributeError, LookupError) as fault:
        raise ValidationError(_("The template cannot be filled in: check the tags for rows and columns.")) from fault
    fit_rules(document.docx)
    fit_tables(document.docx)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _named(fault: jinja2.UndefinedError) -> str:
    """«'so_ky_hieuu' is undefined» → “so_ky_hieuu”."""
    text = str(fault)
    quoted = [part for part in text.split("'")[1::2] if part]
    return f"“{quoted[-1]}”" if quoted else text


def _broken_tag(fault: jinja2.TemplateError) -> str:
    """Where the tag stands, by the words around it: Word has no line numbers."""
    around = [line.strip() for line in getattr(fault, "docx_context", ()) if line.strip()]
    if not around:
        return _("A tag of the template is written wrongly. Every “if” and every “for” needs its end.")
    return _("A tag of the template is written wrongly, near “%(words)s”.") % {"words": " ".join(around)[:200]}


# --- lines under headings, as long as the decree asks ---


def fit_rules(document: Any) -> None:
    """Gives the paragraphs of the two rule styles their length, from the text of the paragraph above."""
    shares = {SHORT_RULE: SHORT_SHARE, LONG_RULE: 1.0}
    by_style = {style.style_id: shares[style.name] for style in document.styles if style.name in shares}
    section = document.sections[0]
    page = Length(section.page_width - section.left_margin - section.right_margin)
    _fit(document.element.body, page.twips, by_style)


def _fit(parent: Any, width: int, shares: dict[str, float]) -> None:
    above = ""
    for child in parent.iterchildren():
        if child.tag == qn("w:p"):
            if child.style in shares:
                _indent(child, width, int(min(text_width(above), width) * shares[child.style]))
            else:
                above = "".join(text.text or "" for text in child.iter(qn("w:t")))
        elif child.tag == qn("w:tbl"):
            for cell in child.iter(qn("w:tc")):
                given = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
                _fit(cell, int(given.get(qn("w:w"))) if given is not None else width, shares)


def text_width(text: str) -> int:
    """About the width of bold Times New Roman at 14 points, in twips: shares of the size, taken from the font."""
    shares = (
        0.25 if sign == " " else 0.5 if sign.isdigit() else 0.7 if sign.isupper() else 0.47 if sign.isalpha() else 0.33
        for sign in text
    )
    return int(sum(shares) * 14 * 20)


def fit_tables(document: Any) -> None:
    """Tables whose number of columns comes from the figures: number and name keep their width, the rest is shared."""
    styles = {style.style_id for style in document.styles if style.name == WIDE_TABLE}
    for table in document.tables:
        style = table._tbl.tblPr.style
        if style in styles and table.rows:
            _share_width(table._tbl)


def _share_width(table: Any) -> None:
    columns = table.tblGrid.gridCol_lst
    fixed = [cell.width for cell in table.tr_lst[0].tc_lst[:FIXED_COLUMNS]]
    total = sum(column.w or 0 for column in columns)
    if len(columns) <= FIXED_COLUMNS or None in fixed:
        return
    share = Length((total - sum(fixed)) // (len(columns) - FIXED_COLUMNS))
    widths = [*fixed, *[share] * (len(columns) - FIXED_COLUMNS)]
    for column, width in zip(columns, widths, strict=True):
        column.w = width
    for row in table.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=False):
            cell.width = width


def _indent(paragraph: Any, width: int, length: int) -> None:
    side = max((width - length) // 2, 0)
    properties = paragraph.get_or_add_pPr()
    indent = properties.get_or_add_ind()
    indent.left, indent.right = Twips(side), Twips(side)
