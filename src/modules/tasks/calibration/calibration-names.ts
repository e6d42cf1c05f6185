import { sha256 } from '#kernel/sha256';

/**
 * What a bid or an event of the source is called in a calibration task: computed, so that the history names the bid that the
 * list of bids has, whenever somebody looks.
 */
export const bidIdIn = (taskId: string, sourceId: string): string => `bid_${lettersFor(taskId, sourceId, 8)}`;
export const eventIdIn = (taskId: string, sourceId: string): string =>
  `evt_${lettersFor(taskId, sourceId, 20)}`;

const lettersFor = (taskId: string, sourceId: string, count: number): string =>
  BigInt(`0x${sha256(`${taskId}:${sourceId}`).toString('hex')}`)
    .toString(36)
    .slice(-count);
