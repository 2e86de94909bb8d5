import { el } from './dom';
import { ProtocolError } from './protocol';

/** Reports whether an error only says that nobody waits for the answer any more. */
export function isCancelled(e: unknown): boolean {
  return e instanceof ProtocolError && e.kind === 'cancelled';
}

/** Says what went wrong, and what to try next where that is known. */
export function troubleText(e: unknown): string {
  if (e instanceof ProtocolError && e.hint) {
    return e.message + '. ' + e.hint;
  }
  return e instanceof Error ? e.message : String(e);
}

/** A line that tells what went wrong. */
export function troubleLine(e: unknown): HTMLElement {
  return el('p', { class: 'gofive-trouble', role: 'alert' }, troubleText(e));
}
