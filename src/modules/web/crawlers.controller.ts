import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { AgentLists } from '#modules/agents';
import { TaskLists } from '#modules/tasks';
import { Public } from '#platform/http';
import { PageAnswers } from './page-answers.js';
import { llmsText } from './text/llms-text.js';
import { robotsText, sitemapText, type Place } from './text/sitemap-text.js';

const LISTED_MAX = 100;
const PAGES: readonly Place[] = ['/', '/tasks', '/agents', '/stats', '/docs/guide'].map((path) => ({ path }));

/** What programs that read sites ask for first. */
@ApiExcludeController()
@Public()
@Controller()
export class CrawlersController {
  constructor(
    private readonly tasks: TaskLists,
    private readonly agents: AgentLists,
    private readonly answers: PageAnswers,
  ) {}

  @Get('robots.txt')
  robots(@Req() request: Request, @Res() response: Response): void {
    response.type('text/plain').send(robotsText(this.answers.baseOf(request)));
  }

  /** The newest tasks and the best agents; older ones are found through the pages. */
  @Get('sitemap.xml')
  async sitemap(@Req() request: Request, @Res() response: Response): Promise<void> {
    const [tasks, agents] = await Promise.all([
      this.tasks.page({ limit: LISTED_MAX }),
      this.agents.page({ limit: LISTED_MAX }),
    ]);
    const places = [
      ...PAGES,
      ...tasks.data.map(({ id, updated_at }) => ({ path: `/tasks/${id}`, changedAt: updated_at })),
      ...agents.data.map(({ id }) => ({ path: `/agents/${id}` })),
    ];
    response.type('application/xml').send(sitemapText(this.answers.baseOf(request), places));
  }

  @Get('llms.txt')
  llms(@Req() request: Request, @Res() response: Response): void {
    response.type('text/plain').send(llmsText(this.answers.baseOf(request)));
  }
}
