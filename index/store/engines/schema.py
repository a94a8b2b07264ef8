"""The catalog's tables, in SQLite's spelling, of which PostgreSQL's is made; the index of words is each engine's own.

A library of SQLite's has a format (`sqlite.FORMAT`), one in PostgreSQL the number of its last migration.
"""

# What a new catalog begins with.
BASE = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, hash TEXT NOT NULL,
    added TEXT NOT NULL, text TEXT NOT NULL, title TEXT NOT NULL, source TEXT, url TEXT, byline TEXT, category TEXT,
    published TEXT, language TEXT NOT NULL, modified TEXT, pages TEXT, row INTEGER, repair TEXT, kicker TEXT,
    embargo TEXT, blocks TEXT);
CREATE TABLE past (
    article_id TEXT NOT NULL, revision INTEGER NOT NULL, hash TEXT NOT NULL, added TEXT NOT NULL, content TEXT,
    PRIMARY KEY (article_id, revision)) WITHOUT ROWID;
CREATE TABLE member (
    origin TEXT NOT NULL, article_id TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (origin, article_id)) WITHOUT ROWID;
CREATE INDEX member_article ON member (article_id);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES article (number),
    start INTEGER NOT NULL, stop INTEGER NOT NULL, key BLOB NOT NULL, generation INTEGER NOT NULL, own_language TEXT);
