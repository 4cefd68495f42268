"""View-models: what comes, and how far it can be trusted."""
