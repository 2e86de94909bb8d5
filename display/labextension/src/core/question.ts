import { textButton } from './button';
import { el, fill } from './dom';

/** Question is a line that asks the user something and waits for yes or no. */
export class Question {
  readonly node = el('div', { class: 'gofive-question', role: 'alertdialog', 'aria-label': 'Question' });
  private answer: (yes: boolean) => void = () => undefined;

  constructor() {
    this.node.hidden = true;
  }

  /** Asks; a question that waits is answered by no. */
  ask(text: string): Promise<boolean> {
    this.close(false);
    const yes = textButton('Go on', text, () => this.close(true));
    fill(this.node, text, ' ', yes, textButton('Cancel', 'Cancel', () => this.close(false)));
    this.node.hidden = false;
    yes.focus();
    return new Promise(resolve => (this.answer = resolve));
  }

  close(yes: boolean): void {
    this.node.hidden = true;
    this.answer(yes);
  }
}
