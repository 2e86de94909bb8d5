import { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import { render } from '../core/mime';
import { copy, save } from '../shell/browser';
import { Sidebar } from './sidebar';

export const MIME = 'application/vnd.gofive.hdf5+json';

/** Renders what a cell shows of a file. It writes text only, so outputs of untrusted notebooks are rendered as well. */
export function mimeFactory(sidebar: Sidebar): IRenderMime.IRendererFactory {
  return {
    safe: true,
    mimeTypes: [MIME],
    defaultRank: 30,
    createRenderer: options => new Rendered(options.mimeType, sidebar)
  };
}

class Rendered extends Widget implements IRenderMime.IRenderer {
  constructor(private readonly type: string, private readonly sidebar: Sidebar) {
    super();
    this.addClass('gofive-mime');
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const host = {
      openViewer: (file: string, path: string) => this.sidebar.openFrom(this.node, file, path),
      insertCode: (code: string) => this.sidebar.insertFrom(this.node, code),
      copy,
      save
    };
    render(this.node, model.data[this.type], host, this.sidebar.sessionOf(this.node)?.current || null);
  }
}
