// A headless Chromium that reaches nothing but loopback.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser's executable, undefined where there is none. */
export const executable = [process.env.CHROMIUM, ...PATHS].find(path => path && existsSync(path));

/** Opens a page. outside collects what it wanted from elsewhere, errors what its scripts threw. */
export async function launch() {
  const browser = await chromium.launch({
    executablePath: executable,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  });
  const context = await browser.newContext({ viewport: { width: 1400, height: 1200 } });
  const outside = [];
  await context.route(
    url => /^https?:$/.test(url.protocol) && url.hostname !== '127.0.0.1',
    route => (outside.push(route.request().url()), route.abort())
  );
  const page = await context.newPage();
  page.setDefaultNavigationTimeout(120000); // others may use the computer too
  const errors = [];
  page.on('pageerror', e => errors.push(e.message));
  page.on('dialog', d => {
    if (d.type() === 'beforeunload') {
      d.accept(); // the notebook is not saved, and need not be
    } else {
      errors.push('a dialog: ' + d.message());
      d.dismiss();
    }
  });
  return { browser, context, page, outside, errors };
}
