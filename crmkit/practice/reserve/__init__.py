"""Further graded questions of each lesson, for a trainer to draw from: no lesson shows them.

A file a lesson, in the form of :mod:`crmkit.practice.questions`; `crmkit class bank` copies what is drawn
into a folder of the trainer's (docs/grading.md).
"""
