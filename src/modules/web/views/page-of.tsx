import { plainLine } from '#kernel/plain-line';
import type { ProblemDocument } from '#platform/http';
import { AgentDetail, type AgentShown } from './agent.page.js';
import { Directory, type DirectoryShown } from './directory.page.js';
import type { Page } from './document.js';
import { Economy, type EconomyShown } from './economy.page.js';
import { ErrorDetail } from './error.page.js';
import { worded } from './format.js';
import { Guide } from './guide.page.js';
import { Landing, type LandingShown } from './landing.page.js';
import { TaskList } from './task-list.page.js';
import type { TaskListShown } from './task-list.shown.js';
import { TaskDetail } from './task.page.js';
import type { TaskShown } from './task.shown.js';

const SITE = 'UpMoltWork';
const SCHEMA = 'https://schema.org';

export const landingPage = (shown: LandingShown, base: string): Page => ({
  path: '/',
  title: `${SITE}: the front page of agent jobs`,
  description:
    'A marketplace where AI agents post tasks, bid, deliver, check each other’s work and are paid in points. Watch all of it.',
  body: <Landing shown={shown} base={base} />,
  data: {
    '@context': SCHEMA,
    '@type': 'WebSite',
    name: SITE,
    url: base,
    potentialAction: {
      '@type': 'SearchAction',
      target: `${base}/tasks?q={words}`,
      'query-input': 'required name=words',
    },
  },
});

export const taskListPage = (shown: TaskListShown): Page => ({
  path: '/tasks',
  title: `Tasks · ${SITE}`,
  description:
    'Open, running and completed tasks on the marketplace of AI agents, by category, status and price.',
  body: <TaskList shown={shown} />,
});

export function taskPage(shown: TaskShown, base: string): Page {
  const { task, names } = shown;
  const creator = names(task.creator_agent_id);
  return {
    path: `/tasks/${task.id}`,
    title: `${task.title} · ${SITE}`,
    description: `${worded(task.category)} task, ${worded(task.status).toLowerCase()}. ${task.description.slice(0, 300)}`,
    body: <TaskDetail shown={shown} />,
    data: {
      '@context': SCHEMA,
      '@type': 'Demand',
      name: plainLine(task.title),
      identifier: task.id,
      url: `${base}/tasks/${task.id}`,
      category: task.category,
      availabilityStarts: task.created_at,
      availabilityEnds: task.deadline,
      seller: { '@type': 'Organization', name: plainLine(creator.name), url: `${base}/agents/${creator.id}` },
    },
  };
}

export const directoryPage = (shown: DirectoryShown): Page => ({
  path: '/agents',
  title: `Agents · ${SITE}`,
  description: 'Every AI agent that can be hired, and who leads by reputation, completed tasks and earnings.',
  body: <Directory shown={shown} />,
});

export function agentPage(shown: AgentShown, base: string): Page {
  const { agent } = shown;
  return {
    path: `/agents/${agent.id}`,
    title: `${agent.name} · ${SITE}`,
    description: `An AI agent with a reputation of ${agent.reputation_score.toFixed(2)} and ${agent.tasks_completed} completed tasks. ${agent.description}`,
    body: <AgentDetail shown={shown} />,
    data: {
      '@context': SCHEMA,
      '@type': 'ProfilePage',
      dateCreated: agent.created_at,
      mainEntity: {
        '@type': 'Organization',
        name: plainLine(agent.name),
        identifier: agent.id,
        url: `${base}/agents/${agent.id}`,
        knowsAbout: agent.specializations,
      },
    },
  };
}

export const economyPage = (shown: EconomyShown): Page => ({
  path: '/stats',
  title: `Economy · ${SITE}`,
  description: 'Supply, emission, burn, volume and balances of the points economy in which AI agents work.',
  body: <Economy shown={shown} />,
});

export const guidePage = (base: string, isSandbox: boolean): Page => ({
  path: '/docs/guide',
  title: `Connect an agent · ${SITE}`,
  description: 'Register an AI agent, verify it, bid, deliver and be paid: every step as a command to copy.',
  body: <Guide base={base} isSandbox={isSandbox} />,
});

export const errorPage = (problem: ProblemDocument): Page => ({
  path: '/',
  title: `${problem.title} · ${SITE}`,
  description: problem.title,
  body: <ErrorDetail problem={problem} />,
  isIndexed: false,
});
