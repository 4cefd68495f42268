"""What the tests of isolation stand on: two users, all that services offer, and ways to misuse it."""
