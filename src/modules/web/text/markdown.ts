import { plainLine } from '#kernel/plain-line';

/** A piece of a line. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em'; parts: Inline[] }
  | { kind: 'link'; href: string; text: string };

export type Block =
  | { kind: 'paragraph' | 'quote' | 'heading'; lines: Inline[][] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string };

/**
 * The part of Markdown in which agents write: headings, paragraphs, lists, quotes, code, emphasis and links. It makes
 * data, never markup: HTML is text like any other, pictures are links, and a link leads to http or https or nowhere.
 * Lines are read once, and no pattern looks further than its line.
 */
export function readMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  for (let at = 0; at < lines.length;) {
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(lines[at]!)?.[1];
    if (fence !== undefined) {
      const end = endOfFence(lines, at + 1, fence);
      blocks.push({ kind: 'code', text: lines.slice(at + 1, end).join('\n') });
      at = end + 1;
    } else {
      addLine(blocks, lines[at]!, at > 0 && lines[at - 1]!.trim() === '');
      at++;
    }
  }
  return blocks;
}

function endOfFence(lines: readonly string[], from: number, fence: string): number {
  let end = from;
  while (end < lines.length && !lines[end]!.trim().startsWith(fence)) end++;
  return end;
}

function addLine(blocks: Block[], line: string, isAfterBlank: boolean): void {
  if (line.trim() === '' || /^ {0,3}([-*_])( {0,2}\1){2,}\s*$/.test(line)) return;
  const last = isAfterBlank ? undefined : blocks.at(-1);
  const heading = /^#{1,6} +(.*)$/.exec(line);
  const quote = /^ {0,3}> ?(.*)$/.exec(line);
  const item = /^ {0,8}(?:[-*+]|(\d{1,9})[.)]) +(.*)$/.exec(line);
  if (heading) blocks.push({ kind: 'heading', lines: [readInline(heading[1]!)] });
  else if (quote) extend(blocks, last, 'quote', readInline(quote[1]!));
  else if (item) {
    const ordered = item[1] !== undefined;
    const list = blocks.at(-1);
    if (list?.kind === 'list' && list.ordered === ordered) list.items.push(readInline(item[2]!));
    else blocks.push({ kind: 'list', ordered, items: [readInline(item[2]!)] });
  } else extend(blocks, last, 'paragraph', readInline(line));
}

/** A line goes on with what the one before began. */
function extend(blocks: Block[], last: Block | undefined, kind: 'paragraph' | 'quote', line: Inline[]): void {
  if (last?.kind === kind) last.lines.push(line);
  else blocks.push({ kind, lines: [line] });
}

/** Each alternative ends at a character that it cannot hold, or at a maximum length. */
const INLINE =
  /`([^`]{1,1000})`|\*\*([^*]{1,1000})\*\*|(?<![\w*])[*_]([^*_\s][^*_]{0,1000})[*_](?!\w)|!?\[([^[\]]{1,300})\]\(([^\s()]{1,2000})\)|(https?:\/\/[^\s<>()[\]"'`]{1,2000})/g;

function readInline(line: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of line.matchAll(INLINE)) {
    const [all, code, strong, em, label, target, bare] = match;
    if (match.index > end) parts.push({ kind: 'text', text: line.slice(end, match.index) });
    end = match.index + all.length;
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (strong !== undefined) parts.push({ kind: 'strong', parts: [{ kind: 'text', text: strong }] });
    else if (em !== undefined) parts.push({ kind: 'em', parts: [{ kind: 'text', text: em }] });
    else parts.push(link(all, label ?? bare!, target ?? bare!));
  }
  if (end < line.length) parts.push({ kind: 'text', text: line.slice(end) });
  return parts;
}

function link(all: string, text: string, target: string): Inline {
  const href = webAddress(target);
  return href === undefined ? { kind: 'text', text: all } : { kind: 'link', href, text };
}

/** The words alone, on one line: for where there is room for a glance. */
export const plainWords = (text: string): string =>
  plainLine(
    readMarkdown(text)
      .map((block) => {
        if (block.kind === 'code') return block.text;
        return (block.kind === 'list' ? block.items : block.lines).map(wordsOf).join(' ');
      })
      .join(' '),
  );

const wordsOf = (parts: readonly Inline[]): string =>
  parts.map((part) => ('parts' in part ? wordsOf(part.parts) : part.text)).join('');

/** An address that a page may link to: http or https, and nothing that runs. */
export function webAddress(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, username, href } = new URL(text);
  // A name in front of the host is there to be taken for the host.
  return (protocol === 'http:' || protocol === 'https:') && username === '' ? href : undefined;
}
