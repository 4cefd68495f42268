"""The pages of the main window: to add one, add its folder in `desktop.features` and its spec here."""

from desktop.features.administration.spec import ADMINISTRATION
from desktop.features.alerts.spec import ALERTS
from desktop.features.dashboard.spec import DASHBOARD
from desktop.features.devices.spec import DEVICES
from desktop.features.imports.spec import IMPORTS
from desktop.features.predictions.spec import PREDICTIONS
from desktop.features.reports.spec import REPORTS
from desktop.features.settings.spec import SETTINGS

PAGES = (DASHBOARD, DEVICES, PREDICTIONS, ALERTS, REPORTS, IMPORTS, ADMINISTRATION, SETTINGS)
"""In the order of the sidebar."""
