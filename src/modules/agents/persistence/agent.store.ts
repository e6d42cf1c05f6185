import { Injectable } from '@nestjs/common';
import { AgentSuspended } from '#kernel/errors/kernel.errors';
import { SYSTEM_AGENT_ID } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { Gather } from '#platform/concurrency';
import { Database, isRaised, violatedUnique, tableOf } from '#platform/database';
import { AgentNotFound, HandleTaken } from '../agents.errors.js';
import type { Agent } from '../domain/agent.js';
import { AgentEntity } from './agent.entity.js';

/** How much is added to each count, below zero where something is taken back. */
export type Tally = Partial<
  Pick<
    Agent,
    'tasksCreated' | 'tasksCompleted' | 'worksApproved' | 'worksFailed' | 'ratingsCount' | 'ratingsSum'
  >
>;

/** What a draw of validators asks of every agent. */
export type Judge = Pick<Agent, 'id' | 'reputationScore'>;

/** And of few, to know what ties them to somebody. */
export type Related = Pick<Agent, 'id' | 'ownerTwitter' | 'formerHandle' | 'webhookUrl'>;

/** What only the row knows besides the agent: never leaves the module. */
export type KeyHashes = Pick<
  AgentEntity,
  'id' | 'status' | 'webhookStatus' | 'apiKeyHash' | 'retiredKeyHash' | 'retiredAt'
>;

const AGENTS = tableOf(AgentEntity);

/** A row as the plain `Agent` it is: what only the row knows never leaves the module. */
export const AGENT_COLUMNS = AGENTS.columns(
  AGENTS.properties(['apiKeyHash', 'retiredKeyHash', 'retiredAt', 'lastSeenAt']),
);

const KEY_HASHES = ['id', 'status', 'webhookStatus', 'apiKeyHash', 'retiredKeyHash', 'retiredAt'] as const;
const RELATED = AGENTS.columns(['id', 'ownerTwitter', 'formerHandle', 'webhookUrl']);
/** As the index has them. */
export const TAGS = '(specializations || card_specializations)';
const WEBHOOK_HOST = `lower(substring(webhook_url from '^[^:]+://(?:[^/?#@]*@)?([^/?#:]+)'))`;

/** The platform issues the points and earns none. */
const ACTIVE = `status = 'verified' AND last_seen_at >= $1 AND verified_at <= $2 AND id <> '${SYSTEM_AGENT_ID}'`;

const INSERT = AGENTS.insert(AGENTS.properties(['retiredKeyHash', 'retiredAt', 'lastSeenAt'])).explained(
  (error, { ownerTwitter }) =>
    violatedUnique(error) === 'unique_owner_twitter' ? new HandleTaken(ownerTwitter!) : error,
);

@Injectable()
export class AgentStore {
  private readonly agents: Gather<Agent>;
  private readonly hashes: Gather<KeyHashes>;

  constructor(private readonly database: Database) {
    this.agents = this.gather('agents', `SELECT ${AGENT_COLUMNS} FROM agents WHERE id = ANY ($1)`);
    this.hashes = this.gather(
      'agent-keys',
      `SELECT ${AGENTS.columns(KEY_HASHES)} FROM agents WHERE id = ANY ($1)`,
    );
  }

  find(id: string): Promise<Agent | undefined> {
    return this.agents.get(id);
  }

  keyHashes(id: string): Promise<KeyHashes | undefined> {
    return this.hashes.get(id);
  }

  /** Those of many who have a webhook, in no particular order. */
  withWebhook(ids: readonly string[]): Promise<Agent[]> {
    return this.database.query<Agent>(
      `SELECT ${AGENT_COLUMNS} FROM agents WHERE id = ANY ($1) AND webhook_url IS NOT NULL`,
      [ids],
    );
  }

  async get(id: string): Promise<Agent> {
    const agent = await this.find(id);
    if (!agent) throw new AgentNotFound(id);
    return agent;
  }

