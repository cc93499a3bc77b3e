// Tells a returning reader that a lesson is newer than the copy kept in this browser, and lets both live side by side.
// JupyterLite keeps an edited notebook in IndexedDB, where it shadows the site's file of the same name. Every notebook of
// the site carries its fingerprint in its metadata, and the copy keeps it: that is how an old copy is known.
"use strict";

const root = document.body.dataset.root;
const storage = document.body.dataset.storage;

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

async function oldCopies(database, versions) {
  const files = database.transaction("files").objectStore("files");
  const found = [];
  for (const [path, version] of Object.entries(versions)) {
    const copy = await ask(files.get(path));
    const kept = copy && copy.content && copy.content.metadata && copy.content.metadata.crmkit;
    if (kept && kept.version !== version) found.push(path);
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

function tell(place, database, path) {
  const box = document.createElement("div");
  box.className = "notice";
  const words = document.createElement("p");
  words.textContent = `${path}: the site has a newer edition than the copy that you edited in this browser. Your copy opens until you set it aside.`;
  const button = document.createElement("button");
  button.className = "button";
  button.textContent = "Keep my copy under another name and use the newer one";
  button.addEventListener("click", async () => {
    const mine = await keepAside(database, path);
    box.replaceChildren(document.createElement("p"));
    box.firstChild.textContent = `${path} is now the newer edition. Your copy is ${mine}.`;
  });
  box.append(words, button);
  place.append(box);
}

async function main() {
  const place = document.getElementById("updates");
  if (!place || !("indexedDB" in window)) return;
  const answer = await fetch(`${root}versions.json`, { cache: "no-cache" });
  if (!answer.ok) return;
  const { notebooks } = await answer.json();
  const database = await openStore();
  if (!database) return;
  for (const path of await oldCopies(database, notebooks)) tell(place, database, path);
}

main().catch((failure) => console.warn("crmkit: could not look for newer lessons", failure));
