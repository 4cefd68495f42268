"""Everything Loadlens does, callable without a screen."""
