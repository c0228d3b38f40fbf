/* Cells save by themselves. What cannot be saved now waits, visibly: no connection, no session, another value. */
(() => {
  "use strict";
  const grid = window.entryGrid, drafts = window.gridDrafts;
  const AFTER_TYPING = 1500, AFTER_LEAVING = 150, PATIENCE = 20_000, LONGEST_PAUSE = 30_000;
  let timer, running = null, again = false, pause = 2000, line = "", savedAt = "", refused = "", renewed = false;

  const dialog = () => document.getElementById("session-ended");
  const waiting = () => grid.cells().filter((cell) => grid.changed(cell) && cell.dataset.state !== "conflict");
  const token = () => grid.form().querySelector("[name=csrfmiddlewaretoken]").value;
  const inState = (state) => grid.cells().filter((cell) => cell.dataset.state === state).length;

  /* The line at the foot: always what is true now, told to screen readers when it becomes another matter. */
  const tell = (note = "") => {
    const place = grid.form()?.querySelector("[data-line]");
    if (!place) return;
    const open = grid.cells().filter(grid.changed).length, bad = inState("invalid") + inState("conflict");
    const [kind, text] =
      refused ? ["bad", grid.words("wordsRefused", { reason: refused })]
      : open && line === "offline" ? ["off", grid.words("wordsOffline", { count: open })]
      : line === "offline" ? ["off", grid.words("wordsOffline", { count: 0 })]
      : open && line === "signed-out" ? ["off", grid.words("wordsSignedOut", { count: open })]
      : bad ? ["bad", grid.words("wordsUnsaved", { count: bad })]
      : open ? ["wait", grid.words("wordsSaving", { count: open })]
      : savedAt ? ["good", grid.words("wordsAllSaved", { time: savedAt })]
      : ["", place.dataset.first ?? place.textContent.trim()];
    place.dataset.first ??= place.textContent.trim();
    place.textContent = [text, note].filter(Boolean).join(" · ");
    if (note || (place.dataset.kind !== kind && kind !== "wait")) grid.announce(place.textContent);
    place.dataset.kind = kind;
  };

  const plan = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(flush, delay);
  };
  const ask = (options) =>
    fetch(grid.form().dataset.saveUrl, {
      redirect: "manual", // to the sign-in page: the session has ended
      credentials: "same-origin",
      signal: AbortSignal.timeout?.(PATIENCE), // old browsers wait as long as they like
      ...options,
      headers: { Accept: "application/json", ...options?.headers },
    });
  const send = (sent) =>
    ask({
      method: "POST",
      keepalive: document.visibilityState === "hidden",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ cells: [...sent].map(([name, one]) => ({ name, ...one })) }),
    });
  const gather = () =>
    new Map(waiting().map((cell) => {
      const note = grid.noteOf(cell)?.value.trim();
      return [cell.name, { text: cell.value.trim(), version: Number(cell.dataset.version), ...(note === undefined ? {} : { note }) }];
    }));

  /* One request at a time; what is typed meanwhile goes with the next one. Resolves to whether all is saved. */
  const flush = () => {
    clearTimeout(timer);
    if (!grid.form()) return Promise.resolve(true);
    if (running) { again = true; return running; }
    running = attempt().finally(() => {
      running = null;
      if (again) { again = false; plan(0); }
    });
    return running;
  };
  const attempt = async () => {
    const sent = gather();
    if (!sent.size && line === "") { tell(); return !inState("conflict"); }
    tell();
    try {
      const answer = sent.size ? await send(sent) : await ask();
      await take(answer, sent);
    } catch {
      lost();
    }
    tell();
    return line === "" && !grid.cells().some(grid.changed);
  };
  const take = async (answer, sent) => {
    if (answer.type === "opaqueredirect") return signedOut();
    if (answer.status === 403 && !renewed) return renew();
    if (answer.status >= 500 || answer.status === 429) return lost();
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (told.token && !adopt(told)) return;
    line = "";
    pause = 2000;
    renewed = false;
    refused = answer.ok ? "" : told.message || grid.words("wordsReload");
    savedAt = told.saved_at || savedAt;
    for (const [name, result] of Object.entries(told.cells || {})) settle(name, result, sent.get(name));
  };
  const lost = () => {
    line = "offline";
    plan(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };

  const settle = (name, result, sent) => {
    const cell = grid.cellNamed(name);
    if (!cell || !sent) return;
    const note = grid.noteOf(cell), isAsSent = cell.value.trim() === sent.text && (!note || note.value.trim() === sent.note);
    if (result.state === "saved") {
      cell.dataset.saved = sent.text;
      cell.dataset.version = result.version;
      if (note) note.dataset.saved = sent.note;
      remember(cell, sent);
      if (!isAsSent) { again = true; return; }
      drafts.drop(name);
      grid.mark(cell, "saved");
    } else if (result.state === "conflict") {
      grid.mark(cell, "conflict", result.message, choices(cell, result));
      grid.announce(`${grid.labelOf(cell)}: ${result.message}`);
    } else if (isAsSent) {
      if (cell.dataset.state !== "invalid") grid.announce(`${grid.labelOf(cell)}: ${result.message}`);
      grid.mark(cell, "invalid", result.message);
    }
  };
  /* The mark by which a save of the whole form knows what this page has seen (core/stale.py). */
  const remember = (cell, sent) => {
    const field = grid.form().querySelector("[name=seen]");
    if (!field) return;
    const seen = JSON.parse(field.value || "{}");
    seen[cell.name] = grid.canonical(cell, sent.text);
    if (sent.note !== undefined) seen[`n-${cell.name}`] = sent.note;
    field.value = JSON.stringify(seen);
  };
  const choices = (cell, result) => {
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn btn-secondary btn-small";
      made.textContent = text;
      made.addEventListener("click", () => {
        cell.dataset.version = result.version;
        act();
        cell.focus();
      });
      return made;
    };
    const mine = () => { wait(cell); flush(); };
    const theirs = () => {
      const note = grid.noteOf(cell), sent = { text: result.stored ?? "", note: result.note ?? "" };
      cell.value = cell.dataset.saved = sent.text;
      if (note) note.value = note.dataset.saved = sent.note;
      remember(cell, note ? sent : { text: sent.text });
      drafts.drop(cell.name);
      grid.mark(cell, "saved");
      grid.follow(cell);
      tell();
    };
    return [
      button(grid.words("wordsMine", { value: cell.value.trim() || "–" }), mine),
      button(grid.words("wordsTheirs", { value: result.stored || "–" }), theirs),
    ];
  };

  /* --- the session ------------------------------------------------------------------------------------------- */
  const signedOut = () => {
    line = "signed-out";
    const box = dialog();
    box.querySelector("[data-session-open]").href = grid.form().dataset.signIn;
    if (!box.open) box.showModal();
  };
  /* A fresh CSRF token, for signing in changes it; and who is signed in, for it may be somebody else. */
  const adopt = ({ person, token: fresh }) => {
    if (String(person) !== grid.form().dataset.person) {
      signedOut();
      dialog().querySelector("[data-session-message]").textContent = grid.words("wordsOtherPerson");
      return false;
    }
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh;
    if (dialog().open) dialog().close();
    return true;
  };
  const renew = async () => {
    const answer = await ask();
    if (answer.type === "opaqueredirect") return signedOut();
    if (!answer.ok) { refused = grid.words("wordsReload"); return; }
    if (!adopt(await answer.json())) return;
    line = "";
    renewed = again = true;
  };
  const tryAgain = () => {
    if (!running) running = renew().catch(lost).finally(() => { running = null; tell(); if (again) { again = false; plan(0); } });
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-session-try]")) tryAgain();
    if (event.target.closest("[data-session-close]")) dialog().close();
  });
  /* Back from the window with the sign-in page. */
  const isBack = () => { if (line === "signed-out") tryAgain(); else if (line === "offline") plan(0); };
  addEventListener("focus", isBack);
  addEventListener("online", () => { pause = 2000; plan(0); });
  addEventListener("offline", () => { line = "offline"; tell(); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") isBack();
    else if (waiting().length) flush();
  });

  /* --- the fingers ------------------------------------------------------------------------------------------- */
  const wait = (cell) => {
    drafts.keep(cell);
    if (grid.changed(cell)) grid.mark(cell, "waiting");
    else { drafts.drop(cell.name); grid.mark(cell, ""); }
  };
  const FIELDS = "form[data-grid] [data-cell], form[data-grid] [data-note]";
  document.addEventListener("input", (event) => {
    const field = event.target.closest?.(FIELDS);
    if (!field) return;
    wait(grid.cellOf(field));
    tell();
    plan(AFTER_TYPING);
  });
  document.addEventListener("change", (event) => { if (event.target.closest?.(FIELDS)) plan(AFTER_LEAVING); });
  document.addEventListener("grid:say", (event) => tell(event.detail));

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || !grid.form()) return;
    event.preventDefault();
    flush();
  });
  /* Buttons wait until everything is saved: what they do next speaks of it. */
  const showFirstWrong = () => {
    const wrong = grid.cells().find(grid.changed);
    if (!wrong) return;
    const part = wrong.closest("[data-part]");
    if (part) part.open = true;
    wrong.focus();
    tell(line ? "" : grid.words("wordsMend"));
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-save], [data-check], [data-unchanged]");
    if (!button || !button.form?.matches("[data-grid]") || button.dataset.ready) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (running) await running;
    if (line === "" && !waiting().length && !("save" in button.dataset)) line = "asking"; // is the session still there?
    const clean = await flush();
    if (!clean) { showFirstWrong(); return; }
    if (button.dataset.check) location.assign(button.dataset.check);
    else if ("unchanged" in button.dataset) {
      button.dataset.ready = "1";
      button.click();
    }
  }, true);

  document.addEventListener("grid:start", () => {
    const back = drafts.restore();
    for (const cell of grid.cells()) {
      if (!grid.changed(cell)) continue;
      grid.mark(cell, "waiting");
      grid.follow(cell);
    }
    if (!navigator.onLine) line = "offline";
    tell(back.length ? grid.words("wordsBack", { count: back.length }) : "");
    if (waiting().length) plan(0);
  });
})();
