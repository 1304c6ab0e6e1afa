/**
 * Keys and values come as one text each, split here: JSON has no raw newline, and an array parameter would have every
 * quote escaped. An empty line is a tombstone, for no JSON is empty. `unnest` of both fills up a short list with nulls,
 * which makes the split of a single tombstone (no element at all) right as well.
 */
const LINES = `ROWS FROM (unnest(string_to_array($4, E'\\n')), unnest(string_to_array($5, E'\\n', '')))
             WITH ORDINALITY AS line (key, value, place)`;

/**
 * Appends a batch in one statement: the head row's lock orders writers, so a reader that has seen offset n can never
 * later find a smaller one. The tail that the batch supersedes is deleted in the same statement; as a scalar its offset
 * is looked up in the index, while a join with `head` reads the whole partition each time.
 * $1 topic, $2 partition, $3 count, $4 keys, $5 values, $6 what the first record supersedes, $7 what the last one is.
 */
export const APPEND = `
  WITH head AS (
    UPDATE log_head SET next_offset = next_offset + $3, tail_supersedes = $7
      FROM (SELECT next_offset AS base, tail_supersedes AS tail FROM log_head WHERE topic = $1 AND partition = $2 FOR UPDATE) AS before
     WHERE topic = $1 AND partition = $2 RETURNING before.base, before.tail),
  thinned AS (
    DELETE FROM log_record
     WHERE topic = $1 AND partition = $2 AND "offset" = (SELECT base - 1 FROM head WHERE tail = $6)),
  added AS (
    INSERT INTO log_record (topic, partition, "offset", key, value)
    SELECT $1, $2, head.base + line.place - 1, line.key, line.value FROM head, ${LINES})
  SELECT base FROM head`;

/**
 * Appends to a compacted topic: a key's row moves to its new offset. Within one batch the last record of a key wins.
 * $1 topic, $2 partition, $3 count, $4 keys, $5 values.
 */
export const APPEND_COMPACTED = `
  WITH head AS (
    UPDATE log_head SET next_offset = next_offset + $3 WHERE topic = $1 AND partition = $2
    RETURNING next_offset - $3 AS base),
  newest AS (SELECT DISTINCT ON (key) key, value, place FROM ${LINES} ORDER BY key, place DESC),
  added AS (
    INSERT INTO log_compacted (topic, partition, "offset", key, value)
    SELECT $1, $2, head.base + newest.place - 1, newest.key, newest.value FROM head, newest
    ON CONFLICT (topic, partition, key) DO UPDATE SET "offset" = excluded."offset", value = excluded.value)
  SELECT base FROM head`;

/**
 * One batch in the order of offsets. The bytes before each row are summed up here, from lengths that PostgreSQL knows
 * without reading the value, so that a thousand records of a megabyte are not sent to be thrown away.
 * $1 topic, $2 partition, $3 from, $4 records at most, $5 bytes before the last one at most.
 */
const read = (table: string): string => `
  SELECT "offset", key, value FROM (
    SELECT "offset", key, value,
           sum(octet_length(value)) OVER (ORDER BY "offset" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM ${table} WHERE topic = $1 AND partition = $2 AND "offset" >= $3 ORDER BY "offset" LIMIT $4) AS candidate
   WHERE before IS NULL OR before <= $5 ORDER BY "offset"`;

export const READ = read('log_record');
export const READ_COMPACTED = read('log_compacted');

export const HEADS = 'SELECT topic, partition, next_offset FROM log_head';

/** Notes where the partitions of a topic end now. $1 topic, $2 now. */
export const MARK = `
  INSERT INTO log_mark (topic, partition, noted_at, next_offset)
  SELECT topic, partition, $2, next_offset FROM log_head WHERE topic = $1 ON CONFLICT DO NOTHING`;

/** For each partition the newest mark that is old enough. $1 topic, $2 instant. */
export const OLD_MARKS = `
  SELECT DISTINCT ON (partition) partition, noted_at, next_offset FROM log_mark
   WHERE topic = $1 AND noted_at <= $2 ORDER BY partition, noted_at DESC`;

/** Removes some of the oldest records before an offset. $1 topic, $2 partition, $3 offset, $4 how many at most. */
export const TRIM = `
  DELETE FROM log_record WHERE topic = $1 AND partition = $2 AND "offset" < LEAST(
    $3, (SELECT "offset" FROM log_record WHERE topic = $1 AND partition = $2 ORDER BY "offset" LIMIT 1) + $4)`;

/** $1 topic, $2 partition, $3 instant. */
export const FORGET_MARKS = 'DELETE FROM log_mark WHERE topic = $1 AND partition = $2 AND noted_at < $3';
