use std::time::{Duration, Instant};

use annals_event::{JsonObject, Position, RecordedEvent};
use annals_store::{Direction, Page, PageRequest, Query};
use futures_util::future::try_join_all;

use super::asked::{Asked, ask};
use super::find::Found;
use crate::connection::Session;
use crate::errors::{Failure, corrupt};
use crate::tail::{Tail, TailView};
use crate::writer::read_head;

/// A page that took so long ends early and says where to go on.
const PAGE_TIME_MAX: Duration = Duration::from_millis(500);

/// Positions from the first to, not including, the second.
pub(super) type Range = (u64, u64);

/// A page that is being filled.
pub(super) struct Filling<'q> {
    query: &'q Query,
    pub(super) tail: &'q TailView,
    pub(super) request: PageRequest,
    pub(super) events: Vec<RecordedEvent>,
    pub(super) bytes: usize,
    /// The log's size that the page shows, once it is known.
    pub(super) size: Option<u64>,
    /// Where to go on.
    pub(super) after: Option<Position>,
    /// How many statements were carried out for each item so far.
    pub(super) statements: u32,
}

/// Which size of the log a page shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// This one.
    Certain(u64),
    /// This one, unless the first statement tells of more: then nobody has looked there.
    Assumed(u64),
    /// What the first statement tells.
    Told,
}

/// Reads one page of what matches `query`, statement by statement, each a transaction of its own.
pub(crate) async fn read_page(
    session: &Session,
    tail: &Tail,
    query: &Query,
    request: PageRequest,
) -> Result<Page, Failure> {
    let (asked, at_size) = ask(session, query, tail.paths()).await?;
    let request = PageRequest { size: at_size.into_iter().chain(request.size).min(), ..request };
    let view = tail.view();
    let needs_tail = asked.iter().any(|asked| asked.filter.wanted().is_some());
    let extent = match request.size {
        _ if !needs_tail => Extent::Told,
        Some(size) if size <= view.until => Extent::Certain(size),
        // Mostly the tail knows all that there is, and it need not be asked for first.
        _ => Extent::Assumed(view.until),
    };
    if let Some(page) = fill_page((session, &view), (query, &asked), request, extent).await? {
        return Ok(page);
    }
    let size = known_size(session, tail, request.size).await?;
    fill_certain((session, &tail.view()), (query, &asked), request, size).await
}

/// The first event behind `after` and below `size` that matches `query`.
pub(crate) async fn first_match(
    (session, tail): (&Session, &TailView),
    (query, after): (&Query, Option<Position>),
    size: u64,
) -> Result<Option<Position>, Failure> {
    let (asked, _) = ask(session, query, &tail.paths).await?;
    let mut request = PageRequest { after, size: Some(size), events_max: 1, ..PageRequest::default() };
    loop {
        let page = fill_certain((session, tail), (query, &asked), request, size).await?;
        match (page.events.first(), page.resume) {
            (Some(event), _) => return Ok(Some(event.position)),
            (None, None) => return Ok(None),
            (None, resume) => request.after = resume,
        }
    }
}

/// The log's size that a page is to show, up to which the tail is known then, unless it is far behind.
pub(crate) async fn known_size(session: &Session, tail: &Tail, wanted: Option<u64>) -> Result<u64, Failure> {
    if let Some(size) = wanted.filter(|size| tail.reaches(*size)) {
        return Ok(size);
    }
    let row = read_head(session).await?;
    let size = row.frontier.size();
    tail.learn_sealed(row.sealed);
    tail.catch_up(session, size).await?;
    Ok(wanted.map_or(size, |wanted| wanted.min(size)))
}

async fn fill_certain(
    of: (&Session, &TailView),
    what: (&Query, &[Asked]),
    request: PageRequest,
    size: u64,
) -> Result<Page, Failure> {
    let page = fill_page(of, what, request, Extent::Certain(size)).await?;
    page.ok_or_else(|| corrupt("the log has more than the size at which it was asked").into())
}

