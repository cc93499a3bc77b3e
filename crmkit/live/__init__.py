"""Live in the room: a trainer's computer collects what a class predicts and answers, and shows it on the projector.

``crmkit live`` starts it. Students take part with ``join("room code")`` (:mod:`crmkit.practice.joining`). The rooms of
this package: `messages` (what may come in), `store` (kept in SQLite), `pictures` (what may be shown: nothing of fewer
than five), `limits`, `server` (HTTP), `page`. docs/live.md tells a trainer how to use it.
"""
