/* Names of people who take part here, offered after an @. Without this script a whole name works as well. */
"use strict";
document.querySelectorAll("form[data-people]").forEach((form) => {
  const whole = "peopleWhole" in form.dataset, field = form.querySelector(whole ? "input[name=name]" : "textarea");
  if (!field) return;
  const list = document.createElement("ul");
  list.className = "similar"; list.id = field.id + "-people"; list.hidden = true;
  list.setAttribute("role", "listbox"); list.setAttribute("aria-label", "@");
  field.after(list);
  field.setAttribute("aria-controls", list.id); field.setAttribute("aria-autocomplete", "list");
  let asked = 0, timer = 0, at = -1, people = [], active = -1;
  function begun() {
    const before = field.value.slice(0, field.selectionStart);
    if (whole) { at = 0; return before.trim(); }
    const found = /(?:^|[^\w@./[])@([^\s@][^@\n]{0,40})$/u.exec(before);
    if (!found || found[1].split(" ").length > 3) return "";
    at = before.length - found[1].length - 1;
    return found[1];
  }
  function close() { list.hidden = true; people = []; active = -1; field.removeAttribute("aria-activedescendant"); }
  function mark(next) {
    active = (next + people.length) % people.length;
    [...list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === active)));
    field.setAttribute("aria-activedescendant", list.children[active].id);
  }
  function choose(person) {
    const end = field.selectionStart, put = (whole ? "" : "@") + person.name + (whole ? "" : " ");
    field.setRangeText(put, at, end, "end");
    const chosen = document.createElement("input");
    chosen.type = "hidden"; chosen.name = whole ? "handle" : "chosen"; chosen.value = person.handle;
    if (whole) form.querySelectorAll("input[type=hidden][name=handle]").forEach((old) => old.remove());
    form.append(chosen);
    close(); field.focus();
  }
  async function look() {
    const name = begun(), number = ++asked;
    if (!name) { close(); return; }
    const body = new FormData();
    body.set("name", name);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(form.dataset.people, { method: "POST", body });
      if (!answer.ok || number !== asked) return;
      people = (await answer.json()).people;
    } catch { return; }
    list.replaceChildren(...people.map((person, index) => {
      const item = document.createElement("li");
      item.id = list.id + index; item.setAttribute("role", "option"); item.setAttribute("aria-selected", "false");
      item.textContent = person.name;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(person); });
      return item;
    }));
    list.hidden = !people.length; active = -1;
  }
  field.addEventListener("input", () => {
    if (whole) form.querySelectorAll("input[type=hidden][name=handle]").forEach((old) => old.remove());
    clearTimeout(timer); timer = setTimeout(look, 150);
  });
  field.addEventListener("blur", () => setTimeout(close, 100));
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); mark(active + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(active - 1); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
    else if ((event.key === "Enter" || event.key === "Tab") && active >= 0) { event.preventDefault(); choose(people[active]); }
  });
});
