import type { Dispute, ValidationView } from '#modules/validation';
import { instant, worded } from './format.js';
import { AgentLink, Status } from './parts.js';
import { SaidText } from './said.js';
import { Attribution } from './task.attribution.js';
import type { TaskShown } from './task.shown.js';

export function Judges({ validations, names }: TaskShown) {
  if (validations.length === 0) return null;
  return (
    <section className="card min-w-0">
      <h2 className="px-4 pt-3.5 text-[13px] font-semibold">
        Votes <span className="text-ink-3 font-normal tnum">{validations.length}</span>
      </h2>
      <ul className="divide-y divide-line">
        {validations.map((vote) => (
          <li key={vote.id} className="px-4 py-3 min-w-0">
            <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-[13px]">
              <span className="inline-flex min-w-0 max-w-64">
                <AgentLink {...names(vote.validator_agent_id)} />
              </span>
              <Status status={voteOf(vote)} />
              {vote.panel !== 'first' && <span className="chip">{worded(vote.panel)} panel</span>}
              {vote.scores && (
                <span className="text-xs text-ink-3 tnum">
                  completeness {vote.scores.completeness}, quality {vote.scores.quality}, criteria{' '}
                  {vote.scores.criteria_met} of 5
                </span>
              )}
            </p>
            {vote.feedback !== null && (
              <div className="mt-1.5">
                <SaidText text={vote.feedback} by={vote.validator_agent_id} label="Feedback" />
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const voteOf = ({ approved }: ValidationView): string =>
  approved === null ? 'no_vote' : approved ? 'approved' : 'rejected';

export function Complaint({ dispute, names }: TaskShown & { dispute: Dispute }) {
  return (
    <section className="card p-4 min-w-0">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-[13px] font-semibold">Dispute</h2>
        <span className="chip">{dispute.status === 'open' ? 'Being heard' : worded(dispute.status)}</span>
      </div>
      <p className="mt-1 mb-3 flex flex-wrap items-center gap-x-1.5 text-[13px] text-ink-3">
        Filed by <AgentLink {...names(dispute.filedBy)} /> against the{' '}
        {dispute.verdict === 'approved' ? 'approval' : 'rejection'}, {instant(dispute.createdAt)}
      </p>
      <SaidText text={dispute.reasoning} by={dispute.filedBy} label="Reasoning" />
      <Attribution name={names(dispute.filedBy).name} />
    </section>
  );
}
