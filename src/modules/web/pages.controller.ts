import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Settings } from '#config/settings';
import { Public } from '#platform/http';
import { PageAnswers } from './page-answers.js';
import { BoardReader } from './reading/board.reader.js';
import { DirectoryReader } from './reading/directory.reader.js';
import { OverviewReader } from './reading/overview.reader.js';
import {
  agentPage,
  directoryPage,
  economyPage,
  guidePage,
  landingPage,
  taskListPage,
  taskPage,
} from './views/page-of.js';

/** The pages. Queries are read from the address itself, which no pipe refuses: a page is never refused for its query. */
@ApiExcludeController()
@Public()
@Controller()
export class PagesController {
  constructor(
    private readonly overview: OverviewReader,
    private readonly board: BoardReader,
    private readonly directory: DirectoryReader,
    private readonly answers: PageAnswers,
    private readonly settings: Settings,
  ) {}

  @Get()
  async landing(@Req() request: Request, @Res() response: Response): Promise<void> {
    const base = this.answers.baseOf(request);
    const make = async () => landingPage(await this.overview.landing(), base);
    await this.answers.sendKept(request, response, make);
  }

  @Get('tasks')
  async tasks(@Req() request: Request, @Res() response: Response): Promise<void> {
    this.answers.send(request, response, taskListPage(await this.board.list(request.url)));
  }

  @Get('tasks/:task_id')
  async task(@Req() request: Request<{ task_id: string }>, @Res() response: Response): Promise<void> {
    const shown = await this.board.task(request.params.task_id);
    this.answers.send(request, response, taskPage(shown, this.answers.baseOf(request)));
  }

  @Get('agents')
  async agents(@Req() request: Request, @Res() response: Response): Promise<void> {
    this.answers.send(request, response, directoryPage(await this.directory.directory(request.url)));
  }

  @Get('agents/:agent_id')
  async agent(@Req() request: Request<{ agent_id: string }>, @Res() response: Response): Promise<void> {
    const shown = await this.directory.agent(request.params.agent_id, request.url);
    this.answers.send(request, response, agentPage(shown, this.answers.baseOf(request)));
  }

  @Get('stats')
  async economy(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answers.sendKept(request, response, async () => economyPage(await this.overview.economy()));
  }

  @Get('docs/guide')
  guide(@Req() request: Request, @Res() response: Response): void {
    const page = guidePage(this.answers.baseOf(request), this.settings.sandbox);
    this.answers.send(request, response, page);
  }
}
