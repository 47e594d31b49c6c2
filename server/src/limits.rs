//! Every bound of the server, with its unit in its name. Relations between bounds are checked at compile time.

use std::time::Duration;

/// Largest websocket message taken after authentication.
pub const FRAME_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Largest HTTP request body.
pub const HTTP_BODY_BYTES_MAX: usize = 1024 * 1024;
/// What a socket may send before it is authenticated, in all.
pub const UNAUTHENTICATED_BYTES_MAX: usize = 64 * 1024;
/// Frames a socket may send before it is authenticated.
pub const UNAUTHENTICATED_FRAMES_MAX: usize = 16;
/// How long a socket may stay unauthenticated.
pub const AUTHENTICATION_TIME_MAX: Duration = Duration::from_secs(5);
/// Documents that one Hocuspocus socket may have open.
pub const DOCUMENTS_PER_SOCKET_MAX: usize = 128;
/// Silence after which a socket is taken for dead (clients and server ping well within it).
pub const SOCKET_SILENCE_MAX: Duration = Duration::from_secs(60);
/// How often the server pings a socket.
pub const PING_EVERY: Duration = Duration::from_secs(20);

/// How long a write to a socket may make no progress before the reader is given up.
pub const SOCKET_STALL_MAX: Duration = Duration::from_secs(15);
/// How long a socket is listened to after the server's goodbye, so that the goodbye arrives.
pub const SOCKET_LINGER_MAX: Duration = Duration::from_secs(2);
/// Frames that a socket's writer takes before it flushes.
pub const SOCKET_BATCH_FRAMES_MAX: usize = 128;
/// How long a stopping server waits for its connections.
pub const STOP_TIME_MAX: Duration = Duration::from_secs(10);

/// Messages that wait in a room's inbox before its sockets stop being read.
pub const INBOX_MESSAGES_MAX: usize = 1024;
/// Bytes of messages that wait in a room's inbox before its sockets stop being read.
pub const INBOX_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Messages a room takes in one turn, and so commits with one append.
pub const BATCH_MESSAGES_MAX: usize = 256;
/// Bytes that wait for one slow reader before changes are held back from it, to be told later by difference.
pub const OUTBOX_LAG_BYTES_MAX: usize = 128 * 1024;
/// Bytes that wait for one slow reader, answers to what it asked included, before it is closed with 1013.
pub const OUTBOX_BYTES_MAX: usize = 8 * 1024 * 1024;
/// How long the rooms of a busy shard gather before they commit together, unless the operator says otherwise.
pub const COMMIT_WINDOW_MAX: Duration = Duration::from_millis(12);
/// Deliveries a second at which a shard gathers for as long as it may; below, for a share of it.
pub const COMMIT_WINDOW_FULL_AT: f64 = 20_000.0;
/// Changes that a shard expects in a window before its thread rests for what is left of it: with fewer, the rest wakes it
/// more often than they would.
pub const REST_CHANGES_MIN: f64 = 0.5;
/// The longest rest, whatever the window is: people also come, ask and leave.
pub const SHARD_REST_MAX: Duration = Duration::from_millis(25);
/// Entries that a room gathers before it hears no more until they are durable.
pub const GATHERED_ENTRIES_MAX: usize = 1024;
/// Bytes that a room gathers before it hears no more until they are durable.
pub const GATHERED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long a room stays in memory after its last seat was given up.
pub const ROOM_IDLE_MAX: Duration = Duration::from_secs(60);
/// Panics of one document within this process after which it opens read-only.
pub const ROOM_PANICS_MAX: u32 = 2;
/// Least time between two broadcasts of who is in a room.
pub const PRESENCE_EVERY: Duration = Duration::from_millis(60);
/// Awareness states of people who left that a room remembers, so that late echoes do not revive them.
pub const PRESENCE_DEPARTED_MAX: usize = 512;
/// Waits between the tries of an append that the journal was not available for.
pub const APPEND_RETRIES: [Duration; 3] =
    [Duration::from_millis(50), Duration::from_millis(250), Duration::from_secs(1)];
