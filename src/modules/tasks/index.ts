export { PartyToSubject, TooManySystemTasks } from './bid.errors.js';
export { BidsPresenter } from './bids/bids.presenter.js';
export { BidsService } from './bids/bids.service.js';
export type { BidInList } from './bids/bids.view.js';
export type { TasksQuery } from './board/tasks-query.dto.js';
export { TaskLists } from './board/task-lists.js';
export { TasksPresenter, type TaskSeen } from './board/tasks.presenter.js';
export { TasksService } from './board/tasks.service.js';
export type { TaskInList, TaskPage, TaskView } from './board/tasks.view.js';
export { CalibrationTasks } from './calibration/calibration-tasks.service.js';
export { TaskHistories } from './calibration/task-histories.js';
export type { TaskDraft } from './domain/create-task.js';
export { DISPUTE_WINDOW_MS, disputableUntil, type Ruling } from './domain/dispute.js';
export { agreedPrice } from './domain/price.js';
export { wasJudged } from './domain/settle.js';
export {
  CATEGORIES,
  TASK_STATUSES,
  type Bid,
  type Category,
  type Submission,
  type Task,
  type TaskStatus,
  type VerdictBy,
  type Work,
} from './domain/task.js';
export { TASK_SORTS, type TaskSort } from './persistence/task.search.js';
export type { PendingSubmission } from './persistence/submission.store.js';
export { OpenTasks, type TaskStanding } from './persistence/open-tasks.js';
export { ResultReader, type ResultReaderProvider } from './result-reader.js';
export { DisputedWork } from './submissions/disputed-work.service.js';
export { SubmissionsPresenter, type WorkSeen } from './submissions/submissions.presenter.js';
export type { SubmissionInList } from './submissions/submissions.view.js';
export { SubmissionsService, type Handed } from './submissions/submissions.service.js';
export { TaskPolicy, type TaskPolicyProvider } from './task-policy.js';
export {
  DisputeTooLate,
  NothingToDispute,
  NotTheCreator,
  NotTheExecutor,
  SubmissionNotFound,
  TaskNotFound,
  VerdictFinal,
  WrongSubmissionStatus,
  WrongTaskStatus,
} from './tasks.errors.js';
export type { Judged, TaskEnded, Votes } from './tasks.events.js';
export { TasksModule } from './tasks.module.js';

// For tests and scripts.
export { AlreadyBid } from './bid.errors.js';
export { acceptBid } from './domain/accept-bid.js';
export { cancelByOperator, cancelOfSuspended, cancelTask } from './domain/cancel-task.js';
export type { Board, Change } from './domain/change.js';
export { createTask } from './domain/create-task.js';
export { openDispute, overturnVerdict, upholdVerdict } from './domain/dispute.js';
export { type TaskChanges, editTask } from './domain/edit-task.js';
export { EXPIRES_MS, WARNING_MS, expire, warned } from './domain/expire.js';
export { type BidOffer, placeBid } from './domain/place-bid.js';
export { CURRENCIES, amountOf, priceIn } from './domain/price.js';
export { rejectBid, withdrawBid } from './domain/release-bid.js';
export { reportProgress } from './domain/report-progress.js';
export { repost } from './domain/repost.js';
export { releasePayout, settle } from './domain/settle.js';
export { startValidation, submitResult } from './domain/submit.js';
export { isClosed, isPending } from './domain/task.js';
export { EndedTasks } from './persistence/ended-tasks.js';
export { BidderSuspended, CreatorSuspended } from './suspension.errors.js';
export { movementsOf } from './task-escrow.js';
