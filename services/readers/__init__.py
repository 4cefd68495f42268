"""What reads a stranger's file: a process of its own, `python -m services.readers`, and the formats it knows.

Everything that touches the bytes of such a file happens there, under limits that hold for the whole file.
The process imports nothing else of Loadlens and no pandas, so that it is up in a fifth of a second;
`services.sheets` starts it, watches it, and takes what it sends.
"""
