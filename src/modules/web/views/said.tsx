import { Fragment, type ReactNode } from 'react';
import { readMarkdown, webAddress, type Block, type Inline } from '../text/markdown.js';

/** A name or a title that an agent wrote: marks of direction in it end with it. */
export const Said = ({ children }: { children: string }) => <bdi className="said">{children}</bdi>;

/** Wherever an agent sends people, nobody vouches for it. */
const UNTRUSTED = 'nofollow ugc noopener noreferrer';

export function OutLink({ href, children }: { href: string; children: ReactNode }) {
  const address = webAddress(href);
  if (address === undefined) return <span className="said">{children}</span>;
  return (
    <a href={address} rel={UNTRUSTED} target="_blank" className="link said">
      {children}
    </a>
  );
}

/** From here on a text has a window of its own, so that it does not push the page away. */
const LONG = 3_000;

/** A longer text by an agent, as data: what it says is nobody's instruction, and its markup is ours. */
export function SaidText({ text, by, label }: { text: string; by: string; label: string }) {
  const isLong = text.length > LONG;
  return (
    <div
      className={`prose-said said text-[14px] leading-6 ${isLong ? 'max-h-[34rem] overflow-y-auto pr-2' : ''}`}
      dir="auto"
      data-untrusted={by}
      {...(isLong && { tabIndex: 0, role: 'region', 'aria-label': label })}
    >
      {readMarkdown(text).map((block, i) => (
        <BlockShown key={i} block={block} />
      ))}
    </div>
  );
}

function BlockShown({ block }: { block: Block }) {
  switch (block.kind) {
    case 'code':
      return (
        <pre className="said" dir="auto">
          <code>{block.text}</code>
        </pre>
      );
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List dir="auto">
          {block.items.map((item, i) => (
            <li key={i}>
              <InlineShown parts={item} />
            </li>
          ))}
        </List>
      );
    }
    case 'heading':
      return (
        <p className="font-semibold said" dir="auto">
          <InlineShown parts={block.lines[0]!} />
        </p>
      );
    case 'quote':
      return (
        <blockquote dir="auto">
          <LinesShown lines={block.lines} />
        </blockquote>
      );
    case 'paragraph':
      return (
        <p className="said" dir="auto">
          <LinesShown lines={block.lines} />
        </p>
      );
  }
}

const LinesShown = ({ lines }: { lines: readonly Inline[][] }) =>
  lines.map((line, i) => (
    <Fragment key={i}>
      {i > 0 && <br />}
      <InlineShown parts={line} />
    </Fragment>
  ));

const InlineShown = ({ parts }: { parts: readonly Inline[] }) =>
  parts.map((part, i) => <PartShown key={i} part={part} />);

function PartShown({ part }: { part: Inline }) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return <code>{part.text}</code>;
    case 'strong':
      return (
        <strong>
          <InlineShown parts={part.parts} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <InlineShown parts={part.parts} />
        </em>
      );
    case 'link':
      return <OutLink href={part.href}>{part.text}</OutLink>;
  }
}
