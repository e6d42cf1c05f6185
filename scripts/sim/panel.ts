import { createHash } from 'node:crypto';
import {
  BENCH_OF_THREE,
  decide,
  ESCALATED_BENCH,
  ROUNDS_MAX,
  type Ballot,
  type Bench,
} from '#modules/validation';

export interface Voter<Agent> {
  agent: Agent;
  vote: Ballot;
}

interface Sitting<Agent> {
  /** A split vote gets two more seats. */
  escalatesSplits: boolean;
  draw: (seats: number, before: readonly Agent[]) => Agent[];
  vote: (agent: Agent, first: Ballot | undefined) => Ballot;
}

/** Round by round, as the product does it: at once when enough agree, and empty seats are drawn again. */
export function sit<Agent>({ escalatesSplits, draw, vote }: Sitting<Agent>): Voter<Agent>[] {
  const seats: Voter<Agent>[] = [];
  let bench: Bench = { ...BENCH_OF_THREE, escalatesSplits };
  let wanted = bench.seats;
  for (let round = 1; ; round++) {
    const before = seats.map(({ agent }) => agent);
    for (const agent of draw(wanted, before)) {
      seats.push({ agent, vote: vote(agent, seats[0]?.vote) });
      if (decide([...ballotsIn(seats), ...open(bench, seats)], bench, round).kind !== 'waiting') break;
    }
    const verdict = decide(ballotsIn(seats, bench), bench, round);
    if (verdict.kind === 'escalate') [bench, wanted] = [ESCALATED_BENCH, verdict.seats];
    else if (verdict.kind === 'replace' && round < ROUNDS_MAX) wanted = verdict.seats;
    else return seats;
  }
}

/** What stays split is left to an operator, who is right; what nobody rejects is approved. */
export function isApproved(seats: readonly { vote: Ballot }[], isGood: boolean): boolean {
  const approve = seats.filter(({ vote }) => vote === 'approve').length;
  const reject = seats.filter(({ vote }) => vote === 'reject').length;
  return approve === reject ? (approve > 0 ? isGood : true) : approve > reject;
}

/** Whether what ties two agents shows: a transfer, a webhook's host. The same for the same two. */
export function areTied(a: string, b: string, share: number): boolean {
  const [first, second] = [a, b].toSorted();
  return a === b || createHash('sha256').update(`${first}${second}`).digest()[0]! < share * 256;
}

/** Votes, and silences where nobody has replaced them yet. */
function ballotsIn(seats: readonly { vote: Ballot }[], bench?: Bench): Ballot[] {
  const votes = seats.map(({ vote }) => vote).filter((vote) => vote !== 'timeout');
  const empty = bench ? Math.max(0, bench.seats - votes.length) : 0;
  return [...votes, ...Array<Ballot>(empty).fill('timeout')];
}

const open = (bench: Bench, seats: readonly { vote: Ballot }[]): Ballot[] =>
  Array<Ballot>(Math.max(0, bench.seats - ballotsIn(seats).length)).fill('open');
