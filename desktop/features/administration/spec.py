"""The page of administrators, as the window knows it."""

from desktop.features.administration.audit_view_model import AuditViewModel
from desktop.features.administration.page import AdministrationWindow
from desktop.features.administration.searched_table import everyones_devices, everyones_imports
from desktop.features.administration.users_view_model import UsersViewModel
from desktop.framework.page_spec import PageContext, PageSpec, ViewModelSpec
from services.messages import N_


def _build(at: PageContext) -> AdministrationWindow:
    return AdministrationWindow(
        at.get(UsersViewModel),
        everyones_devices(at.session, at),
        everyones_imports(at.session, at),
        at.get(AuditViewModel),
    )


ADMINISTRATION = PageSpec(
    name="administration",
    title=N_("Ad&ministration"),
    icon="shield-account-outline",
    build=_build,
    view_models=(
        ViewModelSpec(UsersViewModel, lambda at: UsersViewModel(at.session, at)),
        ViewModelSpec(AuditViewModel, lambda at: AuditViewModel(at.session, at)),
    ),
    admins_only=True,
)
