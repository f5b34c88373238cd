-- SPDX-License-Identifier: Apache-2.0
--
-- The server's database, version 1. One transaction sets it up, together with
-- PRAGMA user_version. A released file never changes: add the next number.
--
-- *_ms: milliseconds since 1970-01-01 UTC by the server's clock; 0 or NULL as
-- said. Digests: "sha256:" and 64 hex. Documents: text as it came or was made.
-- What a list reads is in narrow tables; documents stand apart.

CREATE TABLE meta (
	key TEXT PRIMARY KEY,          -- epoch, origin, grants (counter of lease tokens)
	value NOT NULL
) WITHOUT ROWID;

-- ---------------------------------------------------------------- who may what
CREATE TABLE token (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	hash BLOB NOT NULL UNIQUE,     -- SHA-256 of the whole bearer token
	principal TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	revoked_ms INTEGER             -- NULL: in force
);
CREATE INDEX token_principal ON token(principal);

CREATE TABLE token_role (
	token TEXT NOT NULL REFERENCES token(id),
	queue TEXT NOT NULL,           -- '' : every queue
	role TEXT NOT NULL,
	PRIMARY KEY (token, queue, role)
) WITHOUT ROWID;

CREATE TABLE device (
	id TEXT PRIMARY KEY,
	principal TEXT NOT NULL,       -- for ever: a device is one person's
	first_ms INTEGER NOT NULL,
	high_seq INTEGER NOT NULL      -- highest number received
) WITHOUT ROWID;

CREATE TABLE seq (
	device TEXT NOT NULL,
	seq INTEGER NOT NULL,
	decision TEXT NOT NULL,
	PRIMARY KEY (device, seq)
) WITHOUT ROWID;

-- ------------------------------------------------- what is asked, and the rules
CREATE TABLE definition (
	digest TEXT PRIMARY KEY,
	queue TEXT NOT NULL,
	document TEXT NOT NULL,        -- the newest document that has this digest
	loaded_ms INTEGER NOT NULL
);
CREATE TABLE policy (
	digest TEXT PRIMARY KEY,
	queue TEXT NOT NULL,
	document TEXT NOT NULL,
	loaded_ms INTEGER NOT NULL
);
CREATE TABLE guide (
	digest TEXT PRIMARY KEY,
	queue TEXT NOT NULL,
	document TEXT NOT NULL,
	loaded_ms INTEGER NOT NULL
);
CREATE TABLE queue (
	name TEXT PRIMARY KEY,
	title TEXT NOT NULL,
	kind TEXT NOT NULL,
	definition TEXT NOT NULL REFERENCES definition(digest),   -- in force
	policy TEXT NOT NULL REFERENCES policy(digest),
	guide TEXT REFERENCES guide(digest),
	document TEXT NOT NULL         -- the whole definition in force
);
-- The key of a week draws the samples of that week.
CREATE TABLE sample_key (
	week TEXT PRIMARY KEY,         -- 2026-W45
	key BLOB NOT NULL
) WITHOUT ROWID;

-- -------------------------------------------------------------------- proposals
CREATE TABLE proposal (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	producer TEXT NOT NULL,
	queue TEXT NOT NULL REFERENCES queue(name),
	external_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	class TEXT NOT NULL,           -- as routed: the stricter of queue and proposal
	case_id TEXT,
	title TEXT,                    -- of an action, for lists of siblings
	revision INTEGER NOT NULL,     -- the current one
	state TEXT NOT NULL,           -- a word of data/states.tsv, never "reserved"
	route TEXT NOT NULL,
	people INTEGER NOT NULL,       -- who must decide: 0, 1 or 2
	received_ms INTEGER NOT NULL,
	due_ms INTEGER NOT NULL,       -- 0: none
	expires_ms INTEGER NOT NULL,   -- 0: never
	suspend INTEGER NOT NULL,      -- on expiry: 1 suspend, 0 close
	result_number INTEGER NOT NULL,-- of the newest; in force while state is a result
	released_by TEXT               -- id of the release; NULL: not consumed
);
CREATE UNIQUE INDEX proposal_external ON proposal(producer, queue, external_id);
CREATE INDEX proposal_accepted ON proposal(queue, received_ms) WHERE route = 'auto_accept';
CREATE INDEX proposal_case ON proposal(queue, case_id) WHERE case_id IS NOT NULL;
CREATE INDEX proposal_expiry ON proposal(expires_ms)
	WHERE expires_ms > 0 AND state IN ('waiting','second_wanted','escalated','held');

