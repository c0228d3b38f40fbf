/* Text size and contrast, menus, one submit per click, words for screen readers. Everything works without it. */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => from.querySelectorAll(selector);
  const get = (key) => { try { return localStorage.getItem(key) || ""; } catch { return ""; } };
  const set = (key, value) => { try { localStorage.setItem(key, value); } catch { /* not remembered */ } };
  const words = document.currentScript.dataset;
  const loadPicker = () => {
    const script = document.createElement("script");
    script.src = words.pickerScript;
    script.dataset.date = words.pickerDay;
    script.dataset.month = words.pickerMonth;
    document.head.append(script);
  };
  const apply = () => {
    const size = get("size"), contrast = get("contrast") === "1";
    root.classList.toggle("size-s", size === "s");
    root.classList.toggle("size-l", size === "l");
    root.classList.toggle("contrast", contrast);
    for (const b of all("[data-size]")) b.setAttribute("aria-pressed", b.dataset.size === size);
    for (const b of all("[data-contrast]")) b.setAttribute("aria-pressed", contrast);
  };
  root.classList.add("js");
  apply(); // before the first paint
  document.addEventListener("DOMContentLoaded", () => {
    apply(); // now for the buttons
    document.querySelector("[data-focus]")?.focus();
    if (document.querySelector("input[data-picker]")) loadPicker();
  });

  const closeMenus = (except) => { for (const menu of all("details.drop[open]")) if (menu !== except) menu.open = false; };
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-size]")) { set("size", on("[data-size]").dataset.size); apply(); }
    if (on("[data-contrast]")) { set("contrast", get("contrast") ? "" : "1"); apply(); }
    if (on("[data-print]")) print();
    closeMenus(on("details.drop"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelector("details.drop[open] > summary")?.focus();
    closeMenus();
  });

  /* A form is sent once; data-repeat lets a download go again. The server refuses doubles anyway. */
  const release = (form) => {
    delete form.dataset.sent;
    for (const b of all("[aria-disabled]", form)) b.removeAttribute("aria-disabled");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "repeat" in form.dataset) return;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sent = "1";
    for (const b of all("[type=submit], button:not([type])", form)) b.setAttribute("aria-disabled", "true");
  }, true);
  addEventListener("pageshow", () => all("form[data-sent]").forEach(release));

  /* Signing out leaves nothing behind that was typed; the grids keep it under «draft:…» until it is saved. */
  const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith("draft:"));
  document.addEventListener("submit", (event) => {
    if (!event.target.querySelector("[data-sign-out]")) return;
    try {
      if (drafts().length && !confirm(words.signOut)) { event.preventDefault(); release(event.target); return; }
      for (const key of drafts()) localStorage.removeItem(key);
    } catch { /* nothing was kept */ }
  });

  const live = () => document.getElementById("announcer");
  document.addEventListener("htmx:afterRequest", () => all("form[data-sent]").forEach(release));
  document.addEventListener("htmx:afterSettle", () => { live().textContent = document.querySelector("[data-announce]")?.textContent.trim() || ""; });
  for (const name of ["sendError", "responseError", "timeout"])
    document.addEventListener("htmx:" + name, () => { live().textContent = live().dataset.error; });
})();
