"""View-models: before anybody is signed in."""
