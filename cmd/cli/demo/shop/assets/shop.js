// The page's part of the talk with Tarn's bot, and what a page does to have Baton's chat beside it.

// Calls that come before Baton's script is there wait in this list.
window.Baton ??= [];
const withBaton = (call) => window.Baton.push(call);

const part = (selector) => document.querySelector(selector);
const talk = part("#talk");
const tab = part(".tab");
const lines = part(".lines");
const form = part(".ask form");
const words = part("#words");
const moved = part(".moved");

/** tell says something to the bot. */
const tell = (body) =>
  fetch("/talk", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/**
 * The bot learns who the visitor is at Baton, and names him when it hands over. To ask makes Baton listen as well, so
 * that its chat opens by itself when that happens.
 */
let met = false;
function meet() {
  if (met) return;
  met = true;
  withBaton((api) => api.visitor().then((id) => tell({ Visitor: id }), () => (met = false)));
}

function open(is) {
  talk.hidden = !is;
  tab.setAttribute("aria-expanded", is);
  tab.textContent = is ? "Close the bot" : "Ask Tarn's bot";
  sessionStorage.setItem("tarn_open", is ? "yes" : "");
  lines.scrollTop = lines.scrollHeight;
}

function draw(state) {
  lines.replaceChildren(
    ...state.lines.map(({ who, text }) => {
      const line = document.createElement("p");
      line.className = who;
      line.dir = "auto";
      line.textContent = text;
      return line;
    }),
  );
  moved.hidden = !state.person;
  form.hidden = state.person;
  lines.scrollTop = lines.scrollHeight;
}

let stream;
function listen() {
  stream?.close();
  stream = new EventSource("/talk");
  stream.onmessage = (e) => {
    const state = JSON.parse(e.data);
    draw(state);
    // Nothing has been said: the server has no talk to follow yet.
    if (state.lines.length < 2) stream.close();
    else meet();
  };
}

async function say(text) {
  words.value = "";
  const answer = await tell({ Text: text, Page: location.pathname });
  if (!answer.ok) words.value = text;
  // The first words made the talk; now there is something to hear.
  if (stream.readyState === EventSource.CLOSED) listen();
}

tab.addEventListener("click", () => {
  open(talk.hidden);
  if (!talk.hidden) words.focus();
});
form.addEventListener("submit", (e) => {
  e.preventDefault();
  if (words.value.trim()) say(words.value.trim());
});
part(".hints").addEventListener("click", (e) => e.target.closest("button") && say(e.target.textContent));
part(".back").addEventListener("click", () => withBaton((api) => api.open()));
listen();
if (sessionStorage.getItem("tarn_open")) open(true);

// When people hand the talk back, the bot's window is where it goes on.
withBaton((api) => {
  api.on("handoff", () => open(false));
  api.on("ended", ({ return_to }) => return_to === "bot" && open(true));
  api.context({ shop: "Tarn", basket: "empty" });
  const { customer, vouches } = document.body.dataset;
  if (customer && vouches !== undefined) api.identify(() => fetch("/identity").then((r) => r.text())).catch(() => {});
});
part('header form[action="/sign-out"]')?.addEventListener("submit", () => withBaton((api) => api.forget()));
