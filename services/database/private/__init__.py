"""The private `mongod` of this machine."""
