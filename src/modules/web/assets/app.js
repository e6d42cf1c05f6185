// Everything here is an enhancement: without it the same pages work as plain links and forms.
const root = document.documentElement;
root.classList.add('js');
// Read before the first paint, which is why this script is not deferred.
const kept = readKept();
if (kept === 'light' || kept === 'dark') root.dataset.theme = kept;

function readKept() {
  try {
    return localStorage.theme;
  } catch {
    return undefined;
  }
}

function switchTheme() {
  const isDark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = isDark ? 'light' : 'dark';
  try {
    localStorage.theme = root.dataset.theme;
  } catch {
    // A browser that keeps nothing has the theme until the next page.
  }
}

async function copy(button) {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  const label = button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => (button.textContent = label), 1400);
}

let loading;

/** Exchanges a part of the page for the same part of another one; whatever goes wrong, the browser goes there. */
async function swap(url, id, { push = true } = {}) {
  loading?.abort();
  loading = new AbortController();
  try {
    const answer = await fetch(url, { signal: loading.signal });
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const part = answer.ok && fresh.getElementById(id);
    if (!part) return location.assign(url);
    document.getElementById(id).replaceWith(document.adoptNode(part));
    followFilters(fresh);
    drawTooltips();
    // A field that is left tells of the same change again: that is no further step to go back.
    if (push && new URL(url, location.href).href !== location.href) history.pushState(null, '', url);
  } catch (error) {
    if (error.name !== 'AbortError' && push) location.assign(url);
  }
}

/** The filters stay where they are, with the cursor in them; only what they count and what is chosen changes. */
function followFilters(fresh) {
  for (const theirs of fresh.querySelectorAll('form[data-auto] input')) {
    const ours = [...document.querySelectorAll('form[data-auto] input')].find(
      (input) => input.name === theirs.name && (input.type !== 'radio' || input.value === theirs.value),
    );
    if (!ours) continue;
    if (ours.type === 'radio') {
      ours.checked = theirs.checked;
      ours.closest('label').lastElementChild.textContent =
        theirs.closest('label').lastElementChild.textContent;
    } else if (ours !== document.activeElement) ours.value = theirs.value;
  }
}

function applyFilters(form) {
  const chosen = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...chosen]) if (value === '') chosen.delete(name, value);
  void swap(form.action.split('?')[0] + (chosen.size > 0 ? `?${chosen}` : ''), 'results');
}

addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button?.dataset.theme !== undefined) switchTheme();
  if (button?.dataset.copy) void copy(button);
  const link = event.target.closest('a[data-swap]');
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  void swap(link.href, 'results');
});

addEventListener('change', (event) => {
  const form = event.target.closest('form[data-auto]');
  if (form) applyFilters(form);
});

let typing;
addEventListener('input', (event) => {
  const form = event.target.matches('form[data-auto] input:not([type=radio])') && event.target.form;
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(() => applyFilters(form), 300);
});

addEventListener('submit', (event) => {
  if (!event.target.matches('form[data-auto]')) return;
  event.preventDefault();
  applyFilters(event.target);
});

addEventListener('popstate', () => {
  if (document.getElementById('results')) void swap(location.href, 'results', { push: false });
});

let events;

/**
 * A task that is not closed tells what happens to it. Only while somebody looks: a browser holds six connections to a
 * server, and a page in the background would keep one from the others.
 */
function follow() {
  const live = document.hidden ? null : document.querySelector('[data-live]');
  if (!live) {
    events?.close();
    events = undefined;
  } else if (!events) {
    events = new EventSource(live.dataset.live);
    for (const name of live.dataset.events.split(' ')) events.addEventListener(name, look);
    events.addEventListener('error', ({ target }) => {
      // Otherwise the browser tries again by itself.
      if (target.readyState === EventSource.CLOSED)
        document.querySelector('.live-dot')?.parentElement.remove();
    });
  }
}

let looking;

/** What is shown is read again, not pieced together. */
function look() {
  clearTimeout(looking);
  looking = setTimeout(() => void swap(location.href, 'results', { push: false }).then(follow), 150);
}

addEventListener('visibilitychange', () => {
  if (!document.hidden && document.querySelector('[data-live]')) look();
  else follow();
});

const dayAfter = (first, count) =>
  new Date(Date.parse(first) + count * 86_400_000).toLocaleDateString('en-US', {
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  });

function drawTooltips() {
  for (const chart of document.querySelectorAll('[data-chart]:not([data-drawn])')) {
    chart.dataset.drawn = '';
    const { names, first, values } = JSON.parse(chart.dataset.chart);
    const count = values[0].length;
    const tip = document.createElement('div');
    const line = document.createElement('div');
    tip.className = 'tip tnum';
    line.className = 'crosshair';
    tip.hidden = line.hidden = true;
    chart.append(line, tip);
    chart.addEventListener('pointermove', ({ clientX }) => {
      const box = chart.getBoundingClientRect();
      const at = Math.max(0, Math.min(count - 1, Math.floor(((clientX - box.left) / box.width) * count)));
      const left = ((at + 0.5) / count) * 100;
      const shown = names.map((name, i) => `${name} ${values[i][at].toLocaleString('en-US')}`);
      tip.textContent = [dayAfter(first, at), ...shown].join('  ');
      line.style.left = `${left}%`;
      tip.style.left = `${Math.min(84, Math.max(16, left))}%`;
      tip.hidden = line.hidden = false;
    });
    chart.addEventListener('pointerleave', () => (tip.hidden = line.hidden = true));
  }
}

addEventListener('DOMContentLoaded', () => {
  drawTooltips();
  follow();
});
