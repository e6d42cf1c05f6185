/** Carries due work to whichever process is free. It only hints: the rows say what is due. */
export interface DueQueue {
  /** False when the queue does not take it in time; then the process that asked does the work itself. */
  offer(name: string, due: Date): Promise<boolean>;
}
