"use strict";
// A student's page: shows the step that the room is at, and sends a letter. Nothing else can be sent.
const $ = id => document.getElementById(id);
const words = document.body.dataset;
let seen = "", room = "", turn = {}, mine = "", late = "", failures = 0;

function random() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map(byte => byte.toString(16).padStart(2, "0")).join("");
}

function keep(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name) || "";
  } catch { return value || ""; }
}
const who = keep("crmkit-live-who") || keep("crmkit-live-who", random()) || random();

async function post(path, body) {
  return fetch(path, {method: "POST", headers: {"Content-Type": "text/plain"}, body: JSON.stringify(body), cache: "no-store", signal: AbortSignal.timeout(5000)});
}

function line(kind, text) {
  const made = document.createElement("p");
  made.className = kind;
  made.textContent = text;
  return made;
}

function draw() {
  const parts = [];
  if (!turn.item) parts.push(line("calm", words.nothing));
  else {
    parts.push(line("who", `${turn.person}. ${turn.matter}`));
    if (turn.last) {
      const [said, reply, why] = turn.last;
      parts.push(line("ours", `${words.we}: “${said}”`), line("reply", `${turn.person}: “${reply}”`), line("why", why));
    }
    if (turn.says) parts.push(line("says", `${turn.person}: “${turn.says}”`));
    if (turn.over) parts.push(line("calm", words.over));
    else if (!turn.choices.length) parts.push(line("calm", words.wait));
  }
  $("talk").replaceChildren(...parts);
  $("choices").replaceChildren(...(turn.choices || []).map(([letter, text]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.letter = letter;
    const name = document.createElement("b");
    name.textContent = `${letter}) `;
    button.append(name, text);
    button.setAttribute("aria-pressed", String(letter === mine));
    button.addEventListener("click", () => vote(letter));
    return button;
  }));
  $("kept").textContent = late && late === turn.item ? words.late : "";
}

async function vote(letter) {
  const answer = {event: random(), kind: "scene", id: turn.item, value: letter};
  try {
    const reply = await post("api/answers", {room, who, answers: [answer]});
    if (reply.status === 410) return void ($("kept").textContent = words.closed);
    if (!reply.ok) throw new Error(String(reply.status));
    if ((await reply.json()).late) {
      late = answer.id;
      return void ($("kept").textContent = words.late);
    }
    mine = letter;
    for (const button of $("choices").children) button.setAttribute("aria-pressed", String(button.dataset.letter === mine));
    $("kept").textContent = words.kept.replace("{letter}", letter);
  } catch {
    $("kept").textContent = words.again;
  }
}

async function look() {
  try {
    const answer = await post("api/step", {room, who, seen});
    if (answer.status === 403) return stay(words.wrong);
    if (answer.status === 200) {
      const step = await answer.json();
      if (step.item !== turn.item || (step.choices || []).length) late = "";
      if (step.item !== turn.item) mine = "";
      turn = step;
      seen = step.seen;
      draw();
    } else if (answer.status !== 204) throw new Error(String(answer.status));
    failures = 0;
  } catch {
    failures += 1;
  }
  $("lost").hidden = failures < 3;
  setTimeout(look, 1500 + Math.random() * 500);
}

function stay(why) {
  keep("crmkit-live-room", "");
  $("door").hidden = false;
  $("inside").hidden = true;
  $("code").setCustomValidity(why);
  $("code").reportValidity();
}

async function enter(code, quiet = false) {
  const leave = why => quiet ? keep("crmkit-live-room", "") : stay(why);
  try {
    const answer = await post("api/step", {room: code, who, seen: ""});
    if (answer.status !== 200) return leave(answer.status === 429 ? words.again : words.wrong);
    const step = await answer.json();
    room = step.room;
    keep("crmkit-live-room", room);
    turn = step;
    seen = step.seen;
    await post("api/answers", {room, who, answers: []});
    $("door").hidden = true;
    $("inside").hidden = false;
    draw();
    setTimeout(look, 1500);
  } catch {
    leave(words.again);
  }
}

$("door").addEventListener("submit", event => { event.preventDefault(); enter($("code").value); });
$("code").addEventListener("input", event => event.target.setCustomValidity(""));
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input")) return;
  const button = $("choices").children[/^[1-4]$/.test(event.key) ? Number(event.key) - 1 : "abcd".indexOf(event.key)];
  if (button) { event.preventDefault(); button.focus(); button.click(); }
});
if (keep("crmkit-live-room")) enter(keep("crmkit-live-room"), true);
