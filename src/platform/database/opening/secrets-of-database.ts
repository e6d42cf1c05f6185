import { createHash, createHmac } from 'node:crypto';
import pg from 'pg';
import type { Env } from '#config/env';
import { keysFor, UnusableSecrets } from '#config/kept-secrets';
import type { Keys } from '#config/settings';

/** What is lost with each of them, and the variable that can give it. */
const SECRETS = {
  apiKeyPepper: { variable: 'API_KEY_PEPPER', lost: 'every API key stops working' },
  encryption: { variable: 'ENCRYPTION_KEY', lost: 'webhook secrets and stored answers cannot be read' },
  signing: { variable: 'SIGNING_KEY', lost: 'earlier signatures no longer verify' },
} as const satisfies Record<keyof Keys, object>;
type Name = keyof typeof SECRETS;
const NAMES = Object.keys(SECRETS) as Name[];

type Fingerprints = ReadonlyMap<string, Buffer>;

/**
 * The secrets to start with, if they are those that the database was last used with. The first start leaves their
 * fingerprints there; a start with others stops, because it would lock every agent out without a word.
 */
export async function secretsOfDatabase(env: Env, ownerUrl: string): Promise<Keys> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const before = await fingerprintsIn(client);
    const beginsAnew = before.size > 0 && env.NEW_SECRETS === consentOf(before);
    const keys = keysFor(env, before.size === 0 || beginsAnew ? undefined : missingFrom(before));
    const claimed = await claim(client, keys);
    const kept = beginsAnew ? await exchange(client, before, keys) : claimed;
    const others = NAMES.filter((name) => !kept.get(name)?.equals(fingerprintOf(name, keys[name])));
    if (others.length > 0) throw new UnusableSecrets(tellOthers(others, kept));
    return keys;
  } finally {
    await client.end();
  }
}

/**
 * One-way, and hashed once more, so that it is no key that anything derives from the secret. A slow hash would add
 * nothing: a secret has 256 bits, and an agent's own key beside its hash would be the quicker test of a guess.
 */
export const fingerprintOf = (name: string, secret: string): Buffer =>
  createHash('sha256')
    .update(createHmac('sha256', secret).update(`kept secret ${name}`).digest())
    .digest();

async function fingerprintsIn(client: pg.Client): Promise<Fingerprints> {
  const { rows } = await client.query<{ name: string; fingerprint: Buffer }>(
    'SELECT name, fingerprint FROM kept_secrets',
  );
  return new Map(rows.map(({ name, fingerprint }) => [name, fingerprint]));
}

/** Of those who start at once, the first to insert decides; the others wait for it and read what it left. */
async function claim(client: pg.Client, keys: Keys): Promise<Fingerprints> {
  await client.query(
    `INSERT INTO kept_secrets (name, fingerprint) SELECT * FROM unnest($1::text[], $2::bytea[])
     ON CONFLICT (name) DO NOTHING`,
    [NAMES, NAMES.map((name) => fingerprintOf(name, keys[name]))],
  );
  return fingerprintsIn(client);
}

/** Only over what the consent was given for: of two who begin anew with different secrets, one is refused. */
async function exchange(client: pg.Client, before: Fingerprints, keys: Keys): Promise<Fingerprints> {
  await client.query(
    `UPDATE kept_secrets kept SET fingerprint = made.fingerprint, kept_at = now()
       FROM unnest($1::text[], $2::bytea[], $3::bytea[]) made (name, before, fingerprint)
      WHERE kept.name = made.name AND kept.fingerprint = made.before`,
    [NAMES, NAMES.map((name) => before.get(name)), NAMES.map((name) => fingerprintOf(name, keys[name]))],
  );
  return fingerprintsIn(client);
}

/** Names what is given up, so it is worth nothing once it has been: left in the environment, it consents to no further loss. */
const consentOf = (kept: Fingerprints): string =>
  createHash('sha256')
    .update(Buffer.concat(NAMES.map((name) => kept.get(name) ?? Buffer.alloc(0))))
    .digest('hex')
    .slice(0, 12);

const missingFrom = (kept: Fingerprints) => (file: string, missing: readonly Name[]) =>
  `${file} is missing, and this database needs the ${namesOf(missing)} that it had. Restore that file from a backup. ${beginAnew(missing, kept)}`;

const tellOthers = (others: readonly Name[], kept: Fingerprints): string =>
  `this database was last used with another ${namesOf(others)}. Restore what it was used with: keys.json in DATA_DIR, or those variables. ${beginAnew(others, kept)}`;

const beginAnew = (lost: readonly Name[], kept: Fingerprints): string =>
  `To begin anew on purpose, start once with NEW_SECRETS=${consentOf(kept)}: ${lost.map((name) => SECRETS[name].lost).join(', ')}.`;

const namesOf = (names: readonly Name[]): string =>
  new Intl.ListFormat('en').format(names.map((name) => SECRETS[name].variable));
