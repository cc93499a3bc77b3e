// A notebook saved in the browser keeps pictures: what crmkit/saving.py does on Jupyter's server, where there is none.
// JupyterLab stores the random id of a widget's view. Opened again, such an output says "Loading widget..." for ever.
// So the view is taken out of every output that shows something without it, whenever a notebook is written or read.
// (Read too: a copy that was saved by an older edition of the site is mended, and no widget lives when a page opens.)
// This file is an extension of JupyterLab, written out as its builder would pack it; nothing has to be compiled.
"use strict";

(() => {
  const WIDGET_VIEW = "application/vnd.jupyter.widget-view+json";

  function stillOutput(output) {
    const data = output.data;
    if (!data || !(WIDGET_VIEW in data) || !("text/html" in data)) return output;
    const kept = { ...data };
    delete kept[WIDGET_VIEW];
    return { ...output, data: kept };
  }

  // Gives a copy: what JupyterLab shows at this moment stays alive.
  function withStills(file) {
    if (file?.type !== "notebook" || !Array.isArray(file.content?.cells)) return file;
    const cells = file.content.cells.map((cell) =>
      Array.isArray(cell.outputs) ? { ...cell, outputs: cell.outputs.map(stillOutput) } : cell,
    );
    return { ...file, content: { ...file.content, cells } };
  }

  const plugin = {
    id: "crmkit-stills:plugin",
    autoStart: true,
    activate: (app) => {
      const contents = app.serviceManager.contents;
      const { save, get } = contents;
      contents.save = (path, file) => save.call(contents, path, withStills(file));
      contents.get = async (path, options) => withStills(await get.call(contents, path, options));
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["crmkit-stills"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
