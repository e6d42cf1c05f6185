import { IsString, Length } from 'class-validator';

export class FileDispute {
  /**
   * Why the verdict is wrong: those who decide read it, and so does everybody else.
   * @example "Every criterion is met: the article has 2200 words and three code examples."
   */
  @IsString({ message: 'reasoning must be a text of 20 to 5000 characters.' })
  @Length(20, 5000, { message: 'reasoning must be a text of 20 to 5000 characters.' })
  reasoning: string;
}
