"""Cut Bootstrap's style sheet down to the parts the portal uses.

Run with the file `dist/css/bootstrap.css` of the npm package bootstrap@5.3.9; the result and the checksums in
`static/vendor/` are committed, so nobody needs this to build or run the portal. Why: docs/decisions/0004-look.md.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

VERSION = "5.3.9"
VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"

# What stays: layout, forms, tables, buttons and the utilities. What goes: everything that needs Bootstrap's
# JavaScript (modal, dropdown, carousel, ...), colour variants, the two widest breakpoints, its dark theme.
KEEP = re.compile(
    r"""
    container(-fluid)? | row | col(-(sm|md|lg))?(-(\d+|auto))? | row-cols(-(md|lg))?-[1-4] | g[xy]?-[0-5]
    | d(-(sm|md|lg|print))?-(none|block|inline|inline-block|inline-flex|flex|grid|table)
    | flex(-(md|lg))?-(row|column|wrap|nowrap) | flex-(fill|grow-[01]|shrink-[01])
    | justify-content-\w+ | align-(items|self)-\w+ | align-(top|middle|bottom|baseline)
    | (gap|row-gap|column-gap)-[0-5] | [mp][tbsexy]?-([0-5]|auto)
    | text-(start|end|center|nowrap|wrap|break|truncate|muted|body-secondary|danger|success|decoration-none)
    | fw-\w+ | fs-[1-6] | lh-\w+ | font-monospace | small | lead | mark | h[1-6]
    | [wh]-(25|50|75|100|auto) | m[wh]-100 | overflow-(auto|hidden) | position-(relative|absolute|static)
    | (top|end|start|bottom)-0 | sticky-top | rounded(-[0-3])? | border(-(top|end|bottom|start))?(-0)?
    | list-(unstyled|inline|inline-item) | visually-hidden(-focusable)? | stretched-link | hstack | vstack
    | form-(control|select)(-sm|-lg|-plaintext|-color)? | form-(label|text|check|check-input|check-label|check-inline)
    | col-form-label(-sm|-lg)? | input-group(-text|-sm)? | has-validation | is-invalid | invalid-feedback
    | table(-(sm|striped|hover|bordered|borderless|responsive|active|group-divider))? | caption-top
    | btn(-(primary|secondary|danger|link|outline-primary|outline-secondary|outline-danger|sm|lg|close|group|group-sm))?
    | card(-(body|title|subtitle|text|link|header|footer|group))? | badge
    | alert(-(danger|warning|success|info|primary|secondary|heading|link))?
    | list-group(-(item|item-action|flush|numbered))? | nav(-(tabs|link|item|pills))?
    | pagination(-sm)? | page-(item|link) | progress(-bar)? | breadcrumb(-item)?
    | active | disabled | show | figure(-caption|-img)? | img-fluid | blockquote | vr
    """,
    re.VERBOSE,
)
DROP = re.compile(r"data-bs-theme|::-webkit-calendar|-webkit-speech|was-validated|:focus-within")
WIDE = re.compile(r"(min|max)-width: (1400|1399\.98|1199\.98)")


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """Each top-level (prelude, body) of a style sheet without comments."""
    position = 0
    while (opening := css.find("{", position)) != -1:
        depth, end = 1, opening + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield css[position:opening].strip(), css[opening + 1 : end - 1].strip()
        position = end


def kept_selectors(prelude: str) -> str:
    """The selectors of a rule that name only kept classes."""
    parts = [part.strip() for part in re.split(r",(?![^(]*\))", prelude)]
    return ",".join(
        part
        for part in parts
        if not DROP.search(part) and all(KEEP.fullmatch(name) for name in re.findall(r"\.([a-zA-Z][\w-]*)", part))
    )


def squeeze(declarations: str) -> str:
    """Declarations on one line."""
    return re.sub(r"\s*([:;,])\s+", r"\1", re.sub(r"\s+", " ", declarations)).rstrip("; ")


def subset(css: str) -> str:
    """The kept rules, one on a line."""
    lines: list[str] = []
    for prelude, body in blocks(css):
        if prelude.startswith("@media"):
            inner = "" if WIDE.search(prelude) else subset(body)
            if inner:
                lines.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@keyframes"):
            continue
        elif selectors := kept_selectors(prelude):
            lines.append(f"{selectors}{{{squeeze(body)}}}")
    return "\n".join(lines)


def main(source: Path) -> None:
    """Write the subset and the checksums of what went in and what came out."""
    raw = source.read_bytes()
    header = f"/*! Subset of Bootstrap v{VERSION} (getbootstrap.com), MIT licence: see LICENSE-bootstrap.txt */\n"
    css = re.sub(r"/\*.*?\*/", "", raw.decode(), flags=re.DOTALL).replace('@charset "UTF-8";', "")
    target = VENDOR / f"bootstrap-{VERSION}.subset.css"
    target.write_text(header + subset(css) + "\n")
    names = {f"npm bootstrap@{VERSION} dist/css/bootstrap.css": raw}
    names |= {path.name: path.read_bytes() for path in sorted(VENDOR.iterdir()) if path.name != "CHECKSUMS"}
    rows = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in names.items()]
    (VENDOR / "CHECKSUMS").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
