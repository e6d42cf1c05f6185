import { Injectable } from '@nestjs/common';
import { newId } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import type { JudgedSeat, LockedJudgement } from '../domain/change.js';
import { dueAt, type Judgement } from '../domain/judgement.js';
import { PANEL_OF_FIVE_VOTE_MS, type Panel, type Seat } from '../domain/panel.js';
import { SILENCES_MAX } from '../domain/select-validators.js';
import { JudgementNotFound } from '../validation.errors.js';
import { OUTCOMES } from './candidate.store.js';

export type NewSeat = Omit<Seat, 'id'>;

type JudgementRow = Omit<Judgement, 'panel'> & Omit<Panel, 'kind'> & { kind: Panel['kind'] };

const JUDGEMENT_COLUMNS = `submission_id AS "submissionId", task_id AS "taskId", creator_agent_id AS "creatorId",
  executor_agent_id AS "executorId", digest, status, panel AS kind, seats, quorum,
  escalates_splits AS "escalatesSplits", round, vacant, vacant_until AS "vacantUntil", unfilled, picks, outcome,
  decided_by AS "decidedBy", decided_at AS "decidedAt", fee_burnt AS "feeBurnt", queued_at AS "queuedAt",
  calibration_source_id AS "calibrationSourceId", calibration_answer AS "calibrationAnswer", past_panels AS "pastPanels", opened_at AS "openedAt"`;

export const SEAT_COLUMNS = `id, submission_id AS "submissionId", validator_agent_id AS "agentId", panel, round, approved,
  feedback, CASE WHEN score_quality IS NULL THEN NULL
    ELSE jsonb_build_object('completeness', score_completeness, 'quality', score_quality, 'criteriaMet', score_criteria_met)
  END AS scores, voted_at AS "votedAt", assigned_at AS "assignedAt", deadline, ended AS end, ended_at AS "endedAt"`;

@Injectable()
export class JudgementStore {
  constructor(private readonly database: Database) {}

  /** False when the submission has one: its news may come twice, and a sweep may have been faster. */
  async insert(tx: Tx, judgement: Judgement): Promise<boolean> {
    const { panel } = judgement;
    const inserted = await tx.query(
      `INSERT INTO judgements (submission_id, task_id, creator_agent_id, executor_agent_id, digest, status, panel, seats,
                               quorum, escalates_splits, calibration_source_id, calibration_answer, due_at, opened_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
       ON CONFLICT ON CONSTRAINT judgements_pkey DO NOTHING RETURNING 1`,
      [
        judgement.submissionId,
        judgement.taskId,
        judgement.creatorId,
        judgement.executorId,
        judgement.digest,
        judgement.status,
        panel.kind,
        panel.seats,
        panel.quorum,
        panel.escalatesSplits,
        judgement.calibrationSourceId,
        judgement.calibrationAnswer,
        judgement.openedAt,
      ],
    );
    return inserted.length > 0;
  }

  /** Two statements, because one that waits for the lock still sees the seats as they were before it waited. */
  async lock(tx: Tx, submissionId: string): Promise<LockedJudgement> {
    const [row] = await tx.query<JudgementRow>(
      `SELECT ${JUDGEMENT_COLUMNS} FROM judgements WHERE submission_id = $1 FOR UPDATE`,
      [submissionId],
    );
    if (!row) throw new JudgementNotFound(submissionId);
    return { judgement: judgementOf(row), seats: await this.seatsOf(submissionId, tx) };
  }

  async find(submissionId: string, tx?: Tx): Promise<Judgement | undefined> {
    const [row] = await (tx ?? this.database).query<JudgementRow>(
      `SELECT ${JUDGEMENT_COLUMNS} FROM judgements WHERE submission_id = $1`,
      [submissionId],
    );
    return row && judgementOf(row);
  }

  async get(submissionId: string, tx?: Tx): Promise<Judgement> {
    const judgement = await this.find(submissionId, tx);
    if (!judgement) throw new JudgementNotFound(submissionId);
    return judgement;
  }

  async ofTask(taskId: string, tx?: Tx): Promise<Judgement | undefined> {
    const [row] = await (tx ?? this.database).query<JudgementRow>(
      `SELECT ${JUDGEMENT_COLUMNS} FROM judgements WHERE task_id = $1`,
      [taskId],
    );
    return row && judgementOf(row);
  }

