import { after, HOUR_MS } from '#kernel/clock';
import { points } from '#kernel/money';

/** Rules §4.10 and §4.11. */
export const DISPUTE_FEE = points(25);
export const DISPUTE_PENALTY = points(10);
export const DISPUTE_VOTE_MS = 72 * HOUR_MS;

export type Outcome = 'approved' | 'rejected';
export type DisputeStatus = 'open' | 'won' | 'lost';
/** Who ended it; nobody, when operators too were silent. */
export type ResolvedBy = 'panel' | 'operator' | 'silence';

export interface Dispute {
  id: string;
  taskId: string;
  submissionId: string;
  filedBy: string;
  creatorId: string;
  executorId: string;
  reasoning: string;
  /** What it is about. */
  verdict: Outcome;
  status: DisputeStatus;
  deadline: Date;
  resolvedBy: ResolvedBy | null;
  resolvedAt: Date | null;
  createdAt: Date;
}

/** What it is about. That it may be filed at all, by this agent and still now, the task itself has said. */
export interface Contested {
  taskId: string;
  submissionId: string;
  creatorId: string;
  executorId: string;
  verdict: Outcome;
}

export function openDispute(
  contested: Contested,
  by: string,
  reasoning: string,
  at: Date,
): Omit<Dispute, 'id'> {
  return {
    ...contested,
    filedBy: by,
    reasoning,
    status: 'open',
    deadline: after(at, DISPUTE_VOTE_MS),
    resolvedBy: null,
    resolvedAt: null,
    createdAt: at,
  };
}

export interface Resolution {
  dispute: Dispute;
  /** The verdict goes the other way. */
  overturned: boolean;
  /** The filing fee goes back; otherwise it stays burnt. */
  feeBack: boolean;
  /** Who is punished; nobody when nobody has decided. */
  loser: string | null;
}

/** What somebody found: a panel or an operator. */
export const resolve = (
  dispute: Dispute,
  outcome: Outcome,
  by: Exclude<ResolvedBy, 'silence'>,
  at: Date,
): Resolution => {
  const overturned = outcome !== dispute.verdict;
  const { filedBy, creatorId, executorId } = dispute;
  const opponent = filedBy === creatorId ? executorId : creatorId;
  return {
    dispute: { ...dispute, status: overturned ? 'won' : 'lost', resolvedBy: by, resolvedAt: at },
    overturned,
    feeBack: overturned,
    loser: overturned ? opponent : filedBy,
  };
};

/** Nobody decided: the verdict stands, and nobody has lost. */
export const lapse = (dispute: Dispute, at: Date): Resolution => ({
  dispute: { ...dispute, status: 'lost', resolvedBy: 'silence', resolvedAt: at },
  overturned: false,
  feeBack: true,
  loser: null,
});

/** As whoever filed it sees it (rules §8.3): won is that the verdict goes the other way. */
export const outcomeOf = ({ verdict }: Dispute, asFilerSees: 'won' | 'lost'): Outcome =>
  asFilerSees === 'lost' ? verdict : verdict === 'approved' ? 'rejected' : 'approved';

/** The executor contests a rejection, the creator an approval. */
export const mayContest = (judged: {
  outcome: Outcome | null;
  creatorId: string;
  executorId: string;
}): string => (judged.outcome === 'approved' ? judged.creatorId : judged.executorId);
