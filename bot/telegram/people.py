"""What people say of themselves, want to be told, and want forgotten; in private chats alone."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.reaction import Reaction, ReportFile
from bot.telegram.visit import CHANNEL, Visit
from services import inbox
from services.bootstrap import Services
from services.conversation.kept import is_kept
from services.conversation.reply import Reply
from services.conversation.state import note_shown
from services.people import corrections, enrolment, forgotten, personal_data, subscription
from services.people import person as people
from services.people.data_file import ENCODING, NAME, data_file
from services.people.deeplink import decode
from services.people.person import Identity, identity_of
from services.people.personal_data import tell_held
from services.storage.models import Person
from services.tools.forms.telling import told_answers

FILE = "p:file"
"""What brings the file of one's data, once it was said what is held."""


async def start(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Greet, with the notice and the subjects; then ask who it is, or show what is known.

    Whoever erased themselves may stand in lists again from here on.
    """
    greeting = _greeting(visit, app)
    await note_shown(session, CHANNEL, visit.conversation, greeting, app.now())
    if not visit.private:
        return Reaction((greeting,))
    person, link = await meet(visit, session, app), decode(visit.argument) or enrolment.NOWHERE
    await personal_data.lift_suppression(session, _identity(app), CHANNEL, person.chat)
    asked = await enrolment.begin(session, person, app.library, app.now(), link=link)
    return Reaction((greeting, asked))


async def answer(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Note what a button says of the person; what comes next takes its message's place."""
    if not visit.private:
        return _stale(app)
    person, what = await meet(visit, session, app), visit.payload.partition(":")[2]
    reply = await enrolment.press(session, person, app.library, app.now(), what=what)
    return Reaction((reply,), instead_of=visit.pressed) if reply else _stale(app)


async def press(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Count and answer a button under an announcement."""
    if not visit.private:
        return _stale(app)
    person, payload = await meet(visit, session, app), visit.payload
    reply = await subscription.press(session, person, app.library, app.now(), payload=payload)
    return Reaction((reply,)) if reply else _stale(app)


async def tell(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Tell what is held of the person; then give all of it as a file."""
    if not visit.private:
        return _private_only(app)
    person = await meet(visit, session, app)
    return Reaction((await tell_held(session, person, app.library),), then=FILE)


async def give_file(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Give all that is held of the person as a file; nobody's write waits for it."""
    person = await people.find(session, CHANNEL, visit.conversation)
    if person is None:
        return Reaction()
    file = await data_file(
        session,
        _identity(app),
        person,
        app.library,
        app.now(),
        answering=visit.row,
        told_answers=told_answers,
    )
    if file is None:
        return Reaction()
    caption = app.library.phrases.say("told_file_caption")
    return Reaction((ReportFile(NAME, file.encode(ENCODING), caption),))


async def rename(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Take the name behind the command for the one that is kept."""
    if not visit.private:
        return _private_only(app)
    person = await meet(visit, session, app)
    return Reaction((corrections.rename(person, app.library, visit.argument),))


async def leave(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Take the person out of the list behind the command."""
    if not visit.private:
        return _private_only(app)
    person = await meet(visit, session, app)
    return Reaction((await corrections.leave(session, person, app.library, visit.argument),))


async def stop(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Stop all announcements, or those of the topic behind the command."""
    if not visit.private:
        return _private_only(app)
    person, topic = await meet(visit, session, app), visit.argument
    return Reaction((await subscription.stop(session, person, app.library, app.now(), topic),))


async def resume(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Start all announcements, or those of the topic behind the command."""
    if not visit.private:
        return _private_only(app)
    person, topic = await meet(visit, session, app), visit.argument
    return Reaction((await subscription.start(session, person, app.library, app.now(), topic),))


async def erase(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Erase all that is kept of a person, then say so; that does not make them known again."""
    chat = visit.conversation
    await personal_data.hold_back(app.sessions, CHANNEL, chat, app.now())
    kept = await is_kept(session, CHANNEL, chat)
    kept |= await inbox.waiting(session, CHANNEL, chat, before=visit.row) > 0
    gone = await personal_data.erase(session, _identity(app), CHANNEL, chat, app.now())
    if gone.known or kept:
        trace = forgotten.trace_of(_identity(app), CHANNEL, chat)
        await forgotten.note(session, app.settings.data_dir, trace, app.now())
    await inbox.forget(session, CHANNEL, chat, before=visit.row)
    phrase, days = "erased_person" if visit.private else "erased", app.settings.backup_days
    text = app.composer().sentence(phrase, count=gone.turns, days=days)
    return Reaction((text,), erases=True)


async def write_place(visit: Visit, session: AsyncSession, app: Services) -> Reaction | None:
    """Take a text for the place that was asked for; None where it is none."""
    person, now = visit.known, app.now()
    if person is None or not await enrolment.awaits_place(session, person, now):
        return None
    reply = await enrolment.write_place(session, person, app.library, now, text=visit.text)
    return Reaction((reply,)) if reply else None


async def meet(visit: Visit, session: AsyncSession, app: Services) -> Person:
    """Return the person of a private chat, made or revived where need be."""
    return await people.meet(session, _identity(app), CHANNEL, visit.conversation, app.now())


def _identity(app: Services) -> Identity:
    return identity_of(app.settings)


def _greeting(visit: Visit, app: Services) -> Reply:
    say, days = app.current.say, app.settings.keep_days
    notices = [say("notice", days=days), *([say("notice_data")] if visit.private else [])]
    return app.composer().menu("start", notice=" ".join(notices))


def _private_only(app: Services) -> Reaction:
    return Reaction((app.composer().sentence("people_private"),))


def _stale(app: Services) -> Reaction:
    return Reaction((app.composer().stale(),))
