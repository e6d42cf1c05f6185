import path from 'node:path';
import { proveLedger } from '../../scripts/prove/ledger/prove.js';

/** Ten seconds of `npm run prove:ledger`, which says more when it fails here. */
describe('The ledger under fire', () => {
  it('does exactly what clients were told, however often API and database are killed', async () => {
    const seed = Date.now() % 1_000_000;
    const home = path.resolve('.data/test-prove');
    const proof = await proveLedger({ home, seconds: 10, clients: 64, seed });
    expect({ seed, lies: proof.lies }).toEqual({ seed, lies: [] });
    expect(proof.acknowledged).toBeGreaterThan(0);
    expect(proof.refused).toBeGreaterThan(0);
    expect(proof.databaseKills).toBe(2);
    expect(proof.apiKills).toBeGreaterThan(0);
  }, 240_000);
});
