"""What a notebook keeps of an explorer when it is saved: the picture, not a view of a kernel that will be gone.

JupyterLab stores the random id of a widget's view. Opened again, such an output says "Error displaying widget: model
not found" and shows nothing. As an extension of Jupyter's server this module looks at every notebook before it is
written; installing crmkit switches it on (``etc/jupyter/jupyter_server_config.d/crmkit.json`` in the wheel).
"""

from __future__ import annotations

from typing import Any

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def leave_still_pictures(model: dict[str, Any], **_where: Any) -> None:
    """Take a widget's view out of every output that shows something without it.

    Parameters
    ----------
    model
        The file as Jupyter's server is about to write it; changed in place. Only notebooks are looked at, and only
        outputs with HTML beside the view: explorers and quizzes, which have a picture or words for that purpose.

    Examples
    --------
    >>> output = {"output_type": "display_data", "data": {WIDGET_VIEW: {"model_id": "1"}, "text/html": "<img>"}}
    >>> model = {"type": "notebook", "content": {"cells": [{"outputs": [output]}]}}
    >>> leave_still_pictures(model)
    >>> output["data"]
    {'text/html': '<img>'}
    """
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return
    for cell in content.get("cells") or ():
        for output in cell.get("outputs") or ():
            data = output.get("data")
            if isinstance(data, dict) and "text/html" in data:
                data.pop(WIDGET_VIEW, None)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "crmkit.saving"}]


def _load_jupyter_server_extension(server: Any) -> None:
    def begin() -> None:
        # Contents managers of other makers (a database, a cloud) may know no hooks: then widgets are saved as ever.
        register = getattr(server.contents_manager, "register_pre_save_hook", None)
        if register is not None:
            register(leave_still_pictures)

    # When the server runs, not now: an extension that is loaded later (jupytext) puts its own manager in place.
    server.io_loop.add_callback(begin)
