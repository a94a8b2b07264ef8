"""The standing questions and changes that whoever acts may see: those that quote nothing hidden from them."""

from typing import TYPE_CHECKING

from index.store.standing.questions import StandingQuestion
from qa.errors import StandingQuestionError
from qa.standing import KeptChange
from qa.standing.asking import kept_change, last_answer
from ui.page.conversation.seen import may_see

if TYPE_CHECKING:
    from index import Library


class SeenChanges:
    """Reads the standing questions of one library for whoever acts."""

    def __init__(self, library: "Library") -> None:
        self._library = library
        self._table = library.standing_questions

    def questions(self) -> list[StandingQuestion]:
        """Return the questions, the first one that was added first."""
        return [question for question in self._table.all() if self._may_see(question)]

    def find(self, id: str) -> StandingQuestion:
        """Return a question by its id or the beginning of it; raises `QueryError` where there is none to be seen."""
        found = self._table.find(id)
        if not self._may_see(found):
            # As one that is not there.
            raise self._table.not_found(id)
        return found

    def changes(self, question: StandingQuestion | None = None, limit: int | None = None) -> list[KeptChange]:
        """Return the changes of one question's answer, or of all, newest first: of the last `limit` those seen."""
        questions = {one.id: one for one in ([question] if question else self.questions())}
        stored = self._table.changes(question.id if question else None, limit)
        kept: list[KeptChange] = []
        for change in stored:
            try:
                found = kept_change(questions[change.question], change) if change.question in questions else None
            except StandingQuestionError:
                # Another version's: the others are shown all the same, and `khabar standing show` says what to do.
                continue
            if found and all(may_see(self._library, said) for said in (found.change.before, found.change.after)):
                kept.append(found)
        return kept

    def _may_see(self, question: StandingQuestion) -> bool:
        if self._library.visible is None:
            return True
        try:
            return may_see(self._library, last_answer(question))
        except StandingQuestionError:
            # Another version's answer: nobody can tell what it names.
            return False
