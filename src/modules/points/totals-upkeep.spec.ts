import { Logger } from '@nestjs/common';
import type { LedgerAudit } from './audit.service.js';
import { TotalsUpkeep } from './totals-upkeep.js';

const NOON = new Date('2026-03-12T12:00:00.000Z');
const clock = { now: () => NOON };

function ledgerWith(ids: () => Promise<number>) {
  const rollUp = jest.fn(async (_at: Date) => {});
  return { ledger: { idsNotSummedUp: ids, rollUp } as unknown as LedgerAudit, rollUp };
}

it('A long tail of the log is summed up, a short one is not', async () => {
  let ids = 100_000;
  const { ledger, rollUp } = ledgerWith(async () => ids);
  const upkeep = new TotalsUpkeep(ledger, clock);
  await upkeep.keepShort();
  expect(rollUp).not.toHaveBeenCalled();
  ids += 1;
  await upkeep.keepShort();
  expect(rollUp.mock.calls).toEqual([[NOON]]);
});

it('A database that is away is told of, and asked again the next time', async () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  const { ledger } = ledgerWith(() => Promise.reject(new Error('Away')));
  await new TotalsUpkeep(ledger, clock).keepShort();
  expect(warn).toHaveBeenCalledTimes(1);
  warn.mockRestore();
});
