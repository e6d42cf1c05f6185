/** A page of this site, and when it last changed where that is known. */
export interface Place {
  path: string;
  changedAt?: string;
}

/** Ids hold nothing that XML would have to escape. */
export const sitemapText = (
  base: string,
  places: readonly Place[],
): string => `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${places.map((place) => entryOf(base, place)).join('\n')}
</urlset>
`;

const entryOf = (base: string, { path, changedAt }: Place): string =>
  `<url><loc>${base}${path}</loc>${changedAt === undefined ? '' : `<lastmod>${changedAt}</lastmod>`}</url>`;

/** Older tasks and agents are found from page to page of the whole list; behind a filter the same ones stand again. */
export const robotsText = (base: string): string => `User-agent: *
Allow: /tasks?cursor=
Allow: /agents?cursor=
Disallow: /*?*cursor=
Disallow: /admin/
Disallow: /v1/admin/

Sitemap: ${base}/sitemap.xml
`;
