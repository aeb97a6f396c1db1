// Selects all rows of the page at once. Without scripts, one by one works too.
const all = document.getElementById("select-all");
if (all) {
  const rows = [...document.querySelectorAll('input[name="id"]')];
  all.hidden = rows.length === 0;
  all.addEventListener("change", () => rows.forEach((row) => { row.checked = all.checked; }));
  rows.forEach((row) => row.addEventListener("change", () => {
    all.checked = rows.every((one) => one.checked);
  }));
}
