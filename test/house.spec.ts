import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Env } from '#config/env';
import { type Rule, rulesByClass } from '#platform/http';
import { FACES, MAY_IMPORT, ROOMS } from '../modules.graph.mjs';

/** What documents and tables say of the house must be so. Jest runs in the project's folder. */
const read = (file: string): string => readFileSync(file, 'utf8');
const modules = Object.entries(MAY_IMPORT);
const folders = (within: string): string[] =>
  readdirSync(within, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git', '.data']);
const filesBelow = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : filesBelow(file, ending);
    return ending.test(entry.name) ? [file] : [];
  });

describe('The module graph', () => {
  it.each([
    ['modules', MAY_IMPORT],
    ['rooms', ROOMS],
  ])('of %s has no cycles', (_kind, graph) => {
    const pathTo = (name: string, above: readonly string[]): void => {
      expect(above).not.toContain(name);
      for (const below of graph[name]!) pathTo(below, [...above, name]);
    };
    for (const name of Object.keys(graph)) pathTo(name, []);
  });

  it('lists every room of the platform, each with a front door and a README', () => {
    expect(folders('src/platform').toSorted()).toEqual(Object.keys(ROOMS).toSorted());
    for (const room of Object.keys(ROOMS))
      for (const file of ['index.ts', 'README.md'])
        expect(existsSync(`src/platform/${room}/${file}`)).toBe(true);
  });

  it('keeps the kernel small', () => {
    const sources = filesBelow('src/kernel', /\.ts$/).filter((file) => !/[.-]spec\.ts$/.test(file));
    const lines = sources.reduce((sum, file) => sum + read(file).split('\n').length, 0);
    expect(lines).toBeLessThan(1_000);
  });

  it('names only modules that it lists', () => {
    const known = modules.map(([name]) => name);
    for (const [, allowed] of modules) expect(known).toEqual(expect.arrayContaining([...allowed]));
  });

  it.each(folders('src/modules'))('lists %s, which has a front door and a README', (name) => {
    expect([...modules.map(([listed]) => listed), ...FACES]).toContain(name);
    expect(existsSync(`src/modules/${name}/index.ts`)).toBe(true);
    expect(existsSync(`src/modules/${name}/README.md`)).toBe(true);
  });

  it('stands in docs/architecture.md as it is', () => {
    const rows = [...read('docs/architecture.md').matchAll(/^\| ([a-z-]+) +\| ([a-z, -]*?) +\| (●?) +\|$/gm)];
    const today = folders('src/modules');
    expect(rows.map(([, name, allowed, mark]) => [name, allowed!.split(', ').filter(Boolean), mark])).toEqual(
      modules.map(([name, allowed]) => [name, allowed, today.includes(name) ? '●' : '']),
    );
  });
});

/**
 * What a rule costs must not grow with what is sent. Rules are asked by type, then size, then the rest, and stop at the
 * first that is broken, so a size beside each of the others bounds them all.
 */
describe('A field of a body or query', () => {
  const FLAT = new Set(['isIn', 'min', 'max', 'notEquals', 'isNumber', 'isInt', 'isBoolean', 'isString']);
  const OF_A_LIST = new Set(['isArray', 'arrayMinSize', 'arrayMaxSize', 'arrayUnique']);
  const TEXT_SIZES = new Set(['isLength', 'maxLength', 'maxBytes']);

  const fields = async (): Promise<Map<string, Rule[]>> => {
    const files = filesBelow('src', /\.dto\.ts$/);
    await Promise.all(files.map((file) => import(path.resolve(file))));
    const dtos = [...rulesByClass()].filter(([type]) => type !== (Env as new () => object));
    const byField = new Map<string, Rule[]>();
    for (const [type, rules] of dtos)
      for (const rule of rules) {
        const field = `${type.name}.${rule.propertyName}`;
        byField.set(field, [...(byField.get(field) ?? []), rule]);
      }
    return byField;
  };

  it('has a size beside every rule whose cost grows with the value', async () => {
    const unbounded: string[] = [];
    const all = await fields();
    for (const [field, rules] of all) {
      const named = rules.filter(({ name }) => name !== undefined);
      const ofEach = named.filter(({ each }) => each);
      const ofAll = named.filter(({ each }) => !each);
      const has = (among: readonly Rule[], names: ReadonlySet<string>): boolean =>
        among.some(({ name }) => names.has(name!));
      const isList = ofEach.length > 0 || has(ofAll, OF_A_LIST);
      if (isList && !has(ofAll, new Set(['arrayMaxSize'])))
        unbounded.push(`${field}: a list without ArrayMaxSize`);
      for (const among of [ofEach, ofAll]) {
        const texts = among.filter(
          ({ name }) => !FLAT.has(name!) && !OF_A_LIST.has(name!) && name !== 'isObject',
        );
        const isText = texts.length > 0 || has(among, new Set(['isString']));
        if (isText && !has(among, TEXT_SIZES)) unbounded.push(`${field}: a text without MaxLength`);
      }
    }
    expect(unbounded).toEqual([]);
    expect(all.size).toBeGreaterThan(80);
  });

  it('is measured in the characters that the database counts, not in those of class-validator', () => {
    const borrowed = filesBelow('src', /\.dto\.ts$/).filter((file) =>
      /import \{[^}]*\b(Min|Max)?Length\b[^}]*\} from 'class-validator'/.test(read(file)),
    );
    expect(borrowed).toEqual([]);
  });
});

