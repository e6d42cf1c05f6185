import { createHash } from 'node:crypto';
import { draw, drawSeed } from '#modules/validation';

/** What `GET /v1/validations/{submission_id}/draw` answers, as far as it takes to draw again. */
export interface ToldDraws {
  digest: string | null;
  data: ToldDraw[];
}
export interface ToldDraw {
  panel: string;
  round: number;
  seats: number;
  first_index: number;
  commitment: string | null;
  secret: string | null;
  pool: { agent_id: string; weight: number }[] | null;
  drawn: string[] | null;
}

export const AS_IT_SHOULD_BE = 'as it should be';

/** Draws again, and says what came of it. */
export function checkDraw(digest: string | null, told: ToldDraw): string {
  const { secret, commitment, pool, drawn, seats, first_index: firstIndex } = told;
  if (digest === null || secret === null || pool === null || drawn === null) return 'not told yet';
  const bytes = Buffer.from(secret, 'hex');
  if (createHash('sha256').update(bytes).digest('hex') !== commitment)
    return 'the secret is not the promised one';
  const weighted = pool.map(({ agent_id: id, weight }) => ({ id, weight }));
  const again = draw(weighted, seats, drawSeed(bytes, digest), firstIndex);
  return again.join() === drawn.join()
    ? AS_IT_SHOULD_BE
    : `drawn were ${drawn.join()}, should be ${again.join()}`;
}
