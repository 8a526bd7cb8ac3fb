"""What the identity core does by itself. Each task calls one service and is safe to run twice."""

from celery import shared_task

from . import reset_windows, services, step_ups
from .activation import sp_services


@shared_task(name="accounts.forget_what_is_old")  # type: ignore[untyped-decorator]
def forget_what_is_old() -> None:
    services.forget_what_is_old()
    reset_windows.forget_old()
    step_ups.forget_old()


@shared_task(name="accounts.forget_old_mitid")  # type: ignore[untyped-decorator]
def forget_old_mitid() -> None:
    sp_services.forget_old()


@shared_task(name="accounts.write_down_what_is_over")  # type: ignore[untyped-decorator]
def write_down_what_is_over() -> None:
    reset_windows.expire_overdue()
    step_ups.expire_overdue()
