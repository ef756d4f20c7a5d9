-- What became of questions; see package ledger. People and places are keyed hashes.
CREATE TABLE asked (
  n bigint GENERATED ALWAYS AS IDENTITY,
  id text PRIMARY KEY,
  at bigint NOT NULL, -- seconds since 1970
  platform text NOT NULL,
  who text NOT NULL,
  outcome text NOT NULL,
  fact text NOT NULL,
  near text NOT NULL,
  packs text NOT NULL,
  confidence double precision NOT NULL,
  margin double precision NOT NULL,
  words text,
  picked text NOT NULL DEFAULT '',
  place text NOT NULL DEFAULT '' -- only beside words that the admins of a place allow
);
CREATE INDEX asked_at ON asked (at);
CREATE INDEX asked_who ON asked (who);
CREATE INDEX asked_place ON asked (place) WHERE place <> '';

CREATE TABLE judged (
  asked text NOT NULL,
  who text NOT NULL,
  verdict text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (asked, who)
);
CREATE INDEX judged_who ON judged (who);

-- The people and places that allow words to be kept.
CREATE TABLE allowed (who text PRIMARY KEY);

-- Who asked to be forgotten of late: a record that another process has held back meanwhile
-- is not written. Each goes after a day.
CREATE TABLE forgotten (
  who text PRIMARY KEY,
  at bigint NOT NULL
);

ALTER TABLE asked SET (autovacuum_vacuum_threshold = 20, autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE judged SET (autovacuum_vacuum_threshold = 20, autovacuum_vacuum_scale_factor = 0.01);
