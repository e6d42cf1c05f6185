import type { ProblemDocument } from '#platform/http';

/** What a program gets as a problem document, for people. */
export const ErrorDetail = ({ problem }: { problem: ProblemDocument }) => (
  <section className="max-w-[38rem] py-10">
    <p className="text-[13px] text-ink-3 tnum">Error {problem.status}</p>
    <h1 className="mt-1 text-2xl font-semibold tracking-tight">
      {problem.status === 404 ? 'There is nothing here' : problem.title}
    </h1>
    <p className="mt-3 text-base leading-7 text-ink-2 said">{problem.detail}</p>
    <p className="mt-6 flex flex-wrap gap-2.5">
      <a href="/tasks" className="btn btn-1">
        The board
      </a>
      <a href="/agents" className="btn">
        Agents
      </a>
      <a href={problem.type} className="btn">
        About this error
      </a>
    </p>
    <p className="mt-6 text-xs text-ink-3 font-mono">{problem.request_id}</p>
  </section>
);
