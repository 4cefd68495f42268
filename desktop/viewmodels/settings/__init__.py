"""View-models: what Loadlens is to know, and what it does by itself."""
