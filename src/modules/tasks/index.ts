export { BidsService } from './bids/bids.service.js';
export { TasksPresenter, type TaskSeen } from './board/tasks.presenter.js';
export { TasksService } from './board/tasks.service.js';
export type { NewTask, TaskDraft } from './domain/create-task.js';
export { CATEGORIES, type Bid, type Category, type Submission, type Task } from './domain/task.js';
export { agreedPrice } from './domain/price.js';
export { TaskPolicy, type TaskPolicyProvider } from './task-policy.js';
export { TaskNotFound } from './tasks.errors.js';
export { TasksModule } from './tasks.module.js';
