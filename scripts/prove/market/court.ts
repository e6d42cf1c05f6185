import { after, MINUTE_MS } from '../../../src/kernel/clock.js';
import type { Submission, Task } from '../../../src/modules/tasks/domain/task.js';
import { castVote } from '../../../src/modules/validation/domain/cast-vote.js';
import type { Outcome } from '../../../src/modules/validation/domain/dispute.js';
import {
  dueAt,
  outcomeOfSilence,
  queueEndsAt,
  UNDECIDED,
  type Judgement,
} from '../../../src/modules/validation/domain/judgement.js';
import {
  ended,
  escalated,
  firstPanel,
  isOverdue,
  nextRound,
  panelOfFive,
  vacate,
  verdictOf,
  votingEnds,
  withoutVacancies,
  withVacancies,
  type Panel,
  type Seat,
} from '../../../src/modules/validation/domain/panel.js';
import type { SeatEnd } from '../../../src/modules/validation/domain/rewards.js';
import { BENCH_OF_FIVE } from '../../../src/modules/validation/domain/verdict.js';
import type { Market } from './market.js';

export interface Case {
  judgement: Judgement;
  seats: Seat[];
}

/** Panels beside the market: the same functions decide, in the order in which the services of validation call them. */
export class Court {
  /** By the task that is judged. */
  readonly cases = new Map<string, Case>();

