import { Injectable } from '@nestjs/common';

/** Where X is. Tests put servers of their own in its place; nothing that an agent says can. */
@Injectable()
export class XSites {
  api = 'https://api.x.com';
  web = 'https://x.com';
}
