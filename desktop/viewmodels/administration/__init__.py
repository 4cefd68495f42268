"""View-models: the accounts, and what all of them hold and did."""
