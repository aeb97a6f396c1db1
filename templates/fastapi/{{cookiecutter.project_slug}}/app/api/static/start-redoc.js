// Shows the description of the API, to be read.
const options = {
  // Its search runs in a worker made of a `blob:`, which the site's policy forbids.
  disableSearch: true,
  nativeScrollbars: true,
  downloadDefinitionUrl: "/api/openapi.json",
};
fetch("/api/openapi.json")
  .then((answer) => answer.json())
  .then((description) => {
    document.title = description.info.title;
    Redoc.init(description, options, document.getElementById("redoc"));
  });
