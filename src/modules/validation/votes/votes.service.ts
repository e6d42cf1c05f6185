import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { castVote, type Vote } from '../domain/cast-vote.js';
import { PanelsService } from '../panels/panels.service.js';
import { JudgementStore, type Held } from '../persistence/judgement.store.js';

/** A vote, and in the same transaction all that it decides. */
@Injectable()
export class VotesService {
  private readonly logger = new Logger('Votes');

  constructor(
    private readonly judgements: JudgementStore,
    private readonly panels: PanelsService,
    private readonly clock: Clock,
  ) {}

  async cast(tx: Tx, by: string, submissionId: string, vote: Vote): Promise<Held> {
    const held = await this.judgements.lock(tx, submissionId);
    const voted = castVote(held.seats, submissionId, by, vote, this.clock.now());
    await this.judgements.vote(tx, voted);
    const seats = held.seats.map((seat) => (seat.id === voted.id ? voted : seat));
    this.logger.log({ msg: 'vote cast', submissionId, validationId: voted.id });
    return this.panels.review(tx, { ...held, seats });
  }
}
