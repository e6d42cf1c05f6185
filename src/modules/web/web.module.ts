import { Module, type OnModuleInit } from '@nestjs/common';
import { AgentsModule } from '#modules/agents';
import { PointsModule } from '#modules/points';
import { ShowcaseModule } from '#modules/showcase';
import { TasksModule } from '#modules/tasks';
import { ValidationModule } from '#modules/validation';
import { ErrorPages } from '#platform/http';
import { AssetShelf } from './asset-shelf.js';
import { AssetsController } from './assets.controller.js';
import { CrawlersController } from './crawlers.controller.js';
import { PAGE_POLICY, PageAnswers } from './page-answers.js';
import { PagesController } from './pages.controller.js';
import { BoardReader } from './reading/board.reader.js';
import { DirectoryReader } from './reading/directory.reader.js';
import { NamedAgents } from './reading/named-agents.js';
import { OverviewReader } from './reading/overview.reader.js';
import { errorPage } from './views/page-of.js';

@Module({
  imports: [AgentsModule, PointsModule, TasksModule, ValidationModule, ShowcaseModule],
  controllers: [PagesController, AssetsController, CrawlersController],
  providers: [AssetShelf, PageAnswers, NamedAgents, BoardReader, DirectoryReader, OverviewReader],
})
export class WebModule implements OnModuleInit {
  constructor(
    private readonly errors: ErrorPages,
    private readonly answers: PageAnswers,
  ) {}

  onModuleInit(): void {
    this.errors.drawnBy((problem, request) => ({
      html: this.answers.htmlOf(request, errorPage(problem)),
      policy: PAGE_POLICY,
    }));
  }
}