it('Every spec is run', async () => {
  const { stdout } = await promisify(execFile)('npx', ['jest', '--listTests'], { maxBuffer: 1 << 24 });
  const run = stdout.split('\n').filter((line) => line.endsWith('.ts'));
  const written = ['src', 'test', 'examples'].flatMap((folder) => filesBelow(folder, /spec\.tsx?$/));
  expect(run.map((file) => path.relative('.', file)).toSorted()).toEqual(written.toSorted());
});

describe('A document', () => {
  const documents = filesBelow('.', /\.md$/);
  const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

  it.each(documents)('%s links to what is there', (document) => {
    const links = [...read(document).matchAll(LINK)].map(([, link]) => link!);
    const local = links
      .filter((link) => !/^(https?:|mailto:|#)/.test(link))
      .map((link) => link.split('#')[0]!);
    expect(local.filter((link) => !existsSync(path.join(path.dirname(document), link)))).toEqual([]);
  });

  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const scriptsNamedIn = (document: string): string[] =>
    [...read(document).matchAll(/\bnpm (?:run )?([a-z][a-z:-]*)/g)].map(([, name]) => name!);

  it.each(documents)('%s names only scripts that exist', (document) => {
    const ofNpm = ['ci', 'run', 'install', 'and', 'workspaces'];
    expect(scriptsNamedIn(document).filter((name) => !ofNpm.includes(name) && !(name in scripts))).toEqual(
      [],
    );
  });

  it('CONTRIBUTING.md names every script', () => {
    expect(scriptsNamedIn('CONTRIBUTING.md')).toEqual(expect.arrayContaining(Object.keys(scripts)));
  });

  it('README.md fits two screens and shows a picture that loads fast', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(90);
    const [, picture] = /!\[[^\]]+\]\(([^)]+)\)/.exec(read('README.md'))!;
    expect(statSync(picture!).size).toBeLessThanOrEqual(150_000);
  });

  it.each(['README.md', 'docs/quickstart.md'])('%s has commands that CI follows', (document) => {
    expect(read(document)).toMatch(/^<!-- quickstart -->$[^]+^```sh$[^]+^<!-- \/quickstart -->$/m);
    expect(read('.ci/run')).toContain(document);
  });

  it('or comment cites only rules that docs/rules.md has', () => {
    const numbered = [...read('docs/rules.md').matchAll(/^(?:## (\d+)\.|\*\*(\d+\.\d+) )/gm)];
    const known = new Set(numbered.map(([, chapter, rule]) => chapter ?? rule!));
    const texts = ['src', 'scripts', 'test', 'docs', 'examples'].flatMap((folder) =>
      filesBelow(folder, /\.(tsx?|md|sql)$/),
    );
    const cited = [...texts, ...documents].flatMap((file) =>
      [...read(file).matchAll(/\b[Rr]ules ((?:(?:, | and )?\[?§\d+(?:\.\d+)?)+)/g)].flatMap(([, rules]) =>
        [...rules!.matchAll(/\d+(?:\.\d+)?/g)].map(([rule]) => ({ file, rule })),
      ),
    );
    expect(cited.length).toBeGreaterThan(10);
    expect(cited.filter(({ rule }) => !known.has(rule))).toEqual([]);
  });

  it.each(['src/main.ts', 'scripts/build.mjs', 'README.md'])(
    '%s names the oldest Node that package.json allows',
    (file) => {
      const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
      expect(read(file)).toContain(engines.node.replace('>=', ''));
    },
  );

  it('.env.example lists the environment, with its defaults', () => {
    const env = Object.entries(new Env());
    const listed = [...read('.env.example').matchAll(/^# ([A-Z][A-Z0-9_]+=.*)$/gm)].map(([, line]) => line!);
    const known = env.map(([name, value]) => `${name}=${value === undefined ? '' : String(value)}`);
    expect(listed.toSorted()).toEqual(known.toSorted());
    // A property without an initial value is none at run time: nobody would read the variable.
    const declared = [...read('src/config/env.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+)\b/gm)];
    expect(env.map(([name]) => name)).toEqual(declared.map(([, name]) => name));
  });
});
