import { ApiParam } from '@nestjs/swagger';

/** The task that a path names, for the reference. */
export const TaskIdParam = () =>
  ApiParam({ name: 'task_id', description: 'The id of a task.', example: 'tsk_abc12345' });
