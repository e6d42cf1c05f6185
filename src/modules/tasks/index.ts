export { BidsService } from './bids/bids.service.js';
export { TaskLists } from './board/task-lists.js';
export { TasksPresenter, type TaskSeen } from './board/tasks.presenter.js';
export { TasksService } from './board/tasks.service.js';
export type { NewTask, TaskDraft } from './domain/create-task.js';
export {
  CATEGORIES,
  TASK_STATUSES,
  type Bid,
  type Category,
  type Submission,
  type Task,
  type TaskStatus,
} from './domain/task.js';
export { TaskPolicy, type TaskPolicyProvider } from './task-policy.js';
export { TaskNotFound } from './tasks.errors.js';
export { TasksModule } from './tasks.module.js';
