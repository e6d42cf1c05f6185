import { AS_IT_SHOULD_BE, checkDraw, type ToldDraws } from './check-draw.js';

/**
 * Draws the validators of a submission again: `npm run draw:check -- http://localhost:3000 sub_ghi78901`. Ends with 0 when
 * every draw came out as it should, 1 when one did not or is not told yet, 2 when it could not look.
 */
const [server, submissionId] = process.argv.slice(2);
if (server === undefined || submissionId === undefined) {
  console.error('Say where and what: npm run draw:check -- <server> <submission id>');
  process.exit(2);
}
const answer = await fetch(`${server}/v1/validations/${submissionId}/draw`);
if (!answer.ok) {
  console.error(`${server} answered ${answer.status}.`);
  process.exit(2);
}
const { digest, data } = (await answer.json()) as ToldDraws;
const found = data.map((told) => ({ told, verdict: checkDraw(digest, told) }));
for (const { told, verdict } of found) console.log(`${told.panel}, round ${told.round}: ${verdict}`);
process.exitCode = found.every(({ verdict }) => verdict === AS_IT_SHOULD_BE) ? 0 : 1;
