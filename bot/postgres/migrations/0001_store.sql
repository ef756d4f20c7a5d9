-- What the program is told and keeps of itself: facts about the whole database.
CREATE TABLE meta (
  name text PRIMARY KEY,
  value text NOT NULL
);

-- Small values by namespace and key; see package store. The keys of settings are keyed
-- hashes and the values of what waits for an answer are encrypted, under a key that is not here.
CREATE TABLE kv (
  space text NOT NULL,
  key text NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (space, key)
);
-- What is deleted, or overwritten, should leave the pages within a minute or two.
ALTER TABLE kv SET (autovacuum_vacuum_threshold = 20, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
