"""What hears of a file while it is written."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from gis.domain.batches import JSONObject


class Progress:
    """Hears how a file comes along; this one takes no notice of it."""

    def begins(self, about: JSONObject) -> None:
        """What the file will hold is counted, and recorded where it has to be; nothing is written yet.

        Parameters
        ----------
        about : what the file tells of itself
        """

    def grows(self, size: int) -> None:
        """So many bytes stand, and will not change any more.

        Only formats that are written from front to back say so.

        Parameters
        ----------
        size : of the file so far
        """

    def watch(self, cancel: Callable[[], None]) -> AbstractContextManager[None]:
        """As `gis.database.cancelling.cancellable` wants it.

        Parameters
        ----------
        cancel : ends the statement that reads
        """
        return nullcontext()
