"""A team's database server: named, tried, chosen."""
