/* The keys of a spreadsheet: Enter and arrows move, a copied block is pasted into many cells. */
(() => {
  "use strict";
  const grid = window.entryGrid;

  const rowsOf = (field) => [...field.form.querySelectorAll("[data-row]")];
  const columnOf = (field) => field.dataset.column ?? "0";
  const cellAt = (row, column) =>
    [...row.querySelectorAll("[data-cell]")].find((cell) => columnOf(cell) === String(column));

  const move = (field, rows, columns) => {
    const row = field.closest("tr");
    let target;
    if (columns) {
      const inRow = [...row.querySelectorAll("[data-cell]")];
      target = inRow[inRow.indexOf(field) + columns];
    } else {
      const inColumn = grid.cells().filter((cell) => columnOf(cell) === columnOf(field) && cell.offsetParent !== null);
      target = inColumn[inColumn.indexOf(field) + rows];
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
    const field = event.target.closest?.("form[data-grid] [data-cell], form[data-grid] [data-note]");
    if (!field || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (field.matches("[data-note]")) { if (event.key === "Enter") event.preventDefault(); return; }
    const isSelect = field.tagName === "SELECT";
    const step = {
      Enter: [event.shiftKey ? -1 : 1, 0],
      ArrowDown: isSelect ? null : [1, 0],
      ArrowUp: isSelect ? null : [-1, 0],
      ArrowRight: !event.shiftKey && atEdge(field, false) ? [0, 1] : null,
      ArrowLeft: !event.shiftKey && atEdge(field, true) ? [0, -1] : null,
    }[event.key];
    if (!step) return;
    const moved = move(field, ...step);
    if (moved || event.key === "Enter") event.preventDefault(); // Enter moves; it never sends the form by accident
  });

  /* A block as Excel and LibreOffice copy it: rows by line ends, columns by tabs, cells with line ends in quotes. */
  const block = (text) => {
    const rows = [[]];
    for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/g)) {
      rows.at(-1).push((quoted === undefined ? bare : quoted.replaceAll('""', '"')).replace(/\s+/g, " ").trim());
      if (end === "") break;
      if (end !== "\t") rows.push([]);
    }
    if (rows.at(-1).every((value) => value === "")) rows.pop();
    return rows;
  };
  const put = (cell, text) => {
    if (cell.tagName !== "SELECT") { cell.value = text; return true; }
    const wanted = text.toLocaleLowerCase("vi");
    const option = [...cell.options].find((one) => one.value === text || one.text.toLocaleLowerCase("vi") === wanted);
    if (!option) return false;
    cell.value = option.value;
    return true;
  };

  document.addEventListener("paste", (event) => {
    const field = event.target.closest?.("form[data-grid] [data-cell]");
    const rows = field ? block(event.clipboardData.getData("text/plain")) : [];
    if (rows.length < 2 && (rows[0]?.length || 0) < 2) return; // one value: the browser pastes it
    event.preventDefault();
    const all = rowsOf(field), first = all.indexOf(field.closest("tr")), left = Number(columnOf(field));
    let pasted = 0, lost = 0;
    rows.forEach((values, down) => values.forEach((text, right) => {
      const row = all[first + down], cell = row && cellAt(row, left + right);
      if (!cell) { lost += text ? 1 : 0; return; }
      if (!put(cell, text)) { lost += 1; return; }
      pasted += 1;
      cell.dispatchEvent(new Event("input", { bubbles: true }));
    }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    const parts = [grid.words("wordsPasted", { count: pasted }), lost ? grid.words("wordsLeftOut", { count: lost }) : ""];
    document.dispatchEvent(new CustomEvent("grid:say", { detail: parts.filter(Boolean).join(" ") }));
  });
})();
