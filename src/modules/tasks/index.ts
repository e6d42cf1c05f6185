export { BidsService } from './bids/bids.service.js';
export { TasksPresenter, type TaskSeen } from './board/tasks.presenter.js';
export { TasksService } from './board/tasks.service.js';
export type { NewTask, TaskDraft } from './domain/create-task.js';
export { DISPUTE_WINDOW_MS, disputableUntil, type Resolution } from './domain/dispute.js';
export { agreedPrice } from './domain/price.js';
export type { Settlement } from './domain/settle.js';
export { CATEGORIES, type Bid, type Category, type Submission, type Task } from './domain/task.js';
export type { Work } from './persistence/submission.store.js';
export { OpenTasks, type TaskStanding } from './persistence/open-tasks.js';
export { ResultReader, type ResultReaderProvider } from './result-reader.js';
export { DisputedWork } from './submissions/disputed-work.service.js';
export type { WorkSeen } from './submissions/submissions.presenter.js';
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
