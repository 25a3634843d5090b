"""What a hub does beside answering calls: it delivers events and notifications, and runs ticks and long jobs."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import structlog

from hub.attendance import service as attendance
from hub.attendance.service.personal_data import on_user_erased as erase_attendance
from hub.courses import service as courses
from hub.courses.service.erasure import on_user_erased as erase_courses
from hub.db import housekeeping
from hub.db.database import Database
from hub.db.outbox import OutboxRelay
from hub.db.principal import SYSTEM
from hub.devices import service as devices
from hub.errors import HubError
from hub.faces.custody import KeyRing
from hub.faces.service import upkeep as faces
from hub.faces.service.erasure import on_user_erased as erase_faces
from hub.jobs import service as long_jobs
from hub.jobs.runner import JobRunner
from hub.jobs.running import JobKind
from hub.jobs.scheduler import Scheduler, every, sweep_ticks
from hub.mail.sender import SmtpSender
from hub.mqtt.publisher import MqttPublisher
from hub.notifications import handlers as notifications
from hub.notifications import queries as notification_queries
from hub.notifications import service as notification_service
from hub.notifications.broker_access import BrokerAccess
from hub.notifications.courier import Courier
from hub.notifications.erasure import on_user_erased as erase_notifications
from hub.notifications.mail_couriers import AccountMailCourier, NotificationMailCourier
from hub.notifications.mqtt_courier import MqttCourier
from hub.school import service as school
from hub.settings import Settings
from hub.timetable.schedule.erasure import on_user_erased as erase_timetable
from hub.timetable.service import calendar as timetable_calendar
from hub.timetable.service import generation, resolving
from hub.timetable.service import terms as timetable_terms
from hub.timetable.service import trainers as timetable_trainers
from hub.users import service as users
from hub.users.events import UserDisabled, UserEnabled, UserErased
from hub.users.service import sign_in

_log = structlog.get_logger("hub")


async def start_outbox(
    stack: AsyncExitStack,
    database: Database,
    *,
    access: BrokerAccess,
    publisher: MqttPublisher,
    sender: SmtpSender | None,
    console_url: Callable[[], str],
) -> None:
    """Deliver events to their subscribers, and notifications to their channels, until the stack closes.

    Without a `sender` mails wait in the database.
    """
    relay = OutboxRelay(database)
    for event_type, handler in (
        *users.subscriptions(),
        *devices.subscriptions(),
        *timetable_calendar.subscriptions(),
        *timetable_trainers.subscriptions(),
        *timetable_terms.subscriptions(),
        *attendance.subscriptions(),
        *notifications.subscriptions(),
    ):
        relay.subscribe(event_type, handler)
    for forget in (
        erase_faces,
        erase_attendance,
        erase_courses,
        erase_timetable,
        erase_notifications,
    ):
        relay.subscribe(UserErased, forget)
    for event_type in (UserDisabled, UserEnabled):
        relay.subscribe(event_type, access.on_user_changed, name="notifications.broker_access")
    couriers: list[Courier[Any]] = [MqttCourier(database, publisher)]
    if sender is None:
        await _tell_that_mails_wait(database)
    else:
        couriers += [
            kind(database, sender, console_url=console_url) for kind in (NotificationMailCourier, AccountMailCourier)
        ]

    async def stop_relay() -> None:
        await relay.stop()
        with suppress(HubError, TimeoutError):
            async with asyncio.timeout(2):
                await relay.run_once()

    for courier in couriers:
        await courier.start()
        stack.push_async_callback(courier.stop)
    await relay.start()
    stack.push_async_callback(stop_relay)


async def start_jobs(stack: AsyncExitStack, settings: Settings, database: Database, keys: KeyRing) -> None:
    """Run what goes by the clock, and long-running jobs, until the stack closes."""
    scheduler = Scheduler(database)
    scheduler.add("db.sweep", every(hours=1), housekeeping.sweep)
    scheduler.add("jobs.sweep_ticks", every(days=1), sweep_ticks)
    scheduler.add("jobs.sweep", every(days=1), long_jobs.sweep)
    scheduler.add("notifications.sweep_mails", every(days=1), notification_service.sweep_mails)
    scheduler.add("users.forget_old", every(hours=6), sign_in.forget_old)
    for name, trigger, tick in (
        *devices.jobs(),
        *faces.jobs(keys=keys, engine_id=settings.face_engine),
        *attendance.jobs(),
        *courses.jobs(),
        *school.jobs(),
    ):
        scheduler.add(name, trigger, tick)
    await scheduler.start()
    stack.push_async_callback(scheduler.stop)
    runner = JobRunner(database, job_kinds())
    await runner.start()
    stack.push_async_callback(runner.stop)


async def _tell_that_mails_wait(database: Database) -> None:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        waiting = await notification_queries.waiting_mails(uow)
    _log.warning("no e-mail is sent: mails wait in the database until smtp_url is set", waiting=waiting)


def job_kinds() -> list[JobKind]:
    """The long-running jobs of every domain: what `jobs.submit` may name."""
    return [*generation.job_kinds(), *resolving.job_kinds()]
