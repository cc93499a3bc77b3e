"""What Jupyter's server does for the course: a saved notebook keeps pictures, an opened one is not changed by opening.

JupyterLab stores the random id of a widget's view. Opened again, such an output says "Error displaying widget: model
not found" and shows nothing. As an extension of Jupyter's server this module looks at every notebook before it is
written. And a lesson names no version of Python, which the kernel then adds: JupyterLab would mark each lesson as
changed as soon as it is open, so the version is added before. Installing crmkit switches it on
(``etc/jupyter/jupyter_server_config.d/crmkit.json`` in the wheel).
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
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


def name_the_python(model: dict[str, Any]) -> None:
    """Describe the Python that is going to run a notebook, as its kernel will when it has started.

    Parameters
    ----------
    model
        The file as Jupyter's server is about to hand it out; changed in place. Only notebooks of the kernel
        ``python3`` are looked at.

    Examples
    --------
    >>> model = {"type": "notebook", "content": {"metadata": {"kernelspec": {"name": "python3"}}}}
    >>> name_the_python(model)
    >>> model["content"]["metadata"]["language_info"]["nbconvert_exporter"]
    'python'
    """
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return
    about = content.get("metadata")
    if isinstance(about, dict) and (about.get("kernelspec") or {}).get("name") == "python3":
        about["language_info"] = {
            "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
            "file_extension": ".py",
            "mimetype": "text/x-python",
            "name": "python",
            "nbconvert_exporter": "python",
            "pygments_lexer": "ipython3",
            "version": sys.version.split()[0],
        }


def _named(get: Callable[..., Any]) -> Callable[..., Any]:
    """Let a contents manager's ``get`` hand notebooks out with their Python named."""

    async def named(*given: Any, **options: Any) -> Any:
        model = get(*given, **options)
        if inspect.isawaitable(model):
            model = await model
        if isinstance(model, dict):
            name_the_python(model)
        return model

    def named_at_once(*given: Any, **options: Any) -> Any:
        model = get(*given, **options)
        if isinstance(model, dict):
            name_the_python(model)
        return model

    return named if inspect.iscoroutinefunction(get) else named_at_once


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "crmkit.saving"}]


def _load_jupyter_server_extension(server: Any) -> None:
    def begin() -> None:
        # Contents managers of other makers (a database, a cloud) may know no hooks: then widgets are saved as ever.
        contents = server.contents_manager
        register = getattr(contents, "register_pre_save_hook", None)
        if register is not None:
            register(leave_still_pictures)
            contents.get = _named(contents.get)

    # When the server runs, not now: an extension that is loaded later (jupytext) puts its own manager in place.
    server.io_loop.add_callback(begin)
