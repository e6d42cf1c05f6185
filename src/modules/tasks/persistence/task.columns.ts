import { tableOf } from '#platform/database';
import { TaskEntity } from './task.entity.js';

export const TASKS = tableOf(TaskEntity);

/** A row as the plain `Task` it is, without an ORM in between. */
export const TASK_COLUMNS = TASKS.columns(TASKS.properties(['listed']));

/** What every view of a task needs. */
export const SHORT_COLUMNS = TASKS.columns(TASKS.properties(['description', 'acceptanceCriteria', 'listed']));
