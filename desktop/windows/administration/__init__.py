"""Windows: the accounts, and what all of them hold and did."""
