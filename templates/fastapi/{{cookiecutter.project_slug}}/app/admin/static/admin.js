// One box that selects all rows. Without scripts it stays hidden, and all else works.
for (const all of document.querySelectorAll(".select-all")) {
  const boxes = all.form.querySelectorAll("input[name=pks]");
  all.hidden = false;
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
}
