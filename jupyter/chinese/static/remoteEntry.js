// Chinese in a notebook (words learnt, a student's name, a lesson in Chinese) is readable on a machine that has no Chinese
// font. The font lies beside this file. A browser fetches it only where it meets such a character and has no font of its
// own for it. This file is an extension of JupyterLab, written out as its builder would pack it; nothing is compiled.
"use strict";

(() => {
  const font = new URL("crmkit-sans-sc.otf", document.currentScript.src);
  const own = ["Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei"].map((name) => `local("${name}")`);
  // First in the list, for Chinese characters only: all others are drawn by the theme's own fonts, as ever.
  const kinds = ["content", "code", "ui"];
  const style = `
    @font-face { font-family: "crmkit Chinese"; src: ${own.join(", ")}, url("${font}"); unicode-range: U+2E80-9FFF, U+FF00-FFEF; }
    body { ${kinds.map((kind) => `--crmkit-${kind}: var(--jp-${kind}-font-family);`).join(" ")} }
    .jp-Notebook { ${kinds.map((kind) => `--jp-${kind}-font-family: "crmkit Chinese", var(--crmkit-${kind});`).join(" ")} }
  `;

  const plugin = {
    id: "crmkit-chinese:plugin",
    autoStart: true,
    activate: () => {
      const node = document.createElement("style");
      node.textContent = style;
      document.head.append(node);
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["crmkit-chinese"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