  /** Whoever comes first is drawn first; the experienced may sit in panels of five. */
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
    for (const agent of this.market.suspended) for (const one of this.cases.values()) this.vacate(one, agent);
  }

  vote(agent: string, taskId: string, approved: boolean): void {
    const { judgement, seats } = this.cases.get(taskId)!;
    const vote = { approved, scores: null, feedback: null };
    const voted = castVote(seats, judgement.submissionId, agent, vote, this.market.now);
    this.review({ judgement, seats: replaced(seats, [voted]) });
  }

  dispute(by: string, task: Task): void {
    this.market.dispute(by, task);
    const { judgement, seats } = this.cases.get(task.id)!;
    this.toFive({ judgement: { ...judgement, status: 'judging' }, seats }, 'dispute');
  }

  /** By an operator, of what waits for one. */
  decide(taskId: string, outcome: Outcome): void {
    const one = this.cases.get(taskId);
    if (one?.judgement.status === 'queued') this.conclude(one, outcome);
  }

  passTime(until: Date): void {
    for (;;) {
      this.hear();
      const next = this.nextDue();
      if (!next || next > until) break;
      // Whoever looks comes a moment later at the earliest, so that a vacancy is not looked at for ever at one instant.
      this.market.passTime(next > this.market.now ? next : after(this.market.now, MINUTE_MS));
      for (const one of this.cases.values()) this.seeTo(one);
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
    const fresh = judgementOf(task, submission, this.market.now);
    const panel = firstPanel(this.judges.length, false);
    this.fillSeats({ judgement: { ...fresh, panel }, seats: [] }, panel.seats);
  }

  private review(one: Case): void {
    const { panel } = one.judgement;
    const verdict = verdictOf(panel, one.seats);
    switch (verdict.kind) {
      case 'waiting':
        return this.keep(one);
      case 'approved':
      case 'rejected':
        return this.conclude(one, verdict.kind);
      case 'replace':
        return this.fillSeats(withPanel(one, nextRound(panel)), verdict.seats);
      case 'escalate':
        return this.fillSeats(withPanel(one, nextRound(escalated(panel))), verdict.seats);
      case 'deadlock':
        return this.toFive(this.close(one, ended(panel, one.seats, null)), 'deadlock');
      case 'operator':
        return this.queue(this.close(one, ended(panel, one.seats, null)));
    }
  }

  private seeTo(one: Case): void {
    const { status, queuedAt, panel, outcome } = one.judgement;
    const at = this.market.now;
    if (status === 'decided') return;
    if (status === 'queued') {
      if (at < queueEndsAt(queuedAt!)) return;
      return this.conclude(one, panel.kind === 'dispute' ? outcome! : outcomeOfSilence(one.seats));
    }
    const overdue = one.seats.filter((seat) => isOverdue(seat, at));
    const timely = this.close(
      one,
      overdue.map((seat) => ({ ...seat, end: 'timed_out' as const })),
    );
    if (panel.vacant === 0) return this.review(timely);
    if (at >= panel.vacantUntil!) return this.review(withPanel(timely, withoutVacancies(panel)));
    return this.fillSeats(timely, panel.vacant);
  }

  private vacate(one: Case, agent: string): void {
    const given = vacate(one.seats, agent);
    if (given) this.fillSeats(this.close(one, [given]), one.judgement.panel.vacant + 1);
  }

  private toFive(one: Case, kind: 'deadlock' | 'dispute'): void {
    const five = withPanel(one, panelOfFive(kind));
    const seated = this.seat(five, five.judgement.panel.seats);
    if (seated.seats.length > one.seats.length) this.keep(seated);
    else this.queue(five);
  }

  private fillSeats(one: Case, wanted: number): void {
    const drawn = this.seat(one, wanted);
    const added = drawn.seats.length - one.seats.length;
    const seated = withPanel(drawn, withVacancies(drawn.judgement.panel, wanted - added, this.market.now));
    if (one.seats.length === 0 && added > 0) this.market.startValidation(this.taskOf(one));
    this.review(seated);
  }

  private seat({ judgement, seats }: Case, wanted: number): Case {
    const { kind, round } = judgement.panel;
    const isOfFive = kind === 'deadlock' || kind === 'dispute';
    const drawn = this.judges
      .filter((id) => id !== judgement.creatorId && id !== judgement.executorId)
      .filter((id) => !this.market.suspended.has(id) && !seats.some(({ agentId }) => agentId === id))
      .filter((id) => !isOfFive || this.experienced.has(id))
      .slice(0, wanted);
    const begins = isOfFive && !seats.some(({ panel }) => panel === kind);
    if (begins && drawn.length < BENCH_OF_FIVE.seats) return { judgement, seats };
    const at = this.market.now;
    const taken = drawn.map((agentId, index): Seat => ({
      ...UNTOUCHED,
      id: `val_${seats.length + index}`,
      submissionId: judgement.submissionId,
      agentId,
      panel: kind,
      round,
      assignedAt: at,
      deadline: votingEnds(kind, at),
    }));
    return { judgement, seats: [...seats, ...taken] };
  }

  private conclude(one: Case, outcome: Outcome): void {
    const { judgement } = one;
    const task = this.taskOf(one);
    const closed = this.close(one, ended(judgement.panel, one.seats, outcome));
    const panel: Panel = { ...judgement.panel, vacant: 0, vacantUntil: null };
    this.keep({
      ...closed,
      judgement: { ...judgement, panel, status: 'decided', outcome, queuedAt: null },
    });
    if (judgement.panel.kind !== 'dispute') this.market.settle(task, outcome);
    else if (outcome === judgement.outcome) this.market.uphold(task);
    else this.market.overturn(task);
  }

  private queue(one: Case): void {
    const panel: Panel = { ...one.judgement.panel, vacant: 0, vacantUntil: null };
    this.keep({
      ...one,
      judgement: { ...one.judgement, panel, status: 'queued', queuedAt: this.market.now },
    });
  }

  private close(one: Case, seats: readonly (Seat & { end: SeatEnd })[]): Case {
    return {
      ...one,
      seats: replaced(
        one.seats,
        seats.map((seat) => ({ ...seat, endedAt: this.market.now })),
      ),
    };
  }

  private keep(one: Case): void {
    this.cases.set(one.judgement.taskId, one);
  }

  private taskOf({ judgement }: Case): Task {
    return this.market.tasks.get(judgement.taskId)!;
  }
}

const UNTOUCHED = {
  approved: null,
  feedback: null,
  scores: null,
  votedAt: null,
  end: null,
  endedAt: null,
} as const;

const withPanel = (one: Case, panel: Panel): Case => ({ ...one, judgement: { ...one.judgement, panel } });

const replaced = (before: readonly Seat[], changed: readonly Seat[]): Seat[] =>
  before.map((seat) => changed.find(({ id }) => id === seat.id) ?? seat);

const judgementOf = (task: Task, { id, digest, agentId }: Submission, at: Date): Judgement => ({
  ...UNDECIDED,
  submissionId: id,
  taskId: task.id,
  creatorId: task.creatorId,
  executorId: agentId,
  digest,
  panel: firstPanel(0, false),
  sourceSubmissionId: null,
  knownAnswer: null,
  openedAt: at,
});
