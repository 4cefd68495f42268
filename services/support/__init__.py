"""What somebody who helps from afar needs to know, in a file that tells no secret, no name and no reading."""

from services.support.bundle import BundleRefused, save, save_for_installation

__all__ = ["BundleRefused", "save", "save_for_installation"]
