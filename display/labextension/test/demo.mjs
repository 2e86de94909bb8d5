// What the demo page runs: panel, viewers and renderer over the kernel of the tests.
import { Client } from '../src/core/protocol';
import { Panel } from '../src/core/panel';
import { Viewer } from '../src/core/viewer';
import { render } from '../src/core/mime';
import { FakeKernel } from './fake.mjs';

const kernel = new FakeKernel({ delay: 5 });
let client = new Client(kernel.connect());
const log = [];
const host = {
  openViewer: (file, path) => log.push(['open', file, path]),
  insertCode: code => log.push(['code', code]),
  copy: text => log.push(['copy', text]),
  save: (name, type, data) => log.push(['save', name, type, data.byteLength ?? data.size ?? data.length]),
};

Object.assign(window, {
  demo: {
    kernel, log,
    use: transport => (client = new Client(transport)), // another kernel than the made-up one
    panel: node => new Panel(node, client, host),
    view: (node, path, file = 'f1') => new Viewer(node, client, host, { file, path }),
    render: (node, data) => render(node, data, host, client),
  },
});
