"""The simulated company: parameters in, tables and truth out. It knows nothing of the analyses.

>>> from crmkit.world import simulate
>>> world = simulate("fernwell", customers=50, seed=1)
>>> len(world.tables["customers"]), "customers" in world.truth
(50, True)
"""

from crmkit.world.company import companies, read_company
from crmkit.world.simulate import Context, World, simulate
from crmkit.world.write import write

__all__ = ["Context", "World", "companies", "read_company", "simulate", "write"]
