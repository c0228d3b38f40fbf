/* Entry grids: the number that was understood, states of cells, sums and shares that follow the typing.
   Everything works without it. Listeners stand on the document, for a save may swap the form.
   The other grid-*.js files build on `window.entryGrid`. */
window.entryGrid = (() => {
  "use strict";
  const form = () => document.querySelector("form[data-grid]");
  const cells = () => [...(form()?.querySelectorAll("[data-cell]") || [])];
  const cellNamed = (name) => document.getElementById(`id_${name}`);
  const noteOf = (cell) => document.getElementById(`id_n-${cell.name}`);
  const cellOf = (field) => (field.matches("[data-cell]") ? field : cellNamed(field.name.slice(2)));
  const words = (key, values = {}) =>
    (form()?.dataset[key] || "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const changed = (cell) => {
    const note = noteOf(cell);
    return cell.value.trim() !== cell.dataset.saved || Boolean(note && note.value.trim() !== note.dataset.saved);
  };
  const firstLine = (node) => node?.textContent.trim().split("\n")[0].trim() || "";
  const labelOf = (cell) =>
    (cell.labels?.length
      ? [...cell.labels]
      : (cell.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)))
      .map(firstLine)
      .join(", ");
  const announce = (text) => { document.getElementById("announcer").textContent = text; };

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
  const show = (number, places = 2) => {
    const scale = 10 ** places;
    const [whole, fraction] = String(Math.round(number * scale) / scale).split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, ".") + (fraction ? "," + fraction : "");
  };
  const valueOf = (cell, text = cell.value) => {
    if (cell.tagName === "SELECT") return text === "" ? null : Number(text);
    const { value, error } = read(text, Number(cell.dataset.decimals || 0));
    return error ? null : value;
  };
  /* As the server writes the stored value into the page: 1234,5. */
  const canonical = (cell, text) => {
    const value = valueOf(cell, text);
    return value === null ? "" : String(value).replace(".", ",");
  };
  /* What counts for the sums: an empty level goes on from before. */
  const counted = (cell, text) => valueOf(cell, text) ?? (cell.dataset.falls ? valueOf(cell, cell.dataset.falls) : null);

  const preview = (cell) => {
    const place = document.getElementById(`p-${cell.name}`);
    if (!place) return;
    const { value, error } = read(cell.value, Number(cell.dataset.decimals || 0));
    const keys = { whole: "wordsWhole", number: "wordsNumber", two: "wordsTwo", places: "wordsPlaces" };
    let shown = error ? words(keys[error]) : value !== null && Math.abs(value) >= 1000 ? show(value) : "";
    if (shown === cell.value.trim()) shown = "";
    const share = error ? "" : shareOf(cell, value);
    place.textContent = [shown, share].filter(Boolean).join(" · ");
    place.classList.toggle("preview-bad", Boolean(error));
  };
  const shareOf = (cell, value) => {
    const whole = cell.dataset.whole && cellNamed(cell.dataset.whole);
    const all = whole ? counted(whole, whole.value) : null;
    return value === null || !all ? "" : words("wordsShare", { percent: `${show((value / all) * 100, 1)}%` });
  };
  const addUp = (column) => {
    const total = form().querySelector(`[data-total="${column}"]`);
    if (!total) return;
    let sum = Number((total.dataset.base || "0").replace(",", "."));
    let any = total.dataset.base !== "";
    for (const cell of form().querySelectorAll(`[data-column="${column}"]`)) {
      const now = counted(cell, cell.value), before = counted(cell, cell.defaultSaved ?? cell.dataset.saved);
      any = any || now !== null;
      sum += (now || 0) - (before || 0);
    }
    total.textContent = any ? show(sum) : "–";
  };
  const count = (part) => {
    const place = part?.querySelector("[data-count]");
    if (!place) return;
    const all = [...part.querySelectorAll("[data-cell]")];
    const filled = all.filter((cell) => cell.value.trim()).length;
    place.textContent = words("wordsFilled", { filled, open: all.length });
    const beside = form().querySelector(`[data-count-of="${part.id}"]`);
    if (beside) beside.textContent = `${filled}/${all.length}`;
  };
  const follow = (cell) => {
    if (cell.tagName !== "SELECT") preview(cell);
    for (const part of form().querySelectorAll(`[data-whole="${cell.name}"]`)) preview(part);
    if (cell.dataset.column !== undefined) addUp(cell.dataset.column);
    count(cell.closest("[data-part]"));
  };

  /* saved, waiting, invalid, conflict: an icon and a word beside the cell; nothing for a cell that was left alone. */
  const mark = (cell, state, message = "", buttons = []) => {
    const place = document.getElementById(`s-${cell.name}`);
    cell.dataset.state = state;
    if (place) {
      place.textContent = state ? words(`words${state[0].toUpperCase()}${state.slice(1)}`) : "";
      place.dataset.state = state;
    }
    const wrong = state === "invalid" || state === "conflict";
    if (wrong) cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
    cell.closest("td").classList.toggle("cell-error", wrong);
    cell.closest("td").classList.toggle("cell-dirty", state === "waiting");
    say(cell, message, buttons);
  };
  const say = (cell, message, buttons) => {
    const row = cell.closest("tr");
    form().querySelector(`[data-said="${cell.name}"]`)?.remove();
    const described = (cell.getAttribute("aria-describedby") || "").split(" ").filter((id) => id !== `e-${cell.name}`);
    if (message) {
      const line = document.createElement("tr"), place = document.createElement("td");
      line.className = "row-error";
      line.dataset.said = cell.name;
      place.colSpan = row.cells.length;
      place.id = `e-${cell.name}`;
      const text = document.createElement("div");
      text.textContent = cell.dataset.column === undefined ? message : `${labelOf(cell)}: ${message}`;
      place.append(text, ...buttons);
      line.append(place);
      row.after(line);
      described.push(place.id);
    }
    cell.setAttribute("aria-describedby", described.join(" "));
  };

  document.addEventListener("input", (event) => {
    const field = event.target.closest?.("form[data-grid] [data-cell]");
    if (field) follow(field);
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
    const named = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    const part = named?.closest("[data-part]");
    if (part) part.open = true;
    if (named?.matches("[data-cell]")) named.focus();
  };

  const start = () => {
    for (const cell of cells()) {
      cell.defaultSaved = cell.dataset.saved;
      if (cell.tagName !== "SELECT" && !cell.hasAttribute("aria-invalid")) preview(cell);
    }
    for (const total of form()?.querySelectorAll("[data-total]") || []) addUp(total.dataset.total);
    document.dispatchEvent(new CustomEvent("grid:start"));
  };
  const begin = () => { fold(); unfold(); start(); };
  addEventListener("hashchange", unfold);
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSettle", () => {
    if (!form()) return;
    if (folded.size) fold();
    start();
    const wrong = document.querySelector("form[data-grid] .error-summary");
    if (wrong) { wrong.focus(); wrong.scrollIntoView({ block: "start" }); }
  });
  document.addEventListener("DOMContentLoaded", begin); // after all deferred scripts

  return { form, cells, cellNamed, cellOf, noteOf, words, changed, labelOf, announce, canonical, follow, mark };
})();