  async seatsOf(submissionId: string, tx?: Tx): Promise<Seat[]> {
    return (tx ?? this.database).query<Seat>(
      `SELECT ${SEAT_COLUMNS} FROM validations WHERE submission_id = $1 ORDER BY assigned_at, id`,
      [submissionId],
    );
  }

  /** Where it stands, and when time alone moves it on. The panel that another one follows is kept. */
  async save(tx: Tx, { judgement, seats }: LockedJudgement, at: Date): Promise<void> {
    const { panel } = judgement;
    await tx.query(
      `UPDATE judgements SET status = $2, panel = $3::varchar, seats = $4, quorum = $5, escalates_splits = $6, round = $7,
              vacant = $8, vacant_until = $9, unfilled = $10, picks = $11, outcome = $12, decided_by = $13,
              decided_at = $14, fee_burnt = $15, queued_at = $16, due_at = $17,
              past_panels = CASE WHEN (panel, round) = ($3::varchar, $7) THEN past_panels
                ELSE past_panels || jsonb_build_object('kind', panel, 'round', round, 'seats', seats, 'quorum', quorum) END
        WHERE submission_id = $1`,
      [
        judgement.submissionId,
        judgement.status,
        panel.kind,
        panel.seats,
        panel.quorum,
        panel.escalatesSplits,
        panel.round,
        panel.vacant,
        panel.vacantUntil,
        panel.unfilled,
        judgement.picks,
        judgement.outcome,
        judgement.decidedBy,
        judgement.decidedAt,
        judgement.feeBurnt,
        judgement.queuedAt,
        dueAt(judgement, seats, at),
      ],
    );
  }

