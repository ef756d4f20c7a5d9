-- What the processes of one bot agree on; see package cluster. Only now() and
-- clock_timestamp() decide when something ends.

-- Who does what only one may do. The note says where the work stands, encrypted by who writes it.
CREATE TABLE lease (
  name text PRIMARY KEY,
  holder text NOT NULL, -- empty when it was released
  epoch bigint NOT NULL, -- one more with each taking
  until timestamptz NOT NULL,
  note text NOT NULL DEFAULT ''
) WITH (fillfactor = 50);

-- The processes, and what each announces: versions of packs, say.
CREATE TABLE member (
  name text PRIMARY KEY,
  since timestamptz NOT NULL DEFAULT now(),
  until timestamptz NOT NULL,
  about jsonb NOT NULL
) WITH (fillfactor = 50);

-- Messages that somebody answers or has answered, as keyed hashes. Each goes after 25 hours.
CREATE TABLE claim (
  id bytea PRIMARY KEY,
  holder text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  settled boolean NOT NULL DEFAULT false,
  orphaned boolean NOT NULL DEFAULT false -- its first holder was gone before it was settled
) WITH (fillfactor = 80);

-- Where the messages stand that were accepted and are not answered, encrypted.
CREATE TABLE unanswered (
  id text PRIMARY KEY,
  holder text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  value bytea NOT NULL
);

-- The last answer of each person in a chat and of each chat, for half an hour: scope and
-- people are keyed hashes, the value is encrypted. After a crash of the database it is empty.
CREATE UNLOGGED TABLE turn (
  scope bytea PRIMARY KEY,
  people bytea[] NOT NULL, -- whom it is about
  at timestamptz NOT NULL DEFAULT now(),
  value bytea NOT NULL
) WITH (fillfactor = 70);
ALTER TABLE turn SET (autovacuum_vacuum_threshold = 20, autovacuum_vacuum_scale_factor = 0.01);
