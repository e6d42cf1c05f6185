import { after, MINUTE_MS } from '#kernel/clock';
import type { Task } from '#modules/tasks';
import {
  castVote,
  unchanged,
  type Change,
  type LockedJudgement,
  conclude,
  goOn,
  hearDispute,
  passTime,
  vacate,
  openDispute,
  type Outcome,
  beginJudgement,
  dueAt,
  firstPanel,
  isOfFive,
  newSeat,
  seatsToBegin,
  type Seat,
} from '#modules/validation';
import type { Market } from './market.js';

/** Panels beside the market: the product's own acts decide, and whoever comes first is drawn first. */
export class Court {
  /** By the task that is judged. */
  readonly cases = new Map<string, LockedJudgement>();

  /** The experienced may sit in panels of five. */
  constructor(
    private readonly market: Market,
    private readonly judges: readonly string[],
    private readonly experienced: ReadonlySet<string>,
  ) {}

  /** What is told: of submissions, and of suspensions. */
  hear(): void {
    this.market.hearOfSuspensions();
    for (const task of this.market.tasks.values())
      if (task.status === 'submitted' && !this.cases.has(task.id)) this.open(task);
    for (const agent of this.market.suspended)
      for (const one of this.cases.values()) this.commit(vacate(one, agent, this.market.now));
  }

  vote(agent: string, taskId: string, approved: boolean): void {
    const vote = { approved, scores: null, feedback: null };
    this.commit(castVote(this.cases.get(taskId)!, agent, vote, this.market.now));
  }

  dispute(by: string, task: Task): void {
    this.market.dispute(by, task);
    const locked = this.cases.get(task.id)!;
    const { submissionId, creatorId, executorId, outcome } = locked.judgement;
    const contested = { taskId: task.id, submissionId, creatorId, executorId, verdict: outcome! };
    const filed = openDispute(contested, by, 'Every criterion is met.', this.market.now);
    this.commit(hearDispute(locked, { ...filed, id: `dsp_${task.id.slice(4)}` }));
  }

  /** By an operator, of what waits for one. */
  decide(taskId: string, outcome: Outcome): void {
    const one = this.cases.get(taskId);
    if (one?.judgement.status === 'queued') this.commit(conclude(one, outcome, 'operator', this.market.now));
  }

  passTime(until: Date): void {
    for (;;) {
      this.hear();
      const next = this.nextDue();
      if (!next || next > until) break;
      // Whoever looks comes a moment later at the earliest, so that a vacancy is not looked at for ever at one instant.
      this.market.passTime(next > this.market.now ? next : after(this.market.now, MINUTE_MS));
      for (const one of this.cases.values()) this.commit(passTime(one, this.market.now));
    }
    if (until > this.market.now) this.market.passTime(until);
    this.hear();
  }

  private nextDue(): Date | undefined {
    return [...this.cases.values()]
      .flatMap(({ judgement, seats }) => dueAt(judgement, seats, this.market.now) ?? [])
      .toSorted((a, b) => a.getTime() - b.getTime())[0];
  }

  private open(task: Task): void {
    const submission = this.market.submissions.get(task.id)!;
    const panel = firstPanel(this.judges.length, false);
    const { id: submissionId, digest, agentId: executorId } = submission;
    const judged = { submissionId, taskId: task.id, creatorId: task.creatorId, executorId, digest };
    const judgement = { ...beginJudgement(judged, this.market.now), panel };
    this.commit({ ...unchanged({ judgement, seats: [] }), draw: panel.seats });
  }

  /** Draws where seats are wanted, and lets the judgement go on until it waits for somebody. */
  private commit(change: Change | undefined): void {
    for (let next = change; next;) {
      this.carryOut(next);
      const { judgement, seats, dispute, draw } = next;
      this.cases.set(judgement.taskId, { judgement, seats, dispute });
      if (draw === undefined) return;
      next = goOn(next, this.seat(next, draw), draw, this.market.now);
    }
  }

  private carryOut({ judgement, work }: Change): void {
    const task = this.market.tasks.get(judgement.taskId)!;
    switch (work?.kind) {
      case 'start':
        return this.market.startValidation(task);
      case 'settle':
        return this.market.settle(task, work.outcome);
      case 'resolve':
        return work.resolution.overturned ? this.market.overturn(task) : this.market.uphold(task);
      // There are no calibration tasks here.
      case 'withdraw':
      case undefined:
        return;
    }
  }

  private seat(locked: LockedJudgement, wanted: number): LockedJudgement {
    const { judgement, seats } = locked;
    const { panel } = judgement;
    const drawn = this.judges
      .filter((id) => id !== judgement.creatorId && id !== judgement.executorId)
      .filter((id) => !this.market.suspended.has(id) && !seats.some(({ agentId }) => agentId === id))
      .filter((id) => !isOfFive(panel) || this.experienced.has(id))
      .slice(0, wanted);
    if (drawn.length < seatsToBegin(panel, seats)) return locked;
    const taken = drawn.map((agentId, index): Seat => ({
      ...newSeat(panel, { submissionId: judgement.submissionId, agentId }, this.market.now),
      id: `val_${seats.length + index}`,
    }));
    return { ...locked, seats: [...seats, ...taken] };
  }
}