  findMany(tx: Tx, ids: readonly string[]): Promise<Agent[]> {
    return tx.query<Agent>(`SELECT ${AGENT_COLUMNS} FROM agents WHERE id = ANY ($1)`, [ids]);
  }

  async lock(tx: Tx, id: string): Promise<Agent> {
    const [agent] = await tx.prepared<Agent>(
      'lock-agent',
      `SELECT ${AGENT_COLUMNS} FROM agents WHERE id = $1 FOR NO KEY UPDATE`,
      [id],
    );
    if (!agent) throw new AgentNotFound(id);
    return agent;
  }

  lockMany(tx: Tx, ids: readonly string[]): Promise<Agent[]> {
    return tx.prepared<Agent>(
      'lock-agents',
      `SELECT ${AGENT_COLUMNS} FROM agents WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`,
      [ids],
    );
  }

  /** The agent that has this handle, registered before and never verified; any other holder is left alone. */
  async lockLapsedHolder(tx: Tx, handle: string, registeredBefore: Date): Promise<Agent | undefined> {
    const [agent] = await tx.prepared<Agent>(
      'lock-lapsed-holder',
      `SELECT ${AGENT_COLUMNS} FROM agents
        WHERE owner_twitter = $1 AND status = 'unverified' AND created_at <= $2 FOR NO KEY UPDATE`,
      [handle, registeredBefore],
    );
    return agent;
  }

  /** Locks the agent if this is still its key's hash; undefined when another request has changed it. */
  async lockByKey(tx: Tx, id: string, keyHash: Buffer): Promise<Agent | undefined> {
    const [agent] = await tx.query<Agent>(
      `SELECT ${AGENT_COLUMNS} FROM agents WHERE id = $1 AND api_key_hash = $2 FOR NO KEY UPDATE`,
      [id, keyHash],
    );
    return agent;
  }

  insert(tx: Tx, agent: Agent, apiKeyHash: Buffer): void {
    INSERT.write(tx, { ...agent, apiKeyHash });
  }

  async update(tx: Tx, id: string, changes: Partial<AgentEntity>): Promise<void> {
    await AGENTS.patch(tx, id, changes);
  }

  setReputations(tx: Tx, scores: ReadonlyMap<string, string>, at: Date): void {
    tx.write(
      'set-reputations',
      `UPDATE agents SET reputation_score = now.score, updated_at = $3
         FROM unnest($1::text[], $2::numeric[]) AS now (id, score) WHERE agents.id = now.id`,
      [[...scores.keys()], [...scores.values()], at],
    );
  }

  /** Adds to what is counted of an agent, in one statement whatever it is. Who is suspended meanwhile posts no task. */
  tally(tx: Tx, id: string, counted: Tally): void {
    tx.write(
      'tally-agent',
      `UPDATE agents SET tasks_created = tasks_created + $2, tasks_completed = tasks_completed + $3,
              works_approved = works_approved + $4, works_failed = works_failed + $5,
              ratings_count = ratings_count + $6, ratings_sum = ratings_sum + $7
        WHERE id = $1`,
      [
        id,
        counted.tasksCreated ?? 0,
        counted.tasksCompleted ?? 0,
        counted.worksApproved ?? 0,
        counted.worksFailed ?? 0,
        counted.ratingsCount ?? 0,
        counted.ratingsSum ?? 0,
      ],
      (error) => (isRaised(error, 'AG403') ? new AgentSuspended() : error),
    );
  }

  /**
   * All who may judge, in the order of their ids: two lines of text, which a hundred thousand rows are not as quickly. The
   * index has all that is asked for.
   */
  async judges(tx: Tx): Promise<Judge[]> {
    const [all] = await tx.query<{ ids: string | null; scores: string | null }>(
      `SELECT string_agg(id, ',') AS ids, string_agg(reputation_score::text, ',') AS scores
         FROM (SELECT id, reputation_score FROM agents
                WHERE status = 'verified' AND id <> '${SYSTEM_AGENT_ID}' ORDER BY id) judges`,
    );
    const scores = all?.scores?.split(',') ?? [];
    return (all?.ids?.split(',') ?? []).map((id, index) => ({ id, reputationScore: scores[index]! }));
  }

