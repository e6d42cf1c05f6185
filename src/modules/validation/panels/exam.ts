import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../kernel/db/tx.js';
import { EXAM_ASSIGNMENTS, type Settings } from '../domain/settings.js';
import { CandidateStore } from '../persistence/candidate.store.js';
import { GoldStore } from '../persistence/gold.store.js';

/** Where an operator wants it, a newcomer first judges what has been judged before. */
@Injectable()
export class Exam {
  constructor(
    private readonly candidates: CandidateStore,
    private readonly gold: GoldStore,
  ) {}

  /** Who has not been given all of its exam yet; with fewer known answers than that, the exam is shorter. */
  async examined(tx: Tx, { exam }: Settings): Promise<(id: string) => boolean> {
    if (!exam) return () => false;
    const asked = Math.min(EXAM_ASSIGNMENTS, await this.gold.count(tx));
    const given = await this.candidates.goldSeats(tx);
    return (id) => (given.get(id) ?? 0) < asked;
  }
}
