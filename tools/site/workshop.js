// A lesson without code: predictions that are answered beside the guess, questions that reply, explorers that move.
// Everything but the explorers works at once, from what build_site.py wrote into the page. The explorers wait for Python,
// which a worker loads meanwhile (workshop_worker.js). What the reader does is kept in this browser only.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("workshop-data").textContent);
  const words = JSON.parse(document.getElementById("workshop-words").textContent);
  const root = new URL(document.body.dataset.root, window.location.href);
  const place = `${document.body.dataset.storage}-workshop-${document.documentElement.lang}-${data.lesson}`;
  const kept = Object.assign({ guesses: {}, answered: {}, quiz: {}, moved: {}, typed: {} }, read(localStorage, place));

  function read(store, name) {
    try {
      return JSON.parse(store.getItem(name) || "{}");
    } catch (failure) {
      return {};
    }
  }

  function keep() {
    try {
      localStorage.setItem(place, JSON.stringify(kept));
    } catch (failure) {
      // A browser that keeps nothing still answers.
    }
  }

  function say(name, fields = {}) {
    return words[name].replace(/\{(\w+)(?::[^{}]*)?\}/g, (whole, field) => (field in fields ? fields[field] : whole));
  }

  function made(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // ---- numbers, as crmkit.practice.guesses writes them -------------------------------------------------------------

  function digits(value, count, useGrouping = true) {
    const form = { minimumFractionDigits: count, maximumFractionDigits: count, roundingMode: "halfEven", useGrouping };
    return new Intl.NumberFormat("en", form).format(value);
  }

  function withUnit(value, unit) {
    const size = Math.abs(value);
    const number = digits(value, Number.isInteger(value) || size >= 10 ? 0 : size >= 1 ? 1 : 2);
    return unit ? say("withUnit", { number, unit }) : number;
  }

  // "1,200" and "1 200" are twelve hundred, "2,5" is two and a half.
  function number(text) {
    const bare = text.replace(/%|[^\d.,+\-−]+$/g, "").replace(/[\s\u00a0']/g, "").replace("−", "-");
    const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replace(/,/g, "") : bare.replace(",", ".");
    return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
  }

  // The same sentences as guesses.answered: a test compares them over many guesses.
  function compared(asked, guess) {
    const answer = asked.shown;
    if (guess === undefined || guess === null) return say("noGuess", { answer });
    if (asked.kind === "choice") {
      const mine = say("quoted", { option: asked.options[guess] });
      return say(guess === asked.answer ? "soItIs" : "itIs", { guess: mine, answer });
    }
    const mine = withUnit(guess, asked.unit);
    const found = asked.answer;
    const gap = Math.abs(guess - found);
    if (gap <= asked.most) return say("close", { guess: mine, answer });
    const least = Math.min(guess, found);
    const times = least > 0 ? Math.max(guess, found) / least : NaN;
    if (times >= 3) return say(guess > found ? "timesHigh" : "timesLow", { guess: mine, answer, times: digits(times, 0, false) });
    const by = asked.points ? say("points", { number: withUnit(gap, "") }) : withUnit(gap, asked.gap);
    return say(guess > found ? "high" : "low", { guess: mine, answer, by });
  }

  // ---- predictions -------------------------------------------------------------------------------------------------

  const parts = Array.from(document.querySelectorAll("main section.part"));

  function openParts() {
    let open = true;
    for (const part of parts) {
      if (part.dataset.after && !kept.answered[part.dataset.after]) open = false;
      part.hidden = !open;
    }
    document.getElementById("closed").hidden = open;
    document.getElementById("end").hidden = !open;
  }

  function reply(form, tone, ...lines) {
    const box = form.querySelector(".reply");
    box.className = `reply ${tone}`;
    box.replaceChildren(...lines.map((line) => made("p", { innerHTML: line })));
  }

  function escaped(text) {
    return made("p", { textContent: text }).innerHTML;
  }

  function answer(form, id) {
    const asked = data.predictions[id];
    reply(form, "calm", `<b>${escaped(compared(asked, kept.guesses[id]))}</b>`, asked.why);
    form.querySelector(".actions").hidden = true;
    for (const input of form.querySelectorAll("input")) input.disabled = true;
  }

  function keptGuess(form, id) {
    const asked = data.predictions[id];
    const guess = kept.guesses[id];
    const mine = asked.kind === "choice" ? say("quoted", { option: asked.options[guess] }) : withUnit(guess, asked.unit);
    reply(form, "calm", escaped(say("kept", { guess: mine })));
    form.querySelector(".show").hidden = false;
    form.querySelector(".without").hidden = true;
    form.querySelector(".keep").classList.add("quiet");
  }

  function guessed(form, asked) {
    if (asked.kind === "choice") return form.elements.guess.value || null;
    return number(form.elements.guess.value);
  }

  for (const form of document.querySelectorAll("form.predict")) {
    const id = form.dataset.id;
    const asked = data.predictions[id];
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const guess = guessed(form, asked);
      if (guess === null) {
        reply(form, "look", escaped(asked.kind === "choice" ? say("pickOne") : say("oneNumber")));
        (form.querySelector("input:checked") || form.querySelector("input")).focus();
        return;
      }
      kept.guesses[id] = guess;
      keep();
      keptGuess(form, id);
      tell("prediction", id, guess);
      form.querySelector(".show").focus();
    });
    form.addEventListener("input", () => {
      kept.typed[id] = form.elements.guess.value;
      keep();
    });
    const open = () => {
      kept.answered[id] = true;
      keep();
      answer(form, id);
      openParts();
      progress();
      const box = form.querySelector(".reply");
      box.tabIndex = -1;
      box.focus({ preventScroll: true });
    };
    form.querySelector(".show").addEventListener("click", open);
    form.querySelector(".without").addEventListener("click", open);
    const typed = kept.typed[id] ?? kept.guesses[id];
    if (typed !== undefined) form.elements.guess.value = typed;
    if (kept.guesses[id] !== undefined) keptGuess(form, id);
    if (kept.answered[id]) answer(form, id);
  }

  // ---- quiz --------------------------------------------------------------------------------------------------------

  for (const form of document.querySelectorAll("form.quiz")) {
    const name = form.dataset.id;
    const show = (picked) => {
      const option = data.quiz[name][picked];
      reply(form, option.right ? "good" : "look", option.reply);
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => {
      const picked = Number(form.elements.guess.value);
      kept.quiz[name] = picked;
      keep();
      show(picked);
      progress();
      tell("quiz", name, "abcdefghij"[picked]);
    });
    if (kept.quiz[name] !== undefined) {
      form.elements.guess.value = String(kept.quiz[name]);
      show(kept.quiz[name]);
    }
  }

  function progress() {
    const groups = [
      [data.predictions, kept.answered],
      [data.quiz, kept.quiz],
      [data.explorers, kept.moved],
    ];
    let all = 0;
    let done = 0;
    for (const [asked, answered] of groups) {
      all += Object.keys(asked).length;
      done += Object.keys(asked).filter((name) => answered[name] !== undefined).length;
    }
    document.getElementById("done").textContent = say(done === all ? "allDone" : "done", { done, all });
    const bar = document.getElementById("bar");
    bar.max = all;
    bar.value = done;
  }

  document.getElementById("open-all").addEventListener("click", () => {
    for (const form of document.querySelectorAll("form.predict")) {
      kept.answered[form.dataset.id] = true;
      answer(form, form.dataset.id);
    }
    keep();
    openParts();
    progress();
  });
  document.getElementById("start-again").addEventListener("click", () => {
    try {
      localStorage.removeItem(place);
    } catch (failure) {
      // Nothing was kept.
    }
    window.location.reload();
  });

  // ---- explorers ---------------------------------------------------------------------------------------------------

  const boxes = Array.from(document.querySelectorAll(".explorer"));
  const ready = new Set();
  let worker = null;
  let started = false;

  function waits(box, name, again = false) {
    const line = box.querySelector(".waits");
    line.hidden = !name;
    line.replaceChildren(...(name ? [say(name)] : []));
    if (again) {
      const button = made("button", { type: "button", className: "button quiet", textContent: say("again") });
      button.addEventListener("click", start);
      line.append(" ", button);
    }
  }

  function start() {
    if (worker) worker.terminate();
    started = true;
    for (const box of boxes) waits(box, "loading");
    try {
      worker = new Worker(new URL("assets/workshop_worker.js", root), { type: "module" });
    } catch (failure) {
      failed();
      return;
    }
    worker.addEventListener("message", ({ data: said }) => hear(said));
    worker.addEventListener("error", failed);
    const absolute = (path) => new URL(path, root).href;
    worker.postMessage({
      do: "start",
      pyodide: absolute(data.python.pyodide),
      packages: [...data.python.packages, ...data.python.wheels.map(absolute)],
      language: data.python.language,
      room: read(localStorage, `${document.body.dataset.storage}-room`),
    });
    data.explorers.forEach((explorer, at) => worker.postMessage({ do: "explorer", at, ...explorer }));
    const code = sessionStorageGet();
    if (code) join(code);
  }

  function failed() {
    for (const box of boxes) if (!ready.has(Number(box.dataset.at))) waits(box, "failed", true);
  }

  function hear(said) {
    if (said.say === "loaded") for (const box of boxes) waits(box, "computing");
    if (said.say === "failed") failed();
    if (said.say === "explorer") draw(boxes[said.at], said.at, said.state);
    if (said.say === "state") update(said.at, said.state);
    if (said.say === "room") joined(said);
  }

  // One move is under way at most, and the newest waits for it: a drag never makes a queue.
  const drawn = [];

  function move(at, which, value) {
    const explorer = drawn[at];
    kept.moved[at] = true;
    keep();
    progress();
    const button = explorer.controls[which].kind === "button";
    explorer.waiting = explorer.waiting.filter((one) => button || one.which !== which);
    explorer.waiting.push({ which, value });
    next(at);
  }

  function next(at) {
    const explorer = drawn[at];
    if (explorer.busy || !explorer.waiting.length) return;
    const { which, value } = explorer.waiting.shift();
    explorer.busy = true;
    worker.postMessage({ do: "move", at, which, value });
  }

  function update(at, state) {
    const explorer = drawn[at];
    explorer.busy = false;
    show(explorer, state);
    next(at);
  }

  function show(explorer, state) {
    const image = explorer.box.querySelector("img");
    image.src = `data:image/png;base64,${state.picture}`;
    image.alt = state.alt;
    explorer.box.querySelector(".sentence").textContent = state.sentence;
    state.controls.forEach((control, which) => {
      if (!explorer.waiting.some((one) => one.which === which)) explorer.controls[which].set(control);
    });
  }

  function draw(box, at, state) {
    const explorer = { box, waiting: [], busy: false, controls: [] };
    drawn[at] = explorer;
    ready.add(at);
    explorer.controls = state.controls.map((control, which) => makeControl(control, `${at}-${which}`, (value) => move(at, which, value)));
    box.querySelector(".controls").replaceChildren(...explorer.controls.map((control) => control.element));
    show(explorer, state);
    waits(box, "");
    box.classList.add("live");
  }

  function makeControl(control, name, moved) {
    const makers = { slider, steps: slider, list, choice, switch: toggle, button };
    return { kind: control.kind, ...makers[control.kind](control, `control-${name}`, moved) };
  }

  function slider(control, id, moved) {
    const steps = control.kind === "steps";
    const input = made("input", { type: "range", id });
    Object.assign(input, steps ? { min: 0, max: control.options.length - 1, step: 1 } : control.ends || {});
    if (!steps) Object.assign(input, { min: control.min, max: control.max, step: control.step });
    const shown = made("output", {});
    shown.setAttribute("for", id);
    input.addEventListener("input", () => moved(Number(input.value)));
    const head = made("div", { className: "head" }, made("label", { htmlFor: id, textContent: control.words }), shown);
    const set = (now) => {
      const text = steps ? now.options[now.value] : now.shown;
      input.value = now.value;
      input.disabled = now.off;
      input.setAttribute("aria-valuetext", text);
      shown.textContent = text;
    };
    return { element: made("div", { className: "control" }, head, input), set };
  }

  function list(control, id, moved) {
    const select = made("select", { id });
    let known = "";
    select.addEventListener("change", () => moved(select.selectedIndex));
    const set = (now) => {
      const options = JSON.stringify(now.options);
      if (options !== known) select.replaceChildren(...now.options.map((text) => made("option", { textContent: text })));
      known = options;
      select.selectedIndex = now.value ?? -1;
      select.disabled = now.off;
    };
    const label = made("label", { htmlFor: id, textContent: control.words });
    return { element: made("div", { className: "control" }, label, select), set };
  }

  function choice(control, id, moved) {
    const inputs = control.options.map((text, at) => made("input", { type: "radio", name: id, value: String(at) }));
    const rows = inputs.map((input, at) => made("label", {}, input, ` ${control.options[at]}`));
    const element = made("fieldset", { className: "control" }, made("legend", { textContent: control.words }), ...rows);
    inputs.forEach((input, at) => input.addEventListener("change", () => moved(at)));
    return { element, set: (now) => inputs.forEach((input, at) => Object.assign(input, { checked: at === now.value, disabled: now.off })) };
  }

  function toggle(control, id, moved) {
    const input = made("input", { type: "checkbox", id });
    input.addEventListener("change", () => moved(input.checked));
    const element = made("div", { className: "control" }, input, " ", made("label", { htmlFor: id, textContent: control.words }));
    return { element, set: (now) => Object.assign(input, { checked: now.value, disabled: now.off }) };
  }

  function button(control, id, moved) {
    const element = made("button", { type: "button", id, className: control.quiet ? "button quiet" : "button" });
    element.addEventListener("click", () => moved(null));
    return { element, set: (now) => Object.assign(element, { textContent: now.words, disabled: now.off }) };
  }

  // ---- a trainer's room --------------------------------------------------------------------------------------------

  const room = document.getElementById("room");
  const said = document.getElementById("room-said");
  const leave = document.getElementById("room-leave");
  const roomName = `${document.body.dataset.storage}-room-code`;
  let taking = false;

  function sessionStorageGet() {
    const { code } = read(sessionStorage, roomName);
    return code;
  }

  function sessionStorageSet(code) {
    try {
      sessionStorage.setItem(roomName, JSON.stringify(code ? { code } : {}));
    } catch (failure) {
      // Then the next lesson asks for it again.
    }
  }

  function join(code) {
    taking = true;
    room.elements.code.value = code;
    said.textContent = say("roomWaits");
    if (!started) start();
    worker.postMessage({ do: "join", code });
  }

  function joined({ state, address, problem, remember }) {
    taking = state === "taken" || state === "silent";
    said.textContent = problem || say(`room_${state}`, { address });
    leave.hidden = !taking;
    sessionStorageSet(taking ? room.elements.code.value : "");
    if (taking) document.getElementById("room-box").open = true;
    try {
      if (remember) localStorage.setItem(`${document.body.dataset.storage}-room`, remember);
    } catch (failure) {
      // The next lesson then joins under another number.
    }
  }

  // Nothing is sent but to a room that was joined: which question, and a number or a letter.
  function tell(kind, id, value) {
    if (taking && worker) worker.postMessage({ do: "tell", kind, id, value });
  }

  room.addEventListener("submit", (event) => {
    event.preventDefault();
    if (room.elements.code.value.trim()) join(room.elements.code.value.trim());
  });
  leave.addEventListener("click", () => {
    taking = false;
    leave.hidden = true;
    said.textContent = say("roomLeft");
    sessionStorageSet("");
    worker.postMessage({ do: "leave" });
  });

  openParts();
  progress();
  document.getElementById("tools").hidden = false;
  // For tests.
  window.crmkitWorkshop = { compared: (id, guess) => compared(data.predictions[id], guess), number, predictions: data.predictions };
  if (window.location.protocol === "file:") for (const box of boxes) waits(box, "noServer");
  else if (navigator.connection && navigator.connection.saveData) for (const box of boxes) waits(box, "saves", true);
  else if (boxes.length || sessionStorageGet()) start();
})();
