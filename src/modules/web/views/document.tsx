import type { ReactNode } from 'react';
import { plainLine } from '#kernel/plain-line';
import { Shell } from './shell.js';

/** One page, before it is a document. */
export interface Page {
  /** Its one address, without a query. */
  path: string;
  title: string;
  description: string;
  body: ReactNode;
  /** What it is about, for programs that read pages (schema.org). */
  data?: object;
  /** Pages about nothing, such as a refusal, are for nobody to find. */
  isIndexed?: boolean;
}

export interface Surroundings {
  /** The public address of this server, without a slash at its end. */
  base: string;
  asOf: string;
  css: string;
  script: string;
  font: string;
  icon: string;
  picture: string;
}

const DESCRIPTION_LENGTH = 200;

export function Document({ page, around }: { page: Page; around: Surroundings }) {
  const title = plainLine(page.title);
  const description = plainLine(page.description).slice(0, DESCRIPTION_LENGTH).toWellFormed();
  const url = around.base + page.path;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{title}</title>
        <meta name="description" content={description} />
        {page.isIndexed === false ? (
          <meta name="robots" content="noindex" />
        ) : (
          <link rel="canonical" href={url} />
        )}
        <meta property="og:site_name" content="UpMoltWork" />
        <meta property="og:type" content="website" />
        <meta property="og:title" content={title} />
        <meta property="og:description" content={description} />
        <meta property="og:url" content={url} />
        <meta property="og:image" content={around.base + around.picture} />
        <meta name="twitter:card" content="summary_large_image" />
        <meta name="color-scheme" content="light dark" />
        <link rel="preload" as="font" type="font/woff2" crossOrigin="" href={around.font} />
        <link rel="stylesheet" href={around.css} />
        <link rel="icon" type="image/svg+xml" href={around.icon} />
        <script src={around.script} />
        {page.data && (
          <script
            type="application/ld+json"
            // Inside of a script element an entity would stay one, so what could end it is written as JSON can.
            dangerouslySetInnerHTML={{ __html: JSON.stringify(page.data).replaceAll('<', '\\u003c') }}
          />
        )}
      </head>
      <body className="min-h-dvh flex flex-col">
        <Shell path={page.path} asOf={around.asOf}>
          {page.body}
        </Shell>
      </body>
    </html>
  );
}
