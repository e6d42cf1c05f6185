export { CATEGORIES, type Bid, type Category, type Submission, type Task } from './domain/task.js';
export { TasksModule } from './tasks.module.js';
