"""Vietnamese text: one stored form, keys for searching and for sorting that are the same on every database."""

from __future__ import annotations

import unicodedata
from functools import cache

# Letters in dictionary order (CLDR vi): the 29 letters with f, j, w, z at their usual places.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Sort keys hold decimal digits only, two for each letter: every collation of every database orders digits alike,
# while letters, capitals and punctuation differ between C, ICU and the locales of the C library.
_END, _SPACE, _MARK, _NUMBER, _OTHER = "00", "01", "02", "03", "99"
_LETTER_CODES = {letter: f"{place:02d}" for place, letter in enumerate(_ALPHABET, start=10)}
_LETTER_CODES["ð"] = _LETTER_CODES["đ"]  # the Icelandic letter, whose capital Ð old fonts used for Đ
_VOWEL_MARKS = {("a", "\u0306"): "ă", ("a", "\u0302"): "â", ("e", "\u0302"): "ê", ("o", "\u0302"): "ô"}
_VOWEL_MARKS |= {("o", "\u031b"): "ơ", ("u", "\u031b"): "ư"}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}  # huyền hỏi ngã sắc nặng
_LEVEL_TONE = "0"


def nfc(s: str) -> str:
    """The composed form in which all text is stored."""
    return unicodedata.normalize("NFC", s)


def fold(s: str) -> str:
    """Search key without tones, marks, case or extra spaces, with đ as d.

    Both placements of a tone (hòa, hoà) give the same key, and so does decomposed input.
    """
    decomposed = unicodedata.normalize("NFD", nfc(s).lower())
    bare = "".join(c for c in decomposed if c != "\0" and unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(bare.replace("đ", "d").replace("ð", "d").split())


def clean_line(s: str) -> str:
    """One line of typed text: composed, single spaces, without control, invisible and direction characters."""
    return " ".join(_printable(nfc(s)).split())


def clean_text(s: str) -> str:
    """Typed text of several lines, cleaned as by `clean_line`; line breaks stay, at most one empty line in a row."""
    lines = [clean_line(line) for line in nfc(s).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).strip("\n")


def sort_key(s: str) -> str:
    """Key in Vietnamese order for `order_by` on any database: letters first, tones only between equal letters.

    Case does not count, both tone placements are equal, and numbers inside a name count as numbers
    (Phường 2 before Phường 10). At most about 3 characters for each character of a name.
    Source: CLDR vi (29 letters; tones ngang, huyền, hỏi, ngã, sắc, nặng).
    """
    letters: list[str] = []
    tones: list[str] = []
    for run in _runs(" ".join(nfc(s).lower().split())):
        if _kind(run[0]) == "digit":
            letters.append(_number_code(run))
        elif _kind(run[0]) == "letter":
            codes, tone = _word_codes(run)
            letters.append(codes)
            tones.append(tone)
        else:
            letters.append(_SPACE if run == " " else _MARK + _other_code(run))
    return "".join(letters) + _END + "".join(tones)


def person_sort_key(name: str) -> str:
    """Key that orders people by given name (tên, the last word), then family name (họ), then middle names (đệm)."""
    words = nfc(name).split()
    if not words:
        return sort_key("")
    family = words[0] if len(words) > 1 else ""
    return "".join(sort_key(part) for part in (words[-1], family, " ".join(words[1:-1])))


def _printable(s: str) -> str:
    return "".join(c for c in s if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def _runs(s: str) -> list[str]:
    """Runs of ASCII digits, runs of letters with their marks, and every other character by itself."""
    runs: list[str] = []
    for char in s:
        kind = _kind(char)
        if runs and kind != "other" and kind == _kind(runs[-1][0]):
            runs[-1] += char
        else:
            runs.append(char)
    return runs


@cache
def _kind(char: str) -> str:
    if "0" <= char <= "9":
        return "digit"
    return "letter" if char.isalpha() or unicodedata.category(char) == "Mn" else "other"


def _number_code(digits: str) -> str:
    value = digits.lstrip("0")[:99]
    return f"{_NUMBER}{len(value):02d}{value}"


def _word_codes(word: str) -> tuple[str, str]:
    """Codes of the letters, and the tones in their order closed by the level tone (so that none is a prefix)."""
    codes: list[str] = []
    tones = ""
    base = ""
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tones += _TONES[char]
        elif (base, char) in _VOWEL_MARKS:
            codes[-1] = _LETTER_CODES[_VOWEL_MARKS[base, char]]
        elif unicodedata.category(char) != "Mn":
            base = char
            codes.append(_LETTER_CODES.get(char) or _other_code(char))
    return "".join(codes), tones + _LEVEL_TONE


def _other_code(char: str) -> str:
    return f"{_OTHER}{ord(char):07d}"
