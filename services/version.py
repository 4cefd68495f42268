"""The version of Loadlens and of the packages that it uses."""


def installed_version(package: str = "loadlens") -> str:
    """Return the version of an installed package; empty where it is not installed."""
    from importlib.metadata import PackageNotFoundError, version  # not before the first paint

    try:
        return version(package)
    except PackageNotFoundError:
        return ""
