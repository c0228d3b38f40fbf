#!/usr/bin/env python3
"""Takes the pictures of the user guide (docs/anh/*.png) from the sample: `make screenshots`.

Usage: screenshots.py [STORY…]      the names of functions in tools/guide_stories.py; none means all

The portal runs on a copy of the sample in a scratch folder, so that the people of the stories may really save, send
and confirm, and the next run begins at the same point. The sample is copied from VAR_DIR (var/ without it); where there
is none it is loaded afresh, which takes minutes. Needs Chromium on the machine; nothing is downloaded.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, sync_playwright

TOP = Path(__file__).resolve().parent.parent
PICTURES = TOP / "docs/anh"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-lcd-text",
    "--lang=vi",
]
DESK, PHONE = 1440, 360  # widths in pixels
TALLEST = {DESK: 1200, PHONE: 1500}
LARGEST = 250_000  # bytes of one picture
START_SECONDS = 900  # loading the sample afresh on a slow machine
# Few colours make a page: 256 of them take a third of the bytes. Counted in the browser, which is fast at it.
FEW_COLOURS = """async data => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  pen.drawImage(picture, 0, 0);
  const points = new Uint32Array(pen.getImageData(0, 0, picture.width, picture.height).data.buffer);
  const counts = new Map();
  for (const point of points) counts.set(point, (counts.get(point) || 0) + 1);
  const parts = colour => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => parts(colour));
  const far = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  const place = new Map();
  for (const colour of counts.keys()) {
    const wanted = parts(colour);
    let best = 0;
    for (let i = 1; i < palette.length; i++) if (far(palette[i], wanted) < far(palette[best], wanted)) best = i;
    place.set(colour, best);
  }
  let bytes = "";
  for (let i = 0; i < points.length; i += 8192)
    bytes += String.fromCharCode(...points.slice(i, i + 8192).map(point => place.get(point)));
  return [picture.width, picture.height, palette.flat(), btoa(bytes)];
}"""


# --- the portal -------------------------------------------------------------------------------------------------
def copy_sample(folder: Path) -> None:
    """The database as it is now, also while another process writes to it."""
    source = Path(os.environ.get("VAR_DIR") or TOP / "var") / "portal.sqlite3"
    if source.exists():
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(folder / "portal.sqlite3")) as new,
        ):
            old.backup(new)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def portal() -> Iterator[str]:
    """The demo, served until the pictures are taken. Yields its address."""
    with tempfile.TemporaryDirectory(prefix="dtportal-") as scratch:
        copy_sample(Path(scratch))
        port = free_port()
        setting = {**os.environ, "DEMO": "1", "VAR_DIR": scratch, "PORT": str(port)}
        with open(Path(scratch) / "server.log", "w+") as log:
            server = subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                cwd=TOP,
                env=setting,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                wait_for(f"http://127.0.0.1:{port}/", server)
                yield f"http://127.0.0.1:{port}"
            except RuntimeError:
                print(Path(log.name).read_text())
                raise
            finally:
                os.killpg(server.pid, signal.SIGTERM)
                server.wait(30)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError("The demo ended before it answered.")
        try:
            with urllib.request.urlopen(address, timeout=20):
                return
        except OSError:
            time.sleep(1)
    raise RuntimeError("The demo did not answer in time.")


# --- the camera -------------------------------------------------------------------------------------------------
class Studio:
    """Opens windows for the people of the sample and takes pictures of what they see."""

    def __init__(self, browser: Browser, address: str, password: str) -> None:
        self.browser, self.address, self.password = browser, address, password
        self.taken: list[str] = []
        self.errors: list[str] = []
        self._windows: dict[tuple[str, int], BrowserContext] = {}
        self._darkroom = browser.new_page()

    def visit(self, person: str = "", *, phone: bool = False) -> Page:
        """A page at the person's home; nobody is signed in without a name."""
        width = PHONE if phone else DESK
        window = self._windows.get((person, width))
        if window is None:
            window = self._windows[person, width] = self.browser.new_context(
                base_url=self.address,
                viewport={"width": width, "height": 900},
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
                reduced_motion="reduce",
            )
            window.set_default_timeout(60_000)
        page = window.new_page()
        page.on("response", self._refuse_errors)
        page.goto("/")
        if person and page.get_by_label("Tên đăng nhập").count():
            page.get_by_label("Tên đăng nhập").fill(person)
            page.get_by_label("Mật khẩu", exact=True).fill(self.password)
            page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
            page.wait_for_load_state()
            page.goto("/")
        return page

    def _refuse_errors(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.status >= 400:
            self.errors.append(f"{response.status} {response.url}")

    def picture(
        self, page: Page, name: str, *, since: Locator | None = None, until: Locator | None = None, tall: int = 0
    ) -> None:
        """What is seen from `since` (the top of the page) down to the end of `until` (of the content).

        The window is made as tall as the picture, so that bars that stick to its edge stay where a person sees them.
        """
        assert not self.errors, self.errors
        width = page.viewport_size["width"] if page.viewport_size else DESK
        page.set_viewport_size({"width": width, "height": 900})
        top = max(0.0, edges(since)[0] - 4) if since else 0.0
        last = until or page.locator("main > *:visible").last
        limit = tall or TALLEST[width]
        height = min(limit, int(edges(last)[1] - top) + 24)
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("([top]) => window.scrollTo(0, top)", [top])
        page.wait_for_timeout(150)
        shot = page.screenshot(animations="disabled", scale="css")
        page.set_viewport_size({"width": width, "height": 900})
        self.keep(name, shot)

    def keep(self, name: str, shot: bytes) -> None:
        assert re.fullmatch(r"[a-z0-9-]+", name), name
        found = self._darkroom.evaluate(FEW_COLOURS, base64.b64encode(shot).decode())
        shot = png(found[0], found[1], bytes(found[2]), base64.b64decode(found[3]))
        (PICTURES / f"{name}.png").write_bytes(shot)
        self.taken.append(name)
        print(f"  {name}.png: {len(shot) / 1000:.0f} kB{'  TOO LARGE' if len(shot) > LARGEST else ''}", flush=True)


def png(width: int, height: int, palette: bytes, points: bytes) -> bytes:
    """A picture with a palette: one byte for each point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + points[at : at + width] for at in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def edges(place: Locator) -> tuple[float, float]:
    """Top and bottom of an element, counted from the top of the page."""
    top, bottom = place.evaluate(
        "e => { const b = e.getBoundingClientRect(); return [b.top + window.scrollY, b.bottom + window.scrollY] }"
    )
    return float(top), float(bottom)


def main(names: list[str]) -> None:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        sys.exit("There is no Chromium: apt-get install chromium")
    os.environ.setdefault("DEMO", "1")
    sys.path[:0] = [str(TOP), str(TOP / "tools")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dtportal.settings")
    import django  # settings come from the environment above

    django.setup()
    import guide_stories as stories

    from demo.accounts import PASSWORD

    PICTURES.mkdir(parents=True, exist_ok=True)
    with portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=SWITCHES, env={**os.environ, "LANGUAGE": "vi", "LANG": "vi_VN.UTF-8"}
        )
        studio = Studio(browser, address, PASSWORD)
        for story in stories.ALL:
            if not names or story.__name__ in names:
                print(story.__name__)
                story(studio)
        browser.close()
    if not names:
        for old in PICTURES.glob("*.png"):
            if old.stem not in studio.taken:
                old.unlink()  # a picture that no story takes any more
    total = sum(picture.stat().st_size for picture in PICTURES.glob("*.png"))
    print(f"{len(studio.taken)} pictures, the folder holds {total / 1_000_000:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
