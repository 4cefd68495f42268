"""Windows: before anybody is signed in."""
