/* Text size and contrast, menus, one submit per click, words for screen readers. Everything works without it. */
(() => {
  "use strict";
  const root = document.documentElement;
  const store = {
    get: (key) => { try { return localStorage.getItem(key) || ""; } catch { return ""; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: not remembered */ } },
  };
  const apply = () => {
    const size = store.get("size");
    root.classList.toggle("size-s", size === "s");
    root.classList.toggle("size-l", size === "l");
    root.classList.toggle("contrast", store.get("contrast") === "1");
    for (const b of document.querySelectorAll("[data-size]")) b.setAttribute("aria-pressed", b.dataset.size === size);
    for (const b of document.querySelectorAll("[data-contrast]")) b.setAttribute("aria-pressed", store.get("contrast") === "1");
  };
  root.classList.add("js");
  apply(); // before the first paint
  document.addEventListener("DOMContentLoaded", () => {
    apply(); // now for the buttons
    document.querySelector("[data-focus], .error-summary")?.focus();
  });

  const say = (text) => { const live = document.getElementById("announcer"); if (live) live.textContent = text; };
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.drop[open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    const size = on("[data-size]");
    if (size) { store.set("size", size.dataset.size); apply(); }
    if (on("[data-contrast]")) { store.set("contrast", store.get("contrast") === "1" ? "" : "1"); apply(); }
    if (on("[data-print]")) print();
    closeMenus(on("details.drop"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelector("details.drop[open] > summary")?.focus();
    closeMenus();
  });

  /* A form is sent once; data-repeat lets a download form go again. The server refuses doubles anyway. */
  const release = (form) => {
    delete form.dataset.sent;
    for (const b of form.querySelectorAll("[aria-disabled]")) b.removeAttribute("aria-disabled");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "repeat" in form.dataset) return;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sent = "1";
    for (const b of form.querySelectorAll("[type=submit], button:not([type])")) b.setAttribute("aria-disabled", "true");
  }, true);
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
  });
  document.addEventListener("htmx:afterSettle", () => say(document.querySelector("[data-announce]")?.textContent.trim() || ""));
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
    document.addEventListener(name, () => say(document.getElementById("announcer")?.dataset.error || ""));
})();