CREATE TABLE revision (
	proposal TEXT NOT NULL REFERENCES proposal(id),
	number INTEGER NOT NULL,
	event TEXT,                    -- id of the revise call; NULL for the first
	received_ms INTEGER NOT NULL,
	body_digest TEXT NOT NULL,     -- over JCS, unsalted: what makes a duplicate
	digest TEXT NOT NULL,          -- salted
	salt TEXT,                     -- NULL once erased, with document
	document TEXT,                 -- as sent
	definition TEXT NOT NULL,
	policy TEXT NOT NULL,
	guide TEXT,
	route TEXT NOT NULL,
	rule TEXT NOT NULL,
	reasons TEXT NOT NULL,         -- every leaf's result, JSON array
	asked TEXT NOT NULL,           -- names of the fields asked; [] means all
	confidence INTEGER NOT NULL,   -- per mille, -1: unknown
	PRIMARY KEY (proposal, number)
);

CREATE TABLE callback (
	proposal TEXT PRIMARY KEY REFERENCES proposal(id),
	url TEXT NOT NULL,
	token TEXT
) WITHOUT ROWID;

CREATE TABLE blob (
	sha256 TEXT PRIMARY KEY,       -- 64 hex; the file is DIR/blobs/aa/<64 hex>
	size INTEGER NOT NULL,
	received_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE proposal_blob (
	proposal TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	PRIMARY KEY (proposal, sha256)
) WITHOUT ROWID;

-- Calls of producers that carry an id of their own.
CREATE TABLE event (
	id TEXT PRIMARY KEY,
	verb TEXT NOT NULL,            -- withdraw, revise
	proposal TEXT NOT NULL,
	identity TEXT NOT NULL,        -- digest of the call
	at_ms INTEGER NOT NULL
);

-- ----------------------------------------------------------------------- reviews
CREATE TABLE review (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	proposal TEXT NOT NULL REFERENCES proposal(id),
	revision INTEGER NOT NULL,
	queue TEXT NOT NULL,
	stage TEXT NOT NULL,
	state TEXT NOT NULL,           -- open, decided, closed
	order_key INTEGER NOT NULL,    -- smallest first; see queue/order.h
	external_id TEXT NOT NULL,     -- for lists, so that they read one table
	kind TEXT NOT NULL,
	class TEXT NOT NULL,
	case_id TEXT,
	producer TEXT NOT NULL,
	confidence INTEGER NOT NULL,
	received_ms INTEGER NOT NULL,
	due_ms INTEGER NOT NULL,
	view TEXT NOT NULL,            -- full, peer, blind: of the lease in force
	probability TEXT NOT NULL,     -- with which it was drawn: "1", or a sample's rate
	about TEXT,                    -- decision it checks, resolves or answers
	named_to TEXT,                 -- kept for this person until named_ms
	named_ms INTEGER NOT NULL,
	route TEXT,                    -- of an escalation, as asked for
	decision TEXT,                 -- the last accepted one
	holder TEXT,                   -- to whom it was leased last
	device TEXT,
	token INTEGER NOT NULL,        -- of the last grant; 0: never leased
	expires_ms INTEGER NOT NULL,   -- of the last grant; held while later than now;
	                               -- negative: lapsed, and the desks were told;
	                               -- 0: never leased, given back, recalled, decided
	offline INTEGER NOT NULL,      -- taken away: renewing does not shorten it
	own TEXT                       -- digest of the own answer of a blind review
);
-- One for every offered order, and for each question a lease asks.
CREATE INDEX review_order ON review(queue, stage, order_key, n) WHERE state = 'open';
CREATE INDEX review_proposal ON review(proposal);
CREATE INDEX review_device ON review(device) WHERE state = 'open' AND expires_ms > 0;
CREATE INDEX review_lapse ON review(expires_ms) WHERE state = 'open' AND expires_ms > 0;
CREATE INDEX review_case ON review(queue, case_id) WHERE state = 'open' AND case_id IS NOT NULL;

CREATE TABLE lease_skip (
	review TEXT NOT NULL,
	principal TEXT NOT NULL,
	disposition TEXT NOT NULL,
	reason TEXT,
	at_ms INTEGER NOT NULL,
	PRIMARY KEY (review, principal)
) WITHOUT ROWID;

-- The own answer of a blind review.
CREATE TABLE own (
	review TEXT NOT NULL,
	principal TEXT NOT NULL,
	digest TEXT NOT NULL,
	salt TEXT,
	document TEXT,
	at_ms INTEGER NOT NULL,
	leaf INTEGER NOT NULL,
	PRIMARY KEY (review, principal)
);

-- --------------------------------------------------------------------- decisions
-- A row is never updated, whatever became of it. The content stands apart.
CREATE TABLE decision (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	identity TEXT NOT NULL,        -- digest that makes two offers the same
	envelope TEXT NOT NULL,        -- as it came, without content
	envelope_digest TEXT NOT NULL,
	principal TEXT NOT NULL,
	role TEXT,
	proposal TEXT,                 -- NULL: the review named is none
	queue TEXT,
	review TEXT,
	revision INTEGER,
	stage TEXT,
	outcome TEXT,
	verdict TEXT NOT NULL,
	late INTEGER NOT NULL,
	state TEXT,                    -- of the proposal after it
	faults TEXT NOT NULL,          -- [{pointer,text}]
	amends TEXT,
	device TEXT,
	seq INTEGER,
	received_ms INTEGER NOT NULL,
	leaf INTEGER NOT NULL
);
CREATE INDEX decision_proposal ON decision(proposal, principal);
CREATE INDEX decision_principal ON decision(principal, n);

CREATE TABLE decision_content (
	decision TEXT PRIMARY KEY REFERENCES decision(id),
	digest TEXT NOT NULL,
	salt TEXT,                     -- NULL once erased, with document
	document TEXT                  -- {"value","message","note"}
);

-- ----------------------------------------------------------------------- results
CREATE TABLE result (
	n INTEGER PRIMARY KEY AUTOINCREMENT,   -- place in the feed
	proposal TEXT NOT NULL REFERENCES proposal(id),
	number INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	producer TEXT NOT NULL,
	state TEXT NOT NULL,
	changed INTEGER NOT NULL,
	decision TEXT,                 -- NULL: made by the server
	digest TEXT NOT NULL,
	salt TEXT,                     -- NULL once erased, with document
	document TEXT,                 -- {"value","message","note":null}
	edited TEXT NOT NULL,          -- names of what a person changed
	at_ms INTEGER NOT NULL,
	delivered_ms INTEGER NOT NULL, -- first handed to the producer; 0: not yet
	leaf INTEGER NOT NULL
);
CREATE UNIQUE INDEX result_number ON result(proposal, number);
CREATE INDEX result_feed ON result(producer, n);

-- An approval's answer, handed over once. The caller's id is the key.
CREATE TABLE release (
	id TEXT PRIMARY KEY,
	proposal TEXT NOT NULL UNIQUE,
	number INTEGER NOT NULL,
	digest TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	leaf INTEGER NOT NULL
);

-- data/feedback.md
CREATE TABLE feedback (
	n INTEGER PRIMARY KEY,
	queue TEXT NOT NULL,
	decision TEXT NOT NULL,
	row TEXT NOT NULL              -- the whole row, JSON, members in order
);
CREATE INDEX feedback_queue ON feedback(queue, n);
CREATE INDEX feedback_decision ON feedback(decision);

-- ------------------------------------------------------------------ catching up
CREATE TABLE change (
	n INTEGER PRIMARY KEY AUTOINCREMENT,
	type TEXT NOT NULL,
	queue TEXT NOT NULL,
	stage TEXT,                    -- who may see a header or gone
	principal TEXT,                -- NULL: everyone who may see it
	subject TEXT NOT NULL,         -- review, decision or queue
	body TEXT                      -- more members, JSON
);

-- --------------------------------------------------------------------- audit log
CREATE TABLE log_leaf (
	n INTEGER PRIMARY KEY,         -- index in the tree, from 0
	hash BLOB NOT NULL,
	leaf TEXT NOT NULL
);
-- Roots of the perfect subtrees above the leaves.
CREATE TABLE log_node (
	level INTEGER NOT NULL,        -- from 1
	n INTEGER NOT NULL,
	hash BLOB NOT NULL,
	PRIMARY KEY (level, n)
) WITHOUT ROWID;
CREATE TABLE checkpoint (
	size INTEGER PRIMARY KEY,
	note TEXT NOT NULL
);
