-- SPDX-License-Identifier: Apache-2.0
--
-- The desk's store, version 1. What the columns mean and which state follows
-- which: src/store/README. Enumerations are stored as the numbers of model/*.h
-- and store/query.h; those never change their order. A released migration
-- never changes; a new version is a new file.
-- Instants: *_ms wall clock UTC, boot_ms and *_boot_ms boot-time clock.

-- What the store knows of itself: device, next_seq, boot.
CREATE TABLE self (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;

-- What is known about the server; room sync decides the keys.
CREATE TABLE fact (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE preference (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE cursor (
	feed TEXT PRIMARY KEY,
	cursor TEXT NOT NULL
) WITHOUT ROWID;

-- The newest checkpoint of each origin; those of earlier origins are evidence.
CREATE TABLE checkpoint (
	origin TEXT PRIMARY KEY,
	size INTEGER NOT NULL,
	note TEXT NOT NULL
) WITHOUT ROWID;

-- My queues, with the kept counts of their mirrored headers.
CREATE TABLE queue (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	title TEXT NOT NULL,
	kind INTEGER NOT NULL,
	definition TEXT NOT NULL,
	policy TEXT NOT NULL,
	guide TEXT NOT NULL,
	roles TEXT NOT NULL,
	waits INTEGER NOT NULL,
	lease_s INTEGER NOT NULL,
	waiting INTEGER NOT NULL,
	pass INTEGER NOT NULL DEFAULT 0,        -- number of the running re-read
	opened INTEGER NOT NULL DEFAULT 0,      -- counts: headers,
	held INTEGER NOT NULL DEFAULT 0,        -- … reserved by somebody,
	leased INTEGER NOT NULL DEFAULT 0,      -- … reserved for this desk,
	decided INTEGER NOT NULL DEFAULT 0,     -- … decided here,
	escalations INTEGER NOT NULL DEFAULT 0, -- … by stage
	samples INTEGER NOT NULL DEFAULT 0
);

-- The mirror of the server's list: narrow, clustered in the server's order, so
-- that a page of it is a few neighbouring database pages. Ids of the usual
-- form are stored as 16 bytes, others as text. due is 2^63-1 where there is none.
CREATE TABLE header (
	queue INTEGER NOT NULL,
	ord INTEGER NOT NULL,
	review NOT NULL,
	due INTEGER NOT NULL,
	mine INTEGER NOT NULL,
	stage INTEGER NOT NULL,
	held INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	class INTEGER NOT NULL,
	confidence INTEGER NOT NULL,            -- per mille, -1: unknown
	received_ms INTEGER NOT NULL,
	pass INTEGER NOT NULL,
	proposal NOT NULL,
	external_id TEXT NOT NULL,
	state TEXT NOT NULL,
	case_id TEXT,
	PRIMARY KEY (queue, ord, review)
) WITHOUT ROWID;
CREATE UNIQUE INDEX header_review ON header (review);
CREATE INDEX header_due ON header (queue, due, ord, review);

-- Bytes as they came: proposals by salted digest ("blind:" before that of a
-- reduced one), definitions by definition digest.
CREATE TABLE document (
	digest TEXT NOT NULL UNIQUE,
	bytes BLOB NOT NULL
);

CREATE TABLE lease (
	n INTEGER PRIMARY KEY,                  -- order of arrival
	review TEXT NOT NULL UNIQUE,
	proposal TEXT NOT NULL,
	external_id TEXT NOT NULL,
	queue TEXT NOT NULL,
	kind INTEGER NOT NULL,
	class INTEGER NOT NULL,
	stage INTEGER NOT NULL,
	view INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	token TEXT NOT NULL,
	digest TEXT NOT NULL,
	definition TEXT NOT NULL,
	document TEXT NOT NULL,                 -- key of the table document
	expires_ms INTEGER NOT NULL,
	ends_boot_ms INTEGER NOT NULL,
	due_ms INTEGER NOT NULL,
	state INTEGER NOT NULL,
	changed_ms INTEGER NOT NULL,            -- of the state
	opened_ms INTEGER NOT NULL DEFAULT 0,
	touched_boot_ms INTEGER NOT NULL DEFAULT 0,
	showings INTEGER NOT NULL DEFAULT 0,
	act TEXT,                               -- id of the decision or disposition
	own TEXT,
	own_content TEXT,
	text TEXT
);
-- Items of answered reviews stay for amendments; nobody walks over them.
CREATE INDEX lease_state ON lease (state, queue);
-- The lease as it came, without the proposal; apart, so that a change of state
-- writes little.
CREATE TABLE lease_doc (
	lease INTEGER PRIMARY KEY REFERENCES lease (n) ON DELETE CASCADE,
	doc TEXT NOT NULL
);

CREATE TABLE draft (
	review TEXT PRIMARY KEY,
	saved_ms INTEGER NOT NULL,
	body TEXT NOT NULL
) WITHOUT ROWID;

-- The item on the screen: a row left behind means the desk died over it.
CREATE TABLE showing (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	review TEXT NOT NULL
);

-- What this person did: decisions and dispositions.
CREATE TABLE act (
	n INTEGER PRIMARY KEY,
	act INTEGER NOT NULL,
	id TEXT NOT NULL UNIQUE,
	review TEXT NOT NULL,
	proposal TEXT NOT NULL,
	external_id TEXT NOT NULL,
	queue TEXT NOT NULL,
	kind INTEGER NOT NULL,
	stage INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	token TEXT NOT NULL,
	outcome INTEGER NOT NULL,               -- or disposition
	reason TEXT,
	state INTEGER NOT NULL,
	decided_ms INTEGER NOT NULL,
	amends TEXT,
	device TEXT,                            -- both NULL until sendable
	seq INTEGER,
	verdict INTEGER NOT NULL DEFAULT 0,
	late INTEGER NOT NULL DEFAULT 0,
	leaf INTEGER NOT NULL DEFAULT -1,
	answered_ms INTEGER NOT NULL DEFAULT 0,
	summary TEXT,
	text TEXT,
	pointers TEXT,
	content TEXT,
	draft TEXT,
	envelope TEXT
);
-- Answered and not yet in the log, or refused. A new act is in neither state, so
-- recording one does not touch this index.
CREATE INDEX act_answered ON act (state, n) WHERE state = 2 OR state = 4;

-- What has not been answered: the undo hold and the way to the server.
CREATE TABLE outbox (
	n INTEGER PRIMARY KEY,                  -- of the table act
	ready INTEGER NOT NULL,                 -- 0 held, 1 sendable
	act INTEGER NOT NULL,
	boot_ms INTEGER NOT NULL,               -- when the hold began
	lease_ends_boot_ms INTEGER NOT NULL,
	waits INTEGER NOT NULL,
	tries INTEGER NOT NULL DEFAULT 0,
	again INTEGER NOT NULL DEFAULT 0        -- offered again after a restore
);

CREATE TABLE log (
	n INTEGER PRIMARY KEY,
	at_ms INTEGER NOT NULL,
	event TEXT NOT NULL,
	review TEXT,
	subject TEXT,
	external_id TEXT,
	text TEXT
);
