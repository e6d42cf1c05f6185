/**
 * Subjects are spread over so many shards, each of which is handed over in order. Another number needs a
 * migration: `event_done` counts per shard.
 */
export const SHARDS = 4;

/** SQL over a row with a `subject`. Hash indexes hang on this function, so no version of PostgreSQL changes it in silence. */
export const SHARD_OF_SUBJECT = `(hashtext(subject) & ${SHARDS - 1})`;

/** One subscriber's way through the events of one shard. */
export interface Track {
  subscriber: string;
  shard: number;
}

export const tracksOf = (subscriber: string): Track[] =>
  Array.from({ length: SHARDS }, (_, shard) => ({ subscriber, shard }));

export const trackKey = ({ subscriber, shard }: Track): string => `${subscriber}-${shard}`;

export const trackOf = (key: string): Track => {
  const dash = key.lastIndexOf('-');
  return { subscriber: key.slice(0, dash), shard: Number(key.slice(dash + 1)) };
};
