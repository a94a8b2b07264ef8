"""Changes to a real mail server on the loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library
from index.store.standing.questions import Channel
from tests.support.mail_server import Mailbox, receiving
from tests.support.small_encoder import SmallEncoder
from tests.support.standing import AT, FOUR, NOTHING, THREE, change, said, stand
from ui.settings import Settings
from ui.standing.mail import MailSender
from ui.standing.telling import Teller, Telling

ARABIC = said("أعلنت هدى سليم أن ثلاثة أشخاص قُتلوا في قرفة.", "ثلاثة", "هدى سليم", language="ar")
FRENCH = said("Trois personnes sont mortes à Qarfa, a dit Huda Salim.", "Trois", "Huda Salim", language="fr")


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with receiving() as running:
        yield running


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as opened:
        yield opened


def tell(library: Library, box: Mailbox, **settings: object) -> list[Telling]:
    given = {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_tls": "none", "smtp_from": "news@khabar.example"}
    sender = MailSender(Settings.load(**{**given, **settings}))
    return Teller(library, {Channel.MAIL: sender}).tell()


def test_a_change_is_mailed_with_both_answers(library: Library, box: Mailbox) -> None:
    question = stand(library, "How many people died in Qarfa?", THREE, mail="layla@example.org")
    id = change(library, question, FOUR)
    assert [one.problem for one in tell(library, box)] == [""]
    (mail,) = box.mails
    assert box.recipients == ["layla@example.org"]
    assert (mail["From"], mail["To"]) == ("news@khabar.example", "layla@example.org")
    assert mail["Subject"] == "The answer has changed: How many people died in Qarfa?"
    assert mail["Message-ID"] == f"<{id}@khabar.example>" and mail["Date"].datetime == AT
    assert mail.get_content().splitlines() == [
        "How many people died in Qarfa?",
        "The answer has changed: the quote, the short answer, the speaker",
        "",
        "Before:",
        "Three",
        "Three people died in Qarfa, Huda Salim said.",
        "[1] Huda Salim · Flood in Qarfa · River Herald · 3 November 2025",
        "",
        "Now:",
        "Four",
        "Four people died in Qarfa, Omar Hadi said.",
        "[1] Omar Hadi · Flood in Qarfa · River Herald · 3 November 2025",
    ]
    assert tell(library, box) == [] and len(box.mails) == 1


def test_a_mail_is_in_the_language_of_the_answer(library: Library, box: Mailbox) -> None:
    change(library, stand(library, "كم شخصا قُتل في قرفة؟", NOTHING, mail="layla@example.org"), ARABIC)
    change(library, stand(library, "Combien de morts à Qarfa ?", NOTHING, mail="layla@example.org"), FRENCH)
    tell(library, box)
    arabic, french = sorted(box.mails, key=lambda mail: "Combien" in mail["Subject"])
    assert arabic["Subject"] == "تغيّر الجواب: كم شخصا قُتل في قرفة؟"
    assert arabic.get_content().splitlines()[3:5] == ["من قبل:", "لا تذكر المقالات ذلك."]
    assert "أعلنت هدى سليم أن ثلاثة أشخاص قُتلوا في قرفة." in arabic.get_content().splitlines()
    assert french["Subject"] == "La réponse a changé\u00a0: Combien de morts à Qarfa ?"
    assert french.get_content().splitlines()[6:8] == ["Maintenant\u00a0:", "Trois"]


def test_a_question_of_several_lines_is_one_line_of_the_subject(library: Library, box: Mailbox) -> None:
    question = "How many died\r\nBcc: omar@example.org\nin Qarfa? " + "🌊" * 300
    change(library, stand(library, question, THREE, mail="layla@example.org"), FOUR)
    tell(library, box)
    assert box.recipients == ["layla@example.org"]
    assert box.mails[0]["Bcc"] is None
    assert box.mails[0]["Subject"].startswith(
        "The answer has changed: How many died Bcc: omar@example.org in Qarfa? 🌊"
    )


def test_whom_the_server_does_not_know_is_a_failure_that_is_kept(library: Library, box: Mailbox) -> None:
    box.unknown.add("nobody@example.org")
    change(library, stand(library, "How many people died in Qarfa?", THREE, mail="nobody@example.org"), FOUR)
    (failed,) = tell(library, box)
    assert failed.problem.startswith("The mail server 127.0.0.1 did not take it: ") and "no such user" in failed.problem
    assert [delivery.problem for delivery in library.standing_questions.deliveries()] == [failed.problem]


def test_a_password_goes_to_the_server_and_into_no_message(library: Library, box: Mailbox) -> None:
    change(library, stand(library, "How many people died in Qarfa?", THREE, mail="layla@example.org"), FOUR)
    settings = {"smtp_user": "khabar", "smtp_password": "geheim"}
    assert "geheim" not in repr(Settings.load(**settings))
    assert [one.problem for one in tell(library, box, **settings)] == [""]
    assert len(box.signed_in) == 1


def test_nothing_goes_to_a_server_that_does_not_encrypt_unless_that_is_said(library: Library, box: Mailbox) -> None:
    change(library, stand(library, "How many people died in Qarfa?", THREE, mail="layla@example.org"), FOUR)
    (failed,) = tell(library, box, smtp_tls="starttls", smtp_user="khabar", smtp_password="geheim")
    assert "STARTTLS" in failed.problem and (box.mails, box.signed_in) == ([], [])


def test_without_a_server_the_reason_says_what_to_set(library: Library, box: Mailbox) -> None:
    change(library, stand(library, "How many people died in Qarfa?", THREE, mail="layla@example.org"), FOUR)
    (failed,) = tell(library, box, smtp_host=None)
    assert failed.problem == "Mail needs a server: set KHABAR_SMTP_HOST and KHABAR_SMTP_FROM."
