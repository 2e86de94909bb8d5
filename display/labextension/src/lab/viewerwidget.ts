import { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { OpenFile } from '../core/protocol';
import { Seen } from '../core/viewer';
import { Session } from '../shell/session';

/** What a viewer shows, and of which notebook: enough to show it again when the page is loaded anew. */
export interface Place {
  notebook: string;
  file: string; // the kernel's id of it
  name: string;
  where: string; // its path, '' of a file in memory
  path: string;
  seen: Seen | null;
}

const REST = 500; // ms until what is seen is noted: sliders move fast

let made = 0;

/** A viewer in the main area. Until it meets a session whose kernel has the file it says what it waits for. */
export class ViewerWidget extends Widget {
  /** Whether it shows nothing yet. */
  waiting = true;
  /** Is called when place has changed. */
  noted: () => void = () => undefined;
  private session: Session | null = null;
  private view: { dispose(): void } | null = null;
  private off: (() => void)[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly note = document.createElement('p');

  constructor(readonly place: Place) {
    super();
    const { path } = place;
    this.id = `gofive-viewer-${++made}`;
    this.addClass('gofive-viewer-widget');
    this.title.label = path.slice(path.lastIndexOf('/') + 1) || '/';
    this.title.caption = path;
    this.title.closable = true;
    this.note.className = 'gofive-viewer-old';
    this.note.setAttribute('role', 'status');
    this.tell(`${path} of ${place.name} was shown here. It comes back with the kernel of ${place.notebook}.`);
  }

  /** Its name among the viewers of the page: the same after the page was loaded anew. */
  get name(): string {
    const { notebook, where, file, path } = this.place;
    return JSON.stringify([notebook, where || file, path]);
  }

  shows(session: Session, file: string, path: string): boolean {
    return this.session === session && this.place.file === file && this.place.path === path;
  }

  /** Shows the object when the kernel of the session has its file, now or later. */
  meet(session: Session): void {
    const client = session.current!;
    const look = () => this.waiting && this.look(session, client.files);
    this.forget();
    this.off = [client.on('files', look)];
    client.hello.then(look, () => undefined);
  }

  dispose(): void {
    if (!this.isDisposed) {
      clearTimeout(this.timer);
      this.forget();
      this.view?.dispose();
      super.dispose();
    }
  }

  protected onCloseRequest(msg: Message): void {
    super.onCloseRequest(msg);
    this.dispose(); // Lab only takes it out of the page
  }

  private look(session: Session, files: OpenFile[]): void {
    const file = this.find(files);
    if (!file) {
      this.tell(`The kernel of ${this.place.notebook} no longer has ${this.place.name} open. Once a cell opens it ${this.place.path} is shown here.`);
      return;
    }
    this.waiting = false;
    this.forget();
    this.note.remove();
    this.session = session;
    this.place.file = file;
    this.view = session.view(this.node, file, this.place.path, this.place.seen, seen => this.take(seen));
  }

  // Ids end with an engine, so that another file may have this one's. What the page opened itself it opens again.
  private find(files: OpenFile[]): string | undefined {
    const { file, name, where } = this.place;
    if (file.startsWith('path:')) {
      return file;
    }
    const same = files.filter(f => f.path === where && f.name === name);
    return (same.find(f => f.file === file) || same[0])?.file;
  }

  private take(seen: Seen): void {
    this.place.seen = seen;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.noted(), REST);
  }

  private tell(text: string): void {
    this.note.textContent = text;
    this.node.append(this.note);
  }

  private forget(): void {
    this.off.forEach(f => f());
    this.off = [];
  }
}