CREATE INDEX passage_article ON passage (article);
CREATE INDEX passage_key ON passage (key);
CREATE INDEX passage_generation ON passage (generation);
CREATE TABLE gone (passage INTEGER PRIMARY KEY, generation INTEGER NOT NULL);
CREATE TABLE vector (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE tokens (key BLOB PRIMARY KEY, value BLOB NOT NULL);
"""
# Articles of one event, and what they are compared by: each one's story, mean vector and keys; the rarest keys that it
# is found by; how many articles have a key; and the sum of the vectors of each language. All of it can be made anew.
EVENTS = """
CREATE TABLE IF NOT EXISTS event_member (
    article INTEGER PRIMARY KEY, event INTEGER NOT NULL, day INTEGER, language TEXT NOT NULL, vector BLOB NOT NULL,
    keys BLOB NOT NULL, norm REAL NOT NULL);
CREATE INDEX IF NOT EXISTS event_member_event ON event_member (event);
CREATE TABLE IF NOT EXISTS event_key (key INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (key, article))
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS event_key_article ON event_key (article);
CREATE TABLE IF NOT EXISTS event_count (key INTEGER PRIMARY KEY, articles INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS event_mean (
    language TEXT PRIMARY KEY, articles INTEGER NOT NULL, total BLOB NOT NULL) WITHOUT ROWID;
"""
# What came later than the format: made where it is missing, so that an older library goes on. `article_filters` holds
# what filters go by beside the texts: counting must not read all of them. `passage_own_language` has the few passages
# that are in another language than their article.
LATER = (
    """
CREATE TABLE IF NOT EXISTS story (article INTEGER PRIMARY KEY, story INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS story_story ON story (story);
CREATE TABLE IF NOT EXISTS band (key INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (key, article))
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS band_article ON band (article);
CREATE INDEX IF NOT EXISTS passage_own_language ON passage (own_language, article) WHERE own_language IS NOT NULL;
CREATE INDEX IF NOT EXISTS article_filters ON article (language, source, category, published);
"""
    + EVENTS
)
# Tables that are no articles, made when they are first needed: each with what is made with it, itself last.
ON_DEMAND = {
    "feedback": """
CREATE TABLE IF NOT EXISTS feedback (
    id TEXT PRIMARY KEY, given TEXT NOT NULL, verdict TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL,
    versions TEXT NOT NULL) WITHOUT ROWID;
""",
    "feed": """
CREATE TABLE IF NOT EXISTS feed (
    address TEXT PRIMARY KEY, period REAL NOT NULL, paused INTEGER NOT NULL, due TEXT NOT NULL, checked TEXT,
    failures INTEGER NOT NULL, problem TEXT NOT NULL, etag TEXT, last_modified TEXT) WITHOUT ROWID;
""",
    "shared": """
CREATE TABLE IF NOT EXISTS shared (id TEXT PRIMARY KEY, at TEXT NOT NULL, content TEXT NOT NULL) WITHOUT ROWID;
""",
    "robots": """
CREATE TABLE IF NOT EXISTS visit (
    address TEXT PRIMARY KEY, article TEXT, etag TEXT, last_modified TEXT, first TEXT NOT NULL, checked TEXT NOT NULL,
    reason TEXT NOT NULL, gone TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS visit_article ON visit (article);
CREATE TABLE IF NOT EXISTS listed (
    listing TEXT NOT NULL, address TEXT NOT NULL, stamp TEXT NOT NULL, PRIMARY KEY (listing, address)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS robots (
    site TEXT PRIMARY KEY, rules TEXT NOT NULL, checked TEXT NOT NULL) WITHOUT ROWID;
""",
    "standing": """
CREATE TABLE IF NOT EXISTS standing_change (
    id TEXT PRIMARY KEY, question TEXT NOT NULL, at TEXT NOT NULL, generation INTEGER NOT NULL, content TEXT NOT NULL)
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS standing_change_question ON standing_change (question, at);
CREATE TABLE IF NOT EXISTS telling (
    change TEXT NOT NULL, channel TEXT NOT NULL, due TEXT NOT NULL, attempts INTEGER NOT NULL, problem TEXT NOT NULL,
    told TEXT, PRIMARY KEY (change, channel)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS standing (
    id TEXT PRIMARY KEY, question TEXT NOT NULL, filters TEXT NOT NULL, interface TEXT NOT NULL, added TEXT NOT NULL,
    webhook TEXT, mail TEXT, secret TEXT NOT NULL, turn INTEGER NOT NULL, generation INTEGER NOT NULL,
    day TEXT NOT NULL, models TEXT NOT NULL, basis TEXT NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID;
""",
    "dossier": """
CREATE TABLE IF NOT EXISTS pin (
    id TEXT PRIMARY KEY, dossier TEXT NOT NULL, place INTEGER NOT NULL, article TEXT NOT NULL, hash TEXT NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, quote TEXT NOT NULL, note TEXT NOT NULL, pinned TEXT NOT NULL,
    cited TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pin_dossier ON pin (dossier, place);
CREATE TABLE IF NOT EXISTS dossier (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, owner TEXT NOT NULL, made TEXT NOT NULL, changed TEXT NOT NULL,
    UNIQUE (owner, name)) WITHOUT ROWID;
""",
    "audit": """
CREATE TABLE IF NOT EXISTS audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL,
    way TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL, count INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS audit_at ON audit (at);
""",
    "token": """
CREATE TABLE IF NOT EXISTS token (
    name TEXT PRIMARY KEY, hash TEXT NOT NULL, created TEXT NOT NULL, expires TEXT,
    role TEXT NOT NULL DEFAULT 'reader', origin TEXT) WITHOUT ROWID;
""",
    "model_use": """
CREATE TABLE IF NOT EXISTS model_use (day TEXT PRIMARY KEY, used INTEGER NOT NULL) WITHOUT ROWID;
""",
    "sign_in_try": """
CREATE TABLE IF NOT EXISTS sign_in_try (
    kind TEXT NOT NULL, who TEXT NOT NULL, tries INTEGER NOT NULL, begun REAL NOT NULL, wait REAL NOT NULL,
    until REAL NOT NULL, PRIMARY KEY (kind, who)) WITHOUT ROWID;
""",
    "collection": """
CREATE TABLE IF NOT EXISTS collected (
    article_id TEXT NOT NULL, collection TEXT NOT NULL, PRIMARY KEY (article_id, collection)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS collected_collection ON collected (collection);
CREATE TABLE IF NOT EXISTS source_collection (
    origin TEXT NOT NULL, collection TEXT NOT NULL, PRIMARY KEY (origin, collection)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS collection (name TEXT PRIMARY KEY, added TEXT NOT NULL) WITHOUT ROWID;
""",
    "named": """
CREATE TABLE IF NOT EXISTS mention (
    article INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (article, start)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mention_name ON mention (name, article);
CREATE TABLE IF NOT EXISTS named (article INTEGER PRIMARY KEY, version INTEGER NOT NULL);
""",
    "lease": """
CREATE TABLE IF NOT EXISTS lease (
    name TEXT PRIMARY KEY, holder TEXT NOT NULL, number INTEGER NOT NULL, expires REAL NOT NULL) WITHOUT ROWID;
""",
}
# What is handed out to workers, in PostgreSQL alone. `expires` is until when a job is held, or left alone, by the
# database's clock; `number` grows with each worker that takes it; `handed` says which job brings an article's newest
# text.
QUEUE = """
CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, run TEXT NOT NULL,
    content TEXT NOT NULL, turn INTEGER NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL,
    number INTEGER NOT NULL, holder TEXT NOT NULL, expires REAL NOT NULL, problem TEXT NOT NULL, outcome TEXT NOT NULL);
CREATE UNIQUE INDEX job_hash ON job (hash) WHERE state <> 'done';
CREATE INDEX job_turn ON job (turn, id) WHERE state = 'open';
CREATE INDEX job_run ON job (run) WHERE run <> '';
CREATE TABLE handed (
    article_id TEXT PRIMARY KEY, origin TEXT NOT NULL, file TEXT NOT NULL, hash TEXT NOT NULL, job INTEGER NOT NULL);
CREATE INDEX handed_origin ON handed (origin);
CREATE INDEX handed_job ON handed (job);
"""
# Those that the first version of the schema had: what came later is a migration of its own in PostgreSQL.
FIRST = ("feedback", "feed", "shared", "robots")


def statements(script: str) -> list[str]:
    """Split a script into its statements."""
    return [statement for statement in script.strip().removesuffix(";").split(";\n") if statement]
