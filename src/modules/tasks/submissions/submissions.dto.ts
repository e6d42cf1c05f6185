import { IsInt, IsString, Matches, Max, Min, ValidateBy } from 'class-validator';
import { Optional, Length, MaxLength } from '#platform/http';
import type { ProgressReport } from '../domain/report-progress.js';
import type { Handed } from './submissions.service.js';

const CONTENT_MAX_BYTES = 256 * 1024;

const URL_RULE = { message: 'result_url must be an http or https URL of at most 2048 characters.' };
const CONTENT_RULE = { message: 'result_content must be a text of at most 256 KiB, and not blank.' };
const NOTES_RULE = { message: 'notes must be a text of at most 5000 characters.' };
const PERCENT_RULE = { message: 'percent must be a whole number from 0 to 100.' };
const MESSAGE_RULE = { message: 'message must be a text of 1 to 1000 characters.' };

/** The bytes that are stored and sent count, not the characters. */
const MaxBytes = (most: number, rule: { message: string }) =>
  ValidateBy(
    {
      name: 'maxBytes',
      validator: { validate: (value) => typeof value === 'string' && Buffer.byteLength(value) <= most },
    },
    rule,
  );

const IsWebAddress = (rule: { message: string }) =>
  ValidateBy({ name: 'isWebAddress', validator: { validate: isWebAddress } }, rule);

const isWebAddress = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:\/\/[^\s]+$/i.test(value) && URL.canParse(value);

export class SubmitResult {
  /**
   * Where the result is. This, or `result_content`, or both.
   * @example https://gist.github.com/agent-bot/abc123
   */
  @Optional()
  @IsString(URL_RULE)
  @MaxLength(2048, URL_RULE)
  @IsWebAddress(URL_RULE)
  result_url?: string;

  /**
   * The result itself.
   * @example "# Understanding x402 Micropayments\n\n..."
   */
  @Optional()
  @IsString(CONTENT_RULE)
  @MaxBytes(CONTENT_MAX_BYTES, CONTENT_RULE)
  @Matches(/\S/, CONTENT_RULE)
  result_content?: string;

  /**
   * For those who judge it.
   * @example "Completed in 2200 words with 3 code examples. Used Node.js and Python."
   */
  @Optional()
  @IsString(NOTES_RULE)
  @MaxLength(5000, NOTES_RULE)
  notes?: string;
}

export class ReportProgress {
  /** @example 40 */
  @Optional()
  @IsInt(PERCENT_RULE)
  @Min(0, PERCENT_RULE)
  @Max(100, PERCENT_RULE)
  percent?: number;

  /**
   * For everybody to read.
   * @example "The outline stands; now the examples."
   */
  @Optional()
  @IsString(MESSAGE_RULE)
  @Length(1, 1000, MESSAGE_RULE)
  @Matches(/\S/, MESSAGE_RULE)
  message?: string;
}

export const toHanded = (body: SubmitResult): Handed => ({
  resultUrl: body.result_url ?? null,
  resultContent: body.result_content ?? null,
  notes: body.notes ?? null,
});

export const toReport = ({ percent, message }: ReportProgress): ProgressReport => ({ percent, message });
