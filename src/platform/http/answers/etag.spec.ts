import { namesVersion, strongEtag } from './etag.js';

describe('A version that a caller has', () => {
  const etag = strongEtag('{}');
  const bare = etag.slice(0, -1);

  it.each([
    [true, etag],
    [true, `W/${etag}`],
    [true, `${bare}-br"`],
    [true, `W/${bare}-gzip"`],
    [true, `"other", ${etag}`],
    [true, '*'],
    [false, '"other"'],
    [false, `${bare}-zip"`],
    [false, ''],
  ])('is the same: %s for %s', (same, ifNoneMatch) => {
    expect(namesVersion(ifNoneMatch, etag)).toBe(same);
  });
});
