// Looks at the pages of the module in a browser: checks what only a browser can, and takes the pictures of docs/.
//
//   npm install --prefix DIR playwright-core bootstrap3@npm:bootstrap@3.3.7 bootstrap4@npm:bootstrap@4.5.3
//   NODE_PATH=DIR/node_modules node test/whmcs/pages/look.js FOLDER [PICTURE...]
//
// With pictures, such as running-phone, only they are taken, and nothing is checked. CHROMIUM names the browser, else
// /usr/bin/chromium.
'use strict';
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { chromium } = require('playwright-core');

const css = { 'twenty-one': 'bootstrap4', six: 'bootstrap3', admin: 'bootstrap3' };
const widths = { desktop: 1100, phone: 390 };
const pictures = [
  ['building-desktop', 'twenty-one', 'install', widths.desktop],
  ['building-phone', 'twenty-one', 'install', widths.phone],
  ['active-desktop', 'twenty-one', 'active', widths.desktop],
  ['active-phone', 'six', 'active', widths.phone],
  ['blocked-desktop', 'six', 'expired', widths.desktop],
  ['blocked-phone', 'twenty-one', 'expired', widths.phone],
  ['attention-admin', 'admin', 'late', 1200],
  ['running-desktop', 'twenty-one', 'running/open', widths.desktop],
  ['running-phone', 'six', 'running/open', widths.phone],
  ['running-six-desktop', 'six', 'running', widths.desktop],
  ['running-twenty-one-phone', 'twenty-one', 'running', widths.phone],
  ['reinstall-desktop', 'six', 'reinstalling', widths.desktop],
  ['reinstall-phone', 'twenty-one', 'reinstalling', widths.phone],
  ['running-admin', 'admin', 'not off', 1200],
];

function html(theme, status, open = '') {
  return execFileSync('php', [path.join(__dirname, 'preview.php'), theme, status, `/${css[theme]}.css`, open], { encoding: 'utf8' });
}

