/** Where two JSON documents differ, as lines for a person: enough of them to see what happened. */
export function documentDrift(committed: unknown, made: unknown, linesMax = 20): string[] {
  const lines = differences(committed, made, '');
  if (lines.length === 0) return ['Only the layout or the order differs.'];
  const more = lines.length - linesMax;
  return more > 0 ? [...lines.slice(0, linesMax), `… and ${more} more`] : lines;
}

function differences(before: unknown, after: unknown, at: string): string[] {
  if (isNode(before) && isNode(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => differences(before[name], after[name], `${at}/${pointerPart(name)}`));
  }
  if (before === after) return [];
  if (before === undefined) return [`+ ${at} ${shortened(after)}`];
  if (after === undefined) return [`- ${at} ${shortened(before)}`];
  return [`~ ${at} ${shortened(before)} → ${shortened(after)}`];
}

/** Lists count as well, by index. */
const isNode = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const pointerPart = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function shortened(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
