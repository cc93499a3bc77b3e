// Tells a returning reader that a lesson is newer than the copy kept in this browser, and lets both live side by side.
// JupyterLite keeps an edited notebook in IndexedDB, where it shadows the site's file of the same name. Every notebook of
// the site carries its fingerprint in its metadata, and the copy keeps it: that is how an old copy is known.
"use strict";

const root = document.body.dataset.root;
const storage = document.body.dataset.storage;
// What this page says, in its language: build_site.py writes the words into the page.
const words = JSON.parse(document.getElementById("words").textContent);

function say(name, fields) {
  return words[name].replace(/\{(\w+)\}/g, (whole, field) => (field in fields ? fields[field] : whole));
}

function openStore() {
  return new Promise((resolve) => {
    const request = indexedDB.open(storage);
    // A first visit: there is no store yet, and none is to be made here (JupyterLite makes its own).
    request.onupgradeneeded = () => request.transaction.abort();
    request.onsuccess = () => {
      const known = request.result.objectStoreNames.contains("files");
      if (!known) request.result.close();
      resolve(known ? request.result : null);
    };
    request.onerror = () => resolve(null);
  });
}

function ask(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Finds the reader's copies of the site's notebooks, and says of each whether the site's own is newer by now.
async function keptCopies(database, versions) {
  const files = database.transaction("files").objectStore("files");
  const found = [];
  for (const [path, version] of Object.entries(versions)) {
    const copy = await ask(files.get(path));
    const kept = copy && copy.content && copy.content.metadata && copy.content.metadata.crmkit;
    if (kept) found.push({ path, old: kept.version !== version });
  }
  return found;
}

// Gives the kept copy another name, so that the site's newer notebook shows again under the old one.
async function keepAside(database, path) {
  const files = database.transaction("files", "readwrite").objectStore("files");
  const copy = await ask(files.get(path));
  const stem = path.replace(/\.ipynb$/, "");
  let mine = `${stem}-my-copy.ipynb`;
  for (let number = 2; await ask(files.get(mine)); number += 1) mine = `${stem}-my-copy-${number}.ipynb`;
  await ask(files.put({ ...copy, path: mine, name: mine.split("/").pop() }, mine));
  await ask(files.delete(path));
  return mine;
}

function setAside(database, path, words, label) {
  const box = document.createElement("div");
  const said = document.createElement("p");
  said.textContent = words;
  const button = document.createElement("button");
  button.className = "button";
  button.textContent = label;
  button.setAttribute("aria-label", `${label}: ${path}`);
  button.addEventListener("click", async () => {
    const mine = await keepAside(database, path);
    said.textContent = say("aside", { path, mine });
    button.remove();
  });
  box.append(said, button);
  return box;
}

function tellNewer(place, database, path) {
  const box = setAside(
    database,
    path,
    say("newer", { path }),
    words.keep,
  );
  box.className = "notice";
  place.append(box);
}

function list(place, database, paths) {
  const box = document.createElement("details");
  const head = document.createElement("summary");
  head.textContent = say("changed", { count: paths.length });
  box.append(head);
  for (const path of paths) box.append(setAside(database, path, path, words.again));
  box.className = "copies";
  place.append(box);
}

// Over plain http from another computer a browser grants no service worker, and with it no files that outlive the kernel.
function tellInsecure(place) {
  const box = document.createElement("p");
  box.className = "notice";
  box.textContent =
    words.http;
  place.append(box);
}

// The reading page opened last is offered on the front page; it is kept in this browser only.
function goOn() {
  const reading = document.querySelector("main[data-lesson]");
  const place = document.getElementById("continue");
  const name = `${storage}-last-${document.documentElement.lang}`;
  try {
    if (reading) localStorage.setItem(name, JSON.stringify([reading.dataset.lesson, reading.dataset.page]));
    const last = place && JSON.parse(localStorage.getItem(name) || "null");
    if (!last) return;
    const link = document.createElement("a");
    link.href = last[1];
    link.textContent = say("last", { lesson: last[0] });
    place.append(link);
    place.hidden = false;
  } catch (failure) {
    // A browser that keeps nothing has nothing to continue.
  }
}

async function main() {
  goOn();
  const place = document.getElementById("updates");
  if (!place) return;
  if (!window.isSecureContext && window.location.protocol === "http:") tellInsecure(place);
  if (!("indexedDB" in window)) return;
  const answer = await fetch(`${root}versions.json`, { cache: "no-cache" });
  if (!answer.ok) return;
  const { notebooks } = await answer.json();
  const database = await openStore();
  if (!database) return;
  const only = place.dataset.only;
  const copies = (await keptCopies(database, notebooks)).filter(({ path }) => !only || path.endsWith(`/${only}`));
  for (const { path, old } of copies) if (old) tellNewer(place, database, path);
  const current = copies.filter(({ old }) => !old).map(({ path }) => path);
  if (!only && current.length) list(place, database, current);
}

main().catch((failure) => console.warn("crmkit: could not look for newer lessons", failure));