/// How often a room whose report's review room ended asks for it again.
pub const REGAIN_EVERY: Duration = Duration::from_secs(1);
/// How long nobody types before a recommendation's wording is noted in its record.
pub const WORDING_QUIET: Duration = Duration::from_secs(1);
/// How long a wording may stay unnoted while people go on typing.
pub const WORDING_NOTED_WITHIN: Duration = Duration::from_secs(10);
/// How long a stopping server waits until all wordings are noted.
pub const WORDINGS_SETTLE_TIME_MAX: Duration = Duration::from_secs(2);
/// Requests that wait for a shard to find or start a room, or to take a socket.
pub const SHARD_ASKS_MAX: usize = 1024;
/// Stack of a shard's thread: reading a deep body recurses.
pub const SHARD_STACK_BYTES: usize = 8 * 1024 * 1024;
/// Rooms in a row that may end under a question before it is given up.
pub const ASK_TRIES_MAX: usize = 8;
/// A record larger than this is read into a document beside the shard, so that its other rooms do not wait.
pub const INLINE_LOAD_BYTES_MAX: usize = 64 * 1024;
/// Documents that one shard reads beside itself at a time.
pub const SHARD_LOADS_MAX: usize = 2;
/// Entries read from the journal at a time when a room opens.
pub const LOAD_ENTRIES: usize = 1024;

/// Largest body, encoded, that still takes edits.
pub const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Depth of element nesting in a body.
pub const BODY_DEPTH_MAX: usize = 64;
/// Depth of a value (maps and arrays) inside an update.
pub const VALUE_DEPTH_MAX: usize = 64;
/// Elements and text runs that one walk over a body visits.
pub const WALK_STEPS_MAX: usize = 2_000_000;
/// Struct and delete entries in one update.
pub const UPDATE_ITEMS_MAX: usize = 200_000;
/// Clients named in the deletions of one update: with sync step 2 come all that ever deleted something.
pub const UPDATE_CLIENTS_MAX: usize = 10_000;
/// Clients whose writing one update brings. One attribute set by each of them costs the square of their number.
pub const UPDATE_WRITERS_MAX: usize = 2_000;
/// UTF-16 units that one update may make yrs copy by cutting texts in two (about 0.1 s).
pub const UPDATE_CUT_UNITS_MAX: u64 = 1_000_000_000;
/// One awareness state as JSON.
pub const AWARENESS_BYTES_MAX: usize = 16 * 1024;
/// Awareness states in one message; published clients send back all that they hear.
pub const AWARENESS_STATES_MAX: usize = 4_096;
/// Awareness states one connection may set in one document.
pub const AWARENESS_CLIENTS_MAX: usize = 4;

/// A title of a report, a section or a recommendation, in characters.
pub const TITLE_CHARS_MAX: usize = 300;
/// A person's or an organization's name, in characters.
pub const NAME_CHARS_MAX: usize = 120;
/// An organization's short code, in characters.
pub const CODE_CHARS_MAX: usize = 8;
/// A comment, reply, recommendation text or rationale, in characters.
pub const TEXT_CHARS_MAX: usize = 20_000;
/// A quoted passage, in characters; a longer one is cut by the client.
pub const QUOTE_CHARS_MAX: usize = 2_000;
/// A short field (timeframe, lead institution), in characters.
pub const FIELD_CHARS_MAX: usize = 300;
/// Sections of one report.
pub const SECTIONS_MAX: usize = 500;
/// Depth of the outline.
pub const OUTLINE_DEPTH_MAX: usize = 4;
/// Participants of one report.
pub const PARTICIPANTS_MAX: usize = 2_000;
/// Threads, replies and recommendations of one report, each.
pub const RECORDS_MAX: usize = 50_000;
/// Steps of all paths of one report.
pub const STEPS_MAX: usize = 100_000;
/// Positions of one report, trails included: 60 organizations on 1,000 recommendations, and room to change their minds.
pub const POSITIONS_MAX: usize = 150_000;
/// Reports of progress on one report's recommendations.
pub const PROGRESS_MAX: usize = 50_000;
/// What coordinators may add to the reference lists of one report.
pub const TERMS_MAX: usize = 200;
/// The code of an entry of a reference list, in characters.
pub const TERM_CODE_CHARS_MAX: usize = 16;
/// Objectives of the Global Compact for Migration.
pub const GCM_OBJECTIVES: usize = 23;
/// Themes of one recommendation.
pub const THEMES_MAX: usize = 12;
/// Targets of the Sustainable Development Goals of one recommendation.
pub const SDG_TARGETS_MAX: usize = 20;
/// Supporting institutions of one recommendation.
pub const SUPPORTING_INSTITUTIONS_MAX: usize = 20;
/// Evidence links of one recommendation.
pub const EVIDENCE_LINKS_MAX: usize = 40;
/// What an evidence link claims, in characters.
pub const CLAIM_CHARS_MAX: usize = 1_000;
/// An http(s) address or another source, in characters.
pub const ADDRESS_CHARS_MAX: usize = 2_000;
/// Recommendations that one request carries over from an earlier report.
pub const CARRIED_MAX: usize = 1_000;

