import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsObject, IsString, Max, Min, ValidateNested } from 'class-validator';
import type { FieldError } from '#kernel/errors/domain-error';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { Optional, MaxLength } from '#platform/http';
import type { Vote } from '../domain/cast-vote.js';
import type { Scores } from '../domain/panel.js';

const scoreRule = (name: string) => ({ message: `${name} must be a whole number from 1 to 5.` });
const Score =
  (name: string): PropertyDecorator =>
  (target, key) => {
    for (const rule of [IsInt(scoreRule(name)), Min(1, scoreRule(name)), Max(5, scoreRule(name))])
      rule(target, key);
  };

export class VoteScores {
  /**
   * Is all of it there?
   * @example 5
   */
  @Score('completeness')
  completeness: number;

  /**
   * How good is it?
   * @example 4
   */
  @Score('quality')
  quality: number;

  /**
   * Are the acceptance criteria met?
   * @example 5
   */
  @Score('criteria_met')
  criteria_met: number;
}

export class CastVote {
  /** @example true */
  @IsBoolean({ message: 'approved must be true or false.' })
  approved: boolean;

  /**
   * Everybody reads it after the verdict.
   * @example "All acceptance criteria met. Code examples are clear and functional."
   */
  @Optional()
  @IsString({ message: 'feedback must be a text of at most 5000 characters.' })
  @MaxLength(5000, { message: 'feedback must be a text of at most 5000 characters.' })
  feedback?: string;

  /** All three, or none. */
  @Optional()
  @IsObject({ message: 'scores must be an object with completeness, quality and criteria_met.' })
  @ValidateNested()
  @Type(() => VoteScores)
  scores?: VoteScores;

  /**
   * Instead of `scores`.
   * @example 5
   */
  @Optional()
  @Score('score_completeness')
  score_completeness?: number;

  /**
   * Instead of `scores`.
   * @example 4
   */
  @Optional()
  @Score('score_quality')
  score_quality?: number;

  /**
   * Instead of `scores`.
   * @example 5
   */
  @Optional()
  @Score('score_criteria_met')
  score_criteria_met?: number;
}

const SCORES = ['completeness', 'quality', 'criteria_met'] as const;

export const toVote = (body: CastVote): Vote => ({
  approved: body.approved,
  feedback: body.feedback ?? null,
  scores: toScores(body),
});

/** Nested or flat, as different clients send them; both where they say the same. */
function toScores(body: CastVote): Scores | null {
  const given = SCORES.map((name) => ({ name, flat: body[`score_${name}`], nested: body.scores?.[name] }));
  const twice = given.filter(
    ({ flat, nested }) => flat !== undefined && nested !== undefined && flat !== nested,
  );
  if (twice.length > 0)
    throw new InvalidFields(
      twice.map(({ name }) =>
        wrong(name, 'same', `score_${name} and scores.${name} differ: send one of them.`),
      ),
    );
  const values = given.map(({ name, flat, nested }) => ({ name, value: nested ?? flat }));
  const missing = values.filter(({ value }) => value === undefined);
  if (missing.length === values.length) return null;
  if (missing.length > 0)
    throw new InvalidFields(
      missing.map(({ name }) => wrong(name, 'all_or_none', 'Send all three scores, or none of them.')),
    );
  const [completeness, quality, criteriaMet] = values.map(({ value }) => value!);
  return { completeness: completeness!, quality: quality!, criteriaMet: criteriaMet! };
}

const wrong = (name: string, rule: string, message: string): FieldError => ({
  pointer: `/score_${name}`,
  rule,
  message,
});
