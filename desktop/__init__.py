"""Qt windows of Loadlens: the only package that knows Qt."""
