/* How far a file is on its way to the server. Without this script the form is sent all the same. */
"use strict";
document.querySelectorAll("form[data-progress]").forEach((form) => {
  const box = form.querySelector(".upload-progress"), words = box.querySelector("[role=status]"), bar = box.querySelector("progress");
  const button = form.querySelector("button.primary"), told = form.dataset;
  const stop = (text) => { words.textContent = text; bar.hidden = true; button.disabled = false; };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = form.querySelector("input[type=file]").files[0];
    if (button.disabled) return;
    box.hidden = false; bar.hidden = false;
    if (file && file.size > Number(told.limit)) { stop(told.tooLarge); return; }
    button.disabled = true;
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (sent) => {
      if (!sent.lengthComputable) return;
      const share = Math.floor(100 * sent.loaded / sent.total);
      bar.value = share; words.textContent = told.progress.replace("%s", share + "\u00a0%");
    });
    request.addEventListener("load", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* a page of error: said below */ }
      if (answer.to) location.assign(answer.to); else stop(answer.error || told.failed);
    });
    request.addEventListener("error", () => stop(told.failed));
    request.send(new FormData(form));
  });
});
