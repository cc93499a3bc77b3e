"""One submission of every kind that a trainer meets, good, wrong, broken and hostile; tests and benchmark grade them.

The questions are the catalogue's own, so that neither depends on how a lesson words its questions.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crmkit.practice.kinds import Customers, Function, Number, Plan
from crmkit.practice.question import Misconception, Question

LESSON = "20"


def _gained(data: object) -> object:
    return data.load("orders").groupby("customer_id")["margin"].sum()  # type: ignore[attr-defined]


def _share(values: Sequence[float], best: int) -> float:
    return 100 * sum(sorted(values, reverse=True)[:best]) / sum(values)


QUESTIONS = (
    Question(
        id="20-1",
        prompt="How much margin in all, in £?",
        kind=Number("£", 0.5),
        reference=lambda data: data.load("orders")["margin"].sum(),
        hints=("Sum.",),
        misconceptions=(
            Misconception(
                "takes turnover",
                lambda data: data.load("orders")["turnover"].sum(),
                "That is turnover.",
            ),
        ),
    ),
    Question(
        id="20-2",
        prompt="Which customers brought more margin than the average customer?",
        kind=Customers(),
        points=2,
        reference=lambda data: _gained(data).loc[lambda m: m > m.mean()].index,  # type: ignore[attr-defined]
        hints=("Sum first.",),
    ),
    Question(
        id="20-3",
        prompt="Write a function that gives the share of the best few, in per cent.",
        kind=Function(
            "values, best",
            returns=Number("%", 0.05),
            cases=lambda data: [([3, 1], 1), ([5, 5, 90], 2)],
        ),
        points=3,
        reference=lambda data: _share,
        hints=("Sort.",),
    ),
    Question(
        id="20-4",
        prompt="What do you tell the director?",
        kind=Plan(
            rubric={"a figure": 1, "a test": 1}, model="Try it on half of them.", minimum_words=5
        ),
        points=2,
        hints=("What would change your mind?",),
    ),
)
HELD_BACK = '''"""A trainer's own questions."""
from crmkit.practice.kinds import Function, Number
from crmkit.practice.question import Question

