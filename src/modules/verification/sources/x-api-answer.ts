import type { OutgoingResponse } from '#platform/egress';
import type { Sighting, XAccount } from '../domain/tweet.js';

/** What is read of X's answers; each part may be missing from any of them. */
interface Body {
  data?: Partial<{
    id: string;
    text: string;
    created_at: string;
    author_id: string;
    /** The whole of a long tweet, whose `text` is cut. */
    note_tweet: { text?: string };
    referenced_tweets: { type?: string }[];
  }>;
  includes?: { users?: User[] };
  errors?: Problem[];
  type?: string;
}

type User = Partial<{
  id: string;
  username: string;
  created_at: string;
  protected: boolean;
  public_metrics: { followers_count?: number };
}>;

interface Problem {
  type?: string;
  /** Of a request that X found malformed. */
  parameters?: { id?: unknown };
}

/** What an answer says about the tweet; undefined for one that says nothing about it, an outage or a refused token. */
export function sightingIn({
  status,
  body,
}: Pick<OutgoingResponse, 'status' | 'body'>): Sighting | undefined {
  const answer = parsed(body);
  if (status === 200 && answer?.data) return tweetIn(answer);
  // X answers 200 with errors for what it does not show.
  const problems = [answer, ...(answer?.errors ?? [])].map((problem) => problem?.type?.split('/').at(-1));
  if ((status === 200 || status === 403) && problems.includes('not-authorized-for-resource'))
    return 'not_public';
  if (status === 404 || (status === 200 && problems.includes('resource-not-found'))) return 'not_found';
  if (status === 400 && answer?.errors?.some(({ parameters }) => parameters?.id !== undefined))
    return 'not_found';
  return undefined;
}

/** Undefined unless all of it is there: what is not told must not count as good. */
function tweetIn({ data, includes }: Body): Sighting | undefined {
  const author = accountIn(includes?.users?.find(({ id }) => id !== undefined && id === data?.author_id));
  const postedAt = timeIn(data?.created_at);
  const text = data?.note_tweet?.text ?? data?.text;
  if (!author || !postedAt || typeof data?.id !== 'string' || typeof text !== 'string') return undefined;
  const isRepost = data.referenced_tweets?.some(({ type }) => type === 'retweeted') ?? false;
  return { id: data.id, text, postedAt, isRepost, author };
}

function accountIn(user: User | undefined): XAccount | undefined {
  const createdAt = timeIn(user?.created_at);
  const followers = user?.public_metrics?.followers_count;
  if (typeof user?.id !== 'string' || typeof user.username !== 'string' || !createdAt) return undefined;
  if (typeof followers !== 'number' || typeof user.protected !== 'boolean') return undefined;
  return { id: user.id, handle: user.username, createdAt, followers, isProtected: user.protected };
}

function timeIn(text: string | undefined): Date | undefined {
  const time = new Date(text ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** Undefined for what is no object, such as the page of a proxy in between. */
function parsed(body: string): Body | undefined {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
