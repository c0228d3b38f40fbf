/* A calendar beside the inputs that take a day or a month: the browser's own, opened by a button. What is typed stays
   text in the Vietnamese order; without this script, or where the browser has no such calendar, one simply types. */
(() => {
  "use strict";
  const label = document.currentScript.dataset;
  const toIso = { date: [/^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/, (day, month, year) => [year, month, day]],
                  month: [/^\s*(\d{1,2})[/.-](\d{4})\s*$/, (month, year) => [year, month]] };
  const iso = (kind, typed) => {
    const [shape, order] = toIso[kind], found = shape.exec(typed);
    return found ? order(...found.slice(1)).map((part) => part.padStart(2, "0")).join("-") : "";
  };
  const icon = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/></svg>';

  const offer = (input) => {
    const kind = input.dataset.picker, native = document.createElement("input");
    native.type = kind;
    if (native.type !== kind || !native.showPicker) return;
    native.tabIndex = -1;
    native.setAttribute("aria-hidden", "true");
    const button = document.createElement("button"), frame = document.createElement("span");
    button.type = "button";
    button.className = "no-print";
    button.innerHTML = icon + '<span class="visually-hidden"></span>';
    button.lastChild.textContent = button.title = label[kind];
    const name = input.labels[0];
    if (name) button.setAttribute("aria-describedby", name.id ||= `${input.id}_label`);
    frame.className = "picked";
    input.before(frame);
    frame.append(input, button, native);
    button.addEventListener("click", () => {
      native.value = iso(kind, input.value);
      native.showPicker();
    });
    native.addEventListener("change", (event) => {
      event.stopPropagation(); // the text input tells of the change, under its own name
      if (!native.value) return;
      input.value = native.value.split("-").reverse().join("/");
      for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
      input.focus();
    });
    native.addEventListener("input", (event) => event.stopPropagation());
  };
  for (const input of document.querySelectorAll("input[data-picker]")) offer(input);
})();
