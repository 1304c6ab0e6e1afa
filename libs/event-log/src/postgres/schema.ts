/**
 * The log's tables. Append only; each primary key is exactly the order of reading, and there is no other index on
 * records. `log_head` has one row a partition: locking it is what makes offsets become visible in order. `log_mark` notes
 * now and then where partitions ended, so that retention knows how old an offset is without a time on every record.
 */
export const POSTGRES_LOG_SCHEMA: readonly string[] = [
  `CREATE TABLE log_topic (name text PRIMARY KEY, partitions int NOT NULL, policy text NOT NULL)`,
  `CREATE TABLE log_head (
     topic text NOT NULL,
     partition int NOT NULL,
     next_offset bigint NOT NULL DEFAULT 0,
     tail_supersedes text,
     PRIMARY KEY (topic, partition)) WITH (fillfactor = 50)`,
  `CREATE TABLE log_record (
     topic text NOT NULL,
     partition int NOT NULL,
     "offset" bigint NOT NULL,
     key text NOT NULL,
     value text NOT NULL,
     PRIMARY KEY (topic, partition, "offset"))`,
  `CREATE TABLE log_compacted (
     topic text NOT NULL,
     partition int NOT NULL,
     "offset" bigint NOT NULL,
     key text NOT NULL,
     value text,
     PRIMARY KEY (topic, partition, key),
     UNIQUE (topic, partition, "offset"))`,
  `CREATE TABLE log_mark (
     topic text NOT NULL,
     partition int NOT NULL,
     noted_at bigint NOT NULL,
     next_offset bigint NOT NULL,
     PRIMARY KEY (topic, partition, noted_at))`,
];
