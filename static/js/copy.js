/* Copies the text of a field: <button data-copy="id of the field" data-copied="words afterwards">. */
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // pages without https have no clipboard of their own
  }
  const words = button.querySelector("span") || button;
  words.textContent = button.dataset.copied;
  document.getElementById("announcer").textContent = button.dataset.copied;
});
