"""What a table is: the catalogue, loading the shipped tables, reading one's own orders."""
