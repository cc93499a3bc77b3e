"""Reading real people's order files: the steps behind :func:`crmkit.data.own_orders.read_orders`.

One module a step: :mod:`reading` (bytes to cells), :mod:`headings` (which column is what), :mod:`dates`,
:mod:`amounts`, :mod:`report` (what was read, used and set aside, and why) and :mod:`errors`.
"""
