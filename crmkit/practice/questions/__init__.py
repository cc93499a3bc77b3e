"""The questions, one file per lesson: ``lesson_20.py`` holds ``TITLE``, ``QUESTIONS`` and ``QUIZ``.

docs/writing_questions.md shows how one is written.
"""
