import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { OffersActions, type NextAction, type NextActionsProvider } from '#platform/http';
import type { TaskSeen } from '../board/tasks.presenter.js';
import { workEndsAt } from '../domain/expire.js';
import type { TaskStatus } from '../domain/task.js';

const HAS_A_RESULT: ReadonlySet<TaskStatus> = new Set(['submitted', 'validating', 'completed', 'disputed']);

/** Who executes a task hands in its result; who pays for it may look at that. */
@Injectable()
@OffersActions('task')
export class WorkActions implements NextActionsProvider<'task'> {
  actions({ task }: TaskSeen, { id: by, suspended }: Caller): NextAction[] {
    const href = `/v1/tasks/${task.id}`;
    if (by === task.executorId && task.status === 'in_progress' && !suspended) {
      const until = workEndsAt(task).toISOString();
      return [
        { action: 'submit', method: 'POST', href: `${href}/submit`, by, until },
        { action: 'report_progress', method: 'POST', href: `${href}/progress`, by, until },
      ];
    }
    return by === task.creatorId && HAS_A_RESULT.has(task.status)
      ? [{ action: 'read_submission', method: 'GET', href: `${href}/submissions`, by }]
      : [];
  }
}
