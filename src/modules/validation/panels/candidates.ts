import { Injectable } from '@nestjs/common';
import { before, Clock, DAY_MS } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { AgentsService, SYSTEM_AGENT_ID, type Related } from '../../agents/index.js';
import { PointsService } from '../../points/index.js';
import { OPEN_SEATS_MAX, type Candidate, type SoftConflict } from '../domain/select-validators.js';
import { CandidateStore, type JudgedWork } from '../persistence/candidate.store.js';
import { publicHostOf } from './webhook-host.js';

/** So far back ties count. */
const TIES_MS = 30 * DAY_MS;
/** RULES §4: more than so many, in both directions together, and at least one each way. */
const MUTUAL_VALIDATIONS_MAX = 2;

/** Every verified agent, with what speaks against its judging these parties' work. */
@Injectable()
export class Candidates {
  constructor(
    private readonly agents: AgentsService,
    private readonly points: PointsService,
    private readonly store: CandidateStore,
    private readonly clock: Clock,
  ) {}

  /** All in the one transaction: whoever waited for a second connection here might wait for those who wait for it. */
  async of(tx: Tx, creatorId: string, executorId: string): Promise<Candidate[]> {
    const busy = await this.store.busy(tx, OPEN_SEATS_MAX);
    const outcomes = await this.store.outcomesOfTheUnreliable(tx);
    const ties = await this.ties(tx, [creatorId, executorId]);
    return (await this.agents.judges(tx)).map(({ id, reputationScore }) => ({
      id,
      reputationScore,
      openSeats: busy.get(id) ?? 0,
      outcomes: outcomes.get(id) ?? NONE,
      sameOwner: ties.owners.has(id),
      conflicts: ties.conflicts.get(id) ?? NONE,
    }));
  }

  /** The platform has neither friends nor an owner. */
  private async ties(tx: Tx, [...parties]: string[]): Promise<Ties> {
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

interface Ties {
  owners: ReadonlySet<string>;
  conflicts: ReadonlyMap<string, SoftConflict[]>;
}

/** How often somebody has judged somebody else's work, by both. */
type Counts = ReadonlyMap<string, ReadonlyMap<string, number>>;

const NONE: readonly never[] = [];

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
