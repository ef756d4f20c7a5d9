-- What the processes of one bot go by all together: which packs, say. Each writes what it could go
-- by; what all that are alive have written becomes the value. See package cluster.
CREATE TABLE agreement (
  name text PRIMARY KEY,
  version bigint NOT NULL DEFAULT 1, -- one more with each write: who decides has seen all votes, or writes nothing
  epoch bigint NOT NULL DEFAULT 0, -- one more with each value
  value text NOT NULL DEFAULT '',
  at timestamptz, -- when the value was agreed on
  votes jsonb NOT NULL DEFAULT '{}' -- by the names of processes
) WITH (fillfactor = 50);

-- Packs as archives, by the digest of their content: those that are answered from, so that a
-- process can that does not have them, and those that are proposed.
CREATE TABLE pack_copy (
  digest text PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(), -- when a process last had them
  archive bytea NOT NULL
);
