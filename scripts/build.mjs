#!/usr/bin/env node
/**
 * Builds what has changed: nothing, when the sources are those that `dist` was built from. A build costs 22 s of CPU, to look
 * costs 0.3. By content and not by time, so a switch of branches or a checkout of older files is seen.
 *   --force  builds in any case
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const INPUTS = [
  'src',
  'scripts',
  'ormconfig.ts',
  'nest-cli.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const STYLES = path.join('src', 'modules', 'web', 'assets', 'app.css');
const NOT_BUILT = /[.-]spec\.tsx?$|\.md$/;
/** In the folder that a build empties first, so a build that was interrupted counts as none. */
const STAMP = path.join('dist', '.built-from');

refuseOldNode();
const sources = stampOf(INPUTS);
const isBuilt = existsSync(STYLES) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources;
if (!isBuilt || process.argv.includes('--force')) {
  run('npm', ['run', 'styles', '--silent']);
  run('npx', ['nest', 'build']);
  writeFileSync(STAMP, sources);
}

/** As src/main.ts does, for a start that builds first. */
function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`UpMoltWork needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

function stampOf(inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesOf).filter((one) => one !== STYLES)) {
    const content = readFileSync(file);
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

function filesOf(input) {
  if (!statSync(input).isDirectory()) return [input];
  return readdirSync(input, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !NOT_BUILT.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
