import type { Logger } from '@nestjs/common';

/** Sees to all that are due, one by one: that something is wrong with one must not keep the others waiting. */
export async function eachDue(
  taskIds: AsyncIterable<string>,
  act: (taskId: string) => Promise<unknown>,
  logger: Logger,
): Promise<void> {
  let failed = 0;
  for await (const taskId of taskIds) {
    try {
      await act(taskId);
    } catch (error) {
      failed++;
      logger.error({ msg: 'a due task was left as it is', taskId, error });
    }
  }
  if (failed > 0) throw new Error(`${failed} due tasks were left as they are.`);
}
