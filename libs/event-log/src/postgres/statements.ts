/**
 * Appends a batch in one statement: the head row's lock orders writers, so a reader that has seen offset n can never
 * later find a smaller one. The tail that the batch supersedes is deleted in the same statement. Lines and keys come
 * as one text each, split here: JSON has no raw newline, and arrays would have every quote escaped.
 * $1 topic, $2 partition, $3 count, $4 keys, $5 values, $6 what the first record supersedes, $7 what the last one is.
 */
export const APPEND = `
  WITH head AS (
    UPDATE log_head SET next_offset = next_offset + $3, tail_supersedes = $7
      FROM (SELECT next_offset AS base, tail_supersedes AS tail FROM log_head WHERE topic = $1 AND partition = $2 FOR UPDATE) AS before
     WHERE topic = $1 AND partition = $2 RETURNING before.base, before.tail),
  thinned AS (
    DELETE FROM log_record USING head
     WHERE log_record.topic = $1 AND log_record.partition = $2 AND log_record."offset" = head.base - 1
       AND head.tail = $6),
  added AS (
    INSERT INTO log_record (topic, partition, "offset", key, value)
    SELECT $1, $2, head.base + line.place - 1, line.key, line.value
      FROM head, ROWS FROM (unnest(string_to_array($4, E'\\n')), unnest(string_to_array($5, E'\\n')))
             WITH ORDINALITY AS line (key, value, place))
  SELECT base FROM head`;

/**
 * Appends to a compacted topic: a key's row moves to its new offset. Within one batch the last record of a key wins.
 * $1 topic, $2 partition, $3 count, $4 records as a JSON list of {key, value}.
 */
export const APPEND_COMPACTED = `
  WITH head AS (
    UPDATE log_head SET next_offset = next_offset + $3 WHERE topic = $1 AND partition = $2
    RETURNING next_offset - $3 AS base),
  newest AS (
    SELECT DISTINCT ON (line->>'key') line->>'key' AS key, line->>'value' AS value, place
      FROM json_array_elements($4::json) WITH ORDINALITY AS list (line, place) ORDER BY line->>'key', place DESC),
  added AS (
    INSERT INTO log_compacted (topic, partition, "offset", key, value)
    SELECT $1, $2, head.base + newest.place - 1, newest.key, newest.value FROM head, newest
    ON CONFLICT (topic, partition, key) DO UPDATE SET "offset" = excluded."offset", value = excluded.value)
  SELECT base FROM head`;

/** One batch in the order of offsets; the limit on bytes is the reader's, by cutting what it got. */
export const READ = `
  SELECT "offset", key, value FROM log_record
   WHERE topic = $1 AND partition = $2 AND "offset" >= $3 ORDER BY "offset" LIMIT $4`;

export const READ_COMPACTED = `
  SELECT "offset", key, value FROM log_compacted
   WHERE topic = $1 AND partition = $2 AND "offset" >= $3 ORDER BY "offset" LIMIT $4`;

export const HEADS = 'SELECT topic, partition, next_offset FROM log_head';
