import { IsString, Matches } from 'class-validator';
import { Length } from '#platform/http';

const REASONING_RULE = { message: 'reasoning must be a text of 20 to 5000 characters.' };

export class FileDispute {
  /**
   * Why the verdict is wrong: those who decide read it, and so does everybody else.
   * @example "Every criterion is met: the article has 2200 words and three code examples."
   */
  @IsString(REASONING_RULE)
  @Length(20, 5000, REASONING_RULE)
  @Matches(/\S/, REASONING_RULE)
  reasoning: string;
}
