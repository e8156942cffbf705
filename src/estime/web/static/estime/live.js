/* Shows how far a job is without loading the page again. Without this script the page refreshes itself. */
"use strict";
(() => {
  const look = async () => {
    const here = document.querySelector("[data-live]");
    if (!here) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected) { location.assign(answer.url); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(here.id);
      if (!fresh) { location.reload(); return; }
      here.replaceWith(fresh);
      if (!fresh.dataset.live) { document.title = page.title; return; }
    } catch { /* the server is away for a moment: look again */ }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
})();
