import type { BidInList, SubmissionInList, TaskView } from '#modules/tasks';
import type { Dispute, ValidationView } from '#modules/validation';
import type { MoneyShown } from '../reading/money-bar.js';
import type { Names } from '../reading/named-agents.js';
import type { Moment } from '../reading/timeline.js';
import type { VotesShown } from './parts.js';

/** All that the page of a task shows. */
export interface TaskShown {
  task: TaskView;
  bids: readonly BidInList[];
  /** Beyond those that are shown. */
  hasMoreBids: boolean;
  submissions: readonly SubmissionInList[];
  timeline: readonly Moment[];
  money: readonly MoneyShown[];
  votes: VotesShown | undefined;
  /** Votes that everybody may see, from the verdict on. */
  validations: readonly ValidationView[];
  dispute: Dispute | undefined;
  names: Names;
  /** Behind which event of its history this page is. */
  eventsAfter: string;
  now: Date;
}