/// Fills a page; `None` where there is more of the log than was assumed, or nothing was asked that could tell.
async fn fill_page(
    (session, tail): (&Session, &TailView),
    (query, asked): (&Query, &[Asked]),
    request: PageRequest,
    extent: Extent,
) -> Result<Option<Page>, Failure> {
    let started = Instant::now();
    let size = match extent {
        Extent::Certain(size) | Extent::Assumed(size) => Some(size),
        Extent::Told => None,
    };
    let mut filling = Filling {
        query,
        tail,
        request,
        events: Vec::new(),
        bytes: 0,
        size,
        after: request.after,
        statements: 0,
    };
    let is_spanned = asked.iter().any(|asked| asked.filter.span(0) < u64::MAX);
    if is_spanned && size.is_none() && request.direction == Direction::Backwards {
        filling.learn_size(session).await?;
    }
    loop {
        let found = try_join_all(asked.iter().map(|asked| filling.find(session, asked))).await?;
        if filling.statements == 0
            && let Extent::Assumed(assumed) = extent
        {
            let told = found.iter().filter_map(|found| found.size).min();
            let Some(size) = told.filter(|size| *size <= assumed) else { return Ok(None) };
            // A replica may have less than the tail knows.
            filling.size = Some(size);
        }
        let resume = filling.take(found);
        let is_late = started.elapsed() > PAGE_TIME_MAX;
        if resume.is_none() || filling.is_full() || is_late {
            let size = filling.size.unwrap_or_default();
            return Ok(Some(Page { events: filling.events, resume, size }));
        }
        filling.after = resume;
        filling.statements += 1;
    }
}

impl Filling<'_> {
    fn is_full(&self) -> bool {
        self.events.len() >= self.request.events_max.max(1) || self.bytes >= self.request.bytes_max.max(1)
    }

    async fn learn_size(&mut self, session: &Session) -> Result<(), Failure> {
        let size = read_head(session).await?.frontier.size();
        self.size = Some(self.request.size.map_or(size, |wanted| wanted.min(size)));
        Ok(())
    }

    /// Takes what was found, in the order of reading; where to go on, if there may be more.
    fn take(&mut self, found: Vec<Found>) -> Option<Position> {
        let seen = found.iter().filter_map(|found| found.size).min().unwrap_or_default();
        let size = *self.size.get_or_insert(self.request.size.map_or(seen, |size| size.min(seen)));
        let direction = self.request.direction;
        // What lies beyond the nearest end is not complete: other items were not looked at so far.
        let ends = found.iter().filter_map(|found| found.looked_until);
        let end = match direction {
            Direction::Forwards => ends.min(),
            Direction::Backwards => ends.max(),
        };
        let is_complete = |position: u64| {
            end.is_none_or(|end| match direction {
                Direction::Forwards => position <= end,
                Direction::Backwards => position >= end,
            })
        };
        let mut events: Vec<RecordedEvent> = found.into_iter().flat_map(|found| found.events).collect();
        events.retain(|event| event.position.0 < size && is_complete(event.position.0));
        events.sort_by_key(|event| event.position);
        events.dedup_by_key(|event| event.position);
        if direction == Direction::Backwards {
            events.reverse();
        }
        let mut events = events.into_iter().peekable();
        while let Some(event) = events.next() {
            if !self.query.matches(&event) {
                continue;
            }
            let position = event.position;
            self.bytes += producer_bytes(&event);
            self.events.push(event);
            if self.is_full() {
                return (events.peek().is_some() || end.is_some()).then_some(position);
            }
        }
        // Forwards a span may end beyond the log.
        end.filter(|end| direction == Direction::Backwards || end.saturating_add(1) < size).map(Position)
    }
}

/// The bytes of payload and metadata.
pub(super) fn producer_bytes(event: &RecordedEvent) -> usize {
    let texts = [event.payload.value(), event.metadata.value()];
    texts.into_iter().flatten().map(JsonObject::as_str).map(str::len).sum()
}
