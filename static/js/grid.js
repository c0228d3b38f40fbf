/* Entry grids: Enter and arrows move, the number that was understood is shown, sums follow, unsaved cells are guarded.
   Everything works without it. All listeners stand on the document, for a save swaps the form. */
(() => {
  "use strict";
  const grids = () => document.querySelectorAll("form[data-grid]");
  const cellsOf = (grid) => [...grid.querySelectorAll("[data-cell]")];
  const typedIn = (grid) => grid.querySelectorAll("[data-cell], [data-note]");
  const dirty = (field) => field.value.trim() !== field.dataset.saved;
  let leaving = false;

  /* The rules of core/numbers.py: a point groups thousands, a comma starts the decimals, nothing is guessed. */
  const plain = /^-?\d+(,\d+)?$/;
  const grouped = /^-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/;
  const read = (text, decimals) => {
    const typed = text.trim().replace("\u2212", "-");
    if (!typed) return { value: null };
    if (!plain.test(typed) && !grouped.test(typed)) return { error: decimals ? "number" : "whole" };
    if (!decimals && typed.includes(",")) return { error: "whole" };
    if (decimals && typed.split(".").length === 2 && !typed.includes(",")) return { error: "two" };
    if ((typed.split(",")[1] || "").length > decimals) return { error: "places" };
    return { value: Number(typed.replaceAll(".", "").replace(",", ".")) };
  };
  const show = (number) => {
    const [whole, fraction] = String(Math.round(number * 100) / 100).split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, ".") + (fraction ? "," + fraction : "");
  };
  const valueOf = (field, text) => {
    if (field.tagName === "SELECT") return text === "" ? null : Number(text);
    const { value, error } = read(text, Number(field.dataset.decimals || 0));
    return error ? null : value;
  };

  const preview = (field) => {
    const place = document.getElementById(`p-${field.name}`);
    if (!place) return;
    const { value, error } = read(field.value, Number(field.dataset.decimals || 0));
    const words = { whole: "wordsWhole", number: "wordsNumber", two: "wordsTwo", places: "wordsPlaces" };
    const shown = error ? field.form.dataset[words[error]] : value !== null && Math.abs(value) >= 1000 ? show(value) : "";
    place.textContent = shown === field.value.trim() ? "" : shown;
    place.classList.toggle("preview-bad", Boolean(error));
  };
  const mark = (field) => {
    const cell = field.closest("td.cell");
    if (cell && field.matches("[data-cell]")) cell.classList.toggle("cell-dirty", dirty(field));
  };
  const addUp = (grid, column) => {
    const total = grid.querySelector(`[data-total="${column}"]`);
    if (!total) return;
    let sum = Number((total.dataset.base || "0").replace(",", "."));
    let any = total.dataset.base !== "";
    for (const field of grid.querySelectorAll(`[data-column="${column}"]`)) {
      const now = valueOf(field, field.value), before = valueOf(field, field.dataset.saved);
      any = any || now !== null;
      sum += (now || 0) - (before || 0);
    }
    total.textContent = any ? show(sum) : "–";
  };
  const state = (grid) => {
    const line = grid.querySelector("[data-state]");
    if (!line) return;
    line.dataset.saved ??= line.textContent;
    const count = [...typedIn(grid)].filter(dirty).length;
    line.textContent = count ? `${line.dataset.wordsDirty} ${count}` : line.dataset.saved;
    line.classList.toggle("save-state-dirty", count > 0);
  };

  const move = (field, rows, columns) => {
    const row = field.closest("tr"), place = [...row.querySelectorAll("[data-cell]")].indexOf(field);
    let target;
    if (columns) target = row.querySelectorAll("[data-cell]")[place + columns];
    else {
      const table = cellsOf(field.form);
      const same = field.dataset.column === undefined ? table : table.filter((c) => c.dataset.column === field.dataset.column);
      target = same[same.indexOf(field) + rows];
    }
    if (!target) return false;
    target.focus();
    target.select?.();
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  };
  const atEdge = (field, start) => {
    if (field.tagName === "SELECT") return true;
    const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    return whole || (start ? field.selectionEnd === 0 : field.selectionStart === field.value.length);
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      const save = document.querySelector("form[data-grid] [data-save]");
      if (save) { event.preventDefault(); save.click(); }
      return;
    }
    const field = event.target.closest?.("form[data-grid] [data-cell], form[data-grid] [data-note]");
    if (!field || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (field.matches("[data-note]")) { if (event.key === "Enter") event.preventDefault(); return; }
    const isSelect = field.tagName === "SELECT";
    if (event.key === "Enter") {
      event.preventDefault(); // it moves; it never sends the form by accident
      move(field, event.shiftKey ? -1 : 1, 0);
    } else if (event.key === "ArrowDown" && !isSelect) {
      if (move(field, 1, 0)) event.preventDefault();
    } else if (event.key === "ArrowUp" && !isSelect) {
      if (move(field, -1, 0)) event.preventDefault();
    } else if (event.key === "ArrowRight" && !event.shiftKey && atEdge(field, false)) {
      if (move(field, 0, 1)) event.preventDefault();
    } else if (event.key === "ArrowLeft" && !event.shiftKey && atEdge(field, true)) {
      if (move(field, 0, -1)) event.preventDefault();
    }
  });

  document.addEventListener("input", (event) => {
    const field = event.target.closest?.("form[data-grid] [data-cell], form[data-grid] [data-note]");
    if (!field) return;
    if (field.matches("input[data-cell]")) preview(field);
    mark(field);
    if (field.dataset.column !== undefined) addUp(field.form, field.dataset.column);
    state(field.form);
  });

  /* On a phone only the first part of the form is unfolded, and those with a message; a jump unfolds its part. */
  const folded = new Set();
  const fold = () => {
    if (!matchMedia("(max-width: 47.99rem)").matches) return;
    document.querySelectorAll("form[data-grid] [data-part]").forEach((part, place) => {
      if (!("keepOpen" in part.dataset)) part.open = folded.size ? !folded.has(part.id) : place === 0;
    });
  };
  const remember = () => {
    folded.clear();
    for (const part of document.querySelectorAll("form[data-grid] [data-part]:not([open])")) folded.add(part.id);
  };
  const unfold = () => {
    const part = location.hash && document.getElementById(location.hash.slice(1))?.closest("[data-part]");
    if (part) part.open = true;
  };
  addEventListener("hashchange", unfold);
  document.addEventListener("htmx:beforeSwap", remember);

  const start = () => {
    for (const grid of grids()) {
      for (const field of cellsOf(grid)) { mark(field); if (field.tagName !== "SELECT" && dirty(field) && !field.hasAttribute("aria-invalid")) preview(field); }
      for (const total of grid.querySelectorAll("[data-total]")) addUp(grid, total.dataset.total);
      state(grid);
    }
    leaving = false;
  };
  const begin = () => { fold(); unfold(); start(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
  document.addEventListener("htmx:afterSettle", () => {
    if (folded.size) fold();
    start();
    const wrong = document.querySelector("form[data-grid] .error-summary");
    if (wrong) { wrong.focus(); wrong.scrollIntoView({ block: "start" }); }
  });

  document.addEventListener("submit", (event) => { if (event.target.matches("form[data-grid]")) leaving = true; });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => {
    if (leaving) return;
    for (const grid of grids()) {
      if ("guard" in grid.dataset && [...typedIn(grid)].some(dirty)) { event.preventDefault(); return; }
    }
  });
})();
