import { Injectable } from '@nestjs/common';
import { before, Clock, DAY_MS, MINUTE_MS, periodStart } from '#kernel/clock';
import { SYSTEM_AGENT_ID } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { AgentsService, type Related } from '#modules/agents';
import { PointsService } from '#modules/points';
import { BidsService } from '#modules/tasks';
import type { Judgement } from '../domain/judgement.js';
import { OPEN_SEATS_MAX, type Candidate, type SoftConflict } from '../domain/select-validators.js';
import { CandidateStore, type JudgedWork } from '../persistence/candidate.store.js';
import { publicHostOf } from './webhook-host.js';

/** So far back ties count. */
const TIES_MS = 30 * DAY_MS;
/** Rules §4.2: whoever has not called the API for so long is drawn last. */
const ABSENCE_MS = 7 * DAY_MS;
/** Rules §4.2: more than so many, in both directions together, and at least one each way. */
const MUTUAL_VALIDATIONS_MAX = 2;

/** Every verified agent, with what speaks against its judging these parties' work. */
@Injectable()
export class Candidates {
  private lately: (Absent & { readAtMs: number }) | undefined;
  private verifiedAgents = 0;

  constructor(
    private readonly agents: AgentsService,
    private readonly points: PointsService,
    private readonly bids: BidsService,
    private readonly store: CandidateStore,
    private readonly clock: Clock,
  ) {}

  /** All in the one transaction: whoever waited for a second connection here might wait for those who wait for it. */
  async of(tx: Tx, { taskId, creatorId, executorId }: Judgement): Promise<Candidate[]> {
    const busy = await this.store.busy(tx, OPEN_SEATS_MAX);
    const outcomes = await this.store.outcomesOfTheUnreliable(tx);
    const { asleep, unseen } = await this.absent(tx);
    const ties = await this.ties(tx, taskId, [creatorId, executorId]);
    const conflictsOf = (id: string): readonly SoftConflict[] => {
      const conflicts = ties.conflicts.get(id);
      if (!unseen.has(id)) return conflicts ?? NONE;
      return conflicts ? [...conflicts, 'not_seen'] : UNSEEN;
    };
    const judges = await this.agents.judges(tx);
    this.verifiedAgents = judges.length;
    return judges.map(({ id, reputationScore }) => ({
      id,
      reputationScore,
      openSeats: busy.get(id) ?? 0,
      outcomes: outcomes.get(id) ?? NONE,
      sameOwner: ties.owners.has(id),
      isAsleep: asleep.has(id),
      conflicts: conflictsOf(id),
    }));
  }

  /** As it was a millisecond for each agent ago at the most: among 10,000 it takes a third as long as all the rest. */
  private async absent(tx: Tx): Promise<Absent> {
    const now = performance.now();
    if (!this.lately || now - this.lately.readAtMs > this.verifiedAgents) {
      const unseen = await this.agents.unseenSince(tx, before(this.clock.now(), ABSENCE_MS));
      this.lately = { asleep: await this.asleep(tx), unseen, readAtMs: now };
    }
    return this.lately;
  }

  /** Activity is written once a minute, so a call in the minute of the last silence counts as one after it. */
  private async asleep(tx: Tx): Promise<ReadonlySet<string>> {
    const silent = await this.store.silent(tx);
    const minutes = [...silent].map(([id, at]): [string, Date] => [id, periodStart(at, MINUTE_MS)]);
    return this.agents.unseenOf(tx, new Map(minutes));
  }

  /** The platform has neither friends nor an owner. */
  private async ties(tx: Tx, taskId: string, parties: readonly string[]): Promise<Ties> {
    const ids = parties.filter((id) => id !== SYSTEM_AGENT_ID);
    const since = before(this.clock.now(), TIES_MS);
    const related = await this.related(tx, ids);
    const judged = countsOf(await this.store.judgedWork(tx, ids, since));
    const partners: string[] = [];
    for (const id of ids) partners.push(...(await this.points.transferPartners(tx, id, since)));
    const conflicts = new Map<string, SoftConflict[]>();
    const note = (conflict: SoftConflict, agents: Iterable<string>): void => {
      for (const id of new Set(agents)) conflicts.set(id, [...(conflicts.get(id) ?? []), conflict]);
    };
    note('bid_on_task', await this.bids.biddersOf(tx, taskId));
    note('same_webhook_host', related.hosts);
    note('transfers', partners);
    note('mutual_validations', haveJudgedEachOther(judged, ids));
    return { owners: related.owners, conflicts };
  }

  private async related(tx: Tx, ids: readonly string[]): Promise<{ owners: Set<string>; hosts: string[] }> {
    const parties = await this.agents.relations(tx, ids);
    const handles = parties.flatMap((party) => ownerOf(party) ?? []);
    const hosts = parties.flatMap(({ webhookUrl }) => publicHostOf(webhookUrl) ?? []);
    const found = await this.agents.related(
      tx,
      handles,
      hosts.flatMap((host) => [host, `${host}.`]),
    );
    const areOne = (a: Related, b: Related): boolean => a.id !== b.id && ownerOf(a) === ownerOf(b);
    return {
      owners: new Set(
        found
          .filter((one) => ownerOf(one) && parties.some((party) => areOne(one, party)))
          .map(({ id }) => id),
      ),
      hosts: found
        .filter(({ webhookUrl }) => hosts.includes(publicHostOf(webhookUrl) ?? ''))
        .map(({ id }) => id),
    };
  }
}

/** Who has not called the API for long, and who has not since it let assignments pass. */
interface Absent {
  asleep: ReadonlySet<string>;
  unseen: ReadonlySet<string>;
}

interface Ties {
  owners: ReadonlySet<string>;
  conflicts: ReadonlyMap<string, SoftConflict[]>;
}

/** How often somebody has judged somebody else's work, by both. */
type Counts = ReadonlyMap<string, ReadonlyMap<string, number>>;

const NONE: readonly never[] = [];
const UNSEEN: readonly SoftConflict[] = ['not_seen'];

const ownerOf = ({ ownerTwitter, formerHandle }: Related): string | null => ownerTwitter ?? formerHandle;

function countsOf(judged: readonly JudgedWork[]): Counts {
  const counts = new Map<string, Map<string, number>>();
  for (const { validatorId, executorId, times } of judged)
    counts.set(validatorId, (counts.get(validatorId) ?? new Map<string, number>()).set(executorId, times));
  return counts;
}

function haveJudgedEachOther(judged: Counts, parties: readonly string[]): string[] {
  const areMutual = (there: number, back: number): boolean =>
    there > 0 && back > 0 && there + back > MUTUAL_VALIDATIONS_MAX;
  return parties.flatMap((party) =>
    [...(judged.get(party) ?? [])]
      .filter(([other, there]) => areMutual(there, judged.get(other)?.get(party) ?? 0))
      .map(([other]) => other),
  );
}
