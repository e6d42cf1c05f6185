import type { XAccount } from '../domain/tweet.js';

/** The description for search engines (schema.org) that X puts into the page of a profile. */
interface ProfilePage {
  dateCreated?: string;
  mainEntity?: Person;
  /** Its older name. */
  author?: Person;
}

interface Person {
  identifier?: string;
  additionalName?: string;
  interactionStatistic?: { name?: string; userInteractionCount?: number }[];
}

/** The account of a profile; undefined when the page does not tell everything that the rules ask about it. */
export function accountIn(schema: string, handle: string): XAccount | undefined {
  const { dateCreated, ...page } = JSON.parse(schema) as ProfilePage;
  const { identifier, additionalName, interactionStatistic } = page.mainEntity ?? page.author ?? {};
  const followers = interactionStatistic?.find(({ name }) => name === 'Follows')?.userInteractionCount;
  const createdAt = new Date(dateCreated ?? Number.NaN);
  const isWhole =
    /^\d+$/.test(identifier ?? '') && Number.isInteger(followers) && !Number.isNaN(createdAt.getTime());
  if (!isWhole || additionalName?.toLowerCase() !== handle.toLowerCase()) return undefined;
  // Whoever is not logged in, as we are not, sees no tweet of a protected account.
  return { id: identifier!, handle: additionalName, createdAt, followers: followers!, isProtected: false };
}
