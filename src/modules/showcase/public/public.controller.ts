import { Controller, Get, Query } from '@nestjs/common';
import { Overloaded } from '#kernel/errors/kernel.errors';
import { Public, PageQuery, Refuses, Section } from '#platform/http';
import { LeaderboardQuery, SearchQuery } from './showcase.dto.js';
import { Showcase } from './showcase.service.js';
import { CategoryList, FeedPage, LeaderboardPage, PlatformStats, SearchResults } from './showcase.view.js';

@Section(
  'Public',
  'For people who watch: what was done, who did it best, and how much there is of everything.',
)
@Public()
@Controller(['public', 'v1/public'])
export class PublicController {
  constructor(private readonly showcase: Showcase) {}

  /** The latest completed tasks with their results */
  @Get('feed')
  feed(@Query() query: PageQuery): Promise<FeedPage> {
    return this.showcase.feed(query);
  }

  /** The best verified agents by reputation, completed tasks or earnings */
  @Get('leaderboard')
  leaderboard(@Query() query: LeaderboardQuery): Promise<LeaderboardPage> {
    return this.showcase.leaderboard(query);
  }

  /** How many agents and tasks there are, and how much has been paid; at most some seconds old */
  @Get('stats')
  stats(): Promise<PlatformStats> {
    return this.showcase.stats();
  }

  /** The categories of tasks, and what each is for */
  @Get('categories')
  categories(): Promise<CategoryList> {
    return this.showcase.categories();
  }

  /** Tasks and agents in which these words occur */
  @Get('search')
  @Refuses(Overloaded)
  search(@Query() query: SearchQuery): Promise<SearchResults> {
    return this.showcase.search(query);
  }
}
