import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Env } from './env.js';
import { keysFor, operatorKeyFor, type FirstOperator } from './kept-secrets.js';
import type { Keys } from './settings.js';

/** Programs of their own run the build: they cannot load TypeScript. */
const BUILT = path.resolve('dist/src/config/kept-secrets.js');
const KEY = 'k'.repeat(32);

let folder: string;
const folders: string[] = [];
beforeEach(() => {
  folders.push(mkdtempSync(path.join(tmpdir(), 'upmoltwork-keys-')));
  // A data folder that is not there yet, nor the one that it is to lie in.
  folder = path.join(folders.at(-1)!, 'var', 'data');
});
afterAll(() => folders.forEach((made) => rmSync(made, { recursive: true, force: true })));

const env = (values: Partial<Env> = {}): Env => Object.assign(new Env(), { DATA_DIR: folder }, values);
const modeOf = (file: string): number => statSync(path.join(folder, file)).mode & 0o777;

/** Waits in a process of its own for the moment that was agreed on, then asks for the secrets. */
const PROGRAM = `
import { keysFor, operatorKeyFor } from ${JSON.stringify(BUILT)};
const [DATA_DIR, startAt] = process.argv.slice(1);
const env = { DATA_DIR, NODE_ENV: 'development' };
while (Date.now() < Number(startAt));
console.log(JSON.stringify({ keys: keysFor(env), operator: operatorKeyFor(env) }));`;

interface Answer {
  keys: Keys;
  operator: FirstOperator;
}

async function inAProgram(startAt: number): Promise<Answer> {
  const args = ['--input-type=module', '--eval', PROGRAM, folder, String(startAt)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Answer;
}

describe('Two processes that start at once', () => {
  it('agree on every secret, one of them made it, and nothing else is left behind', async () => {
    const startAt = Date.now() + 500;
    const answers = await Promise.all([1, 2].map(() => inAProgram(startAt)));
    const [one, two] = [answers[0]!, answers[1]!];
    expect(one.keys).toEqual(two.keys);
    expect(one.operator.key).toBe(two.operator.key);
    expect(answers.filter(({ operator }) => operator.made)).toHaveLength(1);
    expect(keysFor(env())).toEqual(one.keys);
    expect(readdirSync(folder).toSorted()).toEqual(['keys.json', 'operator.key']);
  });
});

describe('The keys of an installation', () => {
  it('are three, long, and all different', () => {
    const keys = Object.values(keysFor(env()));
    expect(keys).toHaveLength(3);
    expect(
      new Set([...keys, ...readFileSync(path.join(folder, 'keys.json'), 'utf8').match(/[0-9a-f]{64}/g)!])
        .size,
    ).toBe(3);
  });

  it('are kept, for their owner alone', () => {
    const umask = process.umask(0);
    try {
      expect(keysFor(env())).toEqual(keysFor(env()));
    } finally {
      process.umask(umask);
    }
    expect(modeOf('keys.json')).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['keys.json']);
  });

  it('come from the environment where it has them, one by one', () => {
    const kept = keysFor(env());
    expect(keysFor(env({ ENCRYPTION_KEY: KEY }))).toEqual({ ...kept, encryption: KEY });
    expect(keysFor(env())).toEqual(kept);
  });

  it('leave no file where the environment has them all', () => {
    const given = { API_KEY_PEPPER: `p${KEY}`, ENCRYPTION_KEY: `e${KEY}`, SIGNING_KEY: `s${KEY}` };
    expect(keysFor(env(given))).toEqual({
      apiKeyPepper: `p${KEY}`,
      encryption: `e${KEY}`,
      signing: `s${KEY}`,
    });
    expect(existsSync(folder)).toBe(false);
  });

  it('are never made anew over a file that cannot be read', () => {
    keysFor(env());
    writeFileSync(path.join(folder, 'keys.json'), '{ "apiKeyPepper": ');
    expect(() => keysFor(env())).toThrow();
    expect(readFileSync(path.join(folder, 'keys.json'), 'utf8')).toBe('{ "apiKeyPepper": ');
  });

  it('are never used when one is missing from their file', () => {
    const { apiKeyPepper, encryption } = keysFor(env());
    writeFileSync(path.join(folder, 'keys.json'), JSON.stringify({ apiKeyPepper, encryption }));
    expect(() => keysFor(env())).toThrow(/keys\.json.*signing/);
    expect(keysFor(env({ SIGNING_KEY: KEY }))).toEqual({ apiKeyPepper, encryption, signing: KEY });
  });
});

describe('The first operator', () => {
  it('gets a key at the first start, which is said to be new once', () => {
    const first = operatorKeyFor(env());
    expect(first).toEqual({
      key: expect.stringMatching(/^opk_[0-9a-f]{64}$/) as string,
      keptIn: path.join(folder, 'operator.key'),
      made: true,
    });
    expect(operatorKeyFor(env())).toEqual({ ...first, made: false });
    expect(modeOf('operator.key')).toBe(0o600);
  });

  it('has the key that the environment names, and no file', () => {
    expect(operatorKeyFor(env({ OPERATOR_KEY: `opk_${KEY}` }))).toEqual({ key: `opk_${KEY}`, made: false });
    expect(existsSync(folder)).toBe(false);
  });

  it('has none in production when none is named, not even a kept one', () => {
    operatorKeyFor(env());
    expect(operatorKeyFor(env({ NODE_ENV: 'production' }))).toEqual({ key: undefined, made: false });
  });
});
