import { Injectable } from '@nestjs/common';
import { before, Clock, DAY_MS } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { AgentsService, SYSTEM_AGENT_ID, type Judge } from '../../agents/index.js';
import { PointsService } from '../../points/index.js';
import type { Candidate, SoftConflict } from '../domain/select-validators.js';
import { CandidateStore, type JudgedWork } from '../persistence/candidate.store.js';
import { publicHostOf } from './webhook-host.js';

/** So far back ties count. */
const TIES_MS = 30 * DAY_MS;
/** RULES §4: more than so many, in both directions together, and at least one each way. */
const MUTUAL_VALIDATIONS_MAX = 2;

/** The platform has neither friends nor an owner. */
type Party = Pick<Judge, 'id' | 'ownerTwitter' | 'formerHandle' | 'webhookUrl'>;

/** Every verified agent, with what speaks against its judging these parties' work. */
@Injectable()
export class Candidates {
  constructor(
    private readonly agents: AgentsService,
    private readonly points: PointsService,
    private readonly store: CandidateStore,
    private readonly clock: Clock,
  ) {}

  async of(tx: Tx, creatorId: string, executorId: string): Promise<Candidate[]> {
    const judges = await this.agents.judges(tx);
    const parties = await this.parties(creatorId, executorId);
    const ids = parties.map(({ id }) => id);
    const since = before(this.clock.now(), TIES_MS);
    const [load, outcomes, judged, partners] = [
      await this.store.openSeats(tx),
      await this.store.outcomesOfTheFallible(tx),
      await this.store.judgedWork(tx, ids, since),
      await this.transferPartners(ids, judges, since),
    ];
    return judges.map((judge): Candidate => ({
      id: judge.id,
      reputationScore: judge.reputationScore,
      openSeats: load.get(judge.id) ?? 0,
      outcomes: outcomes.get(judge.id) ?? [],
      sameOwner: parties.some((party) => party.id !== judge.id && shareOwner(judge, party)),
      conflicts: conflictsOf([
        ['same_webhook_host', parties.some((party) => shareHost(judge, party))],
        ['transfers', partners.has(judge.id)],
        ['mutual_validations', ids.some((id) => haveJudgedEachOther(judged, judge.id, id))],
      ]),
    }));
  }

  private async parties(...ids: string[]): Promise<Party[]> {
    return Promise.all(ids.filter((id) => id !== SYSTEM_AGENT_ID).map((id) => this.agents.get(id)));
  }

  private async transferPartners(
    parties: readonly string[],
    judges: readonly Judge[],
    since: Date,
  ): Promise<Set<string>> {
    const ids = judges.map(({ id }) => id);
    const found = await Promise.all(parties.map((id) => this.points.transferPartners(id, ids, since)));
    return new Set(found.flat());
  }
}

const conflictsOf = (known: readonly [SoftConflict, boolean][]): SoftConflict[] =>
  known.filter(([, is]) => is).map(([conflict]) => conflict);

function shareOwner(a: Party, b: Party): boolean {
  const owner = a.ownerTwitter ?? a.formerHandle;
  return owner !== null && owner === (b.ownerTwitter ?? b.formerHandle);
}

function shareHost(a: Party, b: Party): boolean {
  const host = publicHostOf(a.webhookUrl);
  return host !== undefined && host === publicHostOf(b.webhookUrl);
}

function haveJudgedEachOther(judged: readonly JudgedWork[], a: string, b: string): boolean {
  const times = (validatorId: string, executorId: string): number =>
    judged.find((one) => one.validatorId === validatorId && one.executorId === executorId)?.times ?? 0;
  const [there, back] = [times(a, b), times(b, a)];
  return there > 0 && back > 0 && there + back > MUTUAL_VALIDATIONS_MAX;
}
