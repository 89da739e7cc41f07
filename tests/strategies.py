"""Random event histories, with what happens in this register: late entries, same days, corrections."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from gis.domain.lifecycle import EVENT_KINDS, RETRACTION, DatePrecision, Event

FIRST_DAY = date(2013, 12, 20)
days = st.integers(0, 420).map(lambda n: FIRST_DAY + timedelta(days=n))
# Few distinct days and instants, so that ties are common.
moments = st.integers(0, 5).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n))


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Up to nine entries of one site in the order of their ids."""
    events: list[Event] = []
    for number in range(1, draw(st.integers(1, 9)) + 1):
        corrects = draw(st.none() | st.integers(1, number - 1)) if number > 1 else None
        kinds = [k for k in EVENT_KINDS if k != RETRACTION or corrects]
        events.append(
            Event(
                id=number,
                kind=draw(st.sampled_from(kinds)),
                occurred_on=draw(days),
                recorded_at=draw(moments),
                known_on=draw(st.none() | days | days),
                date_precision=draw(st.sampled_from(DatePrecision)),
                planned=draw(st.booleans() if draw(st.integers(0, 4)) == 0 else st.just(False)),
                corrects_id=corrects,
            )
        )
    return events
