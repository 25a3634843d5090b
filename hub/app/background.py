"""What a hub does beside answering calls: it delivers events and notifications, and runs ticks and long jobs."""

import asyncio
from contextlib import AsyncExitStack, suppress

from hub.attendance import service as attendance
from hub.courses import service as courses
from hub.db import housekeeping
from hub.db.database import Database
from hub.db.outbox import OutboxRelay
from hub.devices import service as devices
from hub.errors import HubError
from hub.faces.custody import KeyRing
from hub.faces.service import upkeep as faces
from hub.jobs import service as long_jobs
from hub.jobs.runner import JobRunner
from hub.jobs.running import JobKind
from hub.jobs.scheduler import Scheduler, every, sweep_ticks
from hub.mqtt.publisher import MqttPublisher
from hub.notifications import handlers as notifications
from hub.notifications.broker_access import BrokerAccess
from hub.notifications.courier import MqttCourier
from hub.settings import Settings
from hub.users import service as users
from hub.users.events import UserDisabled, UserEnabled
from hub.users.service import sign_in


async def start_outbox(
    stack: AsyncExitStack, database: Database, access: BrokerAccess, publisher: MqttPublisher
) -> None:
    """Deliver events to their subscribers, and notifications to their channels, until the stack closes."""
    relay = OutboxRelay(database)
    for event_type, handler in (
        *users.subscriptions(),
        *devices.subscriptions(),
        *attendance.subscriptions(),
        *notifications.subscriptions(),
    ):
        relay.subscribe(event_type, handler)
    for event_type in (UserDisabled, UserEnabled):
        relay.subscribe(event_type, access.on_user_changed, name="notifications.broker_access")
    courier = MqttCourier(database, publisher)
    carrying = asyncio.create_task(courier.run())

    async def stop_courier() -> None:
        carrying.cancel()
        await asyncio.gather(carrying, return_exceptions=True)
        if publisher.is_connected:
            # What the last calls caused goes out before the hub does; the rest waits in the database.
            with suppress(HubError, TimeoutError):
                async with asyncio.timeout(2):
                    await courier.deliver_due()

    async def stop_relay() -> None:
        await relay.stop()
        with suppress(HubError, TimeoutError):
            async with asyncio.timeout(2):
                await relay.run_once()

    stack.push_async_callback(stop_courier)
    await relay.start()
    stack.push_async_callback(stop_relay)


async def start_jobs(stack: AsyncExitStack, settings: Settings, database: Database, keys: KeyRing) -> None:
    """Run what goes by the clock, and long-running jobs, until the stack closes."""
    scheduler = Scheduler(database)
    scheduler.add("db.sweep", every(hours=1), housekeeping.sweep)
    scheduler.add("jobs.sweep_ticks", every(days=1), sweep_ticks)
    scheduler.add("jobs.sweep", every(days=1), long_jobs.sweep)
    scheduler.add("users.forget_old", every(hours=6), sign_in.forget_old)
    for name, trigger, tick in (
        *devices.jobs(),
        *faces.jobs(keys=keys, engine_id=settings.face_engine),
        *attendance.jobs(),
        *courses.jobs(),
    ):
        scheduler.add(name, trigger, tick)
    await scheduler.start()
    stack.push_async_callback(scheduler.stop)
    runner = JobRunner(database, job_kinds())
    await runner.start()
    stack.push_async_callback(runner.stop)


def job_kinds() -> list[JobKind]:
    """The long-running jobs of every domain: what `jobs.submit` may name."""
    return []
