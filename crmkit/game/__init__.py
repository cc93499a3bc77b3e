"""The management game: three years at Fernwell's desk, on customers whose truth is known.

A player decides, quarter by quarter, about service, prices, messages, bonds, advertising and research; `step` lets the
same kind of customers as the course's answer; the debrief opens the drawer.
"""