// Answers with what a function returns for an address: a page, or null for a failure.
async function serve(answer) {
  const server = http.createServer((request, reply) => {
    const sheet = /^\/(bootstrap\d)\.css$/.exec(request.url);
    if (sheet) {
      const folder = path.dirname(require.resolve(sheet[1] + '/package.json'));
      return reply.writeHead(200, { 'Content-Type': 'text/css' }).end(fs.readFileSync(path.join(folder, 'dist/css/bootstrap.min.css')));
    }
    const page = request.url === '/favicon.ico' ? null : answer(decodeURI(request.url));
    return reply.writeHead(page ? 200 : 502, { 'Content-Type': 'text/html; charset=utf-8' }).end(page || 'Bad Gateway');
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  return { at: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

const checks = {
  async 'nothing is wider than the screen'(browser, site) {
    const names = ['install', 'waiting', 'late', 'active', 'expired and suspended', 'released', 'running/open', 'not off', 'reinstalling'];
    for (const theme of ['twenty-one', 'six']) {
      for (const name of names) {
        const page = await browser.newPage({ viewport: { width: widths.phone, height: 700 } });
        await page.goto(`${site}/${theme}/${name}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= widths.phone, `${theme}, ${name}`);
        await page.close();
      }
    }
  },

  // The clock of the page is ours: no pause is slept through.
  async 'a build is followed to its end'(browser) {
    const answers = [html('twenty-one', 'account'), html('twenty-one', 'install'), null, html('six', 'active')];
    const asked = [];
    const whmcs = await serve((address) => answers[Math.min(asked.push(address), answers.length) - 1]);
    const page = await browser.newPage();
    await page.clock.install();
    await page.goto(`${whmcs.at}/clientarea.php?action=productdetails&id=101&modop=custom&a=x`);
    await page.evaluate(() => { window.same = true; });
    const current = () => page.locator('.metalease [aria-current="step"]');
    assert.match(await current().textContent(), /Preparing your account/);
    assert.ok(await page.getByText('updates by itself').isVisible());
    await page.clock.runFor(5500);
    await current().filter({ hasText: 'Installing the operating system' }).waitFor();
    assert.ok(await page.getByText('updates by itself').isVisible(), 'still promised after the first change');
    const answered = () => page.waitForResponse(() => true);
    let seen = answered();
    await page.clock.runFor(7500);
    assert.equal((await seen).status(), 502);
    seen = answered();
    await page.clock.runFor(8000);
    assert.equal(asked.length, 3, 'a failure makes the pause longer');
    await page.clock.runFor(8000);
    assert.equal((await seen).status(), 200);
    await page.getByText('Your server is ready').waitFor();
    assert.equal(await page.locator('.metalease dd').nth(1).textContent(), '192.0.2.5');
    await page.clock.runFor(600000);
    assert.equal(asked.length, 4, 'nothing is asked when it is done');
    assert.ok(asked.slice(1).every((url) => url === '/clientarea.php?action=productdetails&id=101'), 'no action of the address is repeated');
    assert.ok(await page.evaluate(() => window.same), 'the page was not loaded again');
    await page.close();
    whmcs.stop();
  },

  async 'without a script there are the steps and a link'(browser, site) {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(`${site}/twenty-one/install`);
    assert.equal(await page.locator('.metalease li').count(), 6);
    assert.ok(await page.getByRole('link', { name: 'Refresh' }).isVisible());
    assert.ok(!await page.getByText('updates by itself').isVisible());
    await page.close();
  },

  async 'who wants no motion sees none'(browser, site) {
    for (const [reducedMotion, name] of [['reduce', 'none'], ['no-preference', 'metalease-pulse']]) {
      const page = await browser.newPage({ reducedMotion });
      await page.goto(`${site}/twenty-one/install`);
      const now = page.locator('.metalease-now');
      assert.equal(await now.evaluate((step) => getComputedStyle(step, '::before').animationName), name);
      await page.close();
    }
  },

  async 'destructive buttons ask, whatever WHMCS makes of them'(browser, site) {
    const page = await browser.newPage();
    await page.goto(`${site}/admin/late`);
    await page.evaluate(() => {
      const add = (markup) => document.body.insertAdjacentHTML('beforeend', markup);
      add('<a id="link" href="#?modop=custom&amp;ac=releasenow&amp;token=1" onclick="ran.push(this.id)">go</a>');
      add('<input id="labelled" type="button" value="Release now" onclick="ran.push(this.id)">');
      add('<form onsubmit="ran.push(\'form\'); return false"><input type="hidden" name="ac" value="replace"><button id="form"><i>x</i></button></form>');
    });
    const questions = [];
    let answer;
    page.on('dialog', (dialog) => { questions.push(dialog.message()); return answer ? dialog.accept() : dialog.dismiss(); });
    const press = async (selector) => {
      questions.length = 0;
      await page.evaluate(() => { ran.length = 0; });
      await page.locator(selector).click();
      return [questions.length, await page.evaluate(() => ran.length)];
    };
    for (const selector of ['text="Release now"', 'text="Retry on another server"', '#link', '#labelled', '#form i']) {
      const button = '#modcmdbtns >> ' + selector;
      const found = selector.startsWith('#') ? selector : button;
      answer = false;
      assert.deepEqual(await press(found), [1, 0], `${selector}, refused`);
      answer = true;
      assert.deepEqual(await press(found), [1, 1], `${selector}, confirmed`);
    }
    for (const label of ['Retry', 'Accept', 'Hold', 'Unhold']) {
      assert.deepEqual(await press(`#modcmdbtns >> text="${label}"`), [0, 1], label);
    }
    await page.close();
  },
};

async function take(browser, site, folder, only) {
  for (const [name, theme, status, width] of pictures.filter(([of]) => only.length === 0 || only.includes(of))) {
    const page = await browser.newPage({ viewport: { width, height: 600 }, deviceScaleFactor: width < 500 ? 2 : 1, reducedMotion: 'reduce' });
    await page.goto(`${site}/${theme}/${status}`);
    await page.screenshot({ path: path.join(folder, `whmcs-${name}.png`), fullPage: true });
    await page.close();
  }
}

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  const site = await serve((address) => address.includes('?') ? null : html(...address.split('/').slice(1))); // a page may look for news
  try {
    const only = process.argv.slice(3);
    for (const [name, check] of Object.entries(only.length ? {} : checks)) {
      await check(browser, site.at);
      console.log('✓ ' + name);
    }
    if (process.argv[2]) {
      await take(browser, site.at, process.argv[2], only);
    }
  } finally {
    await browser.close();
    site.stop();
  }
})().catch((fault) => { console.error(fault); process.exitCode = 1; });
