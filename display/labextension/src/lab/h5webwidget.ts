import { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { H5Web } from '../h5web/open';
import { Session, Shown } from '../shell/session';

let made = 0;

/** A file in H5Web, which the page fetches when the first of these is made. */
export class H5WebWidget extends Widget {
  private page: Promise<H5Web | null>;
  private shown: Shown | null = null;

  constructor(private readonly session: Session, private readonly file: string, name: string) {
    super();
    this.id = `gofive-h5web-${++made}`;
    this.addClass('gofive-h5web');
    this.title.label = name;
    this.title.caption = `${name} in H5Web`;
    this.title.closable = true;
    this.page = this.load(name).catch(e => this.tell(`H5Web cannot be loaded: ${e.message}`));
  }

  shows(session: Session, file: string): boolean {
    return !this.isDisposed && this.session === session && this.file === file;
  }

  /** Selects an object of the file. */
  async go(path: string): Promise<void> {
    const page = await this.page;
    this.isDisposed || page?.go(path);
  }

  dispose(): void {
    this.shown?.dispose();
    this.shown = null;
    super.dispose();
  }

  protected onCloseRequest(msg: Message): void {
    super.onCloseRequest(msg);
    this.dispose(); // Lab only takes it out of the page
  }

  private async load(name: string): Promise<H5Web | null> {
    const { openH5Web } = await import('../h5web/open');
    let page: H5Web | null = null;
    this.shown = this.isDisposed ? null : this.session.show(this.node, client => (page = openH5Web(this.node, client, this.file, name)));
    return page;
  }

  private tell(text: string): null {
    this.node.textContent = text;
    return null;
  }
}
