import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { connected, core, until } from './core.mjs';

const { Side, Client, ClusterPanel, ProtocolError } = await core('side', 'protocol', 'cluster');
after(() => window.close());

test('the tabs of a panel that is not in the page yet choose their pages', async () => {
  const p = connected(Client);
  p.node.remove();
  p.client.hello = Promise.resolve({ ops: ['clusters'] });
  const side = new Side(p.node, p.client, p.host);
  const pages = () => [...p.node.querySelectorAll('[role=tabpanel].gofive-side-page')].map(page => page.hidden);
  await until(() => pages().length === 2);
  assert.deepEqual(pages(), [false, true]);
  p.node.querySelector('[role=tab]:nth-child(2)').click();
  assert.deepEqual(pages(), [true, false]);
  side.dispose();
});

// A panel over clusters that a test changes; ask may throw. jsdom knows nothing of what is seen.
function clusters(list) {
  const node = document.createElement('div');
  Object.defineProperty(node, 'offsetParent', { value: document.body });
  document.body.append(node);
  const p = { node, list, asked: [], trouble: null };
  p.panel = new ClusterPanel(node, { request: async (op, args) => {
    p.asked.push([op, args?.cluster]);
    if (p.trouble) throw p.trouble;
    return op === 'clusters' ? { clusters: p.list } : { ...p.list.find(c => c.cluster === args.cluster), launcher: 'local' };
  } });
  p.said = () => node.querySelector('.gofive-cluster-said');
  return p;
}

test('the button of a cluster stays while its words change', async () => {
  const p = clusters([{ cluster: 'a', ranks: 2, state: 'starting', mine: true, current: true }]);
  const button = await until(() => p.node.querySelector('[data-key="choice a"]'));
  assert.equal(button.textContent, 'a: 2 ranks, starting');
  p.list = [{ ...p.list[0], state: 'running' }];
  await p.panel.look();
  assert.equal(p.node.querySelector('[data-key="choice a"]'), button);
  assert.equal(button.textContent, 'a: 2 ranks, running');
  p.panel.dispose();
});

test('of clusters of other notebooks none is looked into unasked, and trouble that has passed is not told', async () => {
  const p = clusters([{ cluster: 'theirs', ranks: 2, state: 'running', mine: false }]);
  await until(() => p.node.querySelector('[data-key="choice theirs"]'));
  assert.deepEqual(p.asked, [['clusters', undefined]]);
  p.trouble = new ProtocolError({ kind: 'io', message: 'no list' });
  await p.panel.look();
  assert.equal(p.said().textContent, 'no list');
  assert.ok(p.said().classList.contains('gofive-side-error'));
  p.trouble = null;
  p.list.push({ cluster: 'ours', ranks: 4, state: 'running', mine: true });
  await p.panel.look();
  assert.deepEqual(p.asked.at(-1), ['cluster', 'ours']);
  assert.equal(p.said().textContent, '');
  assert.ok(!p.said().classList.contains('gofive-side-error'));
  p.panel.dispose();
});