  seat(tx: Tx, taken: NewSeat): Seat {
    const seat = { ...taken, id: newId('val') };
    tx.write(
      'take-seat',
      `INSERT INTO validations (id, submission_id, validator_agent_id, panel, round, assigned_at, deadline)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [seat.id, seat.submissionId, seat.agentId, seat.panel, seat.round, seat.assignedAt, seat.deadline],
    );
    return seat;
  }

  async vote(tx: Tx, { id, approved, feedback, scores, votedAt }: Seat): Promise<void> {
    await tx.query(
      `UPDATE validations SET approved = $2, feedback = $3, score_completeness = $4, score_quality = $5,
              score_criteria_met = $6, voted_at = $7
        WHERE id = $1`,
      [
        id,
        approved,
        feedback,
        scores?.completeness ?? null,
        scores?.quality ?? null,
        scores?.criteriaMet ?? null,
        votedAt,
      ],
    );
  }

  async end(tx: Tx, seats: readonly Seat[], at: Date): Promise<void> {
    await tx.query(
      `UPDATE validations SET ended = now.ended, ended_at = $3, was_right = CASE WHEN now.ended = 'timed_out' THEN false END
         FROM unnest($1::text[], $2::text[]) AS now (id, ended) WHERE validations.id = now.id`,
      [seats.map(({ id }) => id), seats.map(({ end }) => end), at],
    );
    const silent = seats.filter(({ end }) => end === 'timed_out');
    await this.count(tx, silent);
    await this.countSilences(tx, silent, at);
  }

  /** In a row: a vote since the last one begins anew. It follows `count`, which has locked their rows. */
  private async countSilences(tx: Tx, seats: readonly { agentId: string }[], at: Date): Promise<void> {
    if (seats.length === 0) return;
    await tx.query(
      `UPDATE validator_standings standing
          SET silent_at = $2, silences = CASE
                WHEN silent_at IS NULL OR EXISTS (
                  SELECT FROM validations
                   WHERE validator_agent_id = standing.agent_id AND voted_at > silent_at
                     AND assigned_at > silent_at - make_interval(secs => $3))
                THEN 1 ELSE least(silences + 1, ${SILENCES_MAX}) END
        WHERE agent_id = ANY ($1)`,
      [seats.map(({ agentId }) => agentId), at, PANEL_OF_FIVE_VOTE_MS / 1_000],
    );
  }

  /** By what has become of the work: an overturned verdict makes those right who were wrong. */
  async judge(tx: Tx, rights: readonly JudgedSeat[]): Promise<void> {
    await tx.query(
      `UPDATE validations SET was_right = now.was_right
         FROM unnest($1::text[], $2::boolean[]) AS now (id, was_right) WHERE validations.id = now.id`,
      [rights.map(({ id }) => id), rights.map(({ wasRight }) => wasRight)],
    );
    await this.count(
      tx,
      rights.filter(({ wasRight }) => wasRight !== null),
    );
  }

  /**
   * How often they were right of late. First their rows are locked, always in the same order: what somebody else has just
   * counted is only seen by a statement that begins afterwards.
   */
  private async count(tx: Tx, seats: readonly { agentId: string }[]): Promise<void> {
    if (seats.length === 0) return;
    const ids = [...new Set(seats.map(({ agentId }) => agentId))];
    await tx.query(
      `INSERT INTO validator_standings (agent_id, judged, correct) SELECT id, 0, 0 FROM unnest($1::text[]) id ORDER BY id
       ON CONFLICT ON CONSTRAINT validator_standings_pkey DO UPDATE SET judged = validator_standings.judged`,
      [ids],
    );
    await tx.query(
      `UPDATE validator_standings standing SET judged = now.judged, correct = now.correct
         FROM unnest($1::text[]) asked (agent), LATERAL (
           SELECT count(*) AS judged, count(*) FILTER (WHERE was_right) AS correct FROM (${OUTCOMES('asked.agent')}) last) now
        WHERE standing.agent_id = asked.agent`,
      [ids],
    );
  }

  async noteFee(tx: Tx, submissionId: string, feeBurnt: string): Promise<void> {
    await tx.query('UPDATE judgements SET fee_burnt = $2 WHERE submission_id = $1', [submissionId, feeBurnt]);
  }

  async nextDue(): Promise<Date | null> {
    const [row] = await this.database.query<{ due: Date | null }>(
      'SELECT min(due_at) AS due FROM judgements',
    );
    return row?.due ?? null;
  }

  /** The most overdue first. */
  async due(at: Date, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT submission_id AS id FROM judgements WHERE due_at <= $1 ORDER BY due_at, submission_id LIMIT $2',
      [at, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Which of these submissions have one. */
  async known(submissionIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT submission_id AS id FROM judgements WHERE submission_id = ANY ($1)',
      [submissionIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Those that have seats for which nobody was to be had. */
  async vacant(limit: number, tx: Tx): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'SELECT submission_id AS id FROM judgements WHERE vacant > 0 ORDER BY vacant_until, submission_id LIMIT $1',
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Open seats of one agent, the most urgent first. */
  async pendingOf(agentId: string, after: readonly string[] | undefined, limit: number): Promise<Seat[]> {
    return this.database.query<Seat>(
      `SELECT ${SEAT_COLUMNS} FROM validations
        WHERE validator_agent_id = $1 AND approved IS NULL AND ended IS NULL
          AND ($2::timestamptz IS NULL OR (deadline, id) > ($2, $3))
        ORDER BY deadline, id LIMIT $4`,
      [agentId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }

  /** What one agent has still to vote on. Never many: who has more than a few is not drawn. */
  async openOf(agentId: string, tx: Tx): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT submission_id AS id FROM validations
        WHERE validator_agent_id = $1 AND approved IS NULL AND ended IS NULL ORDER BY deadline, id`,
      [agentId],
    );
    return rows.map(({ id }) => id);
  }

  async isSeated(agentId: string, submissionId: string): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 FROM validations WHERE submission_id = $1 AND validator_agent_id = $2',
      [submissionId, agentId],
    );
    return rows.length > 0;
  }

  /** What waits for an operator, the longest first. */
  async queue(after: readonly string[] | undefined, limit: number): Promise<Judgement[]> {
    const rows = await this.database.query<JudgementRow>(
      `SELECT ${JUDGEMENT_COLUMNS} FROM judgements
        WHERE status = 'queued' AND ($1::timestamptz IS NULL OR (queued_at, submission_id) > ($1, $2))
        ORDER BY queued_at, submission_id LIMIT $3`,
      [after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows.map(judgementOf);
  }
}

function judgementOf(row: JudgementRow): Judgement {
  const { kind, seats, quorum, escalatesSplits, round, vacant, vacantUntil, unfilled, ...judgement } = row;
  return {
    ...judgement,
    panel: { kind, seats, quorum, escalatesSplits, round, vacant, vacantUntil, unfilled },
  };
}
