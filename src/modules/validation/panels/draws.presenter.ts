import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { matching, PAGE_SIZE, pageOf, placeOf } from '#platform/http';
import { mayBeSeen, panelName, passesForReal } from '../domain/calibration.js';
import type { Judgement } from '../domain/judgement.js';
import { isKindOver } from '../domain/visibility.js';
import { DrawStore, type DailySecret, type Drawn } from '../persistence/draw.store.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { JudgementNotFound } from '../validation.errors.js';
import { DrawSecrets } from './draw-secrets.js';
import type {
  DailySecretPage,
  DailySecretsQuery,
  DailySecretView,
  DrawList,
  DrawView,
} from './draws.view.js';

const CURSOR = 'day';
const PLACE = [matching(/^\d{4}-\d\d-\d\d$/)];

/** Draws as they go over the wire: with everything that it takes to repeat them, as soon as that can do no harm. */
@Injectable()
export class DrawsPresenter {
  constructor(
    private readonly draws: DrawStore,
    private readonly judgements: JudgementStore,
    private readonly secretsOfDays: DrawSecrets,
  ) {}

  async of(viewer: Caller | undefined, submissionId: string): Promise<DrawList> {
    const judgement = await this.judgements.get(submissionId);
    const seats = await this.judgements.seatsOf(submissionId);
    if (!mayBeSeen(judgement, seats, viewer?.id)) throw new JudgementNotFound(submissionId);
    const drawn = await this.draws.of(submissionId);
    const secrets = await this.told(
      await this.draws.secretsOf(drawn.flatMap(({ day }) => (day === null ? [] : [day]))),
    );
    return {
      submission_id: submissionId,
      digest: judgement.outcome === null ? null : judgement.digest,
      data: drawn.map((one) =>
        this.view(
          judgement,
          one,
          secrets.find(({ day }) => day === one.day),
        ),
      ),
    };
  }

  async secrets({ day, cursor, limit = PAGE_SIZE }: DailySecretsQuery): Promise<DailySecretPage> {
    const [before] = placeOf(cursor, CURSOR, PLACE) ?? [];
    const found =
      day === undefined ? await this.draws.secrets(before, limit + 1) : await this.draws.secretsOf([day]);
    return pageOf(
      await this.told(found),
      limit,
      CURSOR,
      (one) => [one.day],
      (one) => one,
    );
  }

  /** Before the verdict a pool would tell who judges, to whoever knows the secret. */
  private view(judgement: Judgement, drawn: Drawn, secret: DailySecretView | undefined): DrawView {
    const isOver = isKindOver(judgement, drawn.panel);
    return {
      panel: panelName(judgement, drawn.panel),
      round: drawn.round,
      seats: passesForReal(judgement) ? judgement.panel.seats : drawn.seats,
      first_index: drawn.firstPick,
      drawn_at: drawn.drawnAt.toISOString(),
      day: drawn.day,
      commitment: secret?.commitment ?? null,
      secret: secret?.secret ?? null,
      pool: isOver ? drawn.pool.map(({ id, weight }) => ({ agent_id: id, weight })) : null,
      drawn: isOver ? [...drawn.drawn] : null,
      dropped: [...drawn.dropped],
      excluded: drawn.excluded,
    };
  }

  private async told(secrets: readonly DailySecret[]): Promise<DailySecretView[]> {
    const published = await this.secretsOfDays.published(secrets.map(({ day }) => day));
    return secrets.map((one) => {
      const secret = published.has(one.day) ? this.secretsOfDays.open(one) : undefined;
      return { day: one.day, commitment: one.commitment, secret: secret?.toString('hex') ?? null };
    });
  }
}
