/* Adds up what is ticked of a budget, as it is ticked. Without it the button “Add up” asks the server. */
"use strict";

for (const form of document.querySelectorAll("form[data-budget]")) {
  const output = form.querySelector("#sum");
  const boxes = [...form.querySelectorAll("input[data-cost]")];
  const show = () => {
    const sum = boxes.reduce((total, box) => total + (box.checked ? Math.round(Number(box.dataset.cost) * 100) : 0), 0) / 100;
    const told = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(sum);
    output.textContent = output.dataset.words.replace("@", told);
  };
  form.addEventListener("change", show);
  show();
  for (const button of form.querySelectorAll(".sum button")) button.hidden = true;
}