/// Entries of the feed of a report's follow-up, newest first.
pub const FEED_ENTRIES_MAX: usize = 200;
/// Registers that are made at a time for those on a report; who comes meanwhile waits.
pub const EXPORTS_AT_ONCE: usize = 2;
/// Those who wait for that, before others are told to try again.
pub const EXPORTS_WAITING_MAX: usize = 1_000;
/// Public pages that are made at a time; who comes meanwhile waits.
pub const PUBLIC_PAGES_AT_ONCE: usize = 2;
/// Visitors who wait for that, before others are told to try again.
pub const PUBLIC_PAGES_WAITING_MAX: usize = 250;

/// Largest single journal entry.
pub const ENTRY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Entries of one append.
pub const APPEND_ENTRIES_MAX: usize = 4096;
/// sled value: larger ones become files that sled does not sync (see `journal`).
pub const CHUNK_BYTES_MAX: usize = 7 * 1024;
/// Entries the committer writes before one flush.
pub const COMMIT_ENTRIES_MAX: usize = 512;
/// Bytes the committer writes before one flush.
pub const COMMIT_BYTES_MAX: usize = 1024 * 1024;
/// A flush that takes longer has an unknown outcome.
pub const FLUSH_TIME_MAX: Duration = Duration::from_secs(10);
/// One part in so many of a snapshot's bytes has to be added before the next is made.
pub const SNAPSHOT_SHARE: usize = 2;
/// But it is made once so many times `SNAPSHOT_ENTRIES` came: each is read when the document is opened.
pub const SNAPSHOT_WAITS_MAX: u64 = 10;
/// Entries after which a room writes a snapshot, if they are worth it (`SNAPSHOT_SHARE`).
pub const SNAPSHOT_ENTRIES: u64 = 2_000;

/// An invitation is valid for this long, unless the coordinator says otherwise.
pub const INVITATION_DAYS: i64 = 60;
/// The longest that a coordinator may say.
/// The longest that a coordinator may make an invitation valid.
pub const INVITATION_DAYS_MAX: i64 = 366;
/// A session in a browser that is not to be kept.
pub const SESSION_HOURS: i64 = 12;
/// A session in a browser of one's own.
pub const SESSION_KEPT_DAYS: i64 = 30;
/// Wrong tokens from one address in a minute before it is answered 429.
pub const BAD_TOKENS_PER_MINUTE: u32 = 30;
/// What is read of a body over `HTTP_BODY_BYTES_MAX`, and thrown away: who is cut off while sending never sees why.
pub const HTTP_DISCARD_BYTES_MAX: usize = 64 * 1024 * 1024;
/// The headers of an HTTP request arrive within this time.
pub const HTTP_HEADER_TIME_MAX: Duration = Duration::from_secs(10);
/// The body of an HTTP request arrives within this time.
pub const HTTP_BODY_TIME_MAX: Duration = Duration::from_secs(15);
/// The headers of an HTTP request, in all.
pub const HTTP_HEADER_BYTES_MAX: usize = 64 * 1024;
/// Addresses whose wrong tokens are counted; beyond, the oldest count is forgotten.
pub const BAD_TOKEN_ADDRESSES_MAX: usize = 10_000;
/// A token or cookie that is longer is not looked up.
pub const TOKEN_BYTES_MAX: usize = 512;
/// Entries of the access ledger that are read at once.
pub const LEDGER_PAGE_ENTRIES: usize = 1024;
/// An HTTP request is answered within this time.
pub const HTTP_TIME_MAX: Duration = Duration::from_secs(30);

const _: () =
    assert!(CHUNK_BYTES_MAX * 17 < 128 * 1024, "17 values share a sled leaf, which must stay below a blob");
const _: () = assert!(FRAME_BYTES_MAX <= ENTRY_BYTES_MAX, "every accepted update fits one entry");
const _: () = assert!(UNAUTHENTICATED_BYTES_MAX <= FRAME_BYTES_MAX);
const _: () = assert!(FRAME_BYTES_MAX <= INBOX_BYTES_MAX, "every message fits an empty inbox");
const _: () = assert!(
    GATHERED_ENTRIES_MAX + BATCH_MESSAGES_MAX <= APPEND_ENTRIES_MAX,
    "what is gathered is one append"
);
const _: () = assert!(OUTBOX_LAG_BYTES_MAX < OUTBOX_BYTES_MAX);
