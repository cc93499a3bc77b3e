"use strict";
// The projector page: asks the trainer's own computer what is new, twice a second, and draws it.
const $ = id => document.getElementById(id);
let seen = "", now = {}, spokenAt = 0, failures = 0;

async function send(change) {
  const answer = await fetch("api/screen", {
    method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(change),
  });
  seen = "";
  await look();
  return answer.ok;
}

function draw(state) {
  now = state;
  $("people").textContent = state.people;
  if ($("stage").dataset.html !== state.stage) {
    $("stage").innerHTML = state.stage;
    $("stage").dataset.html = state.stage;
  }
  document.body.classList.toggle("showing", Boolean(state.item));
  $("lesson").value = state.lesson;
  const options = [["", $("item").options[0].textContent], ...state.items];
  const wanted = JSON.stringify(options);
  if ($("item").dataset.options !== wanted && document.activeElement !== $("item")) {
    $("item").replaceChildren(...options.map(([value, text]) => new Option(text, value)));
    $("item").dataset.options = wanted;
  }
  if (document.activeElement !== $("item")) $("item").value = state.item;
  $("follow").setAttribute("aria-pressed", String(state.follow));
  $("reveal").disabled = !state.can_reveal;
  $("reveal").textContent = state.reveal;
  $("result-label").hidden = !state.asks_result;
  $("result-name").textContent = state.result;
  $("open").textContent = state.open ? $("open").dataset.close : $("open").dataset.open;
  // A screen reader hears of it at most every eight seconds.
  if ($("spoken").textContent !== state.said && Date.now() - spokenAt > 8000) {
    $("spoken").textContent = state.said;
    spokenAt = Date.now();
  }
}

async function look() {
  try {
    const answer = await fetch(`api/state?seen=${encodeURIComponent(seen)}`, {cache: "no-store", signal: AbortSignal.timeout(5000)});
    if (answer.status === 200) {
      const state = await answer.json();
      seen = state.version;
      draw(state);
    } else if (answer.status !== 204) throw new Error(String(answer.status));
    failures = 0;
  } catch {
    failures += 1;
  }
  $("lost").hidden = failures < 3;
  $("lost").textContent = failures < 3 ? "" : document.body.dataset.lost;
}

async function keepLooking() {
  await look();
  setTimeout(keepLooking, 500);
}

function show(value) {
  const [kind, item] = value ? value.split("/") : ["", ""];
  return send({kind, item, follow: false});
}

function step(by) {
  // In a conversation the arrows lead along the room's way: back, and on once the room has answered.
  const along = now.turns && now.turns[by < 0 ? 0 : 1];
  if (along) return void show(along);
  if (now.turns && by > 0 && now.can_reveal) return;
  const names = now.items.map(pair => pair[0]);
  if (!names.length) return;
  const place = now.turns ? now.item.replace(/-[a-d]*$/, "-") : now.item;
  const at = names.indexOf(place);
  show(names[Math.min(Math.max(at + by, 0), names.length - 1)]);
}

async function reveal() {
  if (!now.can_reveal) return;
  if (now.revealed) return void send({hide: now.item.split("/")[1]});
  const field = $("result");
  const kept = await send({reveal: now.item.split("/")[1], result: now.asks_result ? field.value : null});
  field.setCustomValidity(kept ? "" : document.body.dataset.again);
  if (!kept) field.reportValidity(); else field.value = "";
}

function dark() {
  const isDark = getComputedStyle(document.documentElement).colorScheme.trim() === "dark";
  document.documentElement.dataset.theme = isDark ? "light" : "dark";
  try { localStorage.setItem("crmkit-live-theme", document.documentElement.dataset.theme); } catch { /* not kept */ }
}

try {
  const kept = localStorage.getItem("crmkit-live-theme");
  if (kept) document.documentElement.dataset.theme = kept;
} catch { /* the system's */ }
$("lesson").addEventListener("change", event => send({lesson: event.target.value}));
$("item").addEventListener("change", event => { show(event.target.value); event.target.blur(); });
$("before").addEventListener("click", () => step(-1));
$("after").addEventListener("click", () => step(1));
$("follow").addEventListener("click", () => send({follow: !now.follow, kind: "", item: ""}));
$("reveal").addEventListener("click", reveal);
$("result").addEventListener("input", event => event.target.setCustomValidity(""));
$("open").addEventListener("click", () => send({closed: now.open}));
$("dark").addEventListener("click", dark);
$("controls").addEventListener("submit", event => { event.preventDefault(); reveal(); });
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, input")) return;
  const doing = {ArrowLeft: () => step(-1), ArrowRight: () => step(1), a: reveal, f: () => $("follow").click(), d: dark}[event.key];
  if (doing) { event.preventDefault(); doing(); }
});
keepLooking();
