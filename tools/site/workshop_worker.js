// Python for a workshop page, away from the page itself, so that reading and scrolling never wait for it.
// Messages are done one after another: a move waits until its explorer is there.
"use strict";

const GLUE = `
import contextlib, io, json, os, pathlib, warnings
os.environ["MPLBACKEND"] = "agg"
warnings.simplefilter("ignore")
from crmkit.explore.plain_page import Bridge
from crmkit.practice import desk, joining

bridges = {}
kept = pathlib.Path("/drive/.crmkit_room.json")

def explorer(at, code, expression):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, names)
        bridges[at] = Bridge(eval(expression, names))
    return json.dumps(bridges[at].described())

def move(at, which, value):
    bridges[at].moved(which, value)
    return json.dumps(bridges[at].state())

def join(code):
    try:
        room, state = joining.take_part(code)
    except joining.NoRoomCode as problem:
        return json.dumps({"state": "none", "problem": str(problem)})
    named = {joining.TAKEN: "taken", joining.NO_ROOM: "other", joining.CLOSED: "closed"}
    remember = kept.read_text() if kept.exists() else ""
    return json.dumps({"state": named.get(state, "silent"), "address": room.address, "remember": remember})

def leave():
    with contextlib.redirect_stdout(io.StringIO()):
        joining.leave()
`;

let python = null;

async function start({ pyodide, packages, language, room }) {
  const { loadPyodide } = await import(pyodide);
  python = await loadPyodide({ packages, env: { HOME: "/home/pyodide", CRMKIT_LANGUAGE: language, MPLBACKEND: "agg" } });
  python.FS.mkdirTree("/drive");
  if (room && room.who) python.FS.writeFile("/drive/.crmkit_room.json", JSON.stringify(room));
  python.runPython(GLUE);
  self.postMessage({ say: "loaded" });
}

const call = (name, ...values) => python.globals.get(name)(...values);

const tasks = {
  start,
  explorer: ({ at, code, expression }) => self.postMessage({ say: "explorer", at, state: JSON.parse(call("explorer", at, code, expression)) }),
  move: ({ at, which, value }) => self.postMessage({ say: "state", at, state: JSON.parse(call("move", at, which, value)) }),
  join: ({ code }) => self.postMessage({ say: "room", ...JSON.parse(call("join", code)) }),
  leave: () => call("leave"),
  tell: ({ kind, id, value }) => python.globals.get("desk").tell_room.callKwargs(kind, id, { value }),
};

let last = Promise.resolve();

self.addEventListener("message", ({ data }) => {
  last = last.then(async () => {
    try {
      await tasks[data.do](data);
    } catch (failure) {
      console.warn("crmkit:", failure);
      self.postMessage({ say: "failed" });
    }
  });
});
