import { applied, DELTAS, type Cause } from './deltas.js';

/** A change that is to be there, or that is to be there and undone. */
export interface Asked {
  agentId: string;
  cause: Cause;
  /** What caused it, by id: each changes it once. */
  subject: string;
  isUndone?: boolean;
}

/** A change that was made: what the rule gives, what of it has arrived, and the score it led to, in hundredths. */
export interface Change {
  agentId: string;
  cause: string;
  subject: string;
  delta: number;
  applied: number;
  score: number;
}

export type Earlier = Pick<Change, 'agentId' | 'cause' | 'subject' | 'applied'>;

/**
 * What is to be added to what was made earlier. Each change is made once: news that comes again, and news of a change that
 * was made and undone before it came, add nothing. What is undone is what of it had arrived.
 */
export function changesToMake(
  asked: readonly Asked[],
  scores: ReadonlyMap<string, number>,
  earlier: readonly Earlier[],
): Change[] {
  const now = new Map(scores);
  const made = new Map(earlier.map((change) => [keyOf(change), change.applied]));
  const added: Change[] = [];
  const make = (agentId: string, subject: string, cause: string, delta: number): number => {
    const key = keyOf({ agentId, subject, cause });
    const known = made.get(key);
    if (known !== undefined) return known;
    const moved = applied(now.get(agentId)!, delta);
    now.set(agentId, moved.score);
    made.set(key, moved.applied);
    added.push({ agentId, cause, subject, delta, ...moved });
    return moved.applied;
  };
  for (const { agentId, subject, cause, isUndone } of asked) {
    const arrived = make(agentId, subject, cause, DELTAS[cause]);
    if (isUndone) make(agentId, subject, 'overturned', -arrived);
  }
  return added;
}

const keyOf = ({ agentId, subject, cause }: Omit<Earlier, 'applied'>): string =>
  `${agentId} ${subject} ${cause}`;
