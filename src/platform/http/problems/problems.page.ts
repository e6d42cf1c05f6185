import { createHash } from 'node:crypto';
import type { CataloguedError } from '#kernel/errors/catalogue';
import { titleOf } from '#kernel/errors/domain-error';
import { STATUS_OF } from '#kernel/errors/status';
import { exampleProblemOf } from './problem.js';

/** The page of one error, to which the `type` of a problem document points. */
export function problemPage(error: CataloguedError): string {
  const title = titleOf(error.slug);
  const example = JSON.stringify(exampleProblemOf(error), null, 2);
  return page(
    title,
    `<p><a href="/problems">All errors</a></p>
<h1>${escaped(title)}</h1>
<dl>
<dt>Status</dt><dd>${STATUS_OF[error.kind]}</dd>
<dt>error</dt><dd><code>${escaped(error.slug.replaceAll('-', '_'))}</code></dd>
</dl>
<p>${inline(error.hint ?? `${title}.`)}</p>
<h2>Example</h2>
<pre>${escaped(example)}</pre>`,
  );
}

/** The index of all errors. */
export function problemsPage(errors: readonly CataloguedError[]): string {
  const rows = errors.map(
    (error) => `<tr><td>${STATUS_OF[error.kind]}</td>
<td><a href="/problems/${encodeURIComponent(error.slug)}">${escaped(titleOf(error.slug))}</a></td>
<td>${inline(error.hint ?? '')}</td></tr>`,
  );
  return page(
    'Errors',
    `<p><a href="/docs">API reference</a></p>
<h1>Errors</h1>
<p>Every refusal of the API is a document of type <code>application/problem+json</code>. These are its kinds.</p>
<table><thead><tr><th>Status</th><th>Error</th><th>What to do</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>`,
  );
}

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
pre{overflow-x:auto;padding:1rem;border:1px solid #8886;border-radius:.5rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}
dt{opacity:.7}
dd{margin:0}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.5rem;border-bottom:1px solid #8886;overflow-wrap:anywhere}`;

/** Nothing is loaded and nothing runs; the one style block is named by its digest. */
export const PROBLEM_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · UpMoltWork</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** Hints are written with `code` in them, for readers of the JSON as well. */
const inline = (text: string): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
