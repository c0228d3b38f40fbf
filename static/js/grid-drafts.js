/* What is typed and not saved yet is kept in the browser, for one person, unit and period.
   Signing out removes it (portal.js); without storage the page asks before it is left. */
window.gridDrafts = (() => {
  "use strict";
  const grid = window.entryGrid;
  let kept = {}, works = true;

  const key = () => grid.form()?.dataset.draft;
  const write = () => {
    if (!key()) return;
    try {
      if (Object.keys(kept).length) localStorage.setItem(key(), JSON.stringify(kept));
      else localStorage.removeItem(key());
      works = true;
    } catch { works = false; }
  };
  const load = () => {
    try { kept = JSON.parse(localStorage.getItem(key())) || {}; } catch { kept = {}; }
    return kept;
  };
  const keep = (cell) => {
    kept[cell.name] = { text: cell.value, note: grid.noteOf(cell)?.value, version: cell.dataset.version };
    write();
  };
  const drop = (name) => {
    if (!(name in kept)) return;
    delete kept[name];
    write();
  };
  /* Puts back what was typed earlier; returns the cells that differ from what is stored. */
  const restore = () => {
    const found = [];
    for (const [name, draft] of Object.entries(load())) {
      const cell = grid.cellNamed(name);
      if (!cell) continue; // not open now: it stays kept until it is
      const note = grid.noteOf(cell);
      cell.value = draft.text;
      if (note && draft.note !== undefined) note.value = draft.note;
      if (!grid.changed(cell)) { drop(name); continue; }
      cell.dataset.version = draft.version;
      found.push(cell);
    }
    return found;
  };

  addEventListener("beforeunload", (event) => {
    if (!works && grid.cells().some(grid.changed)) event.preventDefault();
  });
  return { keep, drop, restore };
})();
