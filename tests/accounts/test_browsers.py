from __future__ import annotations

import pytest

from accounts.browsers import browser_name

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome trên Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/131.0.0.0", "Edge trên Windows"),
        (f"Mozilla/5.0 (Windows NT 6.1; WOW64) coc_coc_browser/131.0 {CHROME} Safari/537.36", "Cốc Cốc trên Windows"),
        (f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1", "Safari trên iPhone"),
        (f"{IPHONE} CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1", "Chrome trên iPhone"),
        (f"Mozilla/5.0 (Linux; Android 14; SM-A546E) {CHROME} Mobile Safari/537.36", "Chrome trên Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox trên Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_1) Version/18.1 Safari/605.1.15", "Safari trên macOS"),
        ("curl/8.5 (Windows)", "Windows"),
        ("", "trình duyệt không rõ"),
    ],
)
def test_browsers_are_named_as_people_know_them(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name
