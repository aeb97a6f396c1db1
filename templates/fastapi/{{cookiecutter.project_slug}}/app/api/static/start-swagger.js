// Shows the description of the API, to be tried out.
const dark = matchMedia("(prefers-color-scheme: dark)");
const choose = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", choose);
choose();

const shown = SwaggerUIBundle({
  url: "/api/openapi.json",
  domNode: document.getElementById("swagger"),
  deepLinking: true,
  // Asks no other host whether the description is valid.
  validatorUrl: "none",
  onComplete() {
    document.title = shown.specSelectors.info().get("title");
  },
});
