// Shows each change of a product as it comes, over a WebSocket; used on /live.
// All texts are in the page: in <template> elements and in attributes.

const LONGEST_LIST = 50;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30000;
// A connection that has lasted for so long was a good one.
const STEADY = 5000;

const list = document.getElementById("changes");
const state = document.getElementById("connection");
let pause = FIRST_PAUSE;
let waiting = null; // what came while the list was being loaded

function text(product, field) {
  if (field === "updated_at") return product.updated_at.slice(0, 16).replace("T", " ");
  if (field !== "price") return product[field];
  const { lang } = document.documentElement;
  const format = { minimumFractionDigits: 2, useGrouping: false };
  return Number(product.price).toLocaleString(lang, format);
}

function show({ event, product }) {
  const template = document.querySelector(`template[id="${CSS.escape(event)}"]`);
  if (!template) return; // an event of your own, that other pages show
  const change = `${product.id}-${event === "deleted" ? event : product.version}`;
  if (list.querySelector(`[data-change="${change}"]`)) return;
  const item = template.content.firstElementChild.cloneNode(true);
  item.dataset.change = change;
  for (const place of item.querySelectorAll("[data-field]")) {
    place.textContent = text(product, place.dataset.field);
  }
  for (const link of item.querySelectorAll("a")) link.href += product.slug;
  list.prepend(item);
  while (list.children.length > LONGEST_LIST) list.lastElementChild.remove();
}

// What was missed without a connection is in the page as it is now.
async function load() {
  waiting ??= [];
  try {
    const answer = await fetch(location.href);
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...page.getElementById("changes").children);
    }
  } catch {
    // Nobody there again: the next connection loads it.
  }
  const changes = waiting ?? [];
  waiting = null;
  changes.forEach(show);
}

function connect() {
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws/products`);
  let steady;
  socket.addEventListener("open", () => {
    steady = setTimeout(() => { pause = FIRST_PAUSE; }, STEADY);
    state.textContent = state.dataset.connected;
    load();
  });
  socket.addEventListener("message", ({ data }) => {
    const change = JSON.parse(data);
    if (waiting) waiting.push(change);
    else show(change);
  });
  socket.addEventListener("close", () => {
    clearTimeout(steady);
    state.textContent = state.dataset.connecting;
    // Not all browsers at once, when the server comes back.
    setTimeout(connect, pause * (1 + Math.random()) / 2);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  });
}

connect();
