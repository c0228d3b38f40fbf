/* Slides by keys and in full screen. Without it the links do the same, one page for each slide. */
(() => {
  "use strict";
  const link = (name) => document.querySelector(`[data-slide="${name}"]`);
  const KEYS = {
    ArrowRight: "following", ArrowDown: "following", PageDown: "following", " ": "following",
    ArrowLeft: "previous", ArrowUp: "previous", PageUp: "previous", Escape: "end",
  };

  /* The slide is exchanged within the page, for leaving the page would end the full screen. */
  let waiting = false;
  const show = async (address, push) => {
    if (waiting) return;
    waiting = true;
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      const slide = next.getElementById("slide");
      if (!slide) { location.assign(address); return; }
      document.getElementById("slide").replaceWith(slide);
      document.title = next.title;
      if (push) history.pushState(null, "", address);
      label();
    } catch {
      location.assign(address); // the browser says what is wrong with the line
    } finally {
      waiting = false;
    }
  };

  const label = () => {
    const button = document.querySelector("[data-full-screen]");
    if (button) button.hidden = Boolean(document.fullscreenElement) || !document.fullscreenEnabled;
  };
  const go = (name) => {
    const target = link(name);
    if (!target) return;
    if (name === "end") location.assign(target.href); else show(target.href, true);
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === " " && event.target.closest("a, button")) return;
    const name = KEYS[event.key];
    if (!name) return;
    event.preventDefault();
    go(name);
  });
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-slide], [data-full-screen]");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if ("fullScreen" in target.dataset) { document.documentElement.requestFullscreen().catch(() => {}); return; }
    if (target.dataset.slide === "end") return;
    event.preventDefault();
    show(target.href, true);
  });
  addEventListener("popstate", () => show(location.href, false));
  document.addEventListener("fullscreenchange", label); // Esc ends the full screen first, then the slides
  label();
})();
