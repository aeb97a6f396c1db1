// Keeps the page of an import up to date for as long as the import is under way.

const PAUSE = 1000;
const region = document.getElementById("import");
// The one line that is read out, whenever it changes.
const state = document.getElementById("state");
const isUnderWay = () => ["waiting", "running"].includes(region.dataset.state);

async function showTheLatest() {
  try {
    const response = await fetch(location.href);
    if (response.redirected || response.status === 403 || response.status === 404) {
      location.reload(); // logged out meanwhile, or not for us any more
      return;
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const latest = page.getElementById("import");
    if (latest && latest.outerHTML !== region.outerHTML) {
      region.dataset.state = latest.dataset.state;
      region.replaceChildren(...latest.childNodes);
      const said = page.getElementById("state").textContent;
      if (said !== state.textContent) state.textContent = said;
    }
  } catch {
    // The server may be back the next time.
  }
  if (isUnderWay()) setTimeout(showTheLatest, PAUSE);
}

if (isUnderWay()) setTimeout(showTheLatest, PAUSE);