  relations(tx: Tx, ids: readonly string[]): Promise<Related[]> {
    return tx.query<Related>(`SELECT ${RELATED} FROM agents WHERE id = ANY ($1)`, [ids]);
  }

  /** Verified agents that have, or had, one of these handles, or a webhook at one of these hosts. */
  related(tx: Tx, handles: readonly string[], hosts: readonly string[]): Promise<Related[]> {
    return tx.query<Related>(
      `SELECT ${RELATED} FROM agents WHERE status = 'verified' AND owner_twitter = ANY ($1)
       UNION SELECT ${RELATED} FROM agents WHERE status = 'verified' AND former_handle = ANY ($1)
       UNION SELECT ${RELATED} FROM agents WHERE status = 'verified' AND ${WEBHOOK_HOST} = ANY ($2)`,
      [handles, hosts],
    );
  }

  /** Verified agents who have this tag by their own word or by their card, in the order of their ids. */
  async taggedIds(tag: string, after: string, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM agents WHERE status = 'verified' AND id > $2 AND ${TAGS} @> ARRAY[$1] ORDER BY id LIMIT $3`,
      [tag, after, limit],
    );
    return rows.map(({ id }) => id);
  }

  async sawAll(ids: readonly string[], at: Date): Promise<void> {
    await this.database.prepared(
      'saw-agents',
      'UPDATE agents SET last_seen_at = $2 WHERE id = ANY ($1) AND (last_seen_at IS NULL OR last_seen_at < $2)',
      [ids, at],
    );
  }

  /** Verified agents that have not called since then; verifying counts as a call. */
  async unseenSince(tx: Tx, since: Date): Promise<Set<string>> {
    const [unseen] = await tx.query<{ ids: string | null }>(
      `SELECT string_agg(id, ',') AS ids FROM agents
        WHERE status = 'verified' AND greatest(last_seen_at, verified_at) < $1`,
      [since],
    );
    return new Set(unseen?.ids?.split(',') ?? []);
  }

  /** Those of these that have not called since their time. In lines of text: there may be thousands. */
  async unseenOf(tx: Tx, times: ReadonlyMap<string, Date>): Promise<Set<string>> {
    if (times.size === 0) return new Set();
    const seconds = [...times.values()].map((time) => Math.floor(time.getTime() / 1_000));
    const [unseen] = await tx.query<{ ids: string | null }>(
      `SELECT string_agg(agents.id, ',') AS ids
         FROM unnest(string_to_array($1, ','), string_to_array($2, ',')::bigint[]) AS asked (id, since)
         JOIN agents USING (id)
        WHERE last_seen_at IS NULL OR last_seen_at < to_timestamp(since)`,
      [[...times.keys()].join(','), seconds.join(',')],
    );
    return new Set(unseen?.ids?.split(',') ?? []);
  }

  async countActive(since: Date, by: Date): Promise<number> {
    const [row] = await this.database.query<{ count: string }>(
      `SELECT count(*) FROM agents WHERE ${ACTIVE}`,
      [since, by],
    );
    return Number(row!.count);
  }

  async activeIds(since: Date, by: Date, after: string, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM agents WHERE ${ACTIVE} AND id > $3 ORDER BY id LIMIT $4`,
      [since, by, after, limit],
    );
    return rows.map(({ id }) => id);
  }

  private gather<Row extends { id: string }>(name: string, sql: string): Gather<Row> {
    return new Gather<Row>(async (ids) => {
      const rows = await this.database.prepared<Row>(name, sql, [ids]);
      return new Map(rows.map((row) => [row.id, row]));
    });
  }
}
