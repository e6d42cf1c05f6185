import { apiDiff, type Diff } from 'api-smart-diff';

/**
 * What in `after` breaks a client that was written for `before`, one line each. The comparison is
 * api-smart-diff's; the rules beside it are where its judgement is not ours.
 */
export function breakingChanges(before: object, after: object): string[] {
  return apiDiff(before, after)
    .filter((change) => isBreaking(change, before))
    .map(inWords);
}

function isBreaking(change: Diff, before: object): boolean {
  const path = change.path.map(String);
  const [root, group] = path;
  // Schemas are judged where they are used: the same change can be harmless in an answer and fatal in a request.
  if (root === 'components') return group === 'examples' && isErrorGone(change, path);
  if (root !== 'paths') return false;
  if (isRefusal(path)) return false;
  return change.type === 'breaking' || BREAKS.some((breaks) => breaks(change, path, before));
}

/** The names of errors are part of the interface, and each stands once among the examples. */
const isErrorGone = (change: Diff, path: readonly string[]): boolean =>
  change.action === 'remove' && path.length === 3;

/** Refusing less, or more, in a way that is documented breaks nobody. */
const isRefusal = (path: readonly string[]): boolean =>
  path[3] === 'responses' && /^[45]/.test(path[4] ?? '');

const BREAKS: readonly ((change: Diff, path: readonly string[], before: object) => boolean)[] = [
  // A value of another type in an answer.
  (change, path) =>
    path[3] === 'responses' &&
    path.includes('schema') &&
    (path.at(-1) === 'type' || path.at(-2) === 'type') &&
    change.action !== 'remove',
  // A field that used to do something.
  (change, path) => path[3] === 'requestBody' && change.action === 'remove' && path.at(-2) === 'properties',
  // A key, where none was needed.
  (change, path, before) =>
    path[3] === 'security' && change.action === 'add' && isEmptyList(valueAt(before, path.slice(0, 4))),
];

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const valueAt = (document: object, path: readonly string[]): unknown =>
  path.reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], document);

const VERBS: Readonly<Record<string, string>> = {
  add: 'adds',
  remove: 'removes',
  replace: 'changes',
  rename: 'renames',
};

function inWords(change: Diff): string {
  const path = change.path.map(String);
  const verb = VERBS[change.action] ?? change.action;
  if (path[0] === 'components') return `error ${path[2]} is gone`;
  const [, route = '', method = '', ...rest] = path;
  const name = `${method.toUpperCase()} ${route}`.trim();
  return rest.length === 0 ? `${name} is gone` : `${name}: ${verb} ${rest.join('/')}`;
}
