/* Support with one click: the button answers where it stands. Without this script the form is sent and the page comes again. */
"use strict";
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-support]")) return;
  event.preventDefault();
  const button = form.querySelector("button"), focused = document.activeElement === button;
  if (button.disabled) return;
  const body = new FormData(form);
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "estime" } });
    if (answer.redirected || !(answer.ok || answer.status === 409)) throw new Error(answer.status);
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    const fresh = made.content.querySelector("form[data-support]");
    form.replaceWith(fresh);
    if (focused) fresh.querySelector("button, a")?.focus();
  } catch {
    button.disabled = false;
    form.submit();
  }
});