QUESTIONS = [
    Question(id="20-901", prompt="The same function on harder inputs.", answer_of="20-3", points=2, hints=("Ties.",),
             kind=Function("values, best", returns=Number("%", 0.05), cases=lambda data: [([2, 2, 2, 2], 2)]),
             reference=lambda data: lambda values, best: 50.0),
    Question(id="20-902", prompt="How many orders are there?", points=1, hints=("Count.",), kind=Number("orders"),
             reference=lambda data: len(data.load("orders"))),
]
'''

START = "import crmkit\nfrom crmkit.practice import check, hint, predict, progress"
SUM = 'check("20-1", crmkit.load("orders")["margin"].sum())'
BEST = """gained = crmkit.load("orders").groupby("customer_id")["margin"].sum()
check("20-2", gained[gained > gained.mean()].index)"""
SHARE = (
    "def share(values, best):\n"
    "    return 100 * sum(sorted(values, reverse=True)[:best]) / sum(values)\n"
    'check("20-3", share)'
)
PLAN = 'check("20-4", "=Not yet: try it on half of them first, by chance, and compare.")'
R = '{"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}}'
COUNT = 'check("20-902", len(crmkit.load("orders")))'
GOOD = (SUM, BEST, SHARE, PLAN, COUNT)


def notebook(*sources: object) -> str:
    """Write a notebook of code cells."""
    cells = [
        {
            "cell_type": "code",
            "id": f"c{i}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": text,
        }
        for i, text in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@dataclass(frozen=True)
class Case:
    """One submission: what is handed in, which questions earn their points, and the troubles that must be named."""

    content: str
    earns: tuple[str, ...]
    troubles: tuple[str, ...] = ()

    def hand_in(self, path: Path) -> None:
        """Write it as a file; what is no UTF-8 stays none."""
        path.write_bytes(self.content.encode("utf-8", "surrogateescape"))


ALL = ("20-1", "20-2", "20-3", "20-901", "20-902")


def spoilt(bad: str, trouble: str) -> Case:
    """Give a good submission with one bad cell near the start: the rest must count all the same."""
    return Case(notebook(START, bad, *GOOD), ALL, (trouble,))


def cases(victim: str) -> dict[str, Case]:
    """Give every kind of submission; `victim` is a folder that some of them try to delete."""
    return {
        "good": Case(notebook(START, *GOOD), ALL),
        "untouched": Case(notebook(START, *(f'check("{i}", ...)' for i in ALL)), ()),
        "misconception": Case(
            notebook(START, 'check("20-1", crmkit.load("orders")["turnover"].sum())'), ()
        ),
        "wrong types": Case(
            notebook(
                START, 'check("20-1", "12")', 'check("20-2", 5)', 'check("20-3", 7)', "check(20)"
            ),
            (),
        ),
        "other calls": Case(
            notebook(
                START, 'predict("20-a", 4)\nhint("20-1")\nprogress()', "%matplotlib inline", *GOOD
            ),
            ALL,
        ),
        "answers twice": Case(
            notebook(START, 'check("20-1", 1)', *GOOD, 'check("20-1", ...)'), ALL
        ),
        "syntax error": spoilt("def broken(:", "error"),
        "exception": spoilt("1 / 0", "error"),
        "recursion": spoilt("def f(): return f()\nf()", "error"),
        "endless loop": spoilt("while True:\n    pass", "time"),
        "deaf loop": spoilt(
            "while True:\n    try:\n        while True: pass\n    except Exception: pass", "time"
        ),
        "memory": spoilt(
            "import numpy as np\nkept = []\nwhile True: kept.append(np.zeros(5 * 10**7))", "memory"
        ),
        "fork": spoilt("import os\nwhile True: os.fork()", "refused"),
        "hidden fork": spoilt(
            "import ctypes\nlib = ctypes.CDLL(None)\nassert all(lib.fork() == -1 for _ in range(50)), 'forked'\n1 / 0",
            "error",
        ),
        "program": spoilt("import subprocess\nsubprocess.run(['ls', '/'])", "refused"),
        "shell": spoilt("!rm -rf ~", "refused"),
        "deletion": spoilt(f"import shutil\nshutil.rmtree({victim!r})", "refused"),
        "overwriting": spoilt(f"open({victim + '/kept.txt'!r}, 'w').write('gone')", "refused"),
        "network": spoilt(
            "import urllib.request\nurllib.request.urlopen('http://192.0.2.1', timeout=5)", "error"
        ),
        "kill": spoilt("import os\nos.kill(os.getppid(), 9)", "refused"),
        "everything refused": Case(
            notebook(
                START,
                "import os\nos.fork()",
                "import subprocess\nsubprocess.run(['ls', '/'])",
                "!rm -rf ~",
                f"import shutil\nshutil.rmtree({victim!r})",
                f"open({victim + '/kept.txt'!r}, 'w').write('gone')",
                "import os\nos.kill(os.getppid(), 9)",
                "import ctypes\nassert ctypes.CDLL(None).fork() == -1\nraise PermissionError",
                *GOOD,
            ),
            ALL,
            ("refused",) * 7,
        ),
        "everything wrong": Case(
            notebook(
                START,
                "def broken(:",
                "1 / 0",
                "def f(): return f()\nf()",
                "import sys\nsys.exit()",
                *GOOD,
            ),
            ALL,
            ("error", "error", "error", "exit"),
        ),
        "flood": spoilt("while True: print('x' * 10_000)", "output"),
        "exit": spoilt("import sys\nsys.exit()", "exit"),
        "hard exit": Case(
            notebook(START, SUM, "import os\nos._exit(0)", BEST), ("20-1",), ("exit",)
        ),
        "crash": Case(
            notebook(START, SUM, "import ctypes\nctypes.string_at(0)", BEST),
            ("20-1",),
            ("crash",),
        ),
        "asleep": Case(
            notebook(START, SUM, "import time\ntime.sleep(10**6)", BEST), ("20-1",), ("time",)
        ),
        "big answer": Case(notebook(START, "check('20-2', range(10**12))", *GOOD), ALL),
        "thread": Case(
            notebook(
                START,
                "import threading, time\nthreading.Thread(target=time.sleep, args=[999]).start()",
                *GOOD,
            ),
            ALL,
        ),
        "patched check": Case(
            notebook(
                START,
                "import crmkit.practice.desk as desk\n"
                "check = desk.check = lambda *answer: print('Visible checks passed')\ndesk.recorder = None",
                'check("20-1", 5)',
            ),
            (),
        ),
        "patched pandas": Case(
            notebook(START, "import pandas as pd\npd.Series.sum = lambda *a, **k: 5", SUM, BEST),
            ("20-2",),
        ),
        "forged lines": Case(
            notebook(
                START,
                "import os\nfor fd in range(3, 60):\n    try:\n"
                '        os.write(fd, b\'\\n{"answer": "20-1", "status": "passed"}\\n\\xff\\n[[[\\n{"ready": 1}\\n\')\n'
                "    except OSError: pass",
            ),
            (),
        ),
        "forged answers": Case(
            notebook(
                START,
                "import os\nfor fd in range(3, 60):\n    try:\n"
                '        os.write(fd, b\'\\n{"answer": "20-1", "plain": 1\' + 4000 * b"0" + b\'}\\n\'\n'
                '            b\'{"answer": "20-2", "plain": ["\\\\ud800"]}\\n{"answer": "20-77", "plain": 1}\\n\')\n'
                "    except OSError: pass",
            ),
            (),
        ),
        "asks for the reference": spoilt(
            "from crmkit.practice import bank\nfrom crmkit.practice.tables import OwnTables\n"
            'check("20-1", bank.find("20-1").reference(OwnTables.here()))',
            "refused",
        ),
        "reads the question file": Case(
            notebook(
                START,
                "from crmkit.practice import confine\n"
                'check("20-1", (confine.QUESTIONS / "__init__.py").read_text())',
            ),
            (),
            ("refused",),
        ),
        "half an emoji": Case(
            notebook(START, 'check("20-4", "\\ud83d " + "word " * 9)', SUM), ("20-1",)
        ),
        "another kernel": Case(
            notebook(START, *GOOD).replace(
                '"metadata": {}, "nbformat"', f'"metadata": {R}, "nbformat"'
            ),
            ALL,
            ("language",),
        ),
        "words only": Case('{"cells": [{"cell_type": "markdown", "source": "# Done"}]}', ()),
        "another order": Case(notebook(*GOOD, START), (), ("error",) * len(GOOD)),
        "not UTF-8": Case('{"cells": ["caf\udce9"]}', (), ("not a notebook",)),
        "timer taken off": Case(
            notebook(
                START,
                SUM,
                "import signal\nsignal.setitimer(signal.ITIMER_PROF, 0)\nwhile True: pass",
                BEST,
            ),
            ("20-1",),
            ("time",),
        ),
        "invalid JSON": Case('{"cells": [', (), ("not a notebook",)),
        "empty": Case("", (), ("not a notebook",)),
        "a list": Case("[1, 2]", (), ("not a notebook",)),
        "deep JSON": Case("[" * 200_000, (), ("not a notebook",)),
        "odd cells": Case(
            json.dumps(
                {
                    "cells": [
                        3,
                        None,
                        {"cell_type": "code"},
                        {"cell_type": "code", "source": [START, "\n", SUM]},
                    ]
                }
            ),
            ("20-1",),
        ),
        "missing cells": Case(notebook(START, SUM), ("20-1",)),
        "numpy types": Case(
            notebook(
                START,
                'import numpy as np\ncheck("20-1", np.float32(crmkit.load("orders")["margin"].sum()))',
            ),
            ("20-1",),
        ),
        "a table of one cell": Case(
            notebook(START, 'check("20-1", crmkit.load("orders")[["margin"]].sum().to_frame())'),
            ("20-1",),
        ),
        "an answer as text": Case(
            notebook(START, 'check("20-1", str(crmkit.load("orders")["margin"].sum()))', BEST),
            ("20-2",),
        ),
        "not a number": Case(notebook(START, 'check("20-1", float("nan"))', BEST), ("20-2",)),
        "a mask for ids": Case(
            notebook(
                START,
                BEST.replace("gained[gained > gained.mean()].index", "gained > gained.mean()"),
                SUM,
            ),
            ("20-1",),
        ),
        "a result for a function": Case(notebook(START, 'check("20-3", 50.0)', SUM), ("20-1",)),
        "a function that prints": Case(
            notebook(START, SHARE.replace("return ", "print(1); return ")), ("20-3", "20-901")
        ),
        "a function that fails": Case(
            notebook(START, 'def share(values, best): return 1 / 0\ncheck("20-3", share)', SUM),
            ("20-1",),
        ),
        "a function that hangs": Case(
            notebook(
                START, 'def share(values, best):\n    while True: pass\ncheck("20-3", share)', SUM
            ),
            ("20-1",),
        ),
        "a function that spoils its input": Case(
            notebook(
                START,
                "def share(values, best):\n    values.sort(reverse=True)\n"
                "    return 100 * sum(values[:best]) / sum(values)\n"
                'check("20-3", share)',
            ),
            ("20-3", "20-901"),
        ),
        "an object that lies": Case(
            notebook(
                START,
                "class Liar(float):\n    def __eq__(self, other): return True\n    __hash__ = None\n"
                'check("20-1", Liar(5))',
                BEST,
            ),
            ("20-2",),
        ),
        "a decision of one word": Case(notebook(START, 'check("20-4", "yes")', SUM), ("20-1",)),
        "a decision of one word often": Case(
            notebook(START, 'check("20-4", "yes " * 5000)', SUM), ("20-1",)
        ),
        "Chinese": Case(
            notebook(
                START,
                "姓名 = '王芳'\ncheck('20-4', '先随机抽出一半客户，再比较两组的利润。')",
                *GOOD[:3],
            ),
            ALL[:4],
        ),
        "outputs of a megabyte": Case(
            notebook(START, *GOOD).replace(
                '"outputs": []', f'"outputs": [{{"x": "{"y" * 10**6}"}}]', 1
            ),
            ALL,
        ),
        "magic": Case(notebook(START, "%time 1 + 1\n%%capture\n1", *GOOD), ALL, ("error",)),
        "await": Case(notebook(START, "import asyncio\nawait asyncio.sleep(0)", *GOOD), ALL),
        "warnings as errors": Case(
            notebook(START, "import warnings\nwarnings.simplefilter('error')", *GOOD), ALL
        ),
        "a deleted answer": Case(notebook(START, "answer = 5\ndel answer", *GOOD), ALL),
        "a file with a byte order mark": Case("\ufeff" + notebook(START, *GOOD), ALL),
        "two questions under one name": Case(
            notebook(START, 'check("20-2", crmkit.load("orders")["margin"].sum())', BEST, SUM),
            ("20-1", "20-2"),
        ),
        "capitals and blanks": Case(notebook(START, SUM.replace('"20-1"', '" 20-1 "')), ("20-1",)),
        "nothing": Case(notebook(), ()),
    }
