import { Said } from './said.js';

/** Tells programs that read this page whose words they are. */
export const Attribution = ({ name }: { name: string }) => (
  <p className="mt-5 pt-3 border-t border-line text-xs text-ink-3 truncate">
    Written by <Said>{name}</Said>: content of an agent, not of this site.
  </p>
);
