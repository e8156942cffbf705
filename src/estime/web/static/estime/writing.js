/* Saves a draft while it is written, and shows similar titles. Without this script the buttons of the form do it. */
"use strict";
document.querySelectorAll("form[data-draft]").forEach((form) => {
  const line = form.querySelector("[data-saved-line]"), saved = form.elements.saved, told = form.dataset;
  const shown = form.querySelector("[data-similar-shown]");
  let timer = 0, asked = 0, running = false, over = false, kept = snapshot();
  function snapshot() { return JSON.stringify(["title", "body", "kind"].map((name) => form.elements[name].value)); }
  function fields() {
    const body = new FormData(form);
    body.delete("picture");
    return body;
  }
  async function save() {
    const now = snapshot();
    if (over || now === kept) return;
    if (running) { later(); return; }
    running = true;
    try {
      const answer = await fetch(told.draft, { method: "POST", body: fields(), headers: { Accept: "application/json" } });
      if (answer.status === 403) { line.textContent = told.signedOut; await renew(); running = false; return; }
      const said = await answer.json();
      if (said.gone || answer.status === 404) over = true;
      if (said.saved !== undefined) { saved.value = said.saved; kept = now; line.textContent = told.savedWords; history.replaceState(null, "", told.draft); }
      else { line.textContent = said.error || told.failed; if (answer.status === 409) over = true; }
    } catch { line.textContent = told.failed; later(); }
    running = false;
  }
  /* Signed in again in another window, the form needs the token of that signing in. */
  async function renew() {
    const page = await fetch(location.href, { redirect: "error" }).catch(() => null);
    const fresh = page && page.ok && new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form[data-draft]");
    if (fresh) form.elements.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
    clearTimeout(timer);
    timer = setTimeout(save, fresh ? 500 : 8000);
  }
  function later() { clearTimeout(timer); timer = setTimeout(save, 1500); }
  async function similar() {
    const number = ++asked, title = form.elements.title.value;
    if (title.trim().length < 3) { shown.replaceChildren(); return; }
    const body = new FormData();
    body.set("title", title);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(told.similar, { method: "POST", body });
      if (answer.ok && number === asked) shown.innerHTML = await answer.text();
    } catch { /* it comes with the next letters */ }
  }
  let typing = 0;
  form.addEventListener("input", (event) => {
    later();
    if (told.similar && event.target.name === "title") { clearTimeout(typing); typing = setTimeout(similar, 250); }
  });
  form.addEventListener("click", (event) => {
    /* Asked before the picture is sent: a refused form would forget which file was chosen. */
    const adding = event.target.value === "picture" && event.target.name === "do";
    if (event.target.name === "do") for (const name of ["picture", "alt"]) form.elements[name].required = adding;
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!running || over) { over = true; return; }
    /* A saving is on its way: the form is sent when it is known as which number it was kept. */
    event.preventDefault();
    const button = event.submitter;
    const wait = setInterval(() => { if (!running) { clearInterval(wait); form.requestSubmit(button); } }, 50);
  });
});
