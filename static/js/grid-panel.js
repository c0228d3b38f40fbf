/* The panel of a cell: beside the form on a desk, from below on a phone. Without it the link opens a page. */
(() => {
  "use strict";
  const panel = () => document.getElementById("cell-panel");
  let opener = null, timer, shown = "";

  const close = () => {
    if (!panel() || panel().hidden) return;
    panel().hidden = true;
    document.body.classList.remove("has-panel");
    shown = "";
    opener?.focus();
  };
  const open = async (link, takeFocus) => {
    const place = panel();
    if (shown === link.href) return;
    let text;
    try {
      const answer = await fetch(link.href, { headers: { "HX-Request": "true" }, redirect: "manual" });
      if (!answer.ok) throw new Error(answer.status);
      text = await answer.text();
    } catch {
      document.getElementById("announcer").textContent = document.getElementById("announcer").dataset.error;
      return;
    }
    shown = link.href;
    place.innerHTML = text; // from this portal, escaped by its templates
    const shut = document.createElement("button");
    shut.type = "button";
    shut.className = "btn btn-secondary btn-small cell-close";
    shut.textContent = place.dataset.close;
    shut.addEventListener("click", close);
    place.prepend(shut);
    place.hidden = false;
    document.body.classList.add("has-panel");
    if (takeFocus) { opener = link; place.focus(); }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-panel]");
    if (!link || !panel() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link, true);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  /* Once open on a desk it follows the cell. */
  document.addEventListener("focusin", (event) => {
    const link = event.target.closest?.("[data-cell]")?.closest("tr").querySelector("a[data-panel]");
    if (!link || !panel() || panel().hidden || !matchMedia("(min-width: 80rem)").matches) return;
    clearTimeout(timer);
    timer = setTimeout(() => open(link, false), 300);
  });
})();
